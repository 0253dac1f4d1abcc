//! A connection of a line, and the room it takes among all connections that may be open.

use smtp::Connection;
use tokio::sync::OwnedSemaphorePermit;

use super::way::Way;

/// An open connection.
pub(super) struct Opened {
    pub connection: Connection,
    /// Given back when the connection is gone.
    pub _slots: Slots,
}

/// Room for one connection: at the provider, and on the route.
pub(super) struct Slots {
    _at_provider: Option<OwnedSemaphorePermit>,
    _on_route: Option<OwnedSemaphorePermit>,
}

impl Slots {
    /// Waits for room; who waits is served in turn.
    pub(super) async fn take(way: &Way) -> Self {
        // Neither is ever closed.
        let waits = way.limits.waiting.add();
        let _at_provider = way.limits.slots().acquire_owned().await.ok();
        drop(waits);
        let _waits = way.route.waiting.add();
        let _on_route = way.route.slots().acquire_owned().await.ok();
        Slots { _at_provider, _on_route }
    }
}
