//! `noroshi serve`: the real hub.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use hub::Hub;
use seal::secret::password::Cost;
use view::layout::HubLine;
use web::{AppState, Facts, World};

use crate::config::Config;
use crate::mail::Mailer;
use crate::tls::{TlsListener, secured};
use crate::{ambient, jobs, premises, server};

/// Runs a hub from its configuration.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The configuration file.
    #[arg(long, default_value = "noroshi.toml")]
    config: PathBuf,
    /// Directory with reference data that replaces the shipped files of the same name.
    #[arg(long)]
    reference: Option<PathBuf>,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        tracing_subscriber::fmt().json().init();
        let config = Config::read(&self.config)?;
        let log = config.log.settings()?;
        let reference = Arc::new(super::data::load(self.reference.as_deref())?);
        let store = premises::open(&config.data, config.master_key_file.as_deref(), &config.hub)?;
        let hub = Hub::new(store, reference, Cost::Production).with_terms(config.terms()?);
        anyhow::ensure!(
            hub::set_up::store_kind(&hub)? != Some(hub::set_up::StoreKind::Demo),
            "the store in `{}` was made by the demo; a real hub needs a directory of its own",
            config.data.display()
        );
        let code = super::admin::first_run_code(&hub)?;
        let _jobs = jobs::start(hub.clone(), log, mailer(&config)?)?;
        let state = AppState {
            hub,
            clock: Arc::new(ambient::now),
            chance: Arc::new(ambient::chance()?),
            facts: Arc::new(Facts {
                name: config.name.clone(),
                base: config.base.clone(),
                phone: config.phone.clone(),
                world: World::Real,
                up_since: ambient::now(),
            }),
        };
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?
            .block_on(async {
                let listener = server::bind(config.listen).await?;
                println!(
                    "noroshi serves {} on {}",
                    config.base,
                    listener.local_addr()?
                );
                if let Some(code) = code {
                    super::admin::announce_first_run(&config.base, &code);
                }
                let router = web::router(state);
                match &config.tls {
                    Some(tls) => {
                        let listener = TlsListener::new(listener, tls)?;
                        server::serve(listener, secured(router)).await
                    }
                    None => server::serve(listener, router).await,
                }
            })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The sender of mail; `None` where no relay is configured.
fn mailer(config: &Config) -> anyhow::Result<Option<Mailer>> {
    let hub_line = HubLine {
        name: config.name.clone(),
        checkpoint: None,
        phone: config.phone.clone(),
    };
    config
        .mail
        .as_ref()
        .map(|mail| Mailer::new(mail, &config.base, hub_line))
        .transpose()
}
