//! The one place that decides who may do what.

use web::WebError;

use crate::model::{Account, Role};

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// See the desk.
    Look,
    /// Make and change publications, their look and their keys.
    ManagePublications,
    /// Write and change drafts.
    Write,
    /// Send, pause and stop.
    Send,
    /// See, import, export and change readers.
    ManageReaders,
    /// Read the mail that the catcher caught.
    ReadCaughtMail,
}

impl Act {
    /// Every act, for the test that goes through the table.
    pub const ALL: [Act; 6] =
        [Act::Look, Act::ManagePublications, Act::Write, Act::Send, Act::ManageReaders, Act::ReadCaughtMail];
}

/// Lets an account do something, or not.
pub fn authorise(account: &Account, act: Act) -> Result<(), WebError> {
    let allowed = match account.role {
        Role::Owner => true,
        Role::Author => match act {
            Act::Look | Act::Write | Act::Send => true,
            Act::ManagePublications | Act::ManageReaders | Act::ReadCaughtMail => false,
        },
    };
    if allowed { Ok(()) } else { Err(WebError::Forbidden) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_writes_and_sends_and_an_owner_does_everything() {
        let account = |role| Account {
            id: 1,
            email: "a@a.example".into(),
            name: "A".into(),
            language: i18n::Language::French,
            role,
        };
        let may = |role| Act::ALL.iter().filter(|act| authorise(&account(role), **act).is_ok()).count();
        assert_eq!(may(Role::Owner), 6);
        assert_eq!(may(Role::Author), 3);
        assert!(matches!(authorise(&account(Role::Author), Act::ManageReaders), Err(WebError::Forbidden)));
    }
}
