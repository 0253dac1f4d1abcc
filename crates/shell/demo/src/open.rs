//! Opening a demo: its instance, with the mail catcher as the relay.

use std::net::SocketAddr;
use std::sync::Arc;

use catcher::Catcher;
use instance::{Config, Instance};
use tokio::net::TcpListener;

use crate::DemoError;
use crate::place::config_file;

/// Where the demo answers when nobody says otherwise.
const PORT: u16 = 7878;

/// The usual port of this machine, or any free one where somebody else has it.
pub async fn free_port() -> std::io::Result<TcpListener> {
    match TcpListener::bind(here(PORT)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(here(0)).await,
    }
}

/// Opens the instance, starts its catcher on a free port of this machine, and writes the configuration that other
/// commands reach both with.
pub async fn open(config: Config) -> Result<(Instance, Catcher), DemoError> {
    let instance = Instance::open(config.clone()).await?;
    let catcher = catcher::start(&instance, here(0)).await?;
    let config = Config { smtp_url: Some(catcher.url()), ..config };
    write_config(&config, &catcher)?;
    Ok((Instance { config: Arc::new(config), ..instance }, catcher))
}

fn write_config(config: &Config, catcher: &Catcher) -> Result<(), DemoError> {
    let path = config_file(&config.data);
    let text = format!(
        "# Written by `soucoupe demo` at each start.\ndata = \".\"\nlisten = \"{}\"\nbase_url = \"{}\"\ncatcher = \"{}\"\n",
        config.listen, config.base_url, catcher.address
    );
    std::fs::write(&path, text).map_err(|why| DemoError::Folder { path, why })
}

fn here(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
