//! Choosing which routes a publication uses.

use std::collections::BTreeMap;

use accounts::Act;
use axum::extract::{Path, State};
use axum::response::Response;
use i18n::t;
use instance::Instance;
use publications::Desk;
use web::{Form, Notice, OrInternal, WebError, redirect, said};

use super::show::page;
use crate::register;

/// A share above this tells nothing that a smaller one does not.
const HEAVIEST: u32 = 1_000;

pub(super) async fn choose(
    State(instance): State<Instance>,
    desk: Desk,
    Path(slug): Path<String>,
    Form(given): Form<BTreeMap<String, String>>,
) -> Result<Response, WebError> {
    let publication = desk.publication(&slug, Act::ManagePublications)?;
    let mut chosen = Vec::new();
    for route in register(&instance).await.or_internal()? {
        if !given.contains_key(&format!("use-{}", route.config.name)) {
            continue;
        }
        let weight = given.get(&format!("weight-{}", route.config.name)).map_or("", |text| text.trim());
        match weight.parse::<u32>() {
            Ok(weight) if weight <= HEAVIEST => chosen.push((route.id, weight)),
            _ => {
                let wrong = Notice::wrong(t(desk.language, "routes-wrong-weight"));
                return page(&instance, &desk, publication, Some((&given, wrong))).await;
            }
        }
    }
    crate::choose(&instance, publication.id, &chosen).await.or_internal()?;
    Ok(redirect::to(&said(&format!("/desk/{slug}/routes"), "web-said-saved")))
}
