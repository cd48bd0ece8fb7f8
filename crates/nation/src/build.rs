//! Playing a plan through the hub's verbs.
//!
//! Whatever is played keeps its own randomness, derived from the seed and the item, so that the
//! same seed and the same `now` give the same nation in whatever order the writes land.

mod register;

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::id::{CommunityId, MembershipId, OrganizationId};
use domain::text::TextError;
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::UnknownWord;
use hub::set_up::{LoginError, SetUpError};
use hub::{Hub, Random};

use crate::draw::seed_random;
use crate::plan::{Nation, Plan};

/// Days of history before `now`.
pub const HISTORY_DAYS: i64 = 730;
/// Days before the history at which everyone was entered.
const REGISTER_LEAD_DAYS: i64 = 30;

/// A nation that was built.
pub struct Built {
    /// For each role of the demo, the place and the secret of its one-time sign-in link.
    pub roles: BTreeMap<&'static str, SignIn>,
    /// Organizations, in the order of the plan.
    pub organizations: Vec<OrganizationId>,
    /// Communities, in the order of the plan.
    pub communities: Vec<CommunityId>,
    /// The secret keys of the custodians. Only a nation has them: in a real hub a secret key never
    /// leaves the custodian's own machine.
    pub custodian_keys: Vec<CustodianKey>,
}

/// How a role signs in.
pub struct SignIn {
    /// The place signed in to.
    pub membership: MembershipId,
    /// The organization of that place.
    pub organization: OrganizationId,
    /// The secret of a one-time link.
    pub secret: String,
}

/// A custodian's secret key, for the demo to write into a file.
pub struct CustodianKey {
    /// The relay whose seals it keeps.
    pub relay: OrganizationId,
    /// Name of that relay in English.
    pub relay_name: String,
    /// 1, 2 or 3.
    pub slot: u8,
    /// A name for the key's file, without an ending: lower-case letters, digits and hyphens.
    pub file_stem: String,
    /// The secret key, text form.
    pub secret_key: String,
}

/// How far the build is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being played.
    pub step: Step,
    /// Items of this step that are in the store.
    pub done: usize,
    /// Items of this step.
    pub total: usize,
}

/// What is being played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Organizations, communities, people, custodians.
    Register,
    /// One-time sign-in links of the roles.
    Links,
}

/// Why a nation could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A hub verb of the set-up refused.
    #[error("the register was refused")]
    SetUp(#[from] SetUpError),
    /// A text of the plan does not pass the door.
    #[error("a text of the plan is not acceptable")]
    Text(#[from] TextError),
    /// A sign-in name of the plan does not pass the door.
    #[error("a sign-in name of the plan is not acceptable")]
    Login(#[from] LoginError),
    /// A code of the plan is none.
    #[error("a code of the plan is not acceptable")]
    Code(#[from] UnknownWord),
    /// The plan refers to something that it does not hold.
    #[error("the plan refers to a {0} that it does not hold; make it with `Nation::plan`")]
    Missing(&'static str),
}

impl Nation {
    /// Plays `plan` into the store of `hub`, which becomes a demo's, so that its history ends at
    /// `now`. `seed` is the randomness of ids, keys and links: the demo passes fresh randomness,
    /// tests a fixed one.
    ///
    /// Mailbox codes of unnamed reports are stretched at the cost of `hub`; a nation rich in near
    /// misses wants a hub of test cost.
    ///
    /// # Errors
    /// [`BuildError`]; the store then holds part of a nation and is of no further use.
    pub fn build(
        plan: &Plan,
        hub: &Hub,
        now: Timestamp,
        seed: u64,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Built, BuildError> {
        let random = seed_random(seed).derive("build");
        let mut stage = Stage {
            plan,
            hub,
            now,
            random: &random,
            progress,
        };
        let register = register::enter(&mut stage)?;
        let roles = register::links(&mut stage, &register)?;
        Ok(Built {
            roles,
            organizations: register.organizations,
            communities: register.communities,
            custodian_keys: register.custodian_keys,
        })
    }
}

/// What every step of the build works with.
struct Stage<'a> {
    plan: &'a Plan,
    hub: &'a Hub,
    now: Timestamp,
    random: &'a Random,
    progress: &'a mut dyn FnMut(Progress),
}

impl Stage<'_> {
    /// When everyone was entered.
    fn register_at(&self) -> Timestamp {
        self.now
            .plus_seconds(-(HISTORY_DAYS + REGISTER_LEAD_DAYS) * DAY_SECONDS)
    }

    fn report(&mut self, step: Step, done: usize, total: usize) {
        (self.progress)(Progress { step, done, total });
    }
}

/// What stands in the register after it was entered.
struct Register {
    organizations: Vec<OrganizationId>,
    communities: Vec<CommunityId>,
    /// The actor in the place of each person of the plan.
    actors: Vec<Actor>,
    custodian_keys: Vec<CustodianKey>,
}
