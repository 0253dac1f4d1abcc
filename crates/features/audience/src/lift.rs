//! What a reader's own confirmed wish takes away.

use policy::suppressions::{Lift, Reason, Scope, lift};
use store::{Statement, params};

use crate::queries::readers as queries;

/// What lets an address in again for one publication, to be done together with the confirmation.
pub(crate) fn lifting(
    standing: &[(Scope, Reason, i64)],
    suppression_key: [u8; 16],
    publication_id: i64,
) -> Vec<Statement> {
    let mut statements = Vec::new();
    for &(scope, reason, at) in standing {
        let remove = queries::UNSUPPRESS.with(params![suppression_key, scope.number()]);
        match lift(scope, reason, publication_id) {
            Lift::Keep => {}
            Lift::Remove => statements.push(remove),
            Lift::KeepElsewhere => {
                let values = params![suppression_key, reason.name(), at, publication_id];
                statements.push(remove);
                statements.push(queries::SUPPRESS_ELSEWHERE.with(values));
            }
        }
    }
    statements
}

/// What keeps an address out, unless a stronger reason does already.
pub(crate) fn suppressing(suppression_key: [u8; 16], scope: Scope, reason: Reason, now: i64) -> Statement {
    let weaker: Vec<&str> = Reason::ALL
        .into_iter()
        .filter(|other| *other != reason && other.stronger(reason) == reason)
        .map(Reason::name)
        .collect();
    // Names are plain words: they need no escaping in JSON.
    let weaker =
        format!("[{}]", weaker.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(","));
    queries::SUPPRESS.with(params![suppression_key, scope.number(), reason.name(), now, weaker])
}
