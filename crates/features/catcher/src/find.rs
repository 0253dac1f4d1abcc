//! Looking into the box.

use instance::Instance;
use store::params;

use crate::model::{CatcherError, Caught, CaughtMail};
use crate::queries;

/// Mails on a page.
const PER_PAGE: usize = 50;

/// Where a page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// With the newest.
    #[default]
    Newest,
    /// With the newest that is older than this mail.
    Before(i64),
    /// So that it ends with the oldest that is newer than this mail.
    After(i64),
}

/// A page of the box, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The mails.
    pub mails: Vec<Caught>,
    /// Whether there are newer ones.
    pub newer: bool,
    /// Whether there are older ones.
    pub older: bool,
}

/// A page of mails whose recipient contains a text; an empty text finds all.
pub async fn list(instance: &Instance, recipient: &str, turn: Turn) -> Result<Page, CatcherError> {
    let pattern = pattern(recipient);
    // One more than is shown tells whether the list goes on.
    let limit = PER_PAGE as i64 + 1;
    let (query, from) = match turn {
        Turn::Newest => (queries::BEFORE, i64::MAX),
        Turn::Before(id) => (queries::BEFORE, id),
        Turn::After(id) => (queries::AFTER, id),
    };
    let rows = instance.store.read(query, params![from, pattern, limit]).await?;
    let more = rows.len() > PER_PAGE;
    let mut mails = rows.iter().take(PER_PAGE).map(Caught::from_row).collect::<Result<Vec<_>, _>>()?;
    Ok(match turn {
        Turn::Newest => Page { mails, newer: false, older: more },
        Turn::Before(_) => Page { mails, newer: true, older: more },
        Turn::After(_) => {
            mails.reverse();
            Page { mails, newer: more, older: true }
        }
    })
}

/// A mail by its number.
pub async fn one(instance: &Instance, id: i64) -> Result<Option<CaughtMail>, CatcherError> {
    let row = instance.store.read_one(queries::ONE, params![id]).await?;
    let mail = row.map(|row| Ok(CaughtMail { caught: Caught::from_row(&row)?, message: row.bytes(6)? }));
    mail.transpose()
}

/// Throws all mails away; returns how many.
pub async fn empty(instance: &Instance) -> Result<u64, CatcherError> {
    Ok(instance.store.execute(queries::EMPTY, params![]).await?)
}

/// A pattern for LIKE that takes `%`, `_` and its own escape literally.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.trim().to_lowercase().chars().filter(|letter| *letter != '\0') {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_is_taken_literally() {
        assert_eq!(pattern(" Ada_1@A.example "), "%ada!_1@a.example%");
        assert_eq!(pattern("100%!"), "%100!%!!%");
        assert_eq!(pattern(""), "%%");
    }
}
