//! What an account is.

use i18n::Language;
use store::{Row, StoreError};
use wire::Address;

/// What somebody is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Owns the instance: may do everything.
    Owner,
    /// Writes and sends; does not change publications, keys or accounts.
    Author,
}

impl Role {
    /// As columns hold it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Author => "author",
        }
    }

    fn from_column(text: &str) -> Self {
        // An unknown word must not make an owner.
        if text == "owner" { Role::Owner } else { Role::Author }
    }
}

/// Somebody who works at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: i64,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Language of the desk.
    pub language: Language,
    /// What they are here for.
    pub role: Role,
}

impl Account {
    /// From the columns id, email, name, language, role.
    pub(crate) fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Account {
            id: row.int(0)?,
            email: row.text(1)?,
            name: row.text(2)?,
            language: Language::from_tag(&row.text(3)?),
            role: Role::from_column(&row.text(4)?),
        })
    }
}

/// Why an account was not made, or nobody was signed in. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Not an address.
    #[error("the address {0:?} is not one: {1}")]
    Address(String, wire::AddressError),
    /// No name.
    #[error("a name is needed")]
    Name,
    /// Too short, or too long to hash.
    #[error("a password has {least} to {most} characters")]
    Password {
        /// Fewest characters.
        least: usize,
        /// Most bytes.
        most: usize,
    },
    /// There is an owner.
    #[error("this instance has an owner already")]
    Owned,
    /// Address and password do not belong together, or the link is used up or old.
    #[error("not signed in")]
    Refused,
    /// Too many failures.
    #[error("too many failures, wait {0} seconds")]
    Wait(u64),
    /// The machine could not hash.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub(crate) fn address(text: &str) -> Result<Address, AccountError> {
    Address::parse(text).map_err(|error| AccountError::Address(text.to_owned(), error))
}
