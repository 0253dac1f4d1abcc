//! Bringing the database up to date. Opening does it; this command says so.

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// Does it.
pub async fn run(settings: &Settings) -> Result<(), Failure> {
    let instance = open::or_begin(settings).await?;
    let schema = instance.store.schema().await?;
    println!("{schema}");
    eprintln!(
        "The {} database is at schema {schema}, the newest this program knows.",
        instance.store.engine()
    );
    instance.store.close().await;
    Ok(())
}
