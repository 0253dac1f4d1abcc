//! What the stories of this slice have in common: a publication with readers, mails that were sent to them, and what
//! servers write when such a mail comes back.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each story needs some of it")]

use std::net::SocketAddr;

use audience::Reader;
use instance::Instance;
use policy::returns::Action;
use policy::subscription::SubscriptionState;
use policy::suppressions::{Reason, Scope};
use publications::{NewPublication, Publication};
use returns::{Event, Evidence, Source};
use smtp::{Connection, NotDelivered, Route, SendError, Timeouts, ungated};
use store::{Query, Row, Statement, Value, params};
use testkit::House;
use wire::Address;
use wire::token::Purpose;

/// A day.
pub const DAY: i64 = 24 * policy::HOUR;

const LETTER: &str = "---\ntitle: Une bobine\nsubject: \"{first_name|Vous}, une bobine\"\npreheader: Le fil de la semaine, déroulé sans hâte.\nwritten_at: 2026-11-23T08:00\n---\n\n:::greeting\nBonjour {first_name|la mif},\n:::\n\nVoici [le fil](https://fil.example/).\n";

/// A publication with three readers.
pub struct Story {
    pub instance: Instance,
    pub publication: Publication,
}

/// An edition that was sent, by its numbers.
#[derive(Clone, Copy, Debug)]
pub struct Dispatch {
    pub id: i64,
    pub edition: i64,
}

pub async fn story(house: &House) -> Story {
    let mut config = (*house.instance.config).clone();
    config.returns.webhooks = [
        ("postmark", "soucoupe:une petite phrase"),
        ("ses", "arn:aws:sns:eu-west-3:1:returns"),
        ("mailgun", "key-1"),
    ]
    .map(|(name, secret)| (name.to_owned(), secret.to_owned()))
    .into();
    let clock = house.instance.clock.clone();
    let instance = Instance::with(house.instance.store.clone(), config, clock).await.unwrap();
    let publication = publication(&instance, "gazette").await;
    import(&instance, &publication, &["ada@a.example", "zoe@b.example", "lea@c.example"]).await;
    Story { instance, publication }
}

pub async fn publication(instance: &Instance, slug: &str) -> Publication {
    let new = NewPublication {
        slug: slug.into(),
        name: "La Gazette".into(),
        from: "Ada <ada@letters.example>".into(),
        language: "fr".into(),
        postal_address: Some("1 rue du Fil, Aubusson".into()),
        ..NewPublication::default()
    };
    publications::create(instance, new).await.unwrap()
}

pub async fn import(instance: &Instance, publication: &Publication, addresses: &[&str]) {
    let csv = format!("email\n{}\n", addresses.join("\n"));
    let options = audience::import::Options::default();
    audience::import(instance, publication, std::io::Cursor::new(csv.into_bytes()), options).await.unwrap();
}

impl Story {
    /// A new edition that the relay took for everybody whom nothing stands against: the rows that a sender leaves
    /// behind.
    pub async fn send(&self, number: usize) -> Dispatch {
        let text = LETTER.replace("Une bobine", &format!("Une bobine {number}"));
        let edition = editions::create(&self.instance, &self.publication, &text).await.unwrap().id;
        let now = self.instance.now_us();
        let values = params![edition, self.publication.id, now];
        let made = "INSERT INTO dispatches (edition_id, publication_id, kind, audience, document, state, readers, left_out,
                in_doubt, created_at, scheduled_at, started_at, finished_at)
             VALUES (?1, ?2, 'edition', '\"everyone\"', '{}', 4, 3, 0, 'resend', ?3, ?3, ?3, ?3) RETURNING id";
        let id = change(&self.instance, made, values).await[0].int(0).unwrap();
        let deliveries = "INSERT INTO deliveries (dispatch_id, seq, reader_id, state, tries, doubts, at, code, answer)
             SELECT CAST(?1 AS BIGINT), ROW_NUMBER() OVER (ORDER BY r.id), r.id, 3, 1, 0, CAST(?2 AS BIGINT), 250, 'Ok'
             FROM readers r
             WHERE NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.suppression_key = r.suppression_key)
             ORDER BY r.id RETURNING seq";
        change(&self.instance, deliveries, params![id, now]).await;
        let chunk =
            "INSERT INTO chunks (dispatch_id, number, first_seq, last_seq, state) VALUES (?1, 1, 1, 500, 2)";
        change(&self.instance, chunk, params![id]).await;
        Dispatch { id, edition }
    }

    /// What a server said to the mail of a reader instead.
    pub async fn refused(&self, dispatch: &Dispatch, address: &str, code: i64, words: &str) {
        let reader = self.reader(address).await.id;
        let sql = "UPDATE deliveries SET state = 5, code = ?3, answer = ?4 WHERE dispatch_id = ?1 AND reader_id = ?2";
        change(&self.instance, sql, params![dispatch.id, reader, code, words]).await;
    }

    pub async fn reader(&self, address: &str) -> Reader {
        audience::by_email(&self.instance, &at(address)).await.unwrap().unwrap()
    }

    /// The return path of a reader's mail.
    pub async fn return_path(&self, dispatch: &Dispatch, address: &str) -> String {
        let reader = self.reader(address).await;
        let token =
            audience::tokens(&self.instance).sign(Purpose::Verp, number(dispatch.id), number(reader.id));
        format!("b+{}@letters.example", token.to_lower())
    }

    /// The Message-ID of a reader's mail, without brackets.
    pub async fn message_id(&self, dispatch: &Dispatch, address: &str) -> String {
        let reader = self.reader(address).await;
        let token =
            audience::tokens(&self.instance).sign(Purpose::Message, number(dispatch.id), number(reader.id));
        format!("{}@letters.example", token.to_lower())
    }

    /// The unsubscribe address of a reader.
    pub async fn unsubscribe_address(&self, address: &str) -> String {
        let reader = self.reader(address).await;
        let token = audience::tokens(&self.instance).sign(
            Purpose::Unsubscribe,
            number(self.publication.id),
            number(reader.id),
        );
        format!("unsub+{}@letters.example", token.to_lower())
    }

    /// What stands against an address: `hard_bounce everywhere`…
    pub async fn against(&self, address: &str) -> Vec<String> {
        let standing = audience::suppressions(&self.instance, &at(address)).await.unwrap();
        let words = standing.iter().map(|one| match one.scope {
            Scope::Everywhere => format!("{} everywhere", one.reason.name()),
            Scope::Publication(_) => format!("{} here", one.reason.name()),
        });
        words.collect()
    }

    pub async fn state(&self, address: &str) -> Option<SubscriptionState> {
        let reader = self.reader(address).await;
        let found = audience::subscription(&self.instance, self.publication.id, reader.id).await.unwrap();
        found.map(|subscription| subscription.state)
    }

    /// What was kept: action, reason, what followed; the oldest first.
    pub async fn kept(&self) -> Vec<(String, String, String)> {
        let rows = sql(&self.instance, "SELECT action, reason, followed FROM returns ORDER BY id").await;
        rows.iter().map(|row| (row.text(0).unwrap(), row.text(1).unwrap(), row.text(2).unwrap())).collect()
    }

    /// Asks to subscribe and confirms, as the reader does.
    pub async fn confirms(&self, address: &str) {
        let request = audience::Request {
            email: &at(address),
            first_name: None,
            language: None,
            wording: "Je m'abonne",
            form: audience::Form::Page,
            network: None,
        };
        audience::subscribe(&self.instance, &self.publication, request).await.unwrap();
        let reader = self.reader(address).await;
        let url = audience::confirm_url(&self.instance, self.publication.id, reader.id);
        let waiting =
            audience::waiting(&self.instance, url.rsplit('/').next().unwrap()).await.unwrap().unwrap();
        let proof = audience::Proof { wording: "Oui", form: audience::Form::Confirm, network: None };
        audience::confirm(&self.instance, &waiting, proof).await.unwrap();
    }

    /// An event about a mail that was sent, as a token proves it.
    pub async fn event(&self, key: &str, dispatch: &Dispatch, address: &str, action: Action) -> Event {
        let reader = self.reader(address).await;
        Event {
            key: key.into(),
            source: Source::Listener,
            at: self.instance.now_us(),
            action,
            reason: "test".into(),
            status: None,
            words: Some("550 5.1.1 no such user".into()),
            evidence: Evidence { mail: Some((dispatch.id, reader.id)), ..Evidence::default() },
        }
    }
}

/// Leaves, as the reader does.
pub async fn unsubscribes(story: &Story, address: &str) {
    let reader = Some(story.reader(address).await);
    let way = audience::Way { publication: story.publication.clone(), reader };
    let proof = audience::Proof { wording: "Adieu", form: audience::Form::Page, network: None };
    audience::unsubscribe(&story.instance, &way, proof).await.unwrap();
}

fn number(id: i64) -> u64 {
    id.unsigned_abs()
}

pub fn at(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

pub fn query(name: &str) -> Query {
    *returns::QUERIES.iter().find(|query| query.name == name).unwrap()
}

pub async fn sql(instance: &Instance, text: &str) -> Vec<Row> {
    instance.store.read_statement(Statement::composed("test.look", text.into(), vec![])).await.unwrap()
}

pub async fn change(instance: &Instance, text: &str, values: Vec<Value>) -> Vec<Row> {
    let statement = Statement::composed("test.change", text.into(), values);
    instance.store.transaction(vec![statement]).await.unwrap().remove(0).rows
}

/// Hands a mail to a listener: nothing when it was taken, its code and words when it was not.
pub async fn hand_in(address: SocketAddr, from: &str, to: &str, message: &str) -> Option<(u16, String)> {
    let route = Route::parse(&format!("smtp://{address}")).unwrap();
    let mut connection = match Connection::open(&route, "mx.test.example", Timeouts::default()).await {
        Ok(connection) => connection,
        Err(SendError::Greeting { reply, .. }) => return Some((reply.code, reply.lines.join(" "))),
        Err(other) => panic!("{other:?}"),
    };
    let message = message.replace("\r\n", "\n").replace('\n', "\r\n");
    let answer = connection.deliver(from, to, message.as_bytes(), ungated()).await;
    if connection.is_usable() {
        connection.quit().await;
    }
    match answer {
        Ok(_) => None,
        Err(NotDelivered::Refused(refusal)) => Some((refusal.reply.code, refusal.reply.lines.join(" "))),
        Err(other) => panic!("{other:?}"),
    }
}

/// A delivery status notification (RFC 3464) about a mail, in our own words.
pub fn notification(recipient: &str, status: &str, words: &str, returned_head: &str) -> String {
    format!(
        "From: Mail Delivery System <mailer-daemon@mx.test.example>\n\
         To: <bounce@letters.example>\n\
         Subject: Your mail could not be delivered\n\
         Date: Mon, 23 Nov 2026 09:00:00 +0000\n\
         Message-ID: <dsn-1@mx.test.example>\n\
         Auto-Submitted: auto-replied\n\
         MIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"edge\"\n\
         \n\
         --edge\n\
         Content-Type: text/plain; charset=us-ascii\n\
         \n\
         The mail below could not be handed over to {recipient}.\n\
         \n\
         --edge\n\
         Content-Type: message/delivery-status\n\
         \n\
         Reporting-MTA: dns; mx.test.example\n\
         \n\
         Final-Recipient: rfc822; {recipient}\n\
         Action: failed\n\
         Status: {status}\n\
         Diagnostic-Code: smtp; {words}\n\
         \n\
         --edge\n\
         Content-Type: text/rfc822-headers\n\
         \n\
         {returned_head}\n\
         --edge--\n"
    )
}

/// A report of abuse (RFC 5965), in our own words.
pub fn report(returned_head: &str) -> String {
    format!(
        "From: <feedback@fbl.test.example>\n\
         To: <abuse@letters.example>\n\
         Subject: A complaint about your mail\n\
         Date: Mon, 23 Nov 2026 09:00:00 +0000\n\
         MIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"edge\"\n\
         \n\
         --edge\n\
         Content-Type: text/plain\n\
         \n\
         Somebody has reported the mail below.\n\
         \n\
         --edge\n\
         Content-Type: message/feedback-report\n\
         \n\
         Feedback-Type: abuse\n\
         User-Agent: Test/1.0\n\
         Version: 1\n\
         \n\
         --edge\n\
         Content-Type: message/rfc822\n\
         \n\
         {returned_head}\n\
         \n\
         The letter.\n\
         --edge--\n"
    )
}

/// A reader's letter.
pub fn letter(from: &str, subject: &str, body: &str) -> String {
    format!(
        "From: {from}\n\
         To: <r+gazette@letters.example>\n\
         Subject: {subject}\n\
         Date: Mon, 23 Nov 2026 09:00:00 +0000\n\
         Message-ID: <letter-1@a.example>\n\
         MIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\n\
         \n\
         {body}"
    )
}

/// The reason of a suppression that a dead address leads to.
pub fn hard_bounce() -> Vec<String> {
    vec![format!("{} everywhere", Reason::HardBounce.name())]
}
