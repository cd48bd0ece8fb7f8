use std::collections::BTreeMap;

use super::{
    Appended, ENTRY_BYTES_MAX, Row, TILE_WIDTH, Tile, TileError, append, bundles_between,
    decode_bundle, encode_bundle, nodes_of_tiles,
};
use crate::tlog::tree::{
    Hash, Node, TreeError, consistency_proof, inclusion_proof, leaf_hash, nodes_of_leaves, root,
    root_of_leaves, verify_consistency, verify_inclusion,
};

fn numbered(size: u64) -> Vec<Hash> {
    (0..size)
        .map(|number| leaf_hash(&number.to_be_bytes()))
        .collect()
}

/// The files of a log, as a hub keeps them.
#[derive(Default)]
struct Files {
    size: u64,
    tiles: BTreeMap<Tile, Vec<u8>>,
}

impl Files {
    fn append(&mut self, leaves: &[Hash]) -> Appended {
        let appended = append(self.size, leaves, |tile| self.fetch(tile)).unwrap();
        self.tiles.extend(appended.tiles.iter().cloned());
        self.size = appended.size;
        appended
    }

    fn fetch(&self, tile: Tile) -> Result<Vec<u8>, TileError> {
        self.tiles
            .get(&tile)
            .cloned()
            .ok_or(TileError::Damaged(tile))
    }
}

#[test]
fn paths_are_those_of_the_specification() {
    let path = |row, index, width| Tile::new(row, index, width).unwrap().to_string();
    // The example of tlog-tiles.
    assert_eq!(path(Row::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(path(Row::Hashes(0), 0, 256), "tile/0/000");
    assert_eq!(path(Row::Hashes(1), 999, 17), "tile/1/999.p/17");
    assert_eq!(path(Row::Entries, 1000, 1), "tile/entries/x001/000.p/1");
    assert_eq!(path(Row::Hashes(63), 5, 255), "tile/63/005.p/255");
}

#[test]
fn a_path_reads_back_and_nothing_else_is_read() {
    for (row, index, width) in [
        (Row::Entries, 0, 256),
        (Row::Hashes(0), 999, 1),
        (Row::Hashes(2), 1_000_000, 256),
        (Row::Hashes(7), 72_057_594_037_927_935, 255),
    ] {
        let tile = Tile::new(row, index, width).unwrap();
        assert_eq!(Tile::parse(&tile.to_string()).unwrap(), tile);
    }
    for path in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000/",
        "tile/entry/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/+01",
        "tile/0/１２３",
    ] {
        assert_eq!(
            Tile::parse(path).unwrap_err(),
            TileError::NotATile,
            "{path}"
        );
    }
}

// The worked example of tlog-tiles, section "Partial Tiles".
#[test]
fn seventy_thousand_entries_fill_the_tiles_of_the_specification() {
    let mut files = Files::default();
    let leaves = numbered(70_000);
    let appended = files.append(&leaves);
    assert_eq!(appended.root, root_of_leaves(&leaves));
    let count = |level, width| {
        files
            .tiles
            .keys()
            .filter(|tile| tile.row() == Row::Hashes(level) && tile.width() == width)
            .count()
    };
    assert_eq!((count(0, 256), count(0, 112)), (273, 1));
    assert_eq!((count(1, 256), count(1, 17)), (1, 1));
    assert_eq!(count(2, 1), 1);
    assert_eq!(files.tiles.len(), 277);
    assert_eq!(files.tiles[&Tile::parse("tile/0/000").unwrap()].len(), 8192);

    // Proofs that cross all three levels.
    let mut nodes = nodes_of_tiles(70_000, |tile| files.fetch(tile));
    for index in [0, 255, 256, 65_535, 65_536, 69_888, 69_999] {
        let proof = inclusion_proof::<TileError>(index, 70_000, &mut nodes).unwrap();
        let leaf = leaves[usize::try_from(index).unwrap()];
        verify_inclusion(&leaf, index, 70_000, &proof, &appended.root).unwrap();
    }
    for old in [1, 256, 300, 65_536, 65_537, 69_999] {
        let proof = consistency_proof::<TileError>(old, 70_000, &mut nodes).unwrap();
        let old_root = root_of_leaves(&leaves[..usize::try_from(old).unwrap()]);
        verify_consistency((old, &old_root), (70_000, &appended.root), &proof).unwrap();
    }
}

#[test]
fn a_tree_of_256_has_a_full_tile_and_one_hash_above() {
    let mut files = Files::default();
    files.append(&numbered(256));
    let paths: Vec<_> = files.tiles.keys().map(Tile::to_string).collect();
    assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1"]);
}

#[test]
fn batches_of_any_size_give_the_same_tree() {
    let leaves = numbered(1_100);
    let mut whole = Files::default();
    whole.append(&leaves);
    for step in [1, 7, 16, 255, 256, 257, 600] {
        let mut files = Files::default();
        for batch in leaves.chunks(step) {
            let before = files.size;
            let appended = files.append(batch);
            let size = usize::try_from(appended.size).unwrap();
            if step > 1 || size.is_multiple_of(50) {
                assert_eq!(
                    appended.root,
                    root_of_leaves(&leaves[..size]),
                    "step {step}"
                );
            }
            // A batch of n entries touches few tiles: nothing old is written again.
            assert!(
                appended.tiles.len() <= step / 128 + 4,
                "{} at {before}",
                appended.tiles.len()
            );
        }
        for (tile, bytes) in &whole.tiles {
            assert_eq!(&files.tiles[tile], bytes, "{tile}");
        }
    }
}

#[test]
fn appending_nothing_changes_nothing() {
    let mut files = Files::default();
    let empty = files.append(&[]);
    assert_eq!((empty.size, empty.root), (0, root_of_leaves(&[])));
    let first = files.append(&numbered(5));
    let again = files.append(&[]);
    assert_eq!(
        (again.size, again.root, again.tiles),
        (first.size, first.root, Vec::new())
    );
}

#[test]
fn tiles_and_leaves_give_the_same_nodes() {
    let leaves = numbered(700);
    let mut files = Files::default();
    files.append(&leaves);
    let mut fetches = 0;
    let mut tiled = nodes_of_tiles(700, |tile| {
        fetches += 1;
        files.fetch(tile)
    });
    let mut flat = nodes_of_leaves(&leaves);
    for size in 1..=700 {
        assert_eq!(
            root::<TileError>(size, &mut tiled).unwrap(),
            root::<TreeError>(size, &mut flat).unwrap()
        );
    }
    let beyond = Node {
        height: 9,
        index: 1,
    };
    assert_eq!(
        tiled(beyond),
        Err(TileError::Tree(TreeError::Missing(beyond)))
    );
    assert!(
        tiled(Node {
            height: 255,
            index: 0
        })
        .is_err()
    );
    drop(tiled);
    assert_eq!(fetches, 4, "each tile is fetched once");
}

#[test]
fn a_damaged_tile_is_named() {
    let mut files = Files::default();
    files.append(&numbered(300));
    let tile = Tile::in_tree(Row::Hashes(0), 1, 300).unwrap();
    files.tiles.get_mut(&tile).unwrap().pop();
    let refused = append(300, &numbered(1), |tile| files.fetch(tile)).unwrap_err();
    assert_eq!(refused, TileError::Damaged(tile));
}

#[test]
fn widths_follow_the_size_of_the_tree() {
    let width = |row, index, size| Tile::in_tree(row, index, size).map(Tile::width);
    assert_eq!(width(Row::Hashes(0), 0, 0), None);
    assert_eq!(width(Row::Hashes(0), 0, 1), Some(1));
    assert_eq!(width(Row::Hashes(0), 0, 256), Some(TILE_WIDTH));
    assert_eq!(width(Row::Hashes(0), 1, 256), None);
    assert_eq!(width(Row::Hashes(1), 0, 255), None);
    assert_eq!(width(Row::Hashes(1), 0, 70_000), Some(256));
    assert_eq!(width(Row::Hashes(1), 1, 70_000), Some(17));
    assert_eq!(width(Row::Hashes(8), 0, u64::MAX), None);
    assert_eq!(width(Row::Entries, 273, 70_000), Some(112));
    assert_eq!(width(Row::Entries, u64::MAX, 70_000), None);
}

#[test]
fn bundles_hold_the_entries_of_their_tile() {
    let entries: Vec<Vec<u8>> = vec![b"one".to_vec(), Vec::new(), vec![7; ENTRY_BYTES_MAX]];
    let bundle = encode_bundle(&entries).unwrap();
    assert_eq!(bundle[..7], [0, 3, b'o', b'n', b'e', 0, 0]);
    assert_eq!(decode_bundle(&bundle).unwrap(), entries);
    assert_eq!(
        decode_bundle(&bundle[..6]).unwrap_err(),
        TileError::DamagedBundle
    );
    assert_eq!(
        decode_bundle(&bundle[..bundle.len() - 1]).unwrap_err(),
        TileError::DamagedBundle
    );
    assert_eq!(
        encode_bundle(&[vec![0; ENTRY_BYTES_MAX + 1]]).unwrap_err(),
        TileError::EntryTooLong {
            bytes: ENTRY_BYTES_MAX + 1
        }
    );
    assert_eq!(
        encode_bundle(&[[0_u8; 1]; 257]).unwrap_err(),
        TileError::NotATile
    );
    assert_eq!(
        decode_bundle(&[0; 514]).unwrap_err(),
        TileError::DamagedBundle
    );
}

#[test]
fn new_bundles_are_those_the_batch_touched() {
    let paths = |old, new| {
        bundles_between(old, new)
            .map(|tile| tile.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(0, 1), ["tile/entries/000.p/1"]);
    assert_eq!(paths(250, 256), ["tile/entries/000"]);
    assert_eq!(
        paths(250, 520),
        [
            "tile/entries/000",
            "tile/entries/001",
            "tile/entries/002.p/8"
        ]
    );
    assert_eq!(paths(256, 257), ["tile/entries/001.p/1"]);
    assert!(paths(5, 5).is_empty());
}
