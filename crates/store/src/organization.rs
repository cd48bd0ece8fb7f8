//! Organizations and communities.

use domain::audience::CircleMap;
use domain::id::{CommunityId, OrganizationId};
use domain::organization::{CommunityKind, OrganizationKind};
use domain::word::Code;
use rusqlite::named_params;

use crate::error::StoreError;
use crate::row::{Columns, change, collect, lines, one};
use crate::transaction::{Reader, Tx};

/// An organization as the member register has it; the register is open to all members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What it is.
    pub kind: OrganizationKind,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Sector, for operators.
    pub sector: Option<Code>,
    /// CEPTOAR it belongs to or is the secretariat of.
    pub ceptoar: Option<Code>,
    /// Prefecture of its seat.
    pub prefecture: Option<Code>,
    /// Where its reports go: an operator's relay, a relay's ministry; `None` at the top.
    pub reports_to: Option<OrganizationId>,
    /// Names and domains by which texts give it away.
    pub known_names: Vec<String>,
}

/// A community as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// Its id.
    pub id: CommunityId,
    /// What it is.
    pub kind: CommunityKind,
    /// Code of the reference data, if it stands there.
    pub code: Option<Code>,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Secretariat, if it has one.
    pub secretariat: Option<OrganizationId>,
}

/// Adds an organization.
pub fn insert(tx: &Tx<'_>, organization: &Organization) -> Result<(), StoreError> {
    const INSERT: &str = "-- organization.insert
        INSERT INTO organization (org_id, origin_hub, kind, name_ja, name_en, sector, ceptoar,
                                  prefecture, reports_to, known_names, created_at, updated_at, updated_by)
        VALUES (:org, :hub, :kind, :name_ja, :name_en, :sector, :ceptoar,
                :prefecture, :reports_to, :known_names, :now, :now, :by)";
    change(
        tx.data(),
        "organization.insert",
        INSERT,
        named_params! {
            ":org": organization.id.to_string(),
            ":hub": tx.hub(),
            ":kind": organization.kind.word(),
            ":name_ja": organization.name_ja,
            ":name_en": organization.name_en,
            ":sector": organization.sector.as_ref().map(Code::as_str),
            ":ceptoar": organization.ceptoar.as_ref().map(Code::as_str),
            ":prefecture": organization.prefecture.as_ref().map(Code::as_str),
            ":reports_to": organization.reports_to.map(|id| id.to_string()),
            ":known_names": lines(&organization.known_names),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// The organization with that id.
pub fn find(reader: &Reader<'_>, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    const FIND: &str = "-- organization.find
        SELECT * FROM organization WHERE org_id = :org";
    one(
        reader.data(),
        "organization.find",
        "organization",
        FIND,
        named_params! {":org": id.to_string()},
        organization,
    )
}

/// All active organizations of a kind, by id (which is random, so in no order that tells anything).
pub fn of_kind(
    reader: &Reader<'_>,
    kind: OrganizationKind,
) -> Result<Vec<Organization>, StoreError> {
    const LIST: &str = "-- organization.of_kind
        SELECT * FROM organization WHERE kind = :kind AND standing = 'active' ORDER BY org_id";
    collect(
        reader.data(),
        "organization.of_kind",
        "organization",
        LIST,
        named_params! {":kind": kind.word()},
        organization,
    )
}

/// The active organization of a kind of which there is one; `None` when there is none.
fn first_of_kind(
    reader: &Reader<'_>,
    kind: OrganizationKind,
) -> Result<Option<OrganizationId>, StoreError> {
    const FIRST: &str = "-- organization.first_of_kind
        SELECT org_id FROM organization
        WHERE kind = :kind AND standing = 'active' ORDER BY org_id LIMIT 1";
    one(
        reader.data(),
        "organization.first_of_kind",
        "organization",
        FIRST,
        named_params! {":kind": kind.word()},
        |row| row.word("org_id"),
    )
}

/// Active organizations in the order of their ids, which are random, after `after`, at most `limit`.
pub fn page(
    reader: &Reader<'_>,
    after: Option<OrganizationId>,
    limit: u32,
) -> Result<Vec<Organization>, StoreError> {
    const LIST: &str = "-- organization.page
        SELECT * FROM organization
        WHERE standing = 'active' AND org_id > :after ORDER BY org_id LIMIT :limit";
    collect(
        reader.data(),
        "organization.page",
        "organization",
        LIST,
        named_params! {
            ":after": after.map(|id| id.to_string()).unwrap_or_default(), ":limit": limit,
        },
        organization,
    )
}

/// How many active organizations of a kind are in `sector`.
pub fn count_in_sector(
    reader: &Reader<'_>,
    kind: OrganizationKind,
    sector: &Code,
) -> Result<u32, StoreError> {
    const COUNT: &str = "-- organization.count_in_sector
        SELECT count(*) AS found FROM organization
        WHERE sector = :sector AND kind = :kind AND standing = 'active'";
    let count: Option<u32> = one(
        reader.data(),
        "organization.count_in_sector",
        "organization",
        COUNT,
        named_params! {":sector": sector.as_str(), ":kind": kind.word()},
        |row| row.plain("found"),
    )?;
    Ok(count.unwrap_or(0))
}

/// All active organizations that report to `relay`.
pub fn reporting_to(
    reader: &Reader<'_>,
    relay: OrganizationId,
) -> Result<Vec<Organization>, StoreError> {
    const LIST: &str = "-- organization.reporting_to
        SELECT * FROM organization WHERE reports_to = :relay AND standing = 'active' ORDER BY org_id";
    collect(
        reader.data(),
        "organization.reporting_to",
        "organization",
        LIST,
        named_params! {":relay": relay.to_string()},
        organization,
    )
}

/// How many active organizations report to `relay`.
pub fn count_reporting_to(reader: &Reader<'_>, relay: OrganizationId) -> Result<usize, StoreError> {
    const COUNT: &str = "-- organization.count_reporting_to
        SELECT count(*) AS found FROM organization
        WHERE reports_to = :relay AND standing = 'active'";
    let count = one(
        reader.data(),
        "organization.count_reporting_to",
        "organization",
        COUNT,
        named_params! {":relay": relay.to_string()},
        |row| row.count("found"),
    )?;
    Ok(usize::try_from(count.unwrap_or(0)).unwrap_or(usize::MAX))
}

/// The active organizations directly below `above` that may have others below them: those that
/// report to it, and the members of the communities whose secretariat it is.
pub fn desks_below(
    reader: &Reader<'_>,
    above: OrganizationId,
) -> Result<Vec<OrganizationId>, StoreError> {
    const LIST: &str = "-- organization.desks_below
        SELECT o.org_id FROM organization o
        WHERE o.standing = 'active'
          AND (o.reports_to = :above
               OR o.org_id IN (SELECT m.org_id FROM community c
                               JOIN community_member m ON m.community_id = c.community_id
                               WHERE c.secretariat = :above AND m.until IS NULL))
          AND (EXISTS (SELECT 1 FROM organization under WHERE under.reports_to = o.org_id)
               OR EXISTS (SELECT 1 FROM community led WHERE led.secretariat = o.org_id))
        ORDER BY o.org_id";
    collect(
        reader.data(),
        "organization.desks_below",
        "organization",
        LIST,
        named_params! {":above": above.to_string()},
        |row| row.word("org_id"),
    )
}

/// Adds a community.
pub fn insert_community(tx: &Tx<'_>, community: &Community) -> Result<(), StoreError> {
    const INSERT: &str = "-- organization.insert_community
        INSERT INTO community (community_id, origin_hub, kind, code, name_ja, name_en, secretariat,
                               updated_at, updated_by)
        VALUES (:community, :hub, :kind, :code, :name_ja, :name_en, :secretariat, :now, :by)";
    change(
        tx.data(),
        "organization.insert_community",
        INSERT,
        named_params! {
            ":community": community.id.to_string(),
            ":hub": tx.hub(),
            ":kind": community.kind.word(),
            ":code": community.code.as_ref().map(Code::as_str),
            ":name_ja": community.name_ja,
            ":name_en": community.name_en,
            ":secretariat": community.secretariat.map(|id| id.to_string()),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Puts an organization into a community.
pub fn join(
    tx: &Tx<'_>,
    community: CommunityId,
    organization: OrganizationId,
) -> Result<(), StoreError> {
    const JOIN: &str = "-- organization.join
        INSERT INTO community_member (community_id, org_id, since, until, updated_by)
        VALUES (:community, :org, :now, NULL, :by)
        ON CONFLICT (community_id, org_id) DO UPDATE
        SET since = CASE WHEN community_member.until IS NULL THEN community_member.since
                         ELSE excluded.since END,
            until = NULL, updated_by = excluded.updated_by";
    change(
        tx.data(),
        "organization.join",
        JOIN,
        named_params! {
            ":community": community.to_string(),
            ":org": organization.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Takes an organization out of a community; true when it was in it.
///
/// No grant is touched. What was released to the community names the community, and its key is no
/// longer among the organization's from this transaction on; what names the organization itself, as
/// addressee or source, stays.
pub fn leave(
    tx: &Tx<'_>,
    community: CommunityId,
    organization: OrganizationId,
) -> Result<bool, StoreError> {
    const LEAVE: &str = "-- organization.leave
        UPDATE community_member SET until = :now, updated_by = :by
        WHERE community_id = :community AND org_id = :org AND until IS NULL";
    let ended = change(
        tx.data(),
        "organization.leave",
        LEAVE,
        named_params! {
            ":community": community.to_string(),
            ":org": organization.to_string(),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(ended == 1)
}

/// Communities the organization belongs to now.
pub fn communities_of(
    reader: &Reader<'_>,
    organization: OrganizationId,
) -> Result<Vec<CommunityId>, StoreError> {
    const LIST: &str = "-- organization.communities_of
        SELECT community_id FROM community_member
        WHERE org_id = :org AND until IS NULL ORDER BY community_id";
    collect(
        reader.data(),
        "organization.communities_of",
        "community_member",
        LIST,
        named_params! {":org": organization.to_string()},
        |row| row.word("community_id"),
    )
}

/// Members of a community now.
pub fn members_of(
    reader: &Reader<'_>,
    community: CommunityId,
) -> Result<Vec<Organization>, StoreError> {
    const LIST: &str = "-- organization.members_of
        SELECT o.* FROM organization o JOIN community_member m ON m.org_id = o.org_id
        WHERE m.community_id = :community AND m.until IS NULL AND o.standing = 'active'
        ORDER BY o.org_id";
    collect(
        reader.data(),
        "organization.members_of",
        "organization",
        LIST,
        named_params! {":community": community.to_string()},
        organization,
    )
}

/// The community with that id.
pub fn find_community(
    reader: &Reader<'_>,
    id: CommunityId,
) -> Result<Option<Community>, StoreError> {
    const FIND: &str = "-- organization.find_community
        SELECT * FROM community WHERE community_id = :community";
    one(
        reader.data(),
        "organization.find_community",
        "community",
        FIND,
        named_params! {":community": id.to_string()},
        community,
    )
}

/// All communities.
pub fn communities(reader: &Reader<'_>) -> Result<Vec<Community>, StoreError> {
    const LIST: &str = "-- organization.communities
        SELECT * FROM community ORDER BY community_id";
    collect(
        reader.data(),
        "organization.communities",
        "community",
        LIST,
        [],
        community,
    )
}

/// What the circles mean for a report received by `relay`; `source` only for named custody.
pub fn circle_map(
    reader: &Reader<'_>,
    relay: OrganizationId,
    source: Option<OrganizationId>,
) -> Result<CircleMap, StoreError> {
    let first = |kind| first_of_kind(reader, kind);
    let communities = communities(reader)?;
    let members = communities
        .iter()
        .find(|found| found.secretariat == Some(relay) && found.kind != CommunityKind::Council);
    let cross_sector = communities
        .iter()
        .find(|found| found.kind == CommunityKind::ActionPlan);
    Ok(CircleMap {
        source,
        secretariat: relay,
        members: members.map(|found| found.id),
        ministry: find(reader, relay)?.and_then(|relay| relay.reports_to),
        center: first(OrganizationKind::NationalCenter)?,
        coordination: first(OrganizationKind::CoordinationCenter)?,
        police: first(OrganizationKind::Police)?,
        cross_sector: cross_sector.map(|found| found.id),
    })
}

fn organization(row: &Columns<'_>) -> Result<Organization, StoreError> {
    let known_names: String = row.plain("known_names")?;
    Ok(Organization {
        id: row.word("org_id")?,
        kind: row.word("kind")?,
        name_ja: row.plain("name_ja")?,
        name_en: row.plain("name_en")?,
        sector: row.word_or_none("sector")?,
        ceptoar: row.word_or_none("ceptoar")?,
        prefecture: row.word_or_none("prefecture")?,
        reports_to: row.word_or_none("reports_to")?,
        known_names: known_names.lines().map(str::to_owned).collect(),
    })
}

fn community(row: &Columns<'_>) -> Result<Community, StoreError> {
    Ok(Community {
        id: row.word("community_id")?,
        kind: row.word("kind")?,
        code: row.word_or_none("code")?,
        name_ja: row.plain("name_ja")?,
        name_en: row.plain("name_en")?,
        secretariat: row.word_or_none("secretariat")?,
    })
}
