//! Routes: the ways out, which publication uses which, and how much each has carried.
//!
//! What one can do, in the order in which a mail meets them: read what was configured ([`Out`]), [`register`] the
//! routes under their numbers, ask which ones a publication uses ([`of_publication`], [`choose`]), and keep the days:
//! what each carried to which provider ([`count`], [`days`]), from which caps and a warm-up follow
//! ([`daily_room`], [`warm_room`]). [`Doors`] opens a connection by a route. [`note`] says what a route refuses to everybody, for the desk.
//!
//! Guarantees: a route keeps its number as long as its name; a password is in nothing that this slice shows or
//! keeps. A publication whose chosen routes are all gone from the configuration uses those that are there.
//!
//! Not guaranteed: that a route works. Whoever opens it finds out, and decides by `policy::breaker`.
//!
//! Page: `/desk/{publication}/routes`. It emits no fact and hears none.

mod choice;
mod day;
mod door;
mod model;
mod out;
mod queries;
mod register;
mod told;
mod web;

pub use choice::{Chosen, choose, of_publication};
pub use day::{Carried, count, counting, daily_room, day_of, days, next_day, warm_room, warmth};
pub use door::{Destination, Doors, Nowhere};
pub use model::{Route, RoutesError};
pub use out::{Direct, Out, OutError};
pub use queries::ALL as QUERIES;
pub use register::{names, note, register, troubles};
pub use told::told;
pub use web::routes;
