//! What the dead left behind: their chunks are open again.

use instance::{Instance, Process};
use policy::delivery::{InDoubtRule, RESENDS};
use store::params;

use crate::model::DispatchError;
use crate::queries;

/// Takes leases away from processes that are dead or have left. Rows they had claimed are pending; rows that were on
/// the wire are sent once more or held, as the publication chose. The dead are taken off the list.
pub(super) async fn take_over(instance: &Instance, process: &Process) -> Result<(), DispatchError> {
    let now = instance.now_us();
    let (alive, dead): (Vec<_>, Vec<_>) =
        Process::all(instance).await?.into_iter().partition(|other| other.id == process.id || other.lives(now));
    for row in instance.store.read(queries::LEASES, params![]).await? {
        let (dispatch, number, first, last) = (row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?);
        let holder = row.opt_int(4)?.unwrap_or_default();
        if alive.iter().any(|other| other.id == holder) {
            continue;
        }
        let mut statements = vec![queries::RELEASE_ROWS.with(params![dispatch, first, last])];
        if row.text(5)?.parse() == Ok(InDoubtRule::Resend) {
            statements.push(queries::RESEND_DOUBTED.with(params![dispatch, first, last, RESENDS]));
        }
        statements.push(queries::RELEASE_CHUNK.with(params![dispatch, number, holder]));
        let outcomes = instance.store.transaction(statements).await?;
        let touched: u64 = outcomes.iter().map(|outcome| outcome.affected).sum();
        tracing::info!(dispatch, chunk = number, rows = touched, holder, "took over from a dead process");
    }
    for other in dead {
        other.leave(instance).await?;
    }
    Ok(())
}
