//! The desk's pages about editions.
