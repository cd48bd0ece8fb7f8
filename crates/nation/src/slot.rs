//! What stands in a narrative's slots, and which of it names somebody.
//!
//! INVARIANT: everything drawn here is invented: names under `.example`, outside addresses of
//! RFC 5737 and RFC 3849, inside addresses of RFC 1918 and RFC 4193, telephone exchanges that begin
//! with 0.

mod machine;
mod naming;

use std::collections::BTreeMap;
use std::ops::Range;

use domain::organization::OrganizationKind;

use crate::catalog::NAMES;
use crate::draw::Draw;
use crate::narrative::Language;
use crate::plan::{PlannedOrganization, phone};

/// What a stretch of text gives away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// The source, by a name it is known under.
    Organization,
    /// Another firm: a contractor, a supplier, a maker.
    Firm,
    /// A host of the source, with or without its domain.
    Host,
    /// An address inside the source's network, or a range of them.
    InsideAddress,
    /// An address of the source that is seen from outside; nothing in the text tells it from an
    /// attacker's.
    OutsideAddress,
    /// A mail address of the source.
    Mail,
    /// A domain of the source.
    Domain,
    /// A telephone number.
    Phone,
    /// A number of the source's own tickets, work orders or registers.
    Ticket,
    /// A person.
    Person,
    /// A site of the source.
    Site,
}

impl Label {
    /// Every label, in declared order.
    pub const ALL: [Self; 11] = [
        Self::Organization,
        Self::Firm,
        Self::Host,
        Self::InsideAddress,
        Self::OutsideAddress,
        Self::Mail,
        Self::Domain,
        Self::Phone,
        Self::Ticket,
        Self::Person,
        Self::Site,
    ];
}

/// A rendered text with the stretches that give somebody away, in order and apart from each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) text: String,
    pub(crate) spans: Vec<(Range<usize>, Label)>,
}

/// Who tells, in which language, at which times of day; fills slots, each name once.
pub(crate) struct Teller<'a> {
    pub(crate) organization: &'a PlannedOrganization,
    /// The supplier of the wave.
    pub(crate) supplier: &'a PlannedOrganization,
    pub(crate) language: Language,
    /// When it happened, in seconds of the day.
    pub(crate) occurred: i64,
    /// When it was noticed, in seconds of the day.
    pub(crate) detected: i64,
    pub(crate) draw: Draw,
    filled: BTreeMap<String, (String, Option<Label>)>,
}

/// Marks of the wave, the same in every report of it.
const WAVE_DOMAIN: &str = "agent-update.example";
const WAVE_ADDRESS: &str = "198.51.100.77";
const WAVE_HASH: &str = "5f1c0e8b9a6d47f2c3b1e0d9a8f7465c5f1c0e8b9a6d47f2c3b1e0d9a8f7465c";
/// The range that the series of floods comes from.
const FLOOD_RANGE: &str = "192.0.2.192/26";

impl<'a> Teller<'a> {
    pub(crate) fn new(
        organization: &'a PlannedOrganization,
        supplier: &'a PlannedOrganization,
        language: Language,
        draw: Draw,
    ) -> Self {
        Self {
            organization,
            supplier,
            language,
            occurred: 0,
            detected: 0,
            draw,
            filled: BTreeMap::new(),
        }
    }

    /// `template` with its slots filled.
    pub(crate) fn render(&mut self, template: &str) -> Rendered {
        let mut text = String::with_capacity(template.len() * 2);
        let mut spans = Vec::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((slot, behind)) = after.split_once('}') else {
                break;
            };
            let (filling, label) = self.fill(slot);
            let from = text.len();
            text.push_str(&filling);
            if let Some(label) = label {
                spans.push((from..text.len(), label));
            }
            rest = behind;
        }
        text.push_str(rest);
        Rendered { text, spans }
    }

    fn fill(&mut self, slot: &str) -> (String, Option<Label>) {
        if let Some(known) = self.filled.get(slot) {
            return known.clone();
        }
        let filling = self.draw_slot(slot);
        self.filled.insert(slot.to_owned(), filling.clone());
        filling
    }

    fn draw_slot(&mut self, slot: &str) -> (String, Option<Label>) {
        if let Some(label) = naming_label(slot) {
            return (self.naming(slot), Some(label));
        }
        (self.plain(slot), None)
    }

    /// A filling that names somebody.
    fn naming(&mut self, slot: &str) -> String {
        let (organization, supplier) = (self.organization, self.supplier);
        match slot {
            "org" => self.told(&organization.name_ja, &organization.name_en),
            "org_short" => self.told(&organization.short_ja, &organization.short_en),
            "supplier" => supplier.name_ja.clone(),
            "supplier_en" => supplier.name_en.clone(),
            "vendor" => naming::firm(&mut self.draw, self.language),
            "site" => naming::site(&mut self.draw, organization, self.language),
            "person" => self.person(),
            "host" => machine::host(&mut self.draw, organization),
            "ot_host" => machine::control_host(&mut self.draw, organization),
            "fqdn" => machine::public_host(&mut self.draw, organization),
            "ip" | "ot_ip" => machine::inside_address(&mut self.draw),
            "ip_net" => machine::inside_range(&mut self.draw),
            "aip_own" => format!("203.0.113.{}", self.draw.between(2, 250)),
            "mail" => {
                let box_name =
                    *self
                        .draw
                        .pick(&["csirt", "security", "soc", "info", "joho-system"]);
                format!("{box_name}@{}", organization.domain)
            }
            "domain" => organization.domain.clone(),
            "phone" => naming::written_phone(&mut self.draw, &organization.area),
            "supplier_phone" => phone(&mut self.draw, &supplier.area),
            _ => naming::ticket(&mut self.draw, &machine::abbreviation(organization)),
        }
    }

    /// A filling that names nobody.
    fn plain(&mut self, slot: &str) -> String {
        match slot {
            "time" => clock(self.occurred),
            "later" => clock(self.detected),
            "wave_domain" => WAVE_DOMAIN.to_owned(),
            "wave_ip" => WAVE_ADDRESS.to_owned(),
            "wave_hash" => WAVE_HASH.to_owned(),
            "flood_ip" => FLOOD_RANGE.to_owned(),
            "aip" | "aip2" | "aip3" => machine::attacker_address(&mut self.draw),
            "adom" => machine::attacker_domain(&mut self.draw),
            "amail" => machine::attacker_mail(&mut self.draw),
            "aurl" => machine::attacker_link(&mut self.draw),
            "hash" => machine::hash(&mut self.draw),
            "ext" => (*self
                .draw
                .pick(&[".locked7", ".kryos", ".enc01", ".n0return"]))
            .to_owned(),
            "file" => self.file(),
            "dept" => naming::department(&mut self.draw, self.language),
            "port" => self
                .draw
                .pick(&[443, 8443, 10_443, 500, 4_433, 8_080, 502])
                .to_string(),
            "gbps" => self.draw.between(2, 180).to_string(),
            "many" => self.draw.between(11, 390).to_string(),
            "minutes" => self.draw.between(6, 55).to_string(),
            "hours" => self.draw.between(2, 20).to_string(),
            "amount" => self.draw.between(80, 4_800).to_string(),
            _ => self.draw.between(2, 9).to_string(),
        }
    }

    fn told(&self, japanese: &str, english: &str) -> String {
        match self.language {
            Language::Japanese => japanese.to_owned(),
            Language::English => english.to_owned(),
        }
    }

    fn person(&mut self) -> String {
        let family = self.draw.pick(&NAMES.family);
        let given = self.draw.pick(&NAMES.given);
        match (self.language, self.draw.chance(50)) {
            (Language::Japanese, true) => format!("{}{}", family.0, given.0),
            (Language::Japanese, false) => format!("{} {}", family.0, given.0),
            (Language::English, _) => format!("{} {}", given.1, family.1),
        }
    }

    fn file(&mut self) -> String {
        let japanese = [
            "見積依頼書.zip",
            "請求書の件.xlsm",
            "議事録(案).iso",
            "点検結果.html",
            "契約更新のお知らせ.lnk",
        ];
        let english = [
            "invoice.zip",
            "quotation.iso",
            "minutes_draft.xlsm",
            "survey.html",
        ];
        match self.language {
            Language::Japanese => (*self.draw.pick(&japanese)).to_owned(),
            Language::English => (*self.draw.pick(&english)).to_owned(),
        }
    }
}

/// What a slot gives away; `None` when its filling names nobody.
fn naming_label(slot: &str) -> Option<Label> {
    Some(match slot {
        "org" | "org_short" => Label::Organization,
        "vendor" | "supplier" | "supplier_en" => Label::Firm,
        "host" | "ot_host" | "fqdn" => Label::Host,
        "ip" | "ot_ip" | "ip_net" => Label::InsideAddress,
        "aip_own" => Label::OutsideAddress,
        "mail" => Label::Mail,
        "domain" => Label::Domain,
        "phone" | "supplier_phone" => Label::Phone,
        "ticket" => Label::Ticket,
        "person" => Label::Person,
        "site" => Label::Site,
        _ => return None,
    })
}

/// Every slot that a narrative may use.
#[cfg(test)]
pub(crate) const SLOTS: &[&str] = &[
    "org",
    "org_short",
    "supplier",
    "supplier_en",
    "vendor",
    "site",
    "person",
    "host",
    "ot_host",
    "fqdn",
    "ip",
    "ot_ip",
    "ip_net",
    "aip_own",
    "mail",
    "domain",
    "phone",
    "supplier_phone",
    "ticket",
    "time",
    "later",
    "wave_domain",
    "wave_ip",
    "wave_hash",
    "flood_ip",
    "aip",
    "aip2",
    "aip3",
    "adom",
    "amail",
    "aurl",
    "hash",
    "ext",
    "file",
    "dept",
    "port",
    "gbps",
    "many",
    "minutes",
    "hours",
    "amount",
    "n",
];

fn clock(second_of_day: i64) -> String {
    format!(
        "{:02}:{:02}",
        second_of_day / 3_600,
        second_of_day / 60 % 60
    )
}

/// Whether an organization is told of by a place of its own.
fn place_of(organization: &PlannedOrganization) -> Option<&str> {
    match organization.kind {
        OrganizationKind::Operator => organization.place.as_deref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
