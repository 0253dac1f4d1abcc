//! Waiting for something to be so, never for some time to pass.

use std::time::{Duration, Instant};

/// How long anything may take before it counts as missing; generous, since machines that test are busy.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Looks until there is something; fails with what was missing.
pub async fn until<T>(what: &str, within: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begin.elapsed() < within, "waited {} s in vain: {what}", within.as_secs());
        tokio::time::sleep(LOOK).await;
    }
}
