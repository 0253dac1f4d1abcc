//! Which routes a publication uses, and how much of its mail each carries.

use instance::Instance;
use store::params;

use crate::model::{Route, RoutesError};
use crate::{queries, register};

/// A route that a publication uses.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The route.
    pub route: Route,
    /// Its share; 0 only when no other works.
    pub weight: u32,
    /// Whether the publication chose it, or uses it because it chose none.
    pub by_choice: bool,
}

/// The routes of a publication: those it chose, as far as they are configured, or else all that are, with the weights
/// of the configuration.
pub async fn of_publication(instance: &Instance, publication: i64) -> Result<Vec<Chosen>, RoutesError> {
    let routes = register(instance).await?;
    let mut weights = Vec::new();
    for row in instance.store.read(queries::CHOSEN, params![publication]).await? {
        weights.push((row.int(0)?, u32::try_from(row.int(1)?).unwrap_or_default()));
    }
    let weight = |route: &Route| weights.iter().find(|(id, _)| *id == route.id).map(|(_, weight)| *weight);
    if routes.iter().any(|route| weight(route).is_some()) {
        let chosen = |route: Route| weight(&route).map(|weight| Chosen { route, weight, by_choice: true });
        return Ok(routes.into_iter().filter_map(chosen).collect());
    }
    let all = |route: Route| Chosen { weight: route.config.weight, route, by_choice: false };
    Ok(routes.into_iter().map(all).collect())
}

/// Lets a publication use these routes (number and weight) and no others; all that are configured where none is named.
pub async fn choose(instance: &Instance, publication: i64, routes: &[(i64, u32)]) -> Result<(), RoutesError> {
    let mut statements = vec![queries::FORGET_CHOICE.with(params![publication])];
    let chosen = routes.iter().map(|(id, weight)| queries::CHOOSE.with(params![publication, *id, *weight]));
    statements.extend(chosen);
    instance.store.transaction(statements).await?;
    Ok(())
}
