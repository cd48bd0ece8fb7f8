//! The first run: a store in which nobody is becomes a hub with one administrator.
//!
//! The program shows a code on its own console; whoever types it on the page enters the
//! organization that keeps the hub and himself as its administrator, and makes a way in next.
//!
//! INVARIANT: as soon as anybody is in the store there is no first run; of two people at once one
//! becomes first, since the store has one writer.
//! INVARIANT: the store holds the code's hash alone; the code is good for [`FIRST_RUN_SECONDS`].

use domain::actor::Assurance;
use domain::confidential::Confidential;
use domain::id::{OrganizationId, PersonId};
use domain::organization::{Clearance, OrganizationKind, Role, Tier};
use domain::text::BoundedText;
use domain::time::Timestamp;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use seal::secret::constant_time_eq;
use store::log::{Entry, record};
use store::organization::Organization;
use store::person::PersonRecord;
use store::{Reader, Stamp, StoreError, Tx, fact, organization, person};

use crate::call::{Hub, ReadError};
use crate::invite::{MAIL_CHARS_MAX, WrittenIn};
use crate::limit::{self, LimitError, Limited, TooMany};
use crate::set_up::{
    LoginName, Name, NewPlace, SetUp, SetUpError, StoreKind, give_place, mark_real, marked,
    place_among_communities,
};
use crate::sign_in::{Begin, Begun, KEEPER};

/// How long a code is good for, in seconds. A restart of the program shows another.
pub const FIRST_RUN_SECONDS: i64 = 3_600;

/// Kinds of organizations that can keep a hub.
pub const KEEPER_KINDS: &[OrganizationKind] = &[
    OrganizationKind::NationalCenter,
    OrganizationKind::Isac,
    OrganizationKind::Ceptoar,
    OrganizationKind::CoordinationCenter,
    OrganizationKind::Ministry,
];

/// The hub's first organization and person.
#[derive(Clone, PartialEq, Eq)]
pub struct First {
    /// What the organization that keeps the hub is; one of [`KEEPER_KINDS`].
    pub kind: OrganizationKind,
    /// Its name in Japanese.
    pub name_ja: Name,
    /// Its name in English.
    pub name_en: Name,
    /// The administrator's name.
    pub person: Name,
    /// The administrator's sign-in name.
    pub login: LoginName,
    /// The administrator's mail address; `None` when there is none.
    pub mail: Option<BoundedText<MAIL_CHARS_MAX>>,
    /// Language to write to the administrator in.
    pub language: WrittenIn,
}

/// Whether the store waits for its first person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstRun {
    /// It does, and the code shown last is good until then.
    Open(Timestamp),
    /// It does, but the code has expired: the program has to be started again.
    Expired,
    /// Somebody is there, or no code was shown.
    Over,
}

/// Why nobody became first.
#[derive(Debug, thiserror::Error)]
pub enum FirstRunError {
    /// Somebody is there already.
    #[error("nothing is here")]
    Over,
    /// It is not the code, or not any more.
    #[error("this is not the code that the program showed last, or it has expired")]
    WrongCode,
    /// A kind of organization that cannot keep a hub.
    #[error("an organization of this kind does not keep a hub")]
    Kind,
    /// Too many wrong codes.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Draws a new code, if nobody is in the store; `None` otherwise. An earlier code is void.
///
/// # Errors
/// [`SetUpError::NotPermitted`] when not called on the console, [`SetUpError::OtherKind`] for a
/// demo's store.
pub fn offer(hub: &Hub, set_up: &SetUp<'_>) -> Result<Option<String>, SetUpError> {
    set_up.check()?;
    let mut random = set_up.random.derive("first_run.code");
    hub.store.write(set_up.stamp("first_run.offer"), move |tx| {
        if marked(tx)? == Some(StoreKind::Demo) {
            return Err(SetUpError::OtherKind(StoreKind::Demo));
        }
        if person::is_anybody_there(tx)? {
            return Ok(None);
        }
        let code = BearerSecret::generate(BearerKind::FirstRun, &mut random);
        let until = tx.now().plus_seconds(FIRST_RUN_SECONDS);
        let mut body = until.micros().to_be_bytes().to_vec();
        body.extend(code.stored_hash());
        fact::write(tx, CODE, &body)?;
        record(tx, &noted(tx, "first-run-offered", Vec::new()))?;
        Ok(Some(code.expose_text().to_string()))
    })
}

/// Whether nobody was ever entered.
pub fn is_nobody_there(hub: &Hub) -> Result<bool, StoreError> {
    hub.store
        .read(|reader| Ok(!person::is_anybody_there(reader)?))
}

/// Whether the store waits for its first person.
pub fn standing(hub: &Hub, now: Timestamp) -> Result<FirstRun, ReadError> {
    hub.store.read(move |reader| {
        if person::is_anybody_there(reader)? {
            return Ok(FirstRun::Over);
        }
        Ok(match offered(reader)? {
            Some((until, _)) if until > now => FirstRun::Open(until),
            Some(_) => FirstRun::Expired,
            None => FirstRun::Over,
        })
    })
}

/// Enters the first organization and person: a session that is good for making a way in.
///
/// A wrong code is counted before it is looked at, whoever typed it.
pub fn begin(
    hub: &Hub,
    code: &str,
    first: First,
    now: Timestamp,
    random: &Random,
) -> Result<Begun, FirstRunError> {
    match standing(hub, now) {
        Ok(FirstRun::Open(_) | FirstRun::Expired) => {}
        Ok(FirstRun::Over) | Err(ReadError::NotFound) => return Err(FirstRunError::Over),
        Err(ReadError::Store(source)) => return Err(source.into()),
    }
    if !KEEPER_KINDS.contains(&first.kind) {
        return Err(FirstRunError::Kind);
    }
    let limited = Limited::Link("first-run".to_owned());
    limit::enter(hub, &limited, now, random)?;
    let typed = BearerSecret::parse(BearerKind::FirstRun, code)
        .map_err(|_| FirstRunError::WrongCode)?
        .stored_hash();
    let stamp = Stamp {
        name: "first_run.begin",
        now,
        random: random.derive("first_run.begin"),
    };
    let mut begin = Begin::new(Assurance::Invitation, random);
    let mut drawn = random.derive("first_run.ids");
    let desk = hub.clone();
    hub.store.write(stamp, move |tx| {
        if person::is_anybody_there(tx)? {
            return Err(FirstRunError::Over);
        }
        let fits = offered(tx)?
            .is_some_and(|(until, hash)| until > tx.now() && constant_time_eq(&hash, &typed));
        if !fits {
            return Err(FirstRunError::WrongCode);
        }
        let place = enter(tx, &first, &mut drawn)?;
        // An empty body is no code: it was good once.
        fact::write(tx, CODE, &[])?;
        limit::clear(&desk, tx, &limited)?;
        begin.for_place(tx, place)?.ok_or(FirstRunError::Over)
    })
}

fn enter(
    tx: &Tx<'_>,
    first: &First,
    random: &mut Random,
) -> Result<domain::id::MembershipId, StoreError> {
    mark_real(tx)?;
    let keeper = Organization {
        id: OrganizationId::from_random(random.bytes()),
        kind: first.kind,
        name_ja: first.name_ja.as_str().to_owned(),
        name_en: first.name_en.as_str().to_owned(),
        sector: None,
        ceptoar: None,
        prefecture: None,
        reports_to: None,
        known_names: Vec::new(),
    };
    organization::insert(tx, &keeper)?;
    place_among_communities(tx, &keeper)?;
    fact::write(tx, KEEPER, keeper.id.to_string().as_bytes())?;
    let person = PersonId::from_random(random.bytes());
    let mail = first.mail.as_ref().map_or("", |mail| mail.as_str());
    let card = Confidential::new(PersonRecord {
        name: first.person.as_str().to_owned(),
        login: first.login.as_str().to_owned(),
        mail: mail.to_owned(),
        phone: String::new(),
    });
    person::insert(tx, person, &card)?;
    person::set_language(tx, person, first.language.tag())?;
    let place = NewPlace {
        organization: keeper.id,
        role: Role::Administrator,
        tier: Tier::SystemStaff,
        clearance: Clearance::default(),
        call_order: None,
    };
    let facts = vec![
        ("keeper", keeper.id.to_string()),
        ("kind", keeper.kind.word().to_owned()),
        ("person", person.to_string()),
    ];
    record(tx, &noted(tx, "hub-begun", facts))?;
    give_place(tx, person, &place, random)
}

/// Name of the fact that holds when the code expires and its hash.
const CODE: &str = "first-run-code";

/// Until when the code is good, and its hash; `None` when none was shown or it was used.
fn offered(reader: &Reader<'_>) -> Result<Option<(Timestamp, [u8; 32])>, StoreError> {
    let Some(body) = fact::find(reader, CODE)? else {
        return Ok(None);
    };
    let Some((until, hash)) = body.split_first_chunk::<8>() else {
        return Ok(None);
    };
    let hash = hash.try_into().map_err(|_| StoreError::Corrupt {
        table: "hub_fact",
        column: "body",
    })?;
    Ok(Some((
        Timestamp::from_micros(i64::from_be_bytes(*until)),
        hash,
    )))
}

fn noted(tx: &Tx<'_>, event: &'static str, facts: Vec<(&'static str, String)>) -> Entry {
    Entry {
        event,
        object: tx.hub().to_owned(),
        owner: None,
        facts,
    }
}

impl From<LimitError> for FirstRunError {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::TooMany(wait) => Self::TooMany(wait),
            LimitError::Store(source) => Self::Store(source),
        }
    }
}
