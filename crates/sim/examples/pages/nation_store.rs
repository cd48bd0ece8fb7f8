//! The synthetic nation in a directory, and the ways in of its roles.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use domain::policy::Action;
use domain::reference::ReferenceData;
use domain::text::BoundedText;
use domain::time::{DAY_SECONDS, Timestamp};
use hub::set_up::{Authority, Installer, SetUp};
use hub::sign_in::{FIRST_PURPOSE, by_link};
use hub::tokens::{NewToken, issue_for};
use hub::{Hub, Random};
use nation::{Nation, SignIn, Variant};
use noroshi::premises;
use seal::secret::password::Cost;
use serde_json::{Value as Json, json};
use store::Store;
use tempfile::TempDir;

/// Name of the hub.
pub(crate) const HUB: &str = "pages.noroshi.example";
/// The role that has a token.
pub(crate) const REPORTER: &str = "operator_duty";
/// What the nation is made from.
const SEED: u64 = 1;
/// The ways in, beside the store.
const READERS: &str = "readers.json";

/// The time at which the nation was built and at which it is read.
pub(crate) fn now() -> Timestamp {
    // 2026-11-21 09:12 in Japan.
    Timestamp::from_seconds(1_795_219_920)
}

/// Cookies and tokens by role.
pub(crate) struct Readers(Json);

impl Readers {
    /// What the browser of that role sends; `None` for nobody's.
    pub(crate) fn cookie(&self, role: &str) -> Option<String> {
        let secret = self.0.get("sessions")?.get(role)?.as_str()?;
        Some(format!("noroshi={secret}"))
    }

    /// What a program of that role sends.
    pub(crate) fn bearer(&self, role: &str) -> anyhow::Result<String> {
        let tokens = self.0.get("tokens").and_then(|tokens| tokens.get(role));
        let token = tokens.and_then(Json::as_str).context("no token")?;
        Ok(format!("Bearer {token}"))
    }
}

/// Whether a nation stands in `directory`.
pub(crate) fn is_built(directory: &Path) -> bool {
    directory.join(READERS).exists()
}

/// Builds the nation into `directory`.
pub(crate) fn build(directory: &Path) -> anyhow::Result<()> {
    let hub = Hub::new(open(directory)?, reference()?, Cost::Test);
    let random = Random::from_seed([1; 32]);
    hub::search::bring_up_to_date(&hub, now(), &random)?;
    let plan = Nation::plan(SEED, Variant::Published);
    let built = Nation::build(&plan, &hub, now(), SEED, &mut |_| {})?;
    let (mut sessions, mut tokens) = (BTreeMap::new(), BTreeMap::new());
    for (role, sign_in) in &built.roles {
        let begun = by_link(&hub, &sign_in.secret, now(), &random.derive(role))?;
        sessions.insert(*role, begun.secret);
        if *role == REPORTER {
            tokens.insert(*role, token(&hub, sign_in, &random)?);
        }
    }
    let ways_in = json!({"sessions": sessions, "tokens": tokens});
    fs::write(directory.join(READERS), ways_in.to_string())?;
    Ok(())
}

/// A token that hands in reports.
fn token(hub: &Hub, sign_in: &SignIn, random: &Random) -> anyhow::Result<String> {
    let console = Installer::local_console();
    let set_up = SetUp {
        authority: Authority::Console(&console),
        now: now(),
        random: random.derive("token"),
    };
    let new = NewToken {
        label: BoundedText::parse("pages")?,
        scope: [Action::Submit].into(),
        purpose: FIRST_PURPOSE.parse()?,
        expires_at: now().plus_seconds(DAY_SECONDS),
    };
    Ok(issue_for(hub, &set_up, sign_in.membership, new)?)
}

/// The ways in that [`build`] left.
pub(crate) fn readers(directory: &Path) -> anyhow::Result<Readers> {
    let text = fs::read_to_string(directory.join(READERS))?;
    Ok(Readers(serde_json::from_str(&text)?))
}

/// A copy of the store in `directory`, which goes when it is dropped.
pub(crate) fn copy(directory: &Path) -> anyhow::Result<TempDir> {
    let copy = tempfile::Builder::new()
        .prefix("copy-")
        .tempdir_in(directory)?;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
        }
    }
    Ok(copy)
}

/// The store in `directory`.
pub(crate) fn open(directory: &Path) -> anyhow::Result<Store> {
    premises::open(directory, None, HUB)
}

/// The lists that the program brings.
pub(crate) fn reference() -> anyhow::Result<Arc<ReferenceData>> {
    let shipped = exchange::reference::shipped();
    Ok(Arc::new(
        shipped.map_err(|faults| anyhow::anyhow!("{faults:?}"))?,
    ))
}
