//! The domain of a sender: what it publishes about its mail.

pub(crate) mod bimi;
pub(crate) mod dkim;
pub(crate) mod dmarc;
pub(crate) mod spf;
