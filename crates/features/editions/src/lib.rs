//! Editions: writing them, looking at them before they leave, and what becomes of them when they do.
//!
//! In the order of an edition's life: [`create`] from Markdown, [`save`] while it is a draft, [`check`] before it
//! leaves, [`scheduling`] and [`unscheduling`], [`start_sending`] (it gets its number, its first version is kept, its page
//! is public) and [`finishing`]; or [`delete`] while it is still a draft. [`find`], [`by_id`] and
//! [`find_by_slug`] find one, [`list`] is the desk's list, [`published`], [`tagged`], [`recent`] and
//! [`neighbours`] are the site's.
//! [`Rendering`] is an edition as mail, page and text.
//!
//! Guarantees:
//! - A text with a fault is never kept; all its faults are told at once.
//! - Nobody overwrites what somebody else saved meanwhile, and nothing changes an edition that has left or that a
//!   dispatch waits to send.
//! - The number of an edition and the moment of its publication are given once; so is its first version, with its hash.
//!
//! Not here: who gets an edition and when (slice `dispatch`), its public page (slice `site`).
//!
//! Routes: `/desk/{publication}/editions` and below, but for `…/send`. It emits no fact and hears none.

mod check;
mod create;
mod delete;
mod find;
mod model;
mod queries;
mod rendering;
mod save;
mod sending;
mod slug;
mod versions;
mod web;

pub use check::{CLIPPED, Finding, HEAVY, Severity, check};
pub use create::create;
pub use delete::delete;
pub use document::words;
pub use find::{by_id, find, find_by_slug, foreseen, list, neighbours, published, recent, tagged};
pub use model::{Edition, EditionError, EditionState};
pub use queries::ALL as QUERIES;
pub use rendering::Rendering;
pub use save::save;
pub use sending::{finish_sending, finishing, schedule, scheduling, start_sending, unschedule, unscheduling};
pub use slug::RESERVED;
pub use versions::{Version, version};
pub use web::routes;
