//! Saying that this process lives, and stopping in time when nobody can hear it.

use std::sync::Arc;
use std::time::Duration;

use instance::{Instance, Process};
use policy::lease::{BEAT_EVERY, must_stop};

use super::control::Control;

/// Beats until the process is buried by another, which by then has its leases: it ends with that.
pub(super) async fn keep(instance: Instance, process: Process, control: Arc<Control>) {
    let mut heard = instance.now_us();
    loop {
        tokio::time::sleep(Duration::from_micros(BEAT_EVERY.unsigned_abs())).await;
        match process.beat(&instance).await {
            Ok(true) => heard = instance.now_us(),
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, "the database does not hear that this process lives");
                if must_stop(heard, instance.now_us()) {
                    control.hold_all_but(std::iter::empty());
                }
            }
        }
    }
}
