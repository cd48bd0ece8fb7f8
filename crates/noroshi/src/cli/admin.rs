//! `noroshi admin`: members of a real hub, by right of whoever holds its machine.
//!
//! The commands open the same store as the serving hub and may run beside it: each is one short
//! transaction, `SQLite` lets one writer in at a time, and both wait for the other for up to five
//! seconds. Use the program that serves: another version refuses the store or brings it up to date.

mod erase;
mod servers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::id::{CommunityId, MembershipId, OrganizationId};
use domain::organization::{CommunityKind, OrganizationKind, Post, Role, Tier};
use domain::text::BoundedText;
use domain::word::Code;
use hub::Hub;
use hub::first_run::{FIRST_RUN_SECONDS, offer};
use hub::invite::{NewInvitation, Way, WrittenIn, invite_at_console};
use hub::members::{
    WayIn, end_place_at_console, organizations_at_console, people_at_console, reset_at_console,
};
use hub::set_up::{
    Authority, Founding, Installer, LoginName, NewOrganization, SetUp, StoreKind, communities,
    enter_organization, found_community, join_community, leave_community, store_kind,
};
use seal::secret::password::Cost;

use crate::config::Config;
use crate::{ambient, premises};

/// Most organizations that are listed.
const ORGANIZATIONS_MAX: u32 = 10_000;

/// Runs the members of a real hub from its own machine. May run beside the serving hub.
///
/// What is done here is in the log and on the members page of the organization concerned, as done
/// on the console. Links are printed once; hand them over in a way that you trust.
#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Show a new one-time code for the first run, while nobody is in the store.
    FirstRun {
        #[command(flatten)]
        at: At,
    },
    /// Enter an organization, and print its id.
    CreateOrganization(CreateOrganization),
    /// Invite a person, and print the link.
    Invite(Invite),
    /// Take every way to sign in from a person, end the sessions, and print a link to new ones.
    Reset {
        #[command(flatten)]
        at: At,
        /// The person's sign-in name.
        #[arg(long, value_name = "NAME")]
        login: String,
    },
    /// List the organizations with their ids.
    Organizations {
        #[command(flatten)]
        at: At,
    },
    /// List the communities with their ids and members.
    Communities {
        #[command(flatten)]
        at: At,
    },
    /// Put organizations into a community, such as the firms that a help desk serves.
    JoinCommunity {
        #[command(flatten)]
        at: At,
        /// The community, as `communities` lists it.
        #[arg(long, value_name = "ID")]
        community: CommunityId,
        /// An organization to be put into it; may be given several times.
        #[arg(long, value_name = "ID", required = true)]
        organization: Vec<OrganizationId>,
    },
    /// Take organizations out of a community, all of them or none.
    ///
    /// What reached them as members of the community alone is not found any more from then on;
    /// advisories that were issued to them stay.
    LeaveCommunity {
        #[command(flatten)]
        at: At,
        /// The community, as `communities` lists it.
        #[arg(long, value_name = "ID")]
        community: CommunityId,
        /// An organization to be taken out; may be given several times.
        #[arg(long, value_name = "ID", required = true)]
        organization: Vec<OrganizationId>,
    },
    /// Found a community of which a hub has one, such as the council of all CEPTOARs, and print its id.
    FoundCommunity(FoundCommunity),
    /// List the people of an organization with their places.
    People {
        #[command(flatten)]
        at: At,
        /// The organization.
        #[arg(long, value_name = "ID")]
        organization: OrganizationId,
    },
    /// End a place that a person holds.
    EndPlace {
        #[command(flatten)]
        at: At,
        /// The place, as `people` lists it.
        #[arg(long, value_name = "ID")]
        place: MembershipId,
    },
    /// Erase a report before its term, for good. Says whom to tell; erases with --confirm.
    EraseReport(erase::EraseReport),
    /// Erase what is known of a person who holds no place any more, for good.
    ErasePerson(erase::ErasePerson),
    /// Bring in a list of known C&C servers from outside, in the place of that of the same name.
    ///
    /// Whoever sees a candidate sees which lists name its server; nobody else learns anything of it.
    ImportServers(servers::ImportServers),
    /// List the lists from outside with their days and sizes, or take one out.
    OutsideLists(servers::OutsideLists),
}

/// Which hub.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// The hub's configuration.
    #[arg(long, default_value = "noroshi.toml")]
    config: PathBuf,
}

/// An organization to be entered.
#[derive(Debug, Args)]
pub(crate) struct CreateOrganization {
    #[command(flatten)]
    at: At,
    /// What it is: operator, ceptoar, isac, ministry, national-center, coordination-center, police,
    /// supplier or help-desk.
    #[arg(long)]
    kind: OrganizationKind,
    /// Name in Japanese.
    #[arg(long)]
    name_ja: String,
    /// Name in English.
    #[arg(long)]
    name_en: String,
    /// Code of the sector, for operators.
    #[arg(long)]
    sector: Option<Code>,
    /// Code of the CEPTOAR it belongs to or is the secretariat of.
    #[arg(long)]
    ceptoar: Option<Code>,
    /// Code of the prefecture of its seat.
    #[arg(long)]
    prefecture: Option<Code>,
    /// Where its reports go: an operator's relay, a relay's ministry.
    #[arg(long, value_name = "ID")]
    reports_to: Option<OrganizationId>,
    /// Directory with reference data that replaces the shipped files of the same name.
    #[arg(long)]
    reference: Option<PathBuf>,
}

/// A community to be founded.
#[derive(Debug, Args)]
pub(crate) struct FoundCommunity {
    #[command(flatten)]
    at: At,
    /// Its regime: council or action-plan.
    #[arg(long)]
    kind: CommunityKind,
    /// Its secretariat, where the regime has one.
    #[arg(long, value_name = "ID")]
    secretariat: Option<OrganizationId>,
    /// Name in Japanese; the regime's when left out.
    #[arg(long)]
    name_ja: Option<String>,
    /// Name in English; the regime's when left out.
    #[arg(long)]
    name_en: Option<String>,
    /// Directory with reference data that replaces the shipped files of the same name.
    #[arg(long)]
    reference: Option<PathBuf>,
}

/// A person to be invited.
#[derive(Debug, Args)]
pub(crate) struct Invite {
    #[command(flatten)]
    at: At,
    /// Into which organization.
    #[arg(long, value_name = "ID")]
    organization: OrganizationId,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// The person's mail address.
    #[arg(long)]
    mail: Option<String>,
    /// What the person does: staff, duty-officer, analyst, officer, administrator, auditor or
    /// custodian.
    #[arg(long)]
    role: Role,
    /// In which layer: executive, ciso, system-staff or ot-staff.
    #[arg(long)]
    tier: Tier,
    /// A further post; may be given several times.
    #[arg(long, value_name = "ROLE:TIER", value_parser = post)]
    also: Vec<Post>,
    /// Language to write to the person in: ja or en.
    #[arg(long, default_value = "ja")]
    language: String,
}

impl Admin {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::FirstRun { at } => {
                let (config, hub) = at.open(None)?;
                match first_run(&hub)? {
                    Some(code) => show_code(&config.base, &code),
                    None => anyhow::bail!(
                        "somebody is in this store already; use `noroshi admin reset` for a way in"
                    ),
                }
            }
            Self::CreateOrganization(new) => new.run()?,
            Self::Invite(new) => new.run()?,
            Self::Reset { at, login } => {
                let (config, hub) = at.open(None)?;
                let login = LoginName::parse(&login)?;
                let way = with_set_up(|set_up| Ok(reset_at_console(&hub, set_up, &login)?))?;
                show_link(&config.base, &way);
            }
            Self::Organizations { at } => list_organizations(&at.open(None)?.1)?,
            Self::Communities { at } => list_communities(&at.open(None)?.1)?,
            Self::JoinCommunity {
                at,
                community,
                organization,
            } => {
                let (_, hub) = at.open(None)?;
                let joined = with_set_up(|set_up| {
                    Ok(join_community(&hub, set_up, community, organization)?)
                })?;
                println!("joined: {joined}");
            }
            Self::LeaveCommunity {
                at,
                community,
                organization,
            } => {
                let (_, hub) = at.open(None)?;
                let count = organization.len();
                with_set_up(|set_up| Ok(leave_community(&hub, set_up, community, organization)?))?;
                println!("taken out: {count}");
            }
            Self::FoundCommunity(new) => new.run()?,
            Self::People { at, organization } => list_people(&at.open(None)?.1, organization)?,
            Self::EraseReport(report) => report.run()?,
            Self::ErasePerson(person) => person.run()?,
            Self::ImportServers(list) => list.run()?,
            Self::OutsideLists(lists) => lists.run()?,
            Self::EndPlace { at, place } => {
                let (_, hub) = at.open(None)?;
                with_set_up(|set_up| Ok(end_place_at_console(&hub, set_up, place)?))?;
                println!("ended: {place}");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl At {
    /// The hub of the configuration; a demo's store is refused.
    fn open(&self, reference: Option<&Path>) -> anyhow::Result<(Config, Hub)> {
        let config = Config::read(&self.config)?;
        let reference = Arc::new(super::data::load(reference)?);
        let store = premises::open(&config.data, config.master_key_file.as_deref(), &config.hub)?;
        let hub = Hub::new(store, reference, Cost::Production);
        anyhow::ensure!(
            store_kind(&hub)? != Some(StoreKind::Demo),
            "the store in `{}` was made by the demo; its people sign in by the demo's links",
            config.data.display()
        );
        Ok((config, hub))
    }
}

impl CreateOrganization {
    fn run(self) -> anyhow::Result<()> {
        let (_, hub) = self.at.open(self.reference.as_deref())?;
        let new = NewOrganization {
            kind: self.kind,
            name_ja: BoundedText::parse(&self.name_ja).context("in --name-ja")?,
            name_en: BoundedText::parse(&self.name_en).context("in --name-en")?,
            sector: self.sector,
            ceptoar: self.ceptoar,
            prefecture: self.prefecture,
            reports_to: self.reports_to,
            known_names: Vec::new(),
        };
        let id = with_set_up(|set_up| Ok(enter_organization(&hub, set_up, new)?))?;
        println!("{id}");
        Ok(())
    }
}

impl FoundCommunity {
    fn run(self) -> anyhow::Result<()> {
        let (_, hub) = self.at.open(self.reference.as_deref())?;
        let name = |text: Option<&str>| text.map(BoundedText::parse).transpose();
        let new = Founding {
            kind: self.kind,
            name_ja: name(self.name_ja.as_deref()).context("in --name-ja")?,
            name_en: name(self.name_en.as_deref()).context("in --name-en")?,
            secretariat: self.secretariat,
        };
        let id = with_set_up(|set_up| Ok(found_community(&hub, set_up, new)?))?;
        println!("{id}");
        Ok(())
    }
}

impl Invite {
    fn run(self) -> anyhow::Result<()> {
        let (config, hub) = self.at.open(None)?;
        let first = Post {
            role: self.role,
            tier: self.tier,
        };
        let new = NewInvitation {
            organization: self.organization,
            name: BoundedText::parse(&self.name).context("in --name")?,
            mail: BoundedText::parse_optional(self.mail.as_deref().unwrap_or(""))
                .context("in --mail")?,
            language: WrittenIn::from_tag(&self.language),
            posts: [vec![first], self.also].concat(),
        };
        let made = with_set_up(|set_up| Ok(invite_at_console(&hub, set_up, new)?))?;
        show_link(&config.base, &made.way);
        Ok(())
    }
}

/// The code for `serve` to show; `None` when somebody is there, or where standard output is a log.
pub(super) fn first_run_code(hub: &Hub) -> anyhow::Result<Option<FirstCode>> {
    // systemd says so when what is printed goes into its journal: a code must not stand in a log.
    if std::env::var_os("JOURNAL_STREAM").is_some() {
        let open = hub::first_run::is_nobody_there(hub)?;
        return Ok(open.then_some(FirstCode::OnRequest));
    }
    Ok(first_run(hub)?.map(FirstCode::Shown))
}

/// What `serve` says of the first run.
pub(super) enum FirstCode {
    /// The code itself.
    Shown(String),
    /// How to get one.
    OnRequest,
}

/// Says on standard output how the first run begins.
pub(super) fn announce_first_run(base: &str, code: &FirstCode) {
    match code {
        FirstCode::Shown(code) => show_code(base, code),
        FirstCode::OnRequest => println!(
            "Nobody is in this hub yet. Run `noroshi admin first-run` on this machine for the \
             one-time code, and open {base}/first-run"
        ),
    }
}

fn show_code(base: &str, code: &str) {
    println!("Nobody is in this hub yet. Open {base}/first-run and type this one-time code:");
    println!();
    println!("  {code}");
    println!();
    let minutes = FIRST_RUN_SECONDS / 60;
    println!("It is good for {minutes} minutes; `noroshi admin first-run` shows another.");
}

fn show_link(base: &str, way: &Way) {
    match way {
        Way::ByHand(secret) => println!("{base}/join/{secret}"),
        Way::ByMail => println!("the link goes by mail"),
    }
}

fn first_run(hub: &Hub) -> anyhow::Result<Option<String>> {
    with_set_up(|set_up| Ok(offer(hub, set_up)?))
}

fn with_set_up<T>(work: impl FnOnce(&SetUp<'_>) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let console = Installer::local_console();
    work(&SetUp {
        authority: Authority::Console(&console),
        now: ambient::now(),
        random: ambient::random()?,
    })
}

fn list_organizations(hub: &Hub) -> anyhow::Result<()> {
    let found =
        with_set_up(|set_up| Ok(organizations_at_console(hub, set_up, ORGANIZATIONS_MAX)?))?;
    for one in found {
        println!(
            "{} {:<20} {} / {}",
            one.id, one.kind, one.name_ja, one.name_en
        );
    }
    Ok(())
}

fn list_communities(hub: &Hub) -> anyhow::Result<()> {
    let found = with_set_up(|set_up| Ok(communities(hub, set_up)?))?;
    for one in found {
        let (name_ja, name_en) = one.names;
        println!("{} {:<15} {name_ja} / {name_en}", one.id, one.kind);
        for member in one.members {
            println!("  {} {} / {}", member.id, member.name_ja, member.name_en);
        }
    }
    Ok(())
}

fn list_people(hub: &Hub, organization: OrganizationId) -> anyhow::Result<()> {
    let found = with_set_up(|set_up| Ok(people_at_console(hub, set_up, organization)?))?;
    for one in found {
        let (name, login) = one.names.content();
        let way_in = match one.way_in {
            WayIn::Ready => "can sign in",
            WayIn::Missing => "NO WAY IN",
        };
        let Post { role, tier } = one.post;
        println!("{} {role} {tier} {way_in} {login} {name}", one.membership);
    }
    Ok(())
}

/// A post as the command line spells it.
fn post(text: &str) -> Result<Post, String> {
    let (role, tier) = text
        .split_once(':')
        .ok_or_else(|| "write ROLE:TIER, for example duty-officer:ot-staff".to_owned())?;
    Ok(Post {
        role: role.parse().map_err(|error| format!("{error}"))?,
        tier: tier.parse().map_err(|error| format!("{error}"))?,
    })
}
