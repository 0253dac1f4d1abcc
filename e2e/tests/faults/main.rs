//! What else breaks, and who notices: the disk, the relay, the database, the power.
//!
//! After each fault the same is asked as after a `kill -9`: nobody lost, nobody accepted twice beyond what was in
//! doubt, counters equal to rows, and for every accepted row a 250 in the sink's own log. The long form
//! (`SOUCOUPE_TEST_LONG=1`) looks at more moments.

mod database;
mod disk;
mod power;
mod relay;
