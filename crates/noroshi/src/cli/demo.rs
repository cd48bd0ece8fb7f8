//! `noroshi demo`: a hub with a synthetic nation, in a directory of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use hub::Hub;
use seal::secret::password::Cost;
use web::{AppState, Facts, World};

use crate::{ambient, premises, server};

/// Makes the synthetic nation and serves it; prints one sign-in link per role.
#[derive(Debug, Args)]
pub struct Demo {
    /// Address and port to listen on; port 0 lets the system choose.
    #[arg(long, default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// Directory for the store; by default a temporary one that goes when you end the demo.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Number that the nation is made from: the same number, the same nation.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File to write the links and tokens to, as JSON.
    #[arg(long)]
    links: Option<PathBuf>,
}

impl Demo {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let temporary = tempfile::tempdir()?;
        let directory = self
            .data
            .clone()
            .unwrap_or_else(|| temporary.path().to_owned());
        let reference = Arc::new(super::data::load(None)?);
        let store = premises::open(&directory, None, "demo.noroshi.example")?;
        let hub = Hub::new(store, reference, Cost::Test);
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(async {
                let listener = server::bind(self.listen).await?;
                let base = format!("http://{}", listener.local_addr()?);
                let state = AppState {
                    hub,
                    clock: Arc::new(ambient::now),
                    chance: Arc::new(ambient::chance()?),
                    facts: Arc::new(Facts {
                        name: "狼煙デモ".to_owned(),
                        base: base.clone(),
                        phone: None,
                        world: World::Demo,
                        up_since: ambient::now(),
                    }),
                };
                println!(
                    "noroshi demo: {base}  (seed {}, store {})",
                    self.seed,
                    directory.display()
                );
                server::serve(listener, web::router(state)).await
            })?;
        Ok(ExitCode::SUCCESS)
    }
}
