//! The doctor: whether mail that leaves here will be believed, and what to do where it will not.
