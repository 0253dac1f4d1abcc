//! What the dead left behind: their chunks are open again.

use instance::{Instance, Process};
use policy::delivery::{InDoubtRule, RESENDS};
use store::{StoreError, params};

use crate::model::DispatchError;
use crate::queries;

/// Takes leases away from processes that are dead or have left. Rows they had claimed are pending; rows that were on
/// the wire are sent once more or held, as the publication chose. The dead are taken off the list.
pub(super) async fn take_over(instance: &Instance, process: &Process) -> Result<(), DispatchError> {
    // In this order: who announced itself after the first look holds nothing that the first look saw.
    let leases = instance.store.read(queries::LEASES, params![]).await?;
    let now = instance.now_us();
    let (alive, dead): (Vec<_>, Vec<_>) = Process::all(instance)
        .await?
        .into_iter()
        .partition(|other| other.id == process.id || other.lives(now));
    for row in leases {
        let (dispatch, number, first, last) = (row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?);
        let holder = row.opt_int(4)?.unwrap_or_default();
        if alive.iter().any(|other| other.id == holder) {
            continue;
        }
        // First the lease itself: of several who find the dead one, one goes on.
        let mut statements = vec![
            queries::TAKE_LEASE.with(params![dispatch, number, holder, process.id]).expecting(1),
            queries::RELEASE_ROWS.with(params![dispatch, first, last, number, process.id]),
        ];
        if row.text(5)?.parse() == Ok(InDoubtRule::Resend) {
            statements.push(queries::RESEND_DOUBTED.with(params![dispatch, first, last, RESENDS]));
        }
        statements.push(queries::RELEASE_CHUNK.with(params![dispatch, number, process.id]));
        match instance.store.transaction(statements).await {
            Ok(_) => tracing::info!(dispatch, chunk = number, holder, "took over from a dead process"),
            Err(StoreError::Unexpected { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for other in dead {
        other.leave(instance).await?;
    }
    Ok(())
}
