//! Who gets it, and who is left out and why: the exact numbers, before the button.

use audience::Audience;
use instance::Instance;
use publications::Publication;
use store::params;

use crate::model::{Dispatch, DispatchError, Kind};
use crate::queries::{self, Chosen};

/// What sending now would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Estimate {
    /// Readers who would get it.
    pub readers: i64,
    /// Readers who would not, by reason: `pending`, `paused`, `ended`, `suppressed`, `already`.
    pub left_out: Vec<(String, i64)>,
}

impl Estimate {
    /// How many would be left out.
    pub fn left_out_total(&self) -> i64 {
        self.left_out.iter().map(|(_, readers)| readers).sum()
    }
}

/// Counts the audience as it is at this moment.
pub async fn estimate(
    instance: &Instance,
    publication: &Publication,
    edition_id: i64,
    audience: &Audience,
    kind: Kind,
) -> Result<Estimate, DispatchError> {
    counted(instance, &chosen(instance, publication.id, edition_id, 0, audience, kind).await?).await
}

/// Who would get the edition of a dispatch if it were sent once more to those whose mail failed.
pub async fn estimate_failed(instance: &Instance, dispatch: &Dispatch) -> Result<Estimate, DispatchError> {
    if instance.store.read_one(queries::ANY_FAILED, params![dispatch.id]).await?.is_none() {
        return Ok(Estimate::default());
    }
    let (publication, edition) = (dispatch.publication_id, dispatch.edition_id);
    let everyone = chosen(instance, publication, edition, 0, &Audience::Everyone, Kind::Edition).await?;
    counted(instance, &queries::of_failed(everyone, dispatch.id)).await
}

async fn counted(instance: &Instance, chosen: &Chosen) -> Result<Estimate, DispatchError> {
    let mut estimate = Estimate::default();
    for row in instance.store.read_statement(queries::estimate(chosen)).await? {
        match row.opt_text(0)? {
            None => estimate.readers = row.int(1)?,
            Some(reason) => estimate.left_out.push((reason, row.int(1)?)),
        }
    }
    Ok(estimate)
}

/// The audience as SQL, without those who have the edition from an earlier dispatch. A test asks for nobody's
/// subscription and is repeated as often as the author likes.
pub(crate) async fn chosen(
    instance: &Instance,
    publication_id: i64,
    edition_id: i64,
    dispatch_id: i64,
    audience: &Audience,
    kind: Kind,
) -> Result<Chosen, DispatchError> {
    if let (Kind::Test, Audience::Address(address)) = (kind, audience) {
        let reader = audience::ensure_reader(instance, address).await?;
        return Ok(queries::just(reader, publication_id));
    }
    let mut params = Vec::new();
    let sql = audience::chosen(instance, publication_id, audience, &mut params).await?;
    let chosen = Chosen { sql, params };
    let earlier = kind == Kind::Edition
        && instance.store.read_one(queries::EARLIER, params![edition_id, dispatch_id]).await?.is_some();
    Ok(if earlier { queries::earlier(chosen, edition_id, dispatch_id) } else { chosen })
}
