//! Questions about routes, who uses them, and their days.

use store::Query;

/// A name gets its number; one that has it keeps it.
pub const REGISTER: Query = Query::new(
    "routes.register",
    "INSERT INTO routes (name)
     VALUES (?1)
     ON CONFLICT (name) DO NOTHING",
);

/// Every route that ever was, with what it refuses to everybody.
pub const EVERY: Query =
    Query::new("routes.every", "SELECT id, name, trouble, trouble_at FROM routes ORDER BY id");

/// Says what a route refuses to everybody, or that it does not any more.
pub const NOTE: Query = Query::new(
    "routes.note",
    "UPDATE routes
     SET trouble = ?2, trouble_at = ?3
     WHERE id = ?1 AND trouble IS DISTINCT FROM ?2",
);

/// The routes that a publication chose.
pub const CHOSEN: Query = Query::new(
    "routes.chosen",
    "SELECT route_id, weight
     FROM publication_routes
     WHERE publication_id = ?1
     ORDER BY route_id",
);

/// Forgets the choice of a publication.
pub const FORGET_CHOICE: Query =
    Query::new("routes.forget_choice", "DELETE FROM publication_routes WHERE publication_id = ?1");

/// One route of a publication's choice.
pub const CHOOSE: Query = Query::new(
    "routes.choose",
    "INSERT INTO publication_routes (publication_id, route_id, weight)
     VALUES (?1, ?2, ?3)
     ON CONFLICT (publication_id, route_id) DO UPDATE SET weight = excluded.weight",
);

/// Adds to what a route carried to a provider on a day.
pub const COUNT: Query = Query::new(
    "routes.count",
    "INSERT INTO route_days (route_id, provider, day, accepted, deferred, bounced)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (route_id, provider, day) DO UPDATE
     SET accepted = route_days.accepted + excluded.accepted,
        deferred = route_days.deferred + excluded.deferred,
        bounced = route_days.bounced + excluded.bounced",
);

/// What a route carried since a day, by provider, in the order of the days.
pub const DAYS: Query = Query::new(
    "routes.days",
    "SELECT provider, day, accepted, deferred, bounced
     FROM route_days
     WHERE route_id = ?1 AND day >= ?2
     ORDER BY provider, day",
);

/// Every query of this slice.
pub const ALL: &[Query] = &[REGISTER, EVERY, NOTE, CHOSEN, FORGET_CHOICE, CHOOSE, COUNT, DAYS];
