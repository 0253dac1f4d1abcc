//! Reading a mailbox and marking what was taken in.

use std::time::Duration;

use smtp::Credentials;

use crate::answer::Answer;
use crate::ask::{Dialogue, ROOM};
use crate::error::{ImapError, Step};
use crate::folder::{encoded, quoted};
use crate::mailbox::Mailbox;
use crate::open::{offers, open};
use crate::timeouts::Timeouts;

/// Octets above which only the headers of a mail are fetched.
pub const LARGEST: u64 = 5 * 1024 * 1024;
/// Octets of headers that are fetched at most.
const HEADERS: u64 = 64 * 1024;
/// Octets after which [`Session::fetch_new`] is content with what it has.
const ENOUGH: u64 = 4 * LARGEST;
/// Mails that one command asks about: lines of commands stay below 8,192 octets (RFC 7162 4).
const AT_ONCE: usize = 500;
/// Octets of an answer around what was asked for.
const AROUND: u64 = 64 * 1024;

/// A mailbox that is open.
pub struct Session {
    dialogue: Dialogue,
    timeouts: Timeouts,
    folder: Folder,
    can_move: bool,
    can_expunge_one: bool,
    usable: bool,
}

struct Folder {
    name: String,
    owner: String,
    validity: u32,
    mark: String,
    is_keyword: bool,
    move_to: Option<String>,
}

/// A mail in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its number in the folder, for [`Session::taken`].
    pub uid: u32,
    /// The same each time this mail is seen and no other's: whose mailbox, folder, UIDVALIDITY and UID
    /// (RFC 3501 2.3.1.1). A server that has lost its numbers gives new ones; then `message_id` tells.
    pub key: String,
    /// Its Message-ID with its brackets.
    pub message_id: Option<String>,
    /// Its size on the server in octets.
    pub size: u64,
    /// The mail, or its headers.
    pub raw: Vec<u8>,
    /// Whether `raw` is the whole mail; above [`LARGEST`] it is the headers only.
    pub whole: bool,
}

impl Session {
    /// Connects, signs in and opens the folder.
    pub async fn open(mailbox: &Mailbox, timeouts: Timeouts) -> Result<Self, ImapError> {
        let (mut dialogue, offered) = open(mailbox, &timeouts).await?;
        let validity = select(&mut dialogue, mailbox, timeouts.command).await?;
        let Credentials { user, .. } = &mailbox.credentials;
        let folder = Folder {
            name: mailbox.folder.clone(),
            owner: format!("{user}@{}", mailbox.host),
            validity,
            mark: mailbox.mark().to_owned(),
            is_keyword: mailbox.keyword.is_some(),
            move_to: mailbox.move_to.clone(),
        };
        let can_move = offers(&offered, "MOVE");
        let can_expunge_one = offers(&offered, "UIDPLUS");
        Ok(Self { dialogue, timeouts, folder, can_move, can_expunge_one, usable: true })
    }

    /// The oldest mails that are not marked yet, at most `limit`, and fewer where they are large. Changes nothing.
    pub async fn fetch_new(&mut self, limit: usize) -> Result<Vec<Fetched>, ImapError> {
        self.begin()?;
        let uids = self.search().await?;
        let (mut mails, mut held, mut refused) = (Vec::new(), 0, None);
        for window in uids.chunks(limit.clamp(1, AT_ONCE)) {
            for (uid, size) in self.sizes(window).await? {
                match self.fetch(uid, size).await {
                    Ok(Some(mail)) => {
                        held += mail.raw.len() as u64;
                        mails.push(mail);
                    }
                    // Deleted meanwhile by somebody else: nothing to fetch.
                    Ok(None) => {}
                    // One that the server itself cannot read holds up none behind it.
                    Err(error @ ImapError::Refused { .. }) => refused = Some(error),
                    Err(error) => return Err(error),
                }
                if held >= ENOUGH {
                    break;
                }
            }
            if !mails.is_empty() {
                break;
            }
        }
        self.usable = true;
        match refused {
            Some(error) if mails.is_empty() => Err(error),
            _ => Ok(mails),
        }
    }

    /// Marks a mail as taken in, and moves it where the mailbox says. To be called after the commit of what it brought;
    /// a second call, or one for a mail that is gone, does no harm.
    pub async fn taken(&mut self, uid: u32) -> Result<(), ImapError> {
        self.begin()?;
        // First the mark: a crash before the move leaves a mail where it was, and it is not taken twice.
        let mark = format!("UID STORE {uid} +FLAGS.SILENT ({})", self.folder.mark);
        self.ask(Step::Mark, &mark).await?;
        if let Some(target) = self.folder.move_to.clone() {
            self.move_to(uid, &target).await?;
        }
        self.usable = true;
        Ok(())
    }

    /// Says goodbye; what was done stays done, whether the server answers or not.
    pub async fn close(mut self) {
        if self.usable {
            let patience = self.timeouts.command.min(Duration::from_secs(5));
            let _ = self.dialogue.ask(Step::Logout, patience, "LOGOUT", |_| {}).await;
        }
    }

    /// A command that is not ended leaves answers behind which the next one would take for its own.
    fn begin(&mut self) -> Result<(), ImapError> {
        std::mem::replace(&mut self.usable, false).then_some(()).ok_or(ImapError::Unusable)
    }

    async fn ask(&mut self, step: Step, command: &str) -> Result<(), ImapError> {
        self.dialogue.ask(step, self.timeouts.command, command, |_| {}).await.map(|_| ())
    }

    /// Oldest first: numbers only grow (RFC 3501 2.3.1.1).
    async fn search(&mut self) -> Result<Vec<u32>, ImapError> {
        let command = if self.folder.is_keyword {
            format!("UID SEARCH UNKEYWORD {} UNDELETED", self.folder.mark)
        } else {
            "UID SEARCH UNSEEN UNDELETED".to_owned()
        };
        let mut uids = Vec::new();
        let note = |answer: &Answer| uids.extend(answer.search().unwrap_or_default());
        self.dialogue.ask(Step::Search, self.timeouts.command, &command, note).await?;
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    async fn sizes(&mut self, uids: &[u32]) -> Result<Vec<(u32, u64)>, ImapError> {
        let mut sizes = Vec::with_capacity(uids.len());
        if uids.is_empty() {
            return Ok(sizes);
        }
        let set: Vec<String> = uids.iter().map(u32::to_string).collect();
        let command = format!("UID FETCH {} (UID RFC822.SIZE)", set.join(","));
        let note = |answer: &Answer| {
            if let Some((Some(uid), Some(size))) = answer.fetch().map(|fetch| (fetch.uid, fetch.size)) {
                sizes.push((uid, size));
            }
        };
        self.dialogue.ask(Step::Fetch, self.timeouts.command, &command, note).await?;
        sizes.retain(|(uid, _)| uids.binary_search(uid).is_ok());
        sizes.sort_unstable();
        sizes.dedup_by_key(|(uid, _)| *uid);
        Ok(sizes)
    }

    async fn fetch(&mut self, uid: u32, size: u64) -> Result<Option<Fetched>, ImapError> {
        let whole = size <= LARGEST;
        // A part, since sizes that servers tell are not always true: what is longer is not taken for whole.
        let most = if whole { LARGEST + 1 } else { HEADERS };
        let section = if whole { "" } else { "HEADER" };
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[{section}]<0.{most}>)");
        let mut body = None;
        let note = |answer: &Answer| {
            if let Some(fetch) = answer.fetch().filter(|fetch| fetch.uid == Some(uid)) {
                body = fetch.body.map(<[u8]>::to_vec).or(body.take());
            }
        };
        let patience = self.timeouts.fetch;
        self.dialogue.ask_in_parts(Step::Fetch, patience, most + AROUND, &[&command], note).await?;
        let Some(mut raw) = body else { return Ok(None) };
        let whole = whole && raw.len() as u64 <= LARGEST;
        if !whole {
            raw.truncate(end_of_headers(&raw));
        }
        let Folder { owner, name, validity, .. } = &self.folder;
        let key = format!("imap:{owner}/{name}:{validity}:{uid}");
        Ok(Some(Fetched { uid, key, message_id: message_id(&raw), size, raw, whole }))
    }

    async fn move_to(&mut self, uid: u32, target: &str) -> Result<(), ImapError> {
        let target = quoted(&encoded(target));
        let word = if self.can_move { "MOVE" } else { "COPY" };
        let command = format!("UID {word} {uid} {target}");
        match self.ask(Step::Move, &command).await {
            Ok(()) => {}
            Err(refused @ ImapError::Refused { .. }) => {
                // RFC 3501 6.4.7: a folder that is missing is not made by itself. There already: that was not it.
                match self.ask(Step::Move, &format!("CREATE {target}")).await {
                    Err(ImapError::Refused { .. }) => return Err(refused),
                    made => made?,
                }
                self.ask(Step::Move, &command).await?;
            }
            Err(error) => return Err(error),
        }
        if !self.can_move {
            self.ask(Step::Move, &format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)")).await?;
            // Without UIDPLUS, EXPUNGE would also remove what others have marked: the server's own tidying does it.
            if self.can_expunge_one {
                self.ask(Step::Move, &format!("UID EXPUNGE {uid}")).await?;
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let folder = format_args!("{}/{}", self.folder.owner, self.folder.name);
        f.debug_tuple("Session").field(&folder).finish()
    }
}

/// Opens the folder and makes sure that marks will last; its UIDVALIDITY.
async fn select(dialogue: &mut Dialogue, mailbox: &Mailbox, patience: Duration) -> Result<u32, ImapError> {
    let folder = &mailbox.folder;
    let (mut validity, mut kept) = (None, None);
    let note = |answer: &Answer| {
        let code = answer.status().and_then(|status| status.code).unwrap_or_default();
        let (name, value) = code.split_once(' ').unwrap_or((&code, ""));
        match name.to_ascii_uppercase().as_str() {
            "UIDVALIDITY" => validity = value.trim().parse().ok(),
            "PERMANENTFLAGS" => kept = Some(value.trim().trim_matches(['(', ')']).to_owned()),
            _ => {}
        }
    };
    let command = ["SELECT", &quoted(&encoded(folder))].join(" ");
    let parts = [command.as_str()];
    let done = dialogue.ask_in_parts(Step::Select, patience, ROOM, &parts, note).await?;
    if done.code.is_some_and(|code| code.eq_ignore_ascii_case("READ-ONLY")) {
        return Err(ImapError::ReadOnly { folder: folder.clone() });
    }
    let mark = mailbox.mark();
    // RFC 3501 7.1: without a list, all flags last; `\*` is any new keyword.
    let lasts = kept.is_none_or(|kept: String| {
        let any = mailbox.keyword.is_some() && kept.split(' ').any(|flag| flag == "\\*");
        any || kept.split(' ').any(|flag| flag.eq_ignore_ascii_case(mark))
    });
    if !lasts {
        return Err(ImapError::MarkNotKept { folder: folder.clone(), mark: mark.to_owned() });
    }
    validity.ok_or(ImapError::NotImap { step: Step::Select, what: "a folder without UIDVALIDITY" })
}

/// Where the empty line after the headers ends.
fn end_of_headers(raw: &[u8]) -> usize {
    let found = raw.windows(4).position(|window| window == b"\r\n\r\n");
    found.map_or(raw.len(), |at| at + 4).min(HEADERS as usize)
}

/// RFC 5322 3.6.4: the first Message-ID; unfolded.
fn message_id(raw: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"message-id:";
    let mut lines = raw[..end_of_headers(raw)].split(|byte| *byte == b'\n');
    let first = lines.find_map(|line| {
        let name = line.get(..NAME.len())?;
        name.eq_ignore_ascii_case(NAME).then(|| &line[NAME.len()..])
    })?;
    let folded = lines.take_while(|line| line.first().is_some_and(|byte| b" \t".contains(byte)));
    let value: Vec<u8> = std::iter::once(first).chain(folded).flatten().copied().collect();
    let value = String::from_utf8_lossy(&value);
    let id = value.split_ascii_whitespace().next()?;
    (id.len() <= 998).then(|| id.to_owned())
}
