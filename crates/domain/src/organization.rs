//! Organizations, and the places people hold in them.

use crate::word::words;

words! {
    /// What an organization is in the sharing system.
    pub enum OrganizationKind {
        /// A critical-infrastructure operator.
        Operator = "operator",
        /// A CEPTOAR's secretariat.
        Ceptoar = "ceptoar",
        /// An ISAC's secretariat.
        Isac = "isac",
        /// A responsible ministry.
        Ministry = "ministry",
        /// The national center.
        NationalCenter = "national-center",
        /// A coordination center of the JPCERT/CC kind.
        CoordinationCenter = "coordination-center",
        /// The police.
        Police = "police",
        /// A supplier or SOC that often knows first.
        Supplier = "supplier",
        /// A help desk that serves small firms.
        HelpDesk = "help-desk",
    }
}

impl OrganizationKind {
    /// Whether this organization relays reports and keeps the border: a CEPTOAR or an ISAC.
    pub const fn is_relay(self) -> bool {
        matches!(self, Self::Ceptoar | Self::Isac)
    }
}

words! {
    /// The layer of an organization that an action is meant for.
    pub enum Tier {
        /// Executives (経営層).
        Executive = "executive",
        /// The CISO and the security office.
        Ciso = "ciso",
        /// Staff who run information systems (システム担当).
        SystemStaff = "system-staff",
        /// Staff who run control systems (制御系担当).
        OtStaff = "ot-staff",
    }
}

words! {
    /// What a person does in an organization. What a role may do depends on the organization's kind.
    pub enum Role {
        /// Any member of staff: reports near misses, reads what is addressed to the tier.
        Staff = "staff",
        /// On duty: reports, acknowledges, answers.
        DutyOfficer = "duty-officer",
        /// Works on reports, reviews and incidents at a relay, ministry or center.
        Analyst = "analyst",
        /// Approves releases and issues advisories.
        Officer = "officer",
        /// Works on findings in flow records at a carrier, and on what its users are told of them.
        FlowAnalyst = "flow-analyst",
        /// Runs members, roles and settings of the own organization; reads no report text by this role.
        Administrator = "administrator",
        /// Reads the log of everyone and no report text.
        Auditor = "auditor",
        /// Holds one share of sealed identities; acts offline.
        Custodian = "custodian",
    }
}

impl Role {
    /// Whether people read what was addressed to their organization by this role. Who runs members,
    /// reads the log or keeps a key does not.
    pub const fn reads(self) -> bool {
        !matches!(self, Self::Administrator | Self::Auditor | Self::Custodian)
    }
}

/// A post in an organization: what its holder does, and in which layer. A person who holds one has
/// a place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Post {
    /// What its holder does.
    pub role: Role,
    /// In which layer.
    pub tier: Tier,
}

words! {
    /// What changed among the members of an organization.
    pub enum MemberChange {
        /// Somebody was invited.
        Invited = "invited",
        /// An invitation was withdrawn.
        InvitationRevoked = "invitation-revoked",
        /// Somebody took up an invitation.
        Joined = "joined",
        /// Somebody was given a place.
        PlaceGiven = "place-given",
        /// Somebody's place became another post.
        PlaceChanged = "place-changed",
        /// Somebody's place ended.
        PlaceEnded = "place-ended",
        /// Somebody's ways to sign in were renewed by another person.
        WaysRenewed = "ways-renewed",
        /// Somebody took over a post.
        HandedOver = "handed-over",
        /// The organization was put into a community.
        CommunityJoined = "community-joined",
        /// The organization was taken out of a community.
        CommunityLeft = "community-left",
    }
}

words! {
    /// A community: a set of organizations under one regime with its own rules.
    pub enum CommunityKind {
        /// The members of one CEPTOAR.
        CeptoarMembers = "ceptoar-members",
        /// The members of an ISAC.
        Isac = "isac",
        /// The CEPTOAR Council.
        Council = "council",
        /// Everyone under the action plan.
        ActionPlan = "action-plan",
        /// The firms that a help desk serves.
        Served = "served",
    }
}

/// How far a person is cleared, 0 (not) to 3. A part may demand a least level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Clearance(u8);

impl Clearance {
    /// The level with that number, 0 to 3; `None` beyond.
    pub const fn from_level(level: u8) -> Option<Self> {
        if level <= 3 { Some(Self(level)) } else { None }
    }

    /// The level, 0 to 3.
    pub const fn level(self) -> u8 {
        self.0
    }
}
