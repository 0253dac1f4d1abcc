//! What the dead left behind: their chunks are open again.

use instance::{Instance, Process};
use policy::delivery::{InDoubtRule, RESENDS};
use store::params;

use crate::model::DispatchError;
use crate::queries;

/// Takes the leases of dead processes away and takes these off the list. Rows they had claimed are pending; rows
/// that were on the wire are sent once more or held, as the publication chose.
pub(super) async fn take_over(instance: &Instance, process: &Process) -> Result<(), DispatchError> {
    let now = instance.now_us();
    for other in Process::all(instance).await? {
        if other.id == process.id || other.lives(now) {
            continue;
        }
        for row in instance.store.read(queries::LEASES, params![other.id]).await? {
            let (dispatch, number, first, last) = (row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?);
            let mut statements = vec![queries::RELEASE_ROWS.with(params![dispatch, first, last])];
            if row.text(5)?.parse() == Ok(InDoubtRule::Resend) {
                statements.push(queries::RESEND_DOUBTED.with(params![dispatch, first, last, RESENDS]));
            }
            statements.push(queries::RELEASE_CHUNK.with(params![dispatch, number, other.id]));
            let outcomes = instance.store.transaction(statements).await?;
            let touched: u64 = outcomes.iter().map(|outcome| outcome.affected).sum();
            tracing::info!(
                dispatch,
                chunk = number,
                rows = touched,
                dead = other.id,
                "took over from a dead process"
            );
        }
        other.leave(instance).await?;
    }
    Ok(())
}
