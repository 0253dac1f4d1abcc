//! All that is kept about a reader, as a file they can take with them.

use instance::Instance;
use jiff::Timestamp;
use serde_json::{Value, json};
use store::params;

use crate::model::{AudienceError, Reader};
use crate::queries::readers as queries;
use crate::{consent, find};

/// Everything that is kept about a reader.
pub async fn kept(instance: &Instance, reader: &Reader) -> Result<Value, AudienceError> {
    let publications = publications::all(instance).await?;
    let name = |id: i64| {
        publications
            .iter()
            .find(|publication| publication.id == id)
            .map(|publication| publication.name.clone())
    };
    let tags = instance.store.read(queries::TAGS, params![reader.id]).await?;
    let tags =
        tags.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect::<Result<Vec<_>, AudienceError>>()?;
    let subscriptions: Vec<Value> = find::subscriptions(instance, reader.id)
        .await?
        .into_iter()
        .map(|tie| {
            let own: Vec<&str> = tags
                .iter()
                .filter(|(id, _)| *id == tie.publication_id)
                .map(|(_, tag)| tag.as_str())
                .collect();
            json!({
                "publication": name(tie.publication_id),
                "state": tie.state.name(),
                "since": moment(tie.since),
                "changed_at": moment(tie.changed_at),
                "source": tie.source,
                "tags": own,
            })
        })
        .collect();
    let consents: Vec<Value> = consent::consents(instance, reader.id)
        .await?
        .into_iter()
        .map(|proof| {
            json!({
                "publication": name(proof.publication_id),
                "act": proof.act,
                "wording": proof.wording,
                "form": proof.form,
                "network": proof.network,
                "at": moment(proof.at),
            })
        })
        .collect();
    let suppression_key = instance.secrets.suppression_key(&reader.email.key());
    let suppressions: Vec<Value> = find::standing(instance, suppression_key)
        .await?
        .into_iter()
        .map(|(scope, reason, at)| {
            json!({ "publication": name(scope.number()), "reason": reason.name(), "at": moment(at) })
        })
        .collect();
    let rows = instance.store.read(queries::DELIVERIES, params![reader.id]).await?;
    let deliveries = rows.iter().map(|row| {
        let state = policy::delivery::DeliveryState::try_from(row.int(2)?)
            .map_err(|unknown| AudienceError::Unknown(unknown.to_string()))?;
        Ok(json!({
            "publication": row.text(0)?,
            "edition": row.text(1)?,
            "state": format!("{state:?}").to_lowercase(),
            "at": row.opt_int(3)?.map(moment),
        }))
    });
    let deliveries = deliveries.collect::<Result<Vec<Value>, AudienceError>>()?;
    let rows = instance.store.read(queries::RETURNS, params![suppression_key]).await?;
    let returns = rows.iter().map(|row| {
        Ok(json!({
            "at": moment(row.int(0)?),
            "action": row.text(1)?,
            "reason": row.text(2)?,
            "status": row.opt_text(3)?,
            "words": row.opt_text(4)?,
        }))
    });
    let returns = returns.collect::<Result<Vec<Value>, AudienceError>>()?;
    let rows = instance.store.read(queries::REPLIES, params![reader.id]).await?;
    let replies = rows.iter().map(|row| {
        Ok(json!({
            "publication": row.text(0)?,
            "at": moment(row.int(1)?),
            "subject": row.text(2)?,
            "text": row.text(3)?,
        }))
    });
    let replies = replies.collect::<Result<Vec<Value>, AudienceError>>()?;
    Ok(json!({
        "email": reader.email.as_str(),
        "first_name": reader.first_name,
        "last_name": reader.last_name,
        "language": reader.language,
        "known_since": moment(reader.created_at),
        "subscriptions": subscriptions,
        "consents": consents,
        "suppressions": suppressions,
        "editions": deliveries,
        "returns": returns,
        "letters": replies,
    }))
}

/// RFC 3339, to the second.
pub(crate) fn moment(us: i64) -> String {
    Timestamp::from_second(us.div_euclid(1_000_000)).map(|moment| moment.to_string()).unwrap_or_default()
}
