//! Returns: bounces, complaints, automatic answers and replies, and what follows from each.
