//! The Merkle tree of RFC 6962, section 2.1: hashes, inclusion proofs, consistency proofs.
//!
//! Functions that need hashes of the tree take a closure `nodes` that gives the hash of a complete
//! subtree. [`nodes_of_leaves`] makes one from a list of leaf hashes,
//! [`nodes_of_tiles`](super::tile::nodes_of_tiles) one from tiles.

use std::convert::Infallible;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A hash of the tree: SHA-256.
pub type Hash = [u8; 32];

/// A complete subtree: `1 << height` leaves, starting at the leaf `index << height`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// 0 for a leaf.
    pub height: u8,
    /// Position among the subtrees of this height, from 0.
    pub index: u64,
}

/// The hash of an entry as a leaf.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([LEAF_PREFIX])
        .chain_update(entry)
        .finalize()
        .into()
}

/// The hash of two neighboring subtrees.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([NODE_PREFIX])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of the tree with the first `size` leaves.
pub fn root<E>(size: u64, nodes: &mut impl FnMut(Node) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 {
        return Ok(Sha256::digest([]).into());
    }
    range_hash(0, size, nodes)
}

/// The root of a tree given as its leaf hashes.
pub fn root_of_leaves(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            // The split of RFC 6962: the left side is the largest complete tree that leaves some.
            let (left, right) = leaves.split_at(leaves.len().div_ceil(2).next_power_of_two());
            node_hash(&root_of_leaves(left), &root_of_leaves(right))
        }
    }
}

/// Gives the complete subtrees of a tree that lies in memory as leaf hashes.
pub fn nodes_of_leaves(leaves: &[Hash]) -> impl FnMut(Node) -> Result<Hash, TreeError> {
    move |node| {
        let missing = TreeError::Missing(node);
        let width = 1_usize.checked_shl(u32::from(node.height)).ok_or(missing)?;
        let start = usize::try_from(node.index)
            .ok()
            .and_then(|index| index.checked_mul(width))
            .ok_or(missing)?;
        let end = start.checked_add(width).ok_or(missing)?;
        leaves.get(start..end).map(root_of_leaves).ok_or(missing)
    }
}

/// The hashes that prove the leaf `index` to be in the tree of `size` leaves, from the leaf
/// upward. At most 63.
pub fn inclusion_proof<E: From<TreeError>>(
    index: u64,
    size: u64,
    nodes: &mut impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if index >= size {
        return Err(TreeError::NotInTree { index, size }.into());
    }
    // Down to the leaf, remembering the siblings; the proof lists them upward.
    let (mut start, mut end) = (0, size);
    let mut siblings = Vec::new();
    while end - start > 1 {
        let middle = start + left_width(end - start);
        if index < middle {
            siblings.push((middle, end));
            end = middle;
        } else {
            siblings.push((start, middle));
            start = middle;
        }
    }
    siblings
        .into_iter()
        .rev()
        .map(|(start, end)| range_hash(start, end, nodes))
        .collect()
}

/// The hashes that prove the tree of `old` leaves to be the beginning of the tree of `new` leaves.
/// Empty when `old` is 0 or equal to `new`.
pub fn consistency_proof<E: From<TreeError>>(
    old: u64,
    new: u64,
    nodes: &mut impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    if old > new {
        return Err(TreeError::Shrunk { old, new }.into());
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, new);
    let mut ranges = Vec::new();
    while old != end {
        let middle = start + left_width(end - start);
        if old <= middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((start, middle));
            start = middle;
        }
    }
    // The verifier knows the old root already when the old tree is this whole left side.
    if start != 0 {
        ranges.push((start, end));
    }
    ranges
        .into_iter()
        .rev()
        .map(|(start, end)| range_hash(start, end, nodes))
        .collect()
}

/// Checks an inclusion proof against a root that is trusted already (RFC 9162, section 2.1.3.2).
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), TreeError> {
    if index >= size {
        return Err(TreeError::NotInTree { index, size });
    }
    let mut climb = Climb {
        node: index,
        last: size - 1,
    };
    let mut computed = *leaf;
    for sibling in proof {
        computed = match climb.step()? {
            Side::Left => node_hash(sibling, &computed),
            Side::Right => node_hash(&computed, sibling),
        };
    }
    if climb.last == 0 && equal(&computed, root) {
        Ok(())
    } else {
        Err(TreeError::WrongProof)
    }
}

/// Checks a consistency proof between two roots (RFC 9162, section 2.1.4.2).
pub fn verify_consistency(
    (old_size, old_root): (u64, &Hash),
    (new_size, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), TreeError> {
    if old_size > new_size {
        return Err(TreeError::Shrunk {
            old: old_size,
            new: new_size,
        });
    }
    if old_size == 0 || old_size == new_size {
        let expected = if old_size == 0 {
            &empty_root()
        } else {
            new_root
        };
        let holds = proof.is_empty() && equal(old_root, expected);
        return if holds {
            Ok(())
        } else {
            Err(TreeError::WrongProof)
        };
    }
    let mut climb = Climb {
        node: old_size - 1,
        last: new_size - 1,
    };
    climb.skip_complete();
    // A complete old tree is itself the first hash, and then the proof does not repeat it.
    let (first, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(TreeError::WrongProof)?
    };
    let (mut old, mut new) = (*first, *first);
    for sibling in rest {
        match climb.step()? {
            Side::Left => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Side::Right => new = node_hash(&new, sibling),
        }
    }
    let holds = climb.last == 0 && equal(&old, old_root) && equal(&new, new_root);
    if holds {
        Ok(())
    } else {
        Err(TreeError::WrongProof)
    }
}

/// Why a hash or proof was not made, or did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The tree has fewer leaves.
    #[error("entry {index} is not in a log of {size} entries; wait for the next checkpoint")]
    NotInTree {
        /// The position asked for.
        index: u64,
        /// The number of leaves.
        size: u64,
    },
    /// The later tree is the smaller one.
    #[error("a log cannot shrink from {old} to {new} entries; give the older checkpoint first")]
    Shrunk {
        /// Leaves of the tree called old.
        old: u64,
        /// Leaves of the tree called new.
        new: u64,
    },
    /// The source of hashes does not hold this subtree.
    #[error("the hash of {0:?} is not there; restore the log from a backup")]
    Missing(Node),
    /// The proof does not lead to the root.
    #[error("the proof does not hold: entry, proof and checkpoint do not belong together")]
    WrongProof,
}

impl From<Infallible> for TreeError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// The hash of the leaves `start..end`, a range that the splits of RFC 6962 lead to.
fn range_hash<E>(
    start: u64,
    end: u64,
    nodes: &mut impl FnMut(Node) -> Result<Hash, E>,
) -> Result<Hash, E> {
    // Complete subtrees from left to right, each smaller than the one before it.
    let mut complete = Vec::new();
    let mut at = start;
    while at < end {
        let height = (end - at).ilog2();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the logarithm of a u64 is below 64"
        )]
        let node = Node {
            height: height as u8,
            index: at >> height,
        };
        complete.push(nodes(node)?);
        at += 1 << height;
    }
    let joined = complete
        .into_iter()
        .rev()
        .reduce(|right, left| node_hash(&left, &right));
    Ok(joined.unwrap_or_else(empty_root))
}

/// How many leaves stand left of the split of `width` leaves, at least 2: the largest power of two
/// below it.
fn left_width(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

fn equal(one: &Hash, other: &Hash) -> bool {
    one.ct_eq(other).into()
}

/// The way from a node to the root: its position on the present level, and that of the last node.
struct Climb {
    node: u64,
    last: u64,
}

/// On which side of the path the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// Goes up by one hash of the proof.
    fn step(&mut self) -> Result<Side, TreeError> {
        if self.last == 0 {
            return Err(TreeError::WrongProof);
        }
        let side = if self.node % 2 == 1 || self.node == self.last {
            // A last node without sibling rises until it has one.
            while self.node.is_multiple_of(2) && self.node != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Ok(side)
    }

    /// Rises while the node is a right child: the old tree is complete there.
    fn skip_complete(&mut self) {
        while self.node % 2 == 1 {
            self.up();
        }
    }

    fn up(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }
}

const LEAF_PREFIX: u8 = 0;
const NODE_PREFIX: u8 = 1;

#[cfg(test)]
mod tests;
