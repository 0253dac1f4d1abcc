//! The bare client: the same bytes over the same number of connections, without a ledger, a letter or a token.
//!
//! It is the limit the sender is compared with: what the SMTP client of the house can push at most.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use smtp::{Connection, Route, Timeouts, ungated};
use tokio::task::JoinSet;

use crate::letter::address;

/// Whose return path the bare mails carry: as long as a real one.
const FROM: &str = "b+aebagbafaydqqcikbmga@letters.bench.example";

/// What to push where.
#[derive(Args)]
pub(crate) struct Options {
    /// The relay.
    #[arg(long)]
    route: String,
    /// A file with the message.
    #[arg(long)]
    message: PathBuf,
    /// How many times.
    #[arg(long)]
    readers: u64,
    /// Over how many connections.
    #[arg(long)]
    connections: u64,
}

/// Pushes.
pub(crate) fn run(options: &Options) -> Result<()> {
    let message = std::fs::read(&options.message)
        .with_context(|| format!("{} cannot be read", options.message.display()))?;
    let route = Route::parse(&options.route)?;
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    runtime.block_on(push(route, message.into(), options.readers, options.connections.max(1)))
}

async fn push(route: Route, message: Arc<[u8]>, readers: u64, connections: u64) -> Result<()> {
    let next = Arc::new(AtomicU64::new(0));
    let mut lines = JoinSet::new();
    for _ in 0..connections {
        let (route, message, next) = (route.clone(), Arc::clone(&message), Arc::clone(&next));
        lines.spawn(async move {
            let mut connection =
                Connection::open(&route, "letters.bench.example", Timeouts::default()).await?;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= readers {
                    break;
                }
                connection
                    .deliver(FROM, &address(number), &message, ungated())
                    .await
                    .map_err(|error| anyhow!("mail {number} was not delivered: {error:?}"))?;
            }
            connection.quit().await;
            Ok::<(), anyhow::Error>(())
        });
    }
    while let Some(line) = lines.join_next().await {
        line.context("a line broke")??;
    }
    Ok(())
}
