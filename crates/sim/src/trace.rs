//! What a history has left behind: what there is to be asked for, and who may have which canary.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{AdvisoryId, ReportId, ReviewId};
use domain::organization::Role;
use domain::part::Subject;
use hub::claim::Claim;
use seal::tlog::tile::{Row, Tile};

use crate::country::Who;
use crate::history::Leaves;
use crate::leak::Canary;
use crate::world::World;

/// Things that pages are about, by the letters before the `_` of their ids.
const KINDS: [&str; 11] = [
    "rpt", "rvw", "adv", "inc", "opn", "msg", "drf", "ctd", "cmt", "qst", "cnd",
];
/// Length of an id: three letters, `_`, 26 letters and digits.
const ID_LENGTH: usize = 30;
/// Whose pages at the members desk are asked for: of each kind of organization one.
const PERSONS: [Who; 3] = [
    ("kitahama", Role::DutyOfficer),
    ("denryoku", Role::Officer),
    ("center", Role::Analyst),
];
/// Proofs that are asked for.
const PROOFS_MAX: usize = 6;

/// What a history has left behind: reports, reviews, advisories, and who may have which canary.
#[derive(Default)]
pub struct Trace {
    /// Reports in the order of their submission; `None` where the operation was refused.
    pub reports: Vec<Option<Filed>>,
    /// Reviews in the order of their beginning.
    pub reviews: Vec<ReviewId>,
    /// Advisories in the order of their issue.
    pub advisories: Vec<Option<Addressed>>,
    /// How many reviews came to a release.
    pub released: usize,
    /// Every canary with those who may have it.
    pub canaries: Vec<Canary>,
    /// Secrets in the links of invitations that were handed over.
    pub links: Vec<String>,
    /// Words of the operations that did what they say; of those that were refused there is none.
    pub done: BTreeSet<String>,
    /// Ids of what the last operation speaks of.
    pub touched: BTreeSet<String>,
    /// Ids there are, by kind, in the order in which they came to be.
    things: BTreeMap<&'static str, Vec<String>>,
    /// An organization that is in a community.
    member: Option<String>,
    /// Commitments whose proofs are published.
    proofs: Vec<String>,
    /// Leaves in the published log; zero before the first batch.
    log_size: u64,
    /// Names of files that pages refer to.
    assets: Vec<String>,
}

/// A report that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The report.
    pub report: ReportId,
    /// Its relay.
    pub relay: &'static str,
    /// The operator it came from, whoever may know.
    pub author: &'static str,
    /// The operator it came from, where its custody names one.
    pub source: Option<&'static str>,
    /// Who receives what leaves after two approvals.
    pub leaves: Leaves,
    /// The code of its mailbox, where its custody names nobody.
    pub code: Option<String>,
}

/// An advisory that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The advisory.
    pub advisory: AdvisoryId,
    /// Who issued it.
    pub issuer: &'static str,
    /// Who is addressed.
    pub operator: &'static str,
}

impl Filed {
    /// Whoever sent it and goes on with it.
    pub fn writer(&self) -> Who {
        (self.author, Role::DutyOfficer)
    }

    /// What shows that it is its writer's: the name it was sent under, or the code of its mailbox.
    pub(crate) fn claim(&self, world: &World) -> anyhow::Result<Claim> {
        let Some(code) = &self.code else {
            return Ok(self.report.into());
        };
        let actor = world.actor(self.writer())?;
        let call = world.call(self.writer(), &actor);
        Ok(hub::mailbox::open(&world.hub, &call, code)?.into())
    }
}

impl Trace {
    /// The report at that place, if there is one.
    pub fn filed(&self, place: usize) -> Option<Filed> {
        self.reports.get(place).cloned().flatten()
    }

    /// The advisory at that place, if there is one.
    pub fn addressed(&self, place: usize) -> Option<Addressed> {
        self.advisories.get(place).cloned().flatten()
    }

    /// Ids of one kind (`rpt`, `adv` and so on), in the order in which they came to be.
    pub fn things(&self, kind: &str) -> &[String] {
        self.things.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Ids of members of organizations.
    pub fn persons(&self) -> &[String] {
        self.things("per")
    }

    /// An organization that is in a community; `None` when nobody is in any.
    pub fn member(&self) -> Option<&str> {
        self.member.as_deref()
    }

    /// Commitments whose proofs are published.
    pub fn proofs(&self) -> &[String] {
        &self.proofs
    }

    /// Files that pages refer to.
    pub fn assets(&self) -> &[String] {
        &self.assets
    }

    /// Leaves in the published log, and the paths of its first tiles below `/log/`.
    pub fn log(&self) -> (u64, Vec<String>) {
        let rows = [Row::Hashes(0), Row::Entries];
        let tiles = rows
            .into_iter()
            .filter_map(|row| Tile::in_tree(row, 0, self.log_size));
        (self.log_size, tiles.map(|tile| tile.to_string()).collect())
    }

    /// Notes what the last operation made: every id that is in the store, seen by nobody or not.
    pub fn take_stock(&mut self, world: &World) -> anyhow::Result<()> {
        for row in world.store.read(store::backup::rows)? {
            let mut columns = row.split('\n');
            if self.member.is_none() && columns.next() == Some("community_member") {
                self.member = columns.nth(1).map(str::to_owned);
            }
            for column in row.split('\n').skip(1) {
                let kind = KINDS.into_iter().find(|kind| {
                    column.len() == ID_LENGTH
                        && column
                            .strip_prefix(*kind)
                            .is_some_and(|rest| rest.starts_with('_'))
                });
                let Some(kind) = kind else { continue };
                let known = self.things.entry(kind).or_default();
                if !known.iter().any(|id| id == column) {
                    known.push(column.to_owned());
                    self.touched.insert(column.to_owned());
                }
            }
        }
        if self.persons().is_empty() {
            let mut persons = Vec::new();
            for who in PERSONS {
                persons.push(world.actor(who)?.person.to_string());
            }
            self.things.insert("per", persons);
            self.find_assets(world)?;
        }
        self.find_proofs(world)
    }

    /// The files that the page for signing in refers to.
    fn find_assets(&mut self, world: &World) -> anyhow::Result<()> {
        let page = world.request(None, "GET", "/sign-in")?;
        let html = String::from_utf8_lossy(&page.body).into_owned();
        let names = html.split("\"/assets/").skip(1);
        self.assets = names
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect();
        self.assets.truncate(1);
        Ok(())
    }

    /// What is published about the reports and advisories there are.
    fn find_proofs(&mut self, world: &World) -> anyhow::Result<()> {
        let size = hub::log::head(&world.hub)?.map_or(0, |head| head.size);
        if size == self.log_size {
            return Ok(());
        }
        self.log_size = size;
        let auditor = ("center", Role::Auditor);
        let actor = world.actor(auditor)?;
        let call = world.call(auditor, &actor);
        let mut proofs = Vec::new();
        for object in ["rpt", "adv"]
            .into_iter()
            .flat_map(|kind| self.things(kind))
        {
            for entry in hub::log::about(&world.hub, &call, object)? {
                if entry.leaf_index.is_some() {
                    proofs.push(entry.id.to_string());
                    break;
                }
            }
        }
        proofs.truncate(PROOFS_MAX);
        self.proofs = proofs;
        Ok(())
    }

    /// Ends every right to what left of a report, or would leave, of organizations that it stays with no
    /// longer.
    pub(crate) fn narrow(&mut self, report: ReportId, stays: impl Fn(&str) -> bool) {
        for filed in self.reports.iter_mut().flatten() {
            if filed.report == report {
                filed.leaves.keep(&stays);
            }
        }
        for canary in &mut self.canaries {
            if canary.about == Some(Subject::Report(report)) {
                canary.desks.retain(|name| stays(name));
            }
        }
    }

    /// Notes that the operation of that word did what it says.
    pub(crate) fn did(&mut self, word: impl Into<String>) {
        self.done.insert(word.into());
    }
}
