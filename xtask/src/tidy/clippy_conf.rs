//! The clippy bans of a room repeat those of the house.
//!
//! Clippy reads one clippy.toml, the nearest, and merges nothing: a ban added to the root file
//! alone would silently not hold in a room that has its own.

use toml::{Table, Value};

use super::Finding;
use crate::tree::{TextFile, Tree};

/// Finds bans of the root file that a room's own file has lost.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(root) = tree.file("clippy.toml") else {
        return vec![Finding::new(
            "clippy.toml",
            1,
            "the bans are missing; restore the file",
        )];
    };
    let own = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("/clippy.toml"));
    let bound = own.filter(|file| !AMBIENT_ROOMS.contains(&file.room()));
    bound.flat_map(|file| lost(root, file)).collect()
}

/// The rooms that may touch clock, randomness and machine.
const AMBIENT_ROOMS: &[&str] = &["distributed", "noroshi", "xtask"];

fn lost(root: &TextFile, own: &TextFile) -> Vec<Finding> {
    let kept = banned_paths(own);
    let lost = banned_paths(root)
        .into_iter()
        .filter(|path| !kept.contains(path));
    let lost = lost.map(|path| {
        let what = format!("the ban on `{path}` is lost here; repeat it from the root clippy.toml");
        Finding::new(&own.path, 1, what)
    });
    lost.collect()
}

fn banned_paths(file: &TextFile) -> Vec<String> {
    let table: Table = file.text.parse().unwrap_or_default();
    let lists = [
        "disallowed-methods",
        "disallowed-types",
        "disallowed-macros",
    ];
    let entries = lists
        .iter()
        .filter_map(|list| table.get(*list)?.as_array())
        .flatten();
    let path = |entry: &Value| {
        entry
            .get("path")
            .unwrap_or(entry)
            .as_str()
            .map(str::to_owned)
    };
    entries.filter_map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::places;
    use crate::tree::Tree;

    #[test]
    fn a_lost_ban_is_found() {
        let root = "disallowed-methods = [{ path = 'a::now' }, 'b::now']\n";
        let tree = Tree::sample(&[
            ("clippy.toml", root),
            (
                "crates/domain/clippy.toml",
                "disallowed-methods = ['a::now']\n",
            ),
            ("crates/sim/clippy.toml", root),
            ("crates/noroshi/clippy.toml", ""),
        ]);
        assert_eq!(places(&check(&tree)), ["crates/domain/clippy.toml:1"]);
    }
}
