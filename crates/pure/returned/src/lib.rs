//! What a mail that comes back says: bounce, complaint, automatic answer, or a reader who writes.
