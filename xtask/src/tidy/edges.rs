//! The arrows of the house: who may depend on whom, and which outside crates a room may use.
//!
//! A crate exists here because it forbids something; an arrow added in passing would quietly take
//! that away. `xtask/house.toml` is the list.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::Finding;
use crate::tree::{TextFile, Tree};

/// Compares each manifest with the list.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(list) = tree.file(HOUSE) else {
        return vec![Finding::new(
            HOUSE,
            1,
            "the list of rooms is missing; restore it",
        )];
    };
    let house = match parse(list) {
        Ok(house) => house,
        Err(finding) => return vec![finding],
    };
    let manifests = tree
        .files
        .iter()
        .filter(|file| is_room_manifest(&file.path));
    manifests
        .flat_map(|file| check_manifest(&house, file))
        .collect()
}

const HOUSE: &str = "xtask/house.toml";

#[derive(Debug, Default)]
struct House {
    dev_everywhere: Vec<String>,
    rooms: BTreeMap<String, Room>,
}

#[derive(Debug, Default)]
struct Room {
    rooms: Vec<String>,
    crates: Vec<String>,
    dev: Vec<String>,
    dev_rooms: Vec<String>,
}

fn parse(list: &TextFile) -> Result<House, Finding> {
    let fault = |what: String| Finding::new(HOUSE, 1, what);
    let table: Table = list
        .text
        .parse()
        .map_err(|error| fault(format!("not TOML: {error}")))?;
    let rooms = table.get("room").and_then(Value::as_table);
    let rooms = rooms.ok_or_else(|| fault("no [room.*] table; list the rooms".into()))?;
    let mut house = House {
        dev_everywhere: strings(&table, "dev_everywhere"),
        ..House::default()
    };
    for (name, room) in rooms {
        let Some(room) = room.as_table() else {
            return Err(fault(format!(
                "room.{name} is not a table; write [room.{name}]"
            )));
        };
        let dev_rooms = room.get("dev_rooms").and_then(Value::as_table);
        for (other, reason) in dev_rooms.into_iter().flatten() {
            if reason.as_str().is_none_or(str::is_empty) {
                return Err(fault(format!(
                    "room.{name}.dev_rooms.{other} needs its reason"
                )));
            }
        }
        let room = Room {
            rooms: strings(room, "rooms"),
            crates: strings(room, "crates"),
            dev: strings(room, "dev"),
            dev_rooms: dev_rooms
                .into_iter()
                .flat_map(Table::keys)
                .cloned()
                .collect(),
        };
        house.rooms.insert(name.clone(), room);
    }
    Ok(house)
}

fn strings(table: &Table, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(Value::as_array);
    let words = array.into_iter().flatten().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}

fn is_room_manifest(path: &str) -> bool {
    ["distributed/Cargo.toml", "xtask/Cargo.toml"].contains(&path)
        || (path.starts_with("crates/") && path.ends_with("/Cargo.toml"))
}

fn check_manifest(house: &House, file: &TextFile) -> Vec<Finding> {
    let name = file.room();
    let Some(room) = house.rooms.get(name) else {
        let what = format!("room `{name}` is not on the list; add it to {HOUSE} with its edges");
        return vec![Finding::new(&file.path, 1, what)];
    };
    let table: Table = match file.text.parse() {
        Ok(table) => table,
        Err(error) => return vec![Finding::new(&file.path, 1, format!("not TOML: {error}"))],
    };
    let mut found = Vec::new();
    let lints = table.get("lints").and_then(|lints| lints.get("workspace"));
    if lints.and_then(Value::as_bool) != Some(true) {
        let what = "the room has its own lints; write `[lints]` with `workspace = true`";
        found.push(Finding::new(&file.path, 1, what));
    }
    for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let dependencies = table.get(section).and_then(Value::as_table);
        for dependency in dependencies.into_iter().flat_map(Table::keys) {
            if may_use(house, room, section, dependency) {
                continue;
            }
            let line = line_of(&file.text, section, dependency);
            let what = if house.rooms.contains_key(dependency) {
                format!("`{name}` may not lean on `{dependency}`; move the code to a room that may")
            } else {
                format!("`{name}` may not use crate `{dependency}`; see {HOUSE} for who may")
            };
            found.push(Finding::new(&file.path, line, what));
        }
    }
    found
}

fn may_use(house: &House, room: &Room, section: &str, dependency: &str) -> bool {
    let within = |list: &[String]| list.iter().any(|known| known == dependency);
    let in_tests = within(&room.dev) || within(&room.dev_rooms) || within(&house.dev_everywhere);
    within(&room.rooms) || within(&room.crates) || (section == "dev-dependencies" && in_tests)
}

/// The line that names `dependency` below `[section]`.
fn line_of(text: &str, section: &str, dependency: &str) -> usize {
    let header = format!("[{section}]");
    let lines = text.lines().enumerate();
    let mut below = lines.skip_while(|(_, line)| line.trim() != header);
    let named = below.find(|(_, line)| {
        let rest = line.trim_start().strip_prefix(dependency);
        rest.is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
    });
    named.map_or(1, |(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::{HOUSE, check};
    use crate::tidy::places;
    use crate::tree::Tree;

    const LIST: &str = "dev_everywhere = ['tempfile']\n\
        [room.domain]\nrooms = []\ncrates = ['serde']\n\
        [room.hub]\nrooms = ['domain']\n\
        [room.web]\nrooms = ['hub']\ncrates = ['axum']\n\
        [room.web.dev_rooms]\ndomain = 'fixtures'\n";

    fn found(path: &str, dependencies: &str) -> Vec<String> {
        let manifest = format!("[lints]\nworkspace = true\n{dependencies}");
        places(&check(&Tree::sample(&[(HOUSE, LIST), (path, &manifest)])))
    }

    #[test]
    fn listed_edges_pass() {
        let text = "[dependencies]\nhub.workspace = true\naxum = '1'\n\
            [dev-dependencies]\ntempfile = '3'\ndomain.workspace = true\n";
        assert!(found("crates/web/Cargo.toml", text).is_empty());
    }

    #[test]
    fn an_edge_up_or_past_a_floor_is_found() {
        let text =
            "[dependencies]\ndomain.workspace = true\n\n[dependencies.rusqlite]\nversion='0'\n";
        assert_eq!(
            found("crates/web/Cargo.toml", text),
            ["crates/web/Cargo.toml:4", "crates/web/Cargo.toml:1"]
        );
        assert_eq!(
            found(
                "crates/domain/Cargo.toml",
                "[dependencies]\nhub.workspace = true\n"
            ),
            ["crates/domain/Cargo.toml:4"]
        );
    }

    #[test]
    fn an_unknown_room_and_own_lints_are_found() {
        assert_eq!(found("crates/attic/Cargo.toml", "").len(), 1);
        let bare = Tree::sample(&[(HOUSE, LIST), ("crates/hub/Cargo.toml", "[package]\n")]);
        assert_eq!(places(&check(&bare)), ["crates/hub/Cargo.toml:1"]);
    }

    #[test]
    fn a_test_edge_needs_its_reason() {
        let list = "[room.web.dev_rooms]\ndomain = ''\n";
        assert_eq!(check(&Tree::sample(&[(HOUSE, list)])).len(), 1);
    }
}
