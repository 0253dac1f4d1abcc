//! Names get their numbers, and what a route refuses to everybody is noted beside them.

use std::collections::BTreeMap;

use instance::Instance;
use store::params;

use crate::model::{Route, RoutesError};
use crate::out::Out;
use crate::queries;

/// Every configured route under its number, in the order of the configuration.
pub async fn register(instance: &Instance) -> Result<Vec<Route>, RoutesError> {
    let configured = instance.config.all_routes();
    let mut known = numbers(instance).await?;
    let new: Vec<_> = configured
        .iter()
        .filter(|config| !known.contains_key(&config.name))
        .map(|config| params![&config.name])
        .collect();
    if !new.is_empty() {
        instance.store.write_many(queries::REGISTER, new).await?;
        known = numbers(instance).await?;
    }
    configured
        .into_iter()
        .map(|config| {
            let out = Out::parse(&config.url)
                .map_err(|source| RoutesError::Out { name: config.name.clone(), source })?;
            let id = known.get(&config.name).copied().ok_or(store::StoreError::Closed)?;
            Ok(Route { id, config, out })
        })
        .collect()
}

async fn numbers(instance: &Instance) -> Result<BTreeMap<String, i64>, RoutesError> {
    Ok(names(instance).await?.into_iter().map(|(id, name)| (name, id)).collect())
}

/// The name of every route that ever carried something.
pub async fn names(instance: &Instance) -> Result<BTreeMap<i64, String>, RoutesError> {
    let rows = instance.store.read(queries::EVERY, params![]).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect()
}

/// Says what a route refuses to everybody since this moment, or that it does not any more.
pub async fn note(instance: &Instance, route: i64, trouble: Option<&str>) -> Result<(), RoutesError> {
    let at = trouble.map(|_| instance.now_us());
    instance.store.execute(queries::NOTE, params![route, trouble, at]).await?;
    Ok(())
}

/// What routes refuse to everybody, and since when.
pub async fn troubles(instance: &Instance) -> Result<BTreeMap<i64, (String, i64)>, RoutesError> {
    let rows = instance.store.read(queries::EVERY, params![]).await?;
    let mut troubles = BTreeMap::new();
    for row in &rows {
        if let Some(trouble) = row.opt_text(2)? {
            troubles.insert(row.int(0)?, (trouble, row.opt_int(3)?.unwrap_or_default()));
        }
    }
    Ok(troubles)
}
