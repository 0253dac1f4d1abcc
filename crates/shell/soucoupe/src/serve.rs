//! `serve`: pages, jobs, health, until somebody asks it to stop.
//!
//! In order: the port is taken (a port in use stops us before anything is opened), the instance opens and migrates,
//! the mail catcher starts where there is one, the jobs start, pages are answered. SIGTERM and SIGINT stop all of it
//! in good order within ten seconds: requests under way are answered, mails on the wire arrive, the rest waits.

mod health;
mod jobs;
mod metrics;
mod router;

use std::net::SocketAddr;
use std::time::Duration;

use instance::Instance;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::failure::Failure;
use crate::open;
use crate::settings::{Settings, own_url};

pub use jobs::beat;

/// What a server is called on the list of processes.
pub const KIND: &str = "serve";

/// Everything has stopped by then; a container manager kills after ten seconds.
const GRACE: Duration = Duration::from_secs(8);
/// The database gets what is left of the ten seconds.
const CLOSING: Duration = Duration::from_secs(1);

/// Serves an instance until told to stop.
pub async fn run(mut settings: Settings) -> Result<(), Failure> {
    let listener = listen(settings.config.listen).await?;
    let bound = listener.local_addr().map_err(Failure::internal)?;
    // Port 0 was asked for and got a number; an address that nobody configured follows it.
    if settings.config.base_url == own_url(settings.config.listen) {
        settings.config.base_url = own_url(bound);
    }
    settings.config.listen = bound;
    let instance = open::or_begin(&settings).await?;
    let catcher = match settings.catcher {
        Some(address) => Some(catcher::start(&instance, address).await?),
        None => None,
    };
    let receiving = match settings.config.returns.listen {
        Some(address) => {
            let receiving = returns::listen(&instance, address).await?;
            tracing::info!(address = %receiving.address, "taking what comes back");
            Some(receiving)
        }
        None => None,
    };
    tracing::info!(
        address = %bound,
        url = instance.config.base_url,
        engine = %instance.store.engine(),
        version = env!("CARGO_PKG_VERSION"),
        "serving"
    );
    let beside = Beside { catcher, receiving };
    until_asked(instance, listener, beside).await
}

/// Takes a port. One that is in use is the most common surprise, and has a sentence of its own.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AddrInUse => "another program uses it already".to_owned(),
            std::io::ErrorKind::PermissionDenied => {
                "ports below 1024 need a permission we do not have".to_owned()
            }
            std::io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
            _ => error.to_string(),
        };
        Failure::input(format!(
            "cannot listen on {address}: {why}; choose another with --listen or SOUCOUPE_LISTEN"
        ))
    })
}

/// The mail servers beside the pages.
pub struct Beside {
    /// Takes what is sent, where nothing shall leave.
    pub catcher: Option<catcher::Catcher>,
    /// Takes what comes back.
    pub receiving: Option<returns::Receiving>,
}

/// Answers and works until a signal, then stops in good order.
pub async fn until_asked(instance: Instance, listener: TcpListener, beside: Beside) -> Result<(), Failure> {
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn(jobs::run(instance.clone(), stopped.clone()));
    let app = router::whole(&instance).into_make_service_with_connect_info::<SocketAddr>();
    let mut until = stopped.clone();
    let served = axum::serve(listener, app).with_graceful_shutdown(async move {
        // A sender that is gone means that everything ends.
        let _ = until.wait_for(|stop| *stop).await;
    });
    let mut served = tokio::spawn(async move { served.await });
    let ending = tokio::select! {
        ended = &mut served => Err(Failure::internal(anyhow::anyhow!("the web server ended by itself: {ended:?}"))),
        () = asked_to_stop() => Ok(()),
    };
    tracing::info!("stopping: requests and mails under way are finished first");
    let _ = stop.send(true);
    let finish = async {
        if !served.is_finished() {
            let _ = (&mut served).await;
        }
        let _ = jobs.await;
        if let Some(receiving) = beside.receiving {
            receiving.stop().await;
        }
        if let Some(catcher) = beside.catcher {
            catcher.stop().await;
        }
    };
    if timeout(GRACE, finish).await.is_err() {
        tracing::warn!("something was still under way after {} seconds and was cut off", GRACE.as_secs());
    }
    let _ = timeout(CLOSING, instance.store.close()).await;
    tracing::info!("stopped");
    ending
}

/// Done at the first SIGTERM or SIGINT.
pub async fn asked_to_stop() {
    let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    match (terminate, interrupt) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::error!(%error, "signals cannot be heard; only a kill stops this program");
            std::future::pending().await
        }
    }
}
