//! A mailbox that is read: mails that came back, fetched one by one and marked when they were taken in.
