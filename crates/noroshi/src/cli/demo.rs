//! `noroshi demo`: a hub with a synthetic nation, in a directory of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use domain::actor::Assurance;
use domain::policy::Action;
use domain::text::BoundedText;
use domain::time::DAY_SECONDS;
use domain::word::Code;
use hub::Hub;
use hub::log::{BATCH_SIZE_MAX, LogSettings, Published, publish};
use hub::set_up::{Authority, Installer, SetUp};
use hub::sign_in::{FIRST_PURPOSE, actor_of};
use hub::tokens::{NewToken, issue_for, scopes};
use nation::{Built, Nation, Progress};
use seal::secret::password::Cost;
use serde_json::json;
use web::{AppState, Facts, World};

use crate::{ambient, jobs, premises, server};

/// Name of the demo's hub.
const HUB: &str = "demo.noroshi.example";
/// Folder of the custodians' keys in the demo's directory.
const CUSTODIAN_FOLDER: &str = "custodian-keys";

/// Leaves in a batch of the demo's log, and seconds between batches: quicker than a real hub's, for
/// people who watch.
const LOG_BATCH: u32 = 16;
const LOG_CADENCE_SECONDS: u32 = 10;
/// Most batches for the nation's past.
const HISTORY_TURNS_MAX: i64 = 100;

/// Makes the synthetic nation and serves it; prints one sign-in link per role.
///
/// Nothing in it is real. The store carries a mark: `serve` refuses it, and `demo` refuses any
/// other store.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Address and port to listen on; port 0 lets the system choose.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// Directory for the store, empty or not yet there; by default a temporary one that goes when
    /// the demo ends.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Number that the nation is made from: the same number, the same nation.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Which nation.
    #[arg(long, value_enum, default_value_t = Variant::Published)]
    variant: Variant,
    /// File to write the links and tokens to, as JSON.
    #[arg(long, value_name = "FILE")]
    links: Option<PathBuf>,
}

/// Which nation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Variant {
    /// Yearly figures shaped like the published ones.
    Published,
    /// The same, and thousands of near misses.
    NearMissRich,
}

impl Demo {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let temporary = tempfile::Builder::new().prefix("noroshi-demo-").tempdir()?;
        let directory = self
            .data
            .clone()
            .unwrap_or_else(|| temporary.path().to_owned());
        refuse_a_used_directory(&directory)?;
        let reference = Arc::new(super::data::load(None)?);
        let store = premises::open(&directory, None, HUB)?;
        // The demo's people sign in by link; their passwords guard nothing.
        let hub = Hub::new(store, reference, Cost::Test);
        // The nation is shelved as it is built.
        hub::search::bring_up_to_date(&hub, ambient::now(), &ambient::random()?)?;
        let built = self.build(&hub)?;
        write_custodian_keys(&directory, &built)?;
        publish_history(&hub)?;
        let _jobs = jobs::start(
            hub.clone(),
            LogSettings::new(LOG_BATCH, LOG_CADENCE_SECONDS)?,
            None,
        )?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        runtime.block_on(self.serve(hub, &built, &directory))?;
        Ok(ExitCode::SUCCESS)
    }

    fn build(&self, hub: &Hub) -> anyhow::Result<Built> {
        let variant = match self.variant {
            Variant::Published => nation::Variant::Published,
            Variant::NearMissRich => nation::Variant::NearMissRich,
        };
        let plan = Nation::plan(self.seed, variant);
        // Ids, keys and links are fresh each time; only the nation's life repeats.
        let secrets = u64::from_be_bytes(ambient::random()?.bytes());
        let mut report = progress_line();
        let built = Nation::build(&plan, hub, ambient::now(), secrets, &mut report)?;
        eprintln!();
        Ok(built)
    }

    async fn serve(&self, hub: Hub, built: &Built, directory: &Path) -> anyhow::Result<()> {
        let listener = server::bind(self.listen).await?;
        let base = format!("http://{}", listener.local_addr()?);
        let state = AppState {
            hub,
            clock: Arc::new(ambient::now),
            chance: Arc::new(ambient::chance()?),
            facts: Arc::new(Facts {
                name: "狼煙デモ".to_owned(),
                base: base.clone(),
                // Nobody's number: no exchange begins with 0.
                phone: Some("03-0550-0100".to_owned()),
                world: World::Demo,
                up_since: ambient::now(),
            }),
        };
        let links = sign_in_links(&base, built);
        if let Some(file) = &self.links {
            let tokens = api_tokens(&state.hub, built)?;
            write_links(file, &base, &links, &tokens)?;
        }
        announce(&base, &links, directory, self.seed);
        server::serve(listener, web::router(state)).await
    }
}

/// The demo begins with an empty store each time: what stood there before is never touched.
fn refuse_a_used_directory(directory: &Path) -> anyhow::Result<()> {
    let file = directory.join("noroshi.sqlite");
    anyhow::ensure!(
        !file.exists(),
        "`{}` holds a store already; the demo makes its own, so name an empty directory",
        directory.display()
    );
    Ok(())
}

/// Publishes the entries of the two years that the build made in a minute: they cannot wait for
/// their turns. Each turn lies a minute after the one before, all of them before now.
fn publish_history(hub: &Hub) -> anyhow::Result<()> {
    let chance = ambient::chance()?;
    let settings = LogSettings::new(BATCH_SIZE_MAX, 60)?;
    for minutes in (1..=HISTORY_TURNS_MAX).rev() {
        let turn = ambient::now().plus_seconds(-60 * minutes);
        let published = publish(hub, settings, turn, chance("demo.history"))?;
        if matches!(published, Published::Batch { waiting: 0, .. }) {
            break;
        }
    }
    Ok(())
}

/// Prints how far the build is: over one line on a terminal, once per step elsewhere.
fn progress_line() -> impl FnMut(Progress) {
    let terminal = std::io::stderr().is_terminal();
    let mut last = None;
    move |progress: Progress| {
        let words = format!(
            "making the synthetic nation: {:?} {}/{}",
            progress.step, progress.done, progress.total
        );
        if terminal {
            eprint!("\r\x1b[K{words}");
        } else if last != Some(progress.step) {
            eprintln!("{words}");
        }
        last = Some(progress.step);
        let _flushed = std::io::stderr().flush();
    }
}

fn sign_in_links(base: &str, built: &Built) -> BTreeMap<&'static str, String> {
    built
        .roles
        .iter()
        .map(|(role, sign_in)| (*role, format!("{base}/sign-in/link/{}", sign_in.secret)))
        .collect()
}

/// One API token per role, for everything that a token of that role may do. Roles that act in person
/// only, such as custodians, have none.
fn api_tokens(hub: &Hub, built: &Built) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let console = Installer::local_console();
    let now = ambient::now();
    let mut tokens = BTreeMap::new();
    for (role, sign_in) in &built.roles {
        let purpose: Code = FIRST_PURPOSE.parse()?;
        let actor = actor_of(
            hub,
            sign_in.membership,
            purpose.clone(),
            Assurance::Token,
            now,
        )?;
        let scope: BTreeSet<Action> = scopes(&actor).into_iter().collect();
        if scope.is_empty() {
            continue;
        }
        let set_up = SetUp {
            authority: Authority::Console(&console),
            now,
            random: ambient::random()?,
        };
        let new = NewToken {
            label: BoundedText::parse("demo")?,
            scope,
            purpose,
            expires_at: now.plus_seconds(DAY_SECONDS),
        };
        tokens.insert(*role, issue_for(hub, &set_up, sign_in.membership, new)?);
    }
    Ok(tokens)
}

fn write_links(
    file: &Path,
    base: &str,
    links: &BTreeMap<&'static str, String>,
    tokens: &BTreeMap<&'static str, String>,
) -> anyhow::Result<()> {
    let text = json!({"base": base, "roles": links, "tokens": tokens}).to_string();
    fs::write(file, text).with_context(|| format!("cannot write the links to `{}`", file.display()))
}

/// In a real hub a custodian makes the key on a machine of his own and it never comes here.
fn write_custodian_keys(directory: &Path, built: &Built) -> anyhow::Result<()> {
    let folder = directory.join(CUSTODIAN_FOLDER);
    fs::create_dir_all(&folder)?;
    for key in &built.custodian_keys {
        let file = folder.join(format!("{}.key", key.file_stem));
        let mut out = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&file)?;
        out.write_all(key.secret_key.as_bytes())?;
    }
    Ok(())
}

fn announce(base: &str, links: &BTreeMap<&'static str, String>, directory: &Path, seed: u64) {
    println!("noroshi demo: {base}");
    println!(
        "Nothing here is real. Seed {seed}; the store is in {}",
        directory.display()
    );
    println!(
        "The custodians' keys, which a real hub never sees, are in its folder {CUSTODIAN_FOLDER}."
    );
    println!("Sign in as (links stay valid while the demo runs):");
    for (role, link) in links {
        println!("  {role:<24} {link}");
    }
    println!("End it with Ctrl-C.");
}
