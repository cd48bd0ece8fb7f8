//! The tree as static files: C2SP tlog-tiles, with tiles of 256 hashes.
//!
//! A tile of level L holds up to 256 hashes of complete subtrees of height 8 L. A full tile never
//! changes; the rightmost tile of a level is partial and carries its width in its path. Beside each
//! tile of level 0 lies the bundle of its entries.

use std::collections::BTreeMap;
use std::fmt;

use super::tree::{Hash, Node, TreeError, root, root_of_leaves};

/// One tile or entry bundle: which row, where in it, and how wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    row: Row,
    index: u64,
    width: u16,
}

/// A row of tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// Bundles of entries.
    Entries,
    /// Tiles of hashes at this level, 0 to [`LEVEL_MAX`]; level 0 holds the leaf hashes.
    Hashes(u8),
}

impl Tile {
    /// The tile at `index` of `row` with `width` hashes or entries, 1 to 256.
    pub fn new(row: Row, index: u64, width: u16) -> Result<Self, TileError> {
        let level_fits = !matches!(row, Row::Hashes(level) if level > LEVEL_MAX);
        // Beyond this index the entries would have numbers above 64 bits.
        let index_fits = index <= u64::MAX >> 8;
        if level_fits && index_fits && (1..=TILE_WIDTH).contains(&width) {
            Ok(Self { row, index, width })
        } else {
            Err(TileError::NotATile)
        }
    }

    /// The tile at `index` of `row` in a tree of `size` leaves, as wide as it is there. `None` when
    /// the tree does not reach it.
    pub fn in_tree(row: Row, index: u64, size: u64) -> Option<Self> {
        let count = row_count(row, size);
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = count.checked_sub(before)?.min(u64::from(TILE_WIDTH));
        Self::new(row, index, u16::try_from(width).ok()?).ok()
    }

    /// Reads a path as [`Tile`]'s `Display` writes it, without a leading slash.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        let rest = path.strip_prefix("tile/").ok_or(TileError::NotATile)?;
        let (row, rest) = rest.split_once('/').ok_or(TileError::NotATile)?;
        let row = if row == "entries" {
            Row::Entries
        } else {
            Row::Hashes(u8::try_from(decimal(row)?).map_err(|_| TileError::NotATile)?)
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => {
                let width = u16::try_from(decimal(width)?).map_err(|_| TileError::NotATile)?;
                if width == TILE_WIDTH {
                    return Err(TileError::NotATile);
                }
                (index, width)
            }
            None => (rest, TILE_WIDTH),
        };
        Self::new(row, parse_index(index)?, width)
    }

    /// The row the tile stands in.
    pub fn row(self) -> Row {
        self.row
    }

    /// The position in its row, from 0.
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds, 1 to 256.
    pub fn width(self) -> u16 {
        self.width
    }

    /// Whether it is full, and so will never change.
    pub fn is_full(self) -> bool {
        self.width == TILE_WIDTH
    }
}

/// The path under the prefix of the log: `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`.
impl fmt::Display for Tile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Row::Entries => formatter.write_str("tile/entries")?,
            Row::Hashes(level) => write!(formatter, "tile/{level}")?,
        }
        // Groups of three digits, the highest first; all but the last begin with an x.
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        let last = groups.len() - 1;
        for (position, group) in groups.into_iter().rev().enumerate() {
            let mark = if position == last { "" } else { "x" };
            write!(formatter, "/{mark}{group:03}")?;
        }
        if self.is_full() {
            Ok(())
        } else {
            write!(formatter, ".p/{}", self.width)
        }
    }
}

/// Gives the complete subtrees of the tree of `size` leaves from its tiles. `fetch` gives the bytes
/// of one tile; each tile is fetched once.
pub fn nodes_of_tiles<E: From<TileError>>(
    size: u64,
    mut fetch: impl FnMut(Tile) -> Result<Vec<u8>, E>,
) -> impl FnMut(Node) -> Result<Hash, E> {
    let mut fetched: BTreeMap<Tile, Vec<Hash>> = BTreeMap::new();
    move |node| {
        let missing = TileError::Tree(TreeError::Missing(node));
        let (level, inner) = (node.height / 8, node.height % 8);
        let first = node.index.checked_mul(1 << inner).ok_or(missing)?;
        let tile = Tile::in_tree(Row::Hashes(level), first / u64::from(TILE_WIDTH), size)
            .ok_or(missing)?;
        let hashes = match fetched.entry(tile) {
            std::collections::btree_map::Entry::Occupied(present) => present.into_mut(),
            std::collections::btree_map::Entry::Vacant(absent) => {
                absent.insert(hashes_of(tile, &fetch(tile)?)?)
            }
        };
        let from = usize::try_from(first % u64::from(TILE_WIDTH)).map_err(|_| missing)?;
        let subtree = hashes.get(from..from + (1 << inner)).ok_or(missing)?;
        Ok(root_of_leaves(subtree))
    }
}

/// A tree after new leaves: what to store and what to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The number of leaves.
    pub size: u64,
    /// The root.
    pub root: Hash,
    /// The tiles of hashes that are new or wider than before, with their bytes. A partial tile that
    /// one of them widens may be deleted once the new checkpoint is out.
    pub tiles: Vec<(Tile, Vec<u8>)>,
}

/// Appends `leaves` to the tree of `size` leaves. `fetch` gives the tiles of the tree as it was.
pub fn append<E: From<TileError>>(
    size: u64,
    leaves: &[Hash],
    mut fetch: impl FnMut(Tile) -> Result<Vec<u8>, E>,
) -> Result<Appended, E> {
    let new_size = size
        .checked_add(leaves.len() as u64)
        .ok_or(TileError::NotATile)?;
    let mut tiles: BTreeMap<Tile, Vec<u8>> = BTreeMap::new();
    let mut added = leaves.to_vec();
    let mut level = 0;
    while !added.is_empty() {
        let row = Row::Hashes(level);
        let (mut index, mut hashes) = last_partial(row, size, &mut fetch)?;
        let mut complete = Vec::new();
        for hash in added {
            hashes.push(hash);
            if hashes.len() == usize::from(TILE_WIDTH) {
                complete.push(root_of_leaves(&hashes));
                tiles.insert(Tile::new(row, index, TILE_WIDTH)?, bytes_of(&hashes));
                index += 1;
                hashes.clear();
            }
        }
        if let Some(tile) = Tile::in_tree(row, index, new_size) {
            tiles.insert(tile, bytes_of(&hashes));
        }
        added = complete;
        level += 1;
    }
    let mut nodes = nodes_of_tiles(new_size, |tile| match tiles.get(&tile) {
        Some(bytes) => Ok(bytes.clone()),
        None => fetch(tile),
    });
    let root = root(new_size, &mut nodes)?;
    drop(nodes);
    Ok(Appended {
        size: new_size,
        root,
        tiles: tiles.into_iter().collect(),
    })
}

/// The bundles of entries that are new or wider in the tree of `new` leaves than in that of `old`.
pub fn bundles_between(old: u64, new: u64) -> impl Iterator<Item = Tile> {
    let first = old / u64::from(TILE_WIDTH);
    let last = if new > old {
        new.div_ceil(u64::from(TILE_WIDTH))
    } else {
        first
    };
    (first..last).filter_map(move |index| Tile::in_tree(Row::Entries, index, new))
}

/// The bytes of a bundle: each entry after its length in two bytes. At most 256 entries.
pub fn encode_bundle<T: AsRef<[u8]>>(entries: &[T]) -> Result<Vec<u8>, TileError> {
    if entries.len() > usize::from(TILE_WIDTH) {
        return Err(TileError::NotATile);
    }
    let mut bundle = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len())
            .map_err(|_| TileError::EntryTooLong { bytes: entry.len() })?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(entry);
    }
    Ok(bundle)
}

/// The entries of a bundle.
pub fn decode_bundle(mut bundle: &[u8]) -> Result<Vec<Vec<u8>>, TileError> {
    let mut entries = Vec::new();
    while !bundle.is_empty() {
        let (length, rest) = bundle
            .split_first_chunk::<2>()
            .ok_or(TileError::DamagedBundle)?;
        let (entry, rest) = rest
            .split_at_checked(usize::from(u16::from_be_bytes(*length)))
            .ok_or(TileError::DamagedBundle)?;
        entries.push(entry.to_vec());
        bundle = rest;
    }
    if entries.len() > usize::from(TILE_WIDTH) {
        return Err(TileError::DamagedBundle);
    }
    Ok(entries)
}

/// Why a tile was not named, read or made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// Not the path of a tile, or numbers that no tile has.
    #[error("not a tile of this log: expected `tile/<level>/<number>` as in C2SP tlog-tiles")]
    NotATile,
    /// The bytes of a tile do not have the length its width asks for.
    #[error("the tile {0:?} is damaged; restore the log from a backup")]
    Damaged(Tile),
    /// The bytes of a bundle end inside an entry, or hold more than 256.
    #[error("the entry bundle is damaged; restore the log from a backup")]
    DamagedBundle,
    /// An entry above [`ENTRY_BYTES_MAX`].
    #[error("an entry of {bytes} bytes is too long for the log: at most {ENTRY_BYTES_MAX}")]
    EntryTooLong {
        /// The length of the entry.
        bytes: usize,
    },
    /// The tree does not reach that far.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// How many hashes a full tile holds.
pub const TILE_WIDTH: u16 = 256;

/// The highest level that the path form allows.
pub const LEVEL_MAX: u8 = 63;

/// The longest entry, in bytes: what two bytes of length can say.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// How many hashes or entries `row` has in a tree of `size` leaves.
fn row_count(row: Row, size: u64) -> u64 {
    match row {
        Row::Entries => size,
        Row::Hashes(level) => size.checked_shr(8 * u32::from(level)).unwrap_or(0),
    }
}

/// The index and the hashes of the tile of `row` that grows next; no hashes when it is new.
fn last_partial<E: From<TileError>>(
    row: Row,
    size: u64,
    fetch: &mut impl FnMut(Tile) -> Result<Vec<u8>, E>,
) -> Result<(u64, Vec<Hash>), E> {
    let index = row_count(row, size) / u64::from(TILE_WIDTH);
    let hashes = match Tile::in_tree(row, index, size) {
        Some(tile) => hashes_of(tile, &fetch(tile)?)?,
        None => Vec::new(),
    };
    Ok((index, hashes))
}

fn hashes_of(tile: Tile, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    if rest.is_empty() && hashes.len() == usize::from(tile.width) {
        Ok(hashes.to_vec())
    } else {
        Err(TileError::Damaged(tile))
    }
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.as_flattened().to_vec()
}

/// A number without sign or leading zeros.
fn decimal(text: &str) -> Result<u64, TileError> {
    let plain =
        text.bytes().all(|digit| digit.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain {
        text.parse().map_err(|_| TileError::NotATile)
    } else {
        Err(TileError::NotATile)
    }
}

/// Groups of three digits, all but the last marked with an x; no leading group of zeros.
fn parse_index(text: &str) -> Result<u64, TileError> {
    let mut index: u64 = 0;
    let mut groups = text.split('/').peekable();
    let several = text.contains('/');
    while let Some(group) = groups.next() {
        let digits = if groups.peek().is_some() {
            group.strip_prefix('x').ok_or(TileError::NotATile)?
        } else {
            group
        };
        if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(TileError::NotATile);
        }
        let value: u64 = digits.parse().map_err(|_| TileError::NotATile)?;
        index = index
            .checked_mul(1000)
            .and_then(|index| index.checked_add(value))
            .ok_or(TileError::NotATile)?;
        if several && index == 0 {
            return Err(TileError::NotATile);
        }
    }
    Ok(index)
}

#[cfg(test)]
mod tests;
