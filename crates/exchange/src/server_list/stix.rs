//! A bundle of STIX 2.1: addresses, network traffic, and indicators of which the pattern names servers.
//!
//! INVARIANT: what its marking does not let everybody see is refused.
//! INVARIANT: a statement stands for no TLP: where a bundle uses TLP, what has a statement alone is refused.
//! INVARIANT: of several versions of an object none counts but the latest, and none of a revoked one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

use domain::finding::ListedServer;
use domain::time::Timestamp;
use serde::Deserialize;
use serde::de::{SeqAccess, Visitor};
use serde_json::Value;

use super::{
    LineFault, ListFault, Place, STATEMENT_CHARS_TOLD, STATEMENTS_TOLD_MAX, ServerList, address,
    pattern, told, trail,
};

/// Objects that a bundle may have.
pub const OBJECTS_MAX: usize = 1_000_000;
/// How deep a bundle may be nested.
pub const NESTING_MAX: usize = 32;

/// Markings by which everybody who reads findings may see it: TLP:CLEAR and TLP:GREEN as TLP 2.0 has
/// them, and TLP:WHITE and TLP:GREEN as STIX 2.1 has them (section 7.2.1.4).
const OPEN_MARKINGS: [&str; 4] = [
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
];

/// Markings by which only some may.
const CLOSED_MARKINGS: [(&str, &str); 5] = [
    (
        "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
        "TLP:AMBER",
    ),
    (
        "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
        "TLP:AMBER+STRICT",
    ),
    (
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
        "TLP:RED",
    ),
    (
        "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
        "TLP:AMBER",
    ),
    (
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
        "TLP:RED",
    ),
];

/// Reads a bundle.
pub(super) fn read(text: &str, now: Timestamp) -> Result<ServerList, ListFault> {
    if is_too_deep(text) {
        return Err(ListFault::Nested);
    }
    let bundle: Bundle =
        serde_json::from_str(text).map_err(|error| ListFault::NoBundle(error.to_string()))?;
    if bundle.kind != "bundle" {
        let said = format!("its type is `{}`", told(&bundle.kind));
        return Err(ListFault::NoBundle(said));
    }
    if bundle.objects.more {
        return Err(ListFault::Objects);
    }
    let objects = &bundle.objects;
    let mut list = ServerList {
        passed_count: objects.passed_count,
        ..ServerList::default()
    };
    for kept in &objects.kept {
        if objects.is_superseded(kept) {
            list.passed_count += 1;
            continue;
        }
        match objects.servers(kept, now) {
            Ok(servers) if servers.is_empty() => list.passed_count += 1,
            Ok(servers) => {
                for server in servers {
                    list.take(server)?;
                }
                objects.tell_statements(kept, &mut list);
            }
            Err(fault) => list.refuse(Place::Object(kept.number, told(&kept.id)), fault),
        }
    }
    Ok(list)
}

#[derive(Deserialize)]
struct Bundle {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    objects: Objects,
}

/// The objects of a bundle that may name servers, and what they refer to. Each is reduced as soon as it
/// is read: a feed is long, and most of it is not asked for.
#[derive(Default)]
struct Objects {
    kept: Vec<Kept>,
    /// Values of address objects, with their markings.
    addresses: BTreeMap<String, (String, Vec<String>)>,
    /// Address objects that network traffic refers to: the other side of it is no server.
    referred: BTreeSet<String>,
    /// Of each indicator, since observables have no versions: when its latest version is from, and its number.
    latest: BTreeMap<String, (Modified, usize)>,
    /// Indicators of which a version is revoked: STIX has no version after it.
    revoked: BTreeSet<String>,
    /// Markings that are words, with the words.
    statements: BTreeMap<String, String>,
    /// Whether anything of the bundle is marked by TLP.
    has_tlp: bool,
    passed_count: u64,
    more: bool,
}

/// When a version of an object is from. One that cannot be read may be the latest: it counts, and is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Modified {
    Unsaid,
    At(jiff::Timestamp),
    Unread,
}

/// An object that may name servers.
struct Kept {
    number: usize,
    id: String,
    markings: Vec<String>,
    names: Names,
}

enum Names {
    Address(String),
    Traffic {
        to: String,
        port: Result<Option<u16>, LineFault>,
    },
    Indicator {
        name: String,
        pattern: String,
        is_stix: bool,
        until: Option<String>,
    },
}

impl<'de> Deserialize<'de> for Objects {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(OneByOne)
    }
}

struct OneByOne;

impl<'de> Visitor<'de> for OneByOne {
    type Value = Objects;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut objects: A) -> Result<Objects, A::Error> {
        let mut read = Objects::default();
        let mut number = 0;
        while let Some(object) = objects.next_element::<Value>()? {
            number += 1;
            if number > OBJECTS_MAX {
                read.more = true;
            } else {
                read.reduce(number, &object);
            }
        }
        Ok(read)
    }
}

impl Objects {
    fn reduce(&mut self, number: usize, object: &Value) {
        let id = text(object, "id").to_owned();
        let markings = markings(object);
        self.has_tlp |= markings.iter().any(|marking| is_tlp(marking));
        if text(object, "type") == "indicator" && !id.is_empty() {
            self.note_version(number, &id, object);
        }
        let names = match text(object, "type") {
            "ipv4-addr" | "ipv6-addr" => {
                let value = text(object, "value").to_owned();
                let kept = (value.clone(), markings.clone());
                self.addresses.insert(id.clone(), kept);
                Some(Names::Address(value))
            }
            "network-traffic" => {
                let (from, to) = (text(object, "src_ref"), text(object, "dst_ref"));
                self.referred.extend([from.to_owned(), to.to_owned()]);
                (!to.is_empty()).then(|| Names::Traffic {
                    to: to.to_owned(),
                    port: object.get("dst_port").map(traffic_port).transpose(),
                })
            }
            "indicator" if !is_benign(object) => Some(Names::Indicator {
                name: text(object, "name").to_owned(),
                pattern: text(object, "pattern").to_owned(),
                is_stix: matches!(text(object, "pattern_type"), "" | "stix"),
                until: object
                    .get("valid_until")
                    .map(|_| text(object, "valid_until").to_owned()),
            }),
            "marking-definition" if text(object, "definition_type") == "statement" => {
                let definition = object.get("definition").unwrap_or(&Value::Null);
                let words = text(definition, "statement").chars();
                let words = words.filter(|letter| !letter.is_control());
                let words = words.take(STATEMENT_CHARS_TOLD).collect();
                self.statements.insert(id.clone(), words);
                None
            }
            _ => None,
        };
        match names {
            Some(names) => self.kept.push(Kept {
                number,
                id,
                markings,
                names,
            }),
            None => self.passed_count += 1,
        }
    }

    fn note_version(&mut self, number: usize, id: &str, object: &Value) {
        if object.get("revoked") == Some(&Value::Bool(true)) {
            self.revoked.insert(id.to_owned());
        }
        let modified = match object.get("modified") {
            None => Modified::Unsaid,
            Some(said) => said
                .as_str()
                .and_then(|said| said.parse().ok())
                .map_or(Modified::Unread, Modified::At),
        };
        // Of two of the same time the one that stands later.
        let latest = self
            .latest
            .entry(id.to_owned())
            .or_insert((modified, number));
        *latest = (*latest).max((modified, number));
    }

    /// Whether another version of an object counts in the place of this one, or none.
    fn is_superseded(&self, kept: &Kept) -> bool {
        let latest = self.latest.get(&kept.id);
        self.revoked.contains(&kept.id) || latest.is_some_and(|(_, number)| *number != kept.number)
    }

    fn check_version(&self, kept: &Kept) -> Result<(), LineFault> {
        match self.latest.get(&kept.id) {
            Some((Modified::Unread, _)) => Err(LineFault::Modified),
            _ => Ok(()),
        }
    }

    /// The servers that an object names; none when it is to be passed over.
    fn servers(&self, kept: &Kept, now: Timestamp) -> Result<Vec<ListedServer>, LineFault> {
        let servers = match &kept.names {
            Names::Address(_) if self.referred.contains(&kept.id) => Vec::new(),
            Names::Address(value) => vec![listed(address(value)?, None)],
            Names::Traffic { to, port } => {
                let (value, markings) = self.addresses.get(to).ok_or(LineFault::NoReference)?;
                self.check_markings(markings)?;
                vec![listed(address(value)?, port.clone()?)]
            }
            Names::Indicator { is_stix: false, .. } => return Err(LineFault::OtherPattern),
            Names::Indicator {
                name,
                pattern,
                until,
                ..
            } => {
                self.check_version(kept)?;
                let until = over_at(until.as_deref())?;
                if until.is_some_and(|until| until <= now) {
                    return Ok(Vec::new());
                }
                named_by(pattern, name, until)?
            }
        };
        if !servers.is_empty() {
            self.check_markings(&kept.markings)?;
        }
        Ok(servers)
    }

    fn check_markings(&self, markings: &[String]) -> Result<(), LineFault> {
        for marking in markings {
            if let Some((_, label)) = CLOSED_MARKINGS.iter().find(|(id, _)| id == marking) {
                return Err(LineFault::Marked(label));
            }
            if !is_tlp(marking) && !self.statements.contains_key(marking) {
                return Err(LineFault::Marked("one that this program does not know"));
            }
        }
        if self.has_tlp && is_statement_alone(markings) {
            return Err(LineFault::Marked("a statement without TLP"));
        }
        Ok(())
    }

    /// Tells the statements under which an object was taken.
    fn tell_statements(&self, kept: &Kept, list: &mut ServerList) {
        let of_address = match &kept.names {
            Names::Traffic { to, .. } => self.addresses.get(to),
            _ => None,
        };
        let of_address = of_address.map_or(&[][..], |(_, markings)| markings);
        let sets = [&kept.markings, of_address];
        let alone = sets
            .into_iter()
            .filter(|markings| is_statement_alone(markings));
        let mut alone = alone.flatten().peekable();
        if alone.peek().is_some() {
            list.under_statement_count += 1;
        }
        for words in alone.filter_map(|marking| self.statements.get(marking)) {
            if list.statements.len() < STATEMENTS_TOLD_MAX {
                list.statements.insert(words.clone());
            }
        }
    }
}

/// Whether a marking is one of TLP, open or closed.
fn is_tlp(marking: &str) -> bool {
    let is_closed = CLOSED_MARKINGS.iter().any(|(id, _)| *id == marking);
    is_closed || OPEN_MARKINGS.contains(&marking)
}

/// Whether known markings are statements and no more.
fn is_statement_alone(markings: &[String]) -> bool {
    !markings.is_empty() && !markings.iter().any(|marking| is_tlp(marking))
}

/// The port of network traffic: one that is there is one.
fn traffic_port(said: &Value) -> Result<u16, LineFault> {
    let port = said.as_u64().and_then(|port| u16::try_from(port).ok());
    port.filter(|port| *port > 0).ok_or(LineFault::TrafficPort)
}

/// Whether all that an indicator says of its servers is that they are harmless.
fn is_benign(object: &Value) -> bool {
    let kinds = object.get("indicator_types").and_then(Value::as_array);
    kinds.is_some_and(|kinds| !kinds.is_empty() && kinds.iter().all(|kind| kind == "benign"))
}

fn over_at(until: Option<&str>) -> Result<Option<Timestamp>, LineFault> {
    let read = |until: &str| {
        let until: jiff::Timestamp = until.parse().map_err(|_| LineFault::Until)?;
        Ok(Timestamp::from_micros(until.as_microsecond()))
    };
    until.map(read).transpose()
}

/// The servers that the pattern of an indicator names.
fn named_by(
    text: &str,
    name: &str,
    until: Option<Timestamp>,
) -> Result<Vec<ListedServer>, LineFault> {
    let mut servers = Vec::new();
    let trail = trail(name)?;
    for (value, port) in pattern::servers(text)? {
        servers.push(ListedServer {
            address: address(&value)?,
            port,
            trail: trail.clone(),
            until,
        });
    }
    Ok(servers)
}

fn listed(address: IpAddr, port: Option<u16>) -> ListedServer {
    ListedServer {
        address,
        port,
        trail: None,
        until: None,
    }
}

fn text<'v>(object: &'v Value, name: &str) -> &'v str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The markings of an object and of pieces of it: where a piece is closed, so is the whole.
fn markings(object: &Value) -> Vec<String> {
    let whole = object.get("object_marking_refs").and_then(Value::as_array);
    let whole = whole.into_iter().flatten();
    let pieces = object.get("granular_markings").and_then(Value::as_array);
    let pieces = pieces.into_iter().flatten();
    let pieces = pieces.filter_map(|piece| piece.get("marking_ref"));
    // What is no text is no marking that this program knows.
    let told = |marking: &Value| marking.as_str().unwrap_or_default().to_owned();
    whole.chain(pieces).map(told).collect()
}

/// Whether brackets stand more than [`NESTING_MAX`] deep, seen before anything is built of them.
fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for octet in text.bytes() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return true;
        }
    }
    false
}
