//! Playing a plan through the hub's verbs.
//!
//! Whatever is played keeps its own randomness, derived from the seed and the item, so that the
//! same seed and the same `now` give the same nation in whatever order the writes land.

mod advisories;
mod counts;
mod crew;
mod dialogue;
mod figures;
mod findings;
mod register;
mod reports;

use std::collections::BTreeMap;

use domain::actor::Actor;
use domain::id::{AdvisoryId, CommunityId, MembershipId, OrganizationId, ReportId};
use domain::organization::{OrganizationKind, Role};
use domain::part::field::FieldError;
use domain::text::TextError;
use domain::time::{DAY_SECONDS, Timestamp};
use domain::word::UnknownWord;
use hub::compose::ComposeError;
use hub::count::CountError;
use hub::dialogue::DialogueError;
use hub::finding::{ArriveError, JudgeError, OutsideListError};
use hub::issue::IssueError;
use hub::mailbox::MailboxError;
use hub::release::ReviewError;
use hub::set_up::{LoginError, SetUpError};
use hub::submit::SubmitError;
use hub::{Call, Hub, Random, ReadError};

use crate::draw::seed_random;
use crate::plan::{Moment, Nation, Plan};

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
    /// Reports, in the order of the plan.
    pub reports: Vec<PlayedReport>,
    /// Advisories, in the order of the plan.
    pub advisories: Vec<AdvisoryId>,
}

/// A report that was played.
pub struct PlayedReport {
    /// The report.
    pub id: ReportId,
    /// The code of its mailbox, where the custody is not named. Only a nation has it: in a real
    /// hub the source alone does.
    pub mailbox_code: Option<String>,
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
    /// Reports, their border reviews, and who opened them.
    Reports,
    /// Weekly counts of near misses.
    Counts,
    /// Advisories with their answers.
    Advisories,
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
    /// An answer of the plan does not fit its field.
    #[error("an answer of the plan does not fit its field")]
    Field(#[from] FieldError),
    /// A report was not accepted.
    #[error("a report of the plan was not accepted")]
    Submit(#[from] SubmitError),
    /// A border review did not take a step.
    #[error("the border review of a report told by `{narrative}` went wrong")]
    Review {
        /// The narrative of the report.
        narrative: String,
        /// What the hub says.
        source: ReviewError,
    },
    /// An advisory was not written or proposed.
    #[error("an advisory of the plan was not written")]
    Compose(#[from] ComposeError),
    /// An advisory was not issued.
    #[error("an advisory of the plan was not issued")]
    Issue(#[from] IssueError),
    /// A dialogue did not take a step.
    #[error("a dialogue of the plan went wrong")]
    Dialogue(#[from] DialogueError),
    /// A mailbox of the plan did not open.
    #[error("a mailbox of the plan did not open")]
    Mailbox(#[from] MailboxError),
    /// A finding was not accepted.
    #[error("a finding of the nation was not accepted")]
    Finding(#[from] ArriveError),
    /// A list from outside was not taken.
    #[error("a list of the nation was not taken")]
    OutsideList(#[from] OutsideListError),
    /// A candidate was not judged.
    #[error("a candidate of the nation was not judged")]
    Judge(#[from] JudgeError),
    /// A count was not accepted.
    #[error("a count of the plan was not accepted")]
    Count(#[from] CountError),
    /// Something played before is not there.
    #[error("something played before is not there")]
    Read(#[from] ReadError),
    /// A thread of the build ended early.
    #[error("the build was interrupted; build into a new store")]
    Interrupted,
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
        let reports = reports::play(&mut stage, &register)?;
        counts::play(&mut stage, &register)?;
        let advisories = advisories::play(&mut stage, &register, &reports)?;
        findings::play(&stage, &register)?;
        figures::publish(&stage)?;
        let roles = register::links(&mut stage, &register)?;
        Ok(Built {
            roles,
            organizations: register.organizations,
            communities: register.communities,
            custodian_keys: register.custodian_keys,
            reports,
            advisories,
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

    /// When a planned moment is. What would lie ahead of `now` was a day earlier.
    fn at(&self, moment: Moment) -> Timestamp {
        let today = Timestamp::start_of_day_in_japan(self.now.day_in_japan());
        let at = today.plus_seconds(moment.second - moment.days_back * DAY_SECONDS);
        if at < self.now {
            at
        } else {
            at.plus_seconds(-DAY_SECONDS)
        }
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
    /// Whom each organization reports to.
    superiors: BTreeMap<OrganizationId, OrganizationId>,
    custodian_keys: Vec<CustodianKey>,
}

impl Register {
    fn actor(&self, person: usize) -> Result<&Actor, BuildError> {
        self.actors.get(person).ok_or(BuildError::Missing("person"))
    }

    fn superior_of(&self, organization: OrganizationId) -> Option<OrganizationId> {
        self.superiors.get(&organization).copied()
    }

    fn relay_of(&self, organization: OrganizationId) -> Result<OrganizationId, BuildError> {
        self.superior_of(organization)
            .ok_or(BuildError::Missing("relay"))
    }

    /// The first person with that role in the organization.
    fn holder(&self, organization: OrganizationId, role: Role) -> Result<&Actor, BuildError> {
        self.actors
            .iter()
            .find(|actor| actor.organization == organization && actor.role == role)
            .ok_or(BuildError::Missing("holder of a role"))
    }

    /// The analyst of the only organization of that kind, or of the given ministry.
    fn analyst(
        &self,
        kind: OrganizationKind,
        ministry: Option<OrganizationId>,
    ) -> Result<&Actor, BuildError> {
        self.actors
            .iter()
            .find(|actor| {
                let here =
                    kind != OrganizationKind::Ministry || ministry == Some(actor.organization);
                actor.kind == kind && actor.role == Role::Analyst && here
            })
            .ok_or(BuildError::Missing("analyst"))
    }
}

/// A call of `actor` at `now` with randomness of its own.
fn call<'a>(actor: &'a Actor, now: Timestamp, random: &Random, label: &str) -> Call<'a> {
    Call {
        actor,
        now,
        random: random.derive(label),
    }
}
