//! The demo: a complete sample that needs nothing.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use demo::{Place, Sample};

use crate::args::Globals;
use crate::failure::Failure;
use crate::settings::{address, own_url};
use crate::{open, serve};

/// Start a complete sample in a throwaway folder, with a mail catcher.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to answer, on this port of 127.0.0.1 [default: 7878 where it is free]
    #[arg(long, conflicts_with = "listen")]
    port: Option<u16>,
}

impl Demo {
    /// Does it. Only --data, --listen, --port and --log count: a demo must not touch an instance that is configured.
    pub async fn run(self, globals: &Globals) -> Result<(), Failure> {
        let chosen = match (&globals.listen, self.port) {
            (Some(listen), _) => {
                Some(address(listen).map_err(|error| Failure::input(format!("--listen: {error}")))?)
            }
            (None, Some(port)) => Some(SocketAddr::from(([127, 0, 0, 1], port))),
            (None, None) => None,
        };
        let listener = match chosen {
            Some(address) => serve::listen(address).await?,
            None => demo::free_port().await.map_err(Failure::internal)?,
        };
        let bound = listener.local_addr().map_err(Failure::internal)?;
        let place = Place::choose(globals.data.as_deref().map(PathBuf::from)).map_err(Failure::input)?;
        let config = place.config(bound, own_url(bound));
        open::make_folder(&config)?;
        let (instance, catcher) = demo::open(config).await.map_err(told)?;
        let Sample { sign_in } = demo::fill(&instance).await.map_err(told)?;
        println!("Soucoupe demo   {}", instance.url("/"));
        println!("Sign in         {sign_in}");
        println!("Mail catcher    {}", instance.url("/desk/catcher"));
        match place.kept() {
            Some(folder) => eprintln!(
                "It stays in {}; other commands reach it with --config {}.",
                folder.display(),
                place.config_file().display()
            ),
            None => eprintln!(
                "Ctrl-C ends it and throws it away. Until then other commands reach it with --config {}.",
                place.config_file().display()
            ),
        }
        serve::until_asked(instance, listener, serve::Beside { catcher: Some(catcher), receiving: None })
            .await
    }
}

/// A demo is made of the same steps as an instance; what goes wrong there has its sentence already.
fn told(error: demo::DemoError) -> Failure {
    match error {
        demo::DemoError::Folder { .. } => Failure::input(error),
        other => Failure::internal(other),
    }
}
