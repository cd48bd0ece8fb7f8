use data_encoding::HEXLOWER;

use super::{
    Hash, Node, TreeError, consistency_proof, inclusion_proof, leaf_hash, node_hash,
    nodes_of_leaves, root, root_of_leaves, verify_consistency, verify_inclusion,
};

/// The eight entries of the test vectors that Certificate Transparency implementations share.
const ENTRIES: [&[u8]; 8] = [
    &[],
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[
        0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e,
        0x6f,
    ],
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hex(text: &str) -> Hash {
    HEXLOWER
        .decode(text.as_bytes())
        .unwrap()
        .try_into()
        .unwrap()
}

fn shown(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| HEXLOWER.encode(hash)).collect()
}

fn numbered(size: u64) -> Vec<Hash> {
    (0..size)
        .map(|number| leaf_hash(&number.to_be_bytes()))
        .collect()
}

#[test]
fn the_shared_roots_come_out() {
    let leaves = ENTRIES.map(leaf_hash);
    for (size, expected) in ROOTS.iter().enumerate() {
        assert_eq!(
            root_of_leaves(&leaves[..size]),
            hex(expected),
            "size {size}"
        );
        let mut nodes = nodes_of_leaves(&leaves);
        assert_eq!(
            root(size as u64, &mut nodes).unwrap(),
            hex(expected),
            "size {size}"
        );
    }
}

#[test]
fn the_shared_proofs_come_out() {
    let leaves = ENTRIES.map(leaf_hash);
    let mut nodes = nodes_of_leaves(&leaves);
    assert_eq!(
        shown(&inclusion_proof(0, 8, &mut nodes).unwrap()),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(
        shown(&inclusion_proof(2, 3, &mut nodes).unwrap()),
        ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]
    );
    assert_eq!(
        shown(&consistency_proof(6, 8, &mut nodes).unwrap()),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
}

/// The definition of RFC 6962, section 2.1, word for word; slow, and apart from the code above.
fn defined_root(leaves: &[Hash]) -> Hash {
    if leaves.len() == 1 {
        return leaves[0];
    }
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    node_hash(&defined_root(&leaves[..k]), &defined_root(&leaves[k..]))
}

/// PATH(m, D[n]) of RFC 6962, section 2.1.1.
fn defined_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    let (mut path, sibling) = if m < k {
        (defined_path(m, &leaves[..k]), defined_root(&leaves[k..]))
    } else {
        (
            defined_path(m - k, &leaves[k..]),
            defined_root(&leaves[..k]),
        )
    };
    path.push(sibling);
    path
}

/// SUBPROOF(m, D[n], b) of RFC 6962, section 2.1.2.
fn defined_subproof(m: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if known {
            Vec::new()
        } else {
            vec![defined_root(leaves)]
        };
    }
    let mut k = 1;
    while k * 2 < leaves.len() {
        k *= 2;
    }
    let (mut proof, sibling) = if m <= k {
        (
            defined_subproof(m, &leaves[..k], known),
            defined_root(&leaves[k..]),
        )
    } else {
        (
            defined_subproof(m - k, &leaves[k..], false),
            defined_root(&leaves[..k]),
        )
    };
    proof.push(sibling);
    proof
}

#[test]
fn every_proof_up_to_forty_leaves_is_as_defined_and_holds() {
    let leaves = numbered(40);
    let mut nodes = nodes_of_leaves(&leaves);
    for size in 1..=40_u64 {
        let tree = &leaves[..usize::try_from(size).unwrap()];
        let new_root = root(size, &mut nodes).unwrap();
        assert_eq!(new_root, defined_root(tree));
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let proof = inclusion_proof(index, size, &mut nodes).unwrap();
            assert_eq!(proof, defined_path(at, tree), "{index} of {size}");
            verify_inclusion(&leaves[at], index, size, &proof, &new_root).unwrap();
        }
        for old in 1..=size {
            let at = usize::try_from(old).unwrap();
            let proof = consistency_proof(old, size, &mut nodes).unwrap();
            assert_eq!(proof, defined_subproof(at, tree, true), "{old} to {size}");
            let old_root = root_of_leaves(&leaves[..at]);
            verify_consistency((old, &old_root), (size, &new_root), &proof).unwrap();
        }
    }
}

#[test]
fn an_inclusion_proof_holds_for_nothing_else() {
    let leaves = numbered(23);
    let mut nodes = nodes_of_leaves(&leaves);
    let (index, size) = (13, 23);
    let tree_root = root(size, &mut nodes).unwrap();
    let proof = inclusion_proof(index, size, &mut nodes).unwrap();
    let leaf = leaves[13];
    verify_inclusion(&leaf, index, size, &proof, &tree_root).unwrap();

    for other in (0..40).filter(|other| *other != index) {
        assert!(
            verify_inclusion(&leaf, other, size, &proof, &tree_root).is_err(),
            "as {other}"
        );
    }
    // 22 and 24 leaves: other sizes may share the shape of one path, but not the root.
    for other in [0, 13, 16, 22, 24, 32, u64::MAX] {
        let other_root = leaves
            .get(..usize::try_from(other).unwrap())
            .map(root_of_leaves);
        let other_root = other_root.unwrap_or([0; 32]);
        assert!(
            verify_inclusion(&leaf, index, other, &proof, &other_root).is_err(),
            "in {other}"
        );
    }
    for at in 0..proof.len() {
        let mut changed = proof.clone();
        changed[at][31] ^= 1;
        assert!(verify_inclusion(&leaf, index, size, &changed, &tree_root).is_err());
        changed.remove(at);
        assert!(verify_inclusion(&leaf, index, size, &changed, &tree_root).is_err());
    }
    let longer = [proof.clone(), vec![[0; 32]]].concat();
    assert!(verify_inclusion(&leaf, index, size, &longer, &tree_root).is_err());
    assert!(verify_inclusion(&leaves[12], index, size, &proof, &tree_root).is_err());
    // A node of the tree cannot pass for an entry: leaves and nodes have different prefixes.
    let inner = node_hash(&leaves[12], &leaves[13]);
    assert_ne!(leaf_hash(&[leaves[12], leaves[13]].concat()), inner);
}

#[test]
fn a_rewritten_log_is_found_by_the_consistency_proof() {
    let leaves = numbered(23);
    let mut rewritten = leaves.clone();
    rewritten[3] = leaf_hash(b"rewritten");
    let old = root_of_leaves(&leaves[..17]);
    let (honest, forked) = (root_of_leaves(&leaves), root_of_leaves(&rewritten));
    let proof = consistency_proof(17, 23, &mut nodes_of_leaves(&leaves)).unwrap();
    let forked_proof = consistency_proof(17, 23, &mut nodes_of_leaves(&rewritten)).unwrap();
    verify_consistency((17, &old), (23, &honest), &proof).unwrap();
    assert!(verify_consistency((17, &old), (23, &forked), &forked_proof).is_err());
    assert!(verify_consistency((17, &old), (23, &forked), &proof).is_err());
    assert!(verify_consistency((16, &old), (23, &honest), &proof).is_err());
    for at in 0..proof.len() {
        let mut changed = proof.clone();
        changed[at][0] ^= 1;
        assert!(verify_consistency((17, &old), (23, &honest), &changed).is_err());
        changed.remove(at);
        assert!(verify_consistency((17, &old), (23, &honest), &changed).is_err());
    }
    let longer = [proof, vec![[0; 32]]].concat();
    assert!(verify_consistency((17, &old), (23, &honest), &longer).is_err());
    assert!(verify_consistency((17, &old), (23, &honest), &[]).is_err());
}

#[test]
fn the_edges_of_consistency_are_strict() {
    let leaves = numbered(8);
    let (four, eight) = (root_of_leaves(&leaves[..4]), root_of_leaves(&leaves));
    let empty = root_of_leaves(&[]);
    verify_consistency((0, &empty), (8, &eight), &[]).unwrap();
    verify_consistency((8, &eight), (8, &eight), &[]).unwrap();
    assert!(verify_consistency((0, &four), (8, &eight), &[]).is_err());
    assert!(verify_consistency((8, &four), (8, &eight), &[]).is_err());
    assert!(verify_consistency((8, &eight), (8, &eight), &[four]).is_err());
    assert_eq!(
        verify_consistency((8, &eight), (4, &four), &[]).unwrap_err(),
        TreeError::Shrunk { old: 8, new: 4 }
    );
    assert!(verify_consistency((4, &four), (8, &eight), &[]).is_err());
}

#[test]
fn what_is_not_there_is_named() {
    let leaves = numbered(5);
    let mut nodes = nodes_of_leaves(&leaves);
    let absent = Node {
        height: 1,
        index: 2,
    };
    assert_eq!(nodes(absent).unwrap_err(), TreeError::Missing(absent));
    assert!(
        nodes(Node {
            height: 64,
            index: 0
        })
        .is_err()
    );
    assert!(
        nodes(Node {
            height: 63,
            index: u64::MAX
        })
        .is_err()
    );
    assert_eq!(
        inclusion_proof(5, 5, &mut nodes).unwrap_err(),
        TreeError::NotInTree { index: 5, size: 5 }
    );
    assert_eq!(
        consistency_proof(6, 5, &mut nodes).unwrap_err(),
        TreeError::Shrunk { old: 6, new: 5 }
    );
}
