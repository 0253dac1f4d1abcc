//! Questions about settings and processes.

use store::Query;

/// A setting.
pub const SETTING: Query = Query::new("instance.setting", "SELECT value FROM settings WHERE key = ?1");

/// Keeps a setting unless there is one: two programs that start together agree.
pub const KEEP_SETTING: Query = Query::new(
    "instance.keep_setting",
    "INSERT INTO settings (key, value)
     VALUES (?1, ?2)
     ON CONFLICT (key) DO NOTHING",
);

/// Announces a process.
pub const ANNOUNCE: Query = Query::new(
    "instance.announce",
    "INSERT INTO processes (id, kind, host, pid, started_at, beat_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?5)
     RETURNING id",
);

/// Says that a process lives.
pub const BEAT: Query =
    Query::new("instance.beat", "UPDATE processes SET beat_at = ?2 WHERE id = ?1 RETURNING id");

/// Takes a process away.
pub const LEAVE: Query = Query::new("instance.leave", "DELETE FROM processes WHERE id = ?1");

/// Who works on this instance.
pub const PROCESSES: Query =
    Query::new("instance.processes", "SELECT id, kind, host, pid, beat_at FROM processes ORDER BY id");

/// Every query of this room.
pub const ALL: &[Query] = &[SETTING, KEEP_SETTING, ANNOUNCE, BEAT, LEAVE, PROCESSES];
