//! The steps a mail goes through, each taken many times: what `bench instructions` counts.

use std::hint::black_box;

use anyhow::{Context, Result, bail};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use clap::Args;
use i18n::Language;
use letter::{CompiledLetter, Look, PersonalSlot, Setting, Values};
use policy::answer::{Stage, verdict};
use wire::dkim::{BodyHash, Coverage, Signer};
use wire::header::Date;
use wire::message::{EditionHead, EditionPlan, FeedbackId, ReaderHead};
use wire::smtp::{Body, Command, MailParameters, ReplyReader};
use wire::token::{Purpose, TokenKey};
use wire::{Address, Mailbox};

/// A key that is used for nothing else, so that each run does the same.
const KEY: &[u8] = include_bytes!("../fixtures/rsa2048.der");
/// Paragraphs that make about 20 KB.
const PARAGRAPHS: usize = 5;
/// When the mails say they were written.
const WRITTEN: i64 = 1_800_014_400;

/// Takes a step so many times.
type Take = Box<dyn FnMut(u64)>;

/// One step.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// How often it is taken in one count.
    pub(crate) times: u64,
    /// A step whose cost is taken away: somebody else's.
    pub(crate) without: Option<&'static str>,
    /// Makes ready what it works on; what comes back takes the step so many times.
    prepare: fn() -> Result<Take>,
}

/// In the order in which a mail meets them.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "head", what: "the header block of a reader", times: 500, without: None, prepare: head },
    Step {
        name: "return_path",
        what: "the envelope sender of a reader",
        times: 500,
        without: None,
        prepare: return_path,
    },
    Step {
        name: "fill",
        what: "a letter of 20 KB filled for a reader",
        times: 500,
        without: None,
        prepare: fill,
    },
    Step {
        name: "hash",
        what: "its body hashed for the signature",
        times: 200,
        without: None,
        prepare: hash,
    },
    Step { name: "sign", what: "the signature around RSA", times: 40, without: Some("rsa"), prepare: sign },
    Step { name: "rsa", what: "RSA-2048 itself, of the library", times: 40, without: None, prepare: rsa },
    Step {
        name: "check",
        what: "the search for bare line ends before it leaves",
        times: 500,
        without: None,
        prepare: check,
    },
    Step { name: "commands", what: "MAIL, RCPT and BDAT", times: 2_000, without: None, prepare: commands },
    Step {
        name: "answers",
        what: "the three answers read, and the last one judged",
        times: 2_000,
        without: None,
        prepare: answers,
    },
];

/// What to take.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// A name of the list.
    step: String,
    /// How often.
    times: u64,
}

/// Takes a step so many times.
pub(crate) fn run(options: &Options) -> Result<()> {
    let Some(step) = STEPS.iter().find(|step| step.name == options.step) else {
        bail!("there is no step {:?}", options.step);
    };
    let mut take = (step.prepare)()?;
    // Once before, so that what is set up on first use is not counted.
    take(1);
    counted_from_here(&mut take, options.times);
    Ok(())
}

/// callgrind counts what happens between the begin and the end of this function only; it knows it by its name.
#[inline(never)]
fn counted_from_here(take: &mut dyn FnMut(u64), times: u64) {
    take(black_box(times));
}

fn repeated(mut work: impl FnMut() + 'static) -> Result<Take> {
    Ok(Box::new(move |times| {
        for _ in 0..times {
            work();
        }
    }))
}

fn compiled() -> Result<CompiledLetter> {
    let text = crate::letter::edition("banc", PARAGRAPHS);
    let document = document::read(&text).map_err(|problems| anyhow::anyhow!("{problems:?}"))?;
    let look = Look::default();
    let setting = Setting {
        reader_url: "https://letters.bench.example/r",
        edition_url: Some("https://letters.bench.example/banc/envoi"),
        ..Setting::new("Le banc d'essai", "https://letters.bench.example/banc", Language::French, &look)
    };
    let (text, html) = (letter::text(&document, &setting), letter::mail(&document, &setting));
    CompiledLetter::compile(&text, &html, "=_banc-dessai").context("the letter does not compile")
}

const TOKEN: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB";

fn values() -> Values<'static> {
    Values::default()
        .with(PersonalSlot::FirstName, "Élise")
        .with(PersonalSlot::LastName, "Lefèvre")
        .with(PersonalSlot::Name, "Élise Lefèvre")
        .with(PersonalSlot::Email, "reader1234@mail34.example")
        .with(PersonalSlot::UnsubscribeToken, TOKEN)
        .with(PersonalSlot::PreferencesToken, TOKEN)
        .with(PersonalSlot::HeartToken, TOKEN)
}

fn body() -> Result<Vec<u8>> {
    let mut body = Vec::new();
    compiled()?.fill(&values(), &mut body);
    Ok(body)
}

fn fill() -> Result<Take> {
    let (letter, mut out) = (compiled()?, Vec::new());
    repeated(move || {
        out.clear();
        letter.fill(black_box(&values()), &mut out);
        black_box(&out);
    })
}

fn edition_head() -> Result<EditionHead> {
    let from = Mailbox::parse("Le banc <lettre@letters.bench.example>")?;
    let plan = EditionPlan {
        from: &from,
        reply_to: None,
        publication: "Le banc d'essai",
        list_id: "banc.letters.bench.example",
        feedback: FeedbackId { edition: "envoi", stream: "edition", publication: "banc", sender: "soucoupe" },
        archive_url: "https://letters.bench.example/banc/archive",
        help_url: "https://letters.bench.example/banc",
        owner_url: "https://letters.bench.example/banc",
        unsubscribe_url: "https://letters.bench.example/r/unsubscribe/",
        unsubscribe_domain: "letters.bench.example",
        bounce_domain: "letters.bench.example",
        message_domain: "letters.bench.example",
        content_type: "multipart/alternative; boundary=\"=_banc-dessai\"",
    };
    EditionHead::new(&plan, TokenKey::new([7; 32])).context("the head is refused")
}

fn write_head(head: &EditionHead, to: &Address, key: &TokenKey, out: &mut Vec<u8>) {
    let reader = ReaderHead {
        to,
        name: Some("Élise Lefèvre"),
        subject: "Le banc d'essai",
        date: Date::utc(WRITTEN),
        dispatch: 12,
        reader: 70_000,
        unsubscribe: &key.sign(Purpose::Unsubscribe, 3, 70_000),
    };
    // What is written here was written before, in `head`.
    let _ = head.write(black_box(&reader), out);
}

fn head() -> Result<Take> {
    let (head, to) = (edition_head()?, Address::parse("reader1234@mail34.example")?);
    let (key, mut out) = (TokenKey::new([7; 32]), Vec::new());
    repeated(move || {
        out.clear();
        write_head(&head, &to, &key, &mut out);
        black_box(&out);
    })
}

fn return_path() -> Result<Take> {
    let (head, mut out) = (edition_head()?, Vec::new());
    repeated(move || {
        out.clear();
        head.write_return_path(black_box(12), black_box(70_000), &mut out);
        black_box(&out);
    })
}

fn hash() -> Result<Take> {
    let body = body()?;
    repeated(move || {
        let mut hash = BodyHash::new();
        hash.update(black_box(&body));
        black_box(hash.finish());
    })
}

fn sign() -> Result<Take> {
    let signer = Signer::from_pkcs8("letters.bench.example", "s1", KEY)?;
    let mut head = Vec::new();
    let to = Address::parse("reader1234@mail34.example")?;
    write_head(&edition_head()?, &to, &TokenKey::new([7; 32]), &mut head);
    if head.is_empty() {
        bail!("the head is empty");
    }
    repeated(move || {
        let signed = signer.sign_hashed(black_box(&head), &[9; 32], WRITTEN as u64, Coverage::Full);
        let _ = black_box(signed);
    })
}

fn rsa() -> Result<Take> {
    let key = KeyPair::from_pkcs8(KEY).map_err(|error| anyhow::anyhow!("the key is refused: {error}"))?;
    let hash = digest(&SHA256, b"what is signed");
    let mut signature = vec![0; key.public_modulus_len()];
    repeated(move || {
        let _ = black_box(key.sign_digest(&RSA_PKCS1_SHA256, black_box(&hash), &mut signature));
    })
}

fn check() -> Result<Take> {
    let body = body()?;
    repeated(move || {
        black_box(wire::smtp::bare_line_end(black_box(&body)));
    })
}

fn commands() -> Result<Take> {
    let mut out = Vec::with_capacity(512);
    let parameters = MailParameters { size: Some(20_480), body: Some(Body::EightBitMime), smtp_utf8: false };
    repeated(move || {
        out.clear();
        let from = black_box("b+aebagbafaydqqcikbmga@letters.bench.example");
        for command in [
            Command::Mail { from, parameters },
            Command::Rcpt { to: black_box("reader1234@mail34.example") },
            Command::Bdat { size: 20_480, last: true },
        ] {
            let _ = command.write(&mut out);
        }
        black_box(&out);
    })
}

fn answers() -> Result<Take> {
    const SAID: &[u8] =
        b"250 2.1.0 Sender ok\r\n250 2.1.5 Recipient ok\r\n250 2.0.0 Ok: queued as 4F2A91\r\n";
    let mut reader = ReplyReader::new();
    repeated(move || {
        let mut rest = black_box(SAID);
        while let Ok((taken, Some(reply))) = reader.read(rest) {
            rest = &rest[taken..];
            if rest.is_empty() {
                black_box(verdict(reply.code, reply.enhanced, &reply.lines[0], Stage::Body));
                break;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_can_be_taken() {
        for step in STEPS {
            let mut take = (step.prepare)().unwrap();
            take(2);
            assert!(step.times > 0);
            assert!(step.without.is_none_or(|other| STEPS.iter().any(|step| step.name == other)));
        }
    }

    #[test]
    fn the_letter_has_about_the_size_of_the_base_case() {
        let size = body().unwrap().len();
        assert!((18_000..=23_000).contains(&size), "{size}");
    }
}
