use super::{
    Approval, Asked, BLOCK_BYTES_MAX, BLOCK_STEP_BYTES, IdentityError, OpeningRequest,
    SealedIdentity, approve_share, combine, rewrap_share, seal_identity, verify_approval,
};
use crate::envelope::{EnvelopeError, KeyPair, PublicKey};
use crate::random::Random;
use crate::split::SplitError;

const BLOCK: &[u8] = "架空電力株式会社 当直 03-0000-0000".as_bytes();

struct World {
    random: Random,
    custodians: Vec<KeyPair>,
    desk: KeyPair,
    sealed: SealedIdentity,
    request: OpeningRequest,
}

fn world() -> World {
    let mut random = Random::from_seed([1; 32]);
    let custodians: Vec<_> = (0..3).map(|_| KeyPair::generate(&mut random)).collect();
    let desk = KeyPair::generate(&mut random);
    let sealed = seal_identity(
        BLOCK,
        &keys(&custodians),
        2,
        "hub.example",
        "rpt_1",
        &mut random,
    )
    .unwrap();
    let request = OpeningRequest::new(&sealed, desk.public.clone(), asked());
    World {
        random,
        custodians,
        desk,
        sealed,
        request,
    }
}

impl World {
    fn approvals(&mut self, of: &[usize]) -> Vec<Approval> {
        of.iter()
            .map(|&at| {
                approve_share(&self.custodians[at].secret, &self.request, &mut self.random).unwrap()
            })
            .collect()
    }
}

fn asked() -> Asked {
    Asked {
        by: "架空セプター".to_owned(),
        purpose: "命に関わる連絡".to_owned(),
        reason: "浄水場の制御端末が今も遠隔操作されている".to_owned(),
        at: "2026-11-22T03:00:00Z".to_owned(),
    }
}

fn keys(pairs: &[KeyPair]) -> Vec<PublicKey> {
    pairs.iter().map(|pair| pair.public.clone()).collect()
}

#[test]
fn any_two_custodians_open_through_files() {
    for of in [[0, 1], [0, 2], [1, 2], [2, 1]] {
        let mut world = world();
        // Everything travels as text, as it does between hub and custodians.
        let sealed = SealedIdentity::from_json(&world.sealed.to_json()).unwrap();
        world.request = OpeningRequest::from_json(&world.request.to_json()).unwrap();
        let approvals: Vec<_> = world
            .approvals(&of)
            .iter()
            .map(|approval| Approval::from_json(&approval.to_json()).unwrap())
            .collect();
        for approval in &approvals {
            verify_approval(&world.desk.secret, &world.request, &sealed, approval).unwrap();
        }
        let opened = combine(&world.desk.secret, &world.request, &sealed, &approvals).unwrap();
        assert_eq!(*opened.block, BLOCK);
        let mut expected: Vec<_> = of
            .map(|at| world.custodians[at].public.fingerprint())
            .to_vec();
        expected.sort();
        assert_eq!(opened.approved_by, expected);
    }
}

#[test]
fn one_custodian_is_not_enough_however_often_he_approves() {
    let mut world = world();
    let approvals = world.approvals(&[1, 1, 1]);
    let refused = combine(
        &world.desk.secret,
        &world.request,
        &world.sealed,
        &approvals,
    );
    assert!(matches!(
        refused,
        Err(IdentityError::TooFew {
            valid: 1,
            threshold: 2
        })
    ));
}

// The attacker holds the server's copy, the desk's key and one custodian's key, and makes up the
// second share; then he lowers the threshold.
#[test]
fn a_made_up_second_share_opens_nothing() {
    let mut world = world();
    let mut approvals = world.approvals(&[0, 1]);
    let other = world.custodians[1].public.fingerprint();
    let info = super::length_prefixed(&[
        b"noroshi/identity/approval/v1",
        &approvals[1].clone_request(),
        other.as_bytes(),
    ]);
    let forged =
        crate::envelope::seal_to(&world.desk.public, &info, &[2], &[9; 32], &mut world.random)
            .unwrap();
    approvals[1].replace_sealed(&forged);
    let one = verify_approval(
        &world.desk.secret,
        &world.request,
        &world.sealed,
        &approvals[1],
    );
    assert!(matches!(one, Err(IdentityError::WrongShare(of)) if of == other));
    let all = combine(
        &world.desk.secret,
        &world.request,
        &world.sealed,
        &approvals,
    );
    assert!(matches!(all, Err(IdentityError::TooFew { valid: 1, .. })));

    world.sealed.threshold = 1;
    let lowered = combine(
        &world.desk.secret,
        &world.request,
        &world.sealed,
        &approvals[..1],
    );
    assert!(lowered.is_err());
}

#[test]
fn an_approval_serves_its_own_request_only() {
    let mut world = world();
    let approvals = world.approvals(&[0, 1]);
    let desk = world.desk.public.clone();
    let change = |change: fn(&mut Asked)| {
        let mut other = asked();
        change(&mut other);
        OpeningRequest::new(&world.sealed, desk.clone(), other)
    };
    for other in [
        change(|asked| asked.by = "別の官庁".to_owned()),
        change(|asked| asked.purpose = "広報".to_owned()),
        change(|asked| asked.reason = "知りたい".to_owned()),
        change(|asked| asked.at = "2027-01-01T00:00:00Z".to_owned()),
    ] {
        let one = verify_approval(&world.desk.secret, &other, &world.sealed, &approvals[0]);
        assert!(matches!(one, Err(IdentityError::WrongRequest)));
        let all = combine(&world.desk.secret, &other, &world.sealed, &approvals);
        assert!(matches!(all, Err(IdentityError::TooFew { valid: 0, .. })));
    }
    let stranger = KeyPair::generate(&mut world.random);
    let refused = combine(&stranger.secret, &world.request, &world.sealed, &approvals);
    assert!(matches!(refused, Err(IdentityError::WrongRecipient)));
}

#[test]
fn nothing_of_one_report_serves_another() {
    let mut world = world();
    let approvals = world.approvals(&[0, 1]);
    let mut renamed = world.sealed.clone();
    renamed.report_id = "rpt_2".to_owned();
    let refused = combine(&world.desk.secret, &world.request, &renamed, &approvals);
    assert!(matches!(refused, Err(IdentityError::WrongRequest)));

    // The hub asks under another report's name: the custodian's share does not open.
    let request = OpeningRequest::new(&renamed, world.desk.public.clone(), asked());
    let refused = approve_share(&world.custodians[0].secret, &request, &mut world.random);
    assert!(matches!(
        refused,
        Err(IdentityError::Envelope(EnvelopeError::DoesNotOpen))
    ));

    let mut moved = world.sealed.clone();
    moved.hub = "other.example".to_owned();
    let request = OpeningRequest::new(&moved, world.desk.public.clone(), asked());
    assert!(approve_share(&world.custodians[0].secret, &request, &mut world.random).is_err());
}

#[test]
fn a_changed_block_does_not_open() {
    let mut world = world();
    let approvals = world.approvals(&[0, 1]);
    for at in [0, 5, 100] {
        let mut changed = world.sealed.clone();
        changed.block.0[at] ^= 1;
        let refused = combine(&world.desk.secret, &world.request, &changed, &approvals);
        assert!(
            matches!(refused, Err(IdentityError::BlockChanged)),
            "byte {at}"
        );
    }
}

#[test]
fn a_share_moves_to_a_successor() {
    let mut world = world();
    let successor = KeyPair::generate(&mut world.random);
    let leaving = world.custodians[2].secret.clone();
    let rewrapped = rewrap_share(
        &leaving,
        &successor.public,
        &world.sealed,
        &mut world.random,
    )
    .unwrap();
    world.request = OpeningRequest::new(&rewrapped, world.desk.public.clone(), asked());
    let refused = approve_share(&leaving, &world.request, &mut world.random);
    assert!(matches!(refused, Err(IdentityError::NotACustodian(_))));
    world.custodians[2] = successor;
    let approvals = world.approvals(&[0, 2]);
    let opened = combine(&world.desk.secret, &world.request, &rewrapped, &approvals).unwrap();
    assert_eq!(*opened.block, BLOCK);

    // No custodian may end up with two shares.
    let present = world.custodians[0].public.clone();
    let refused = rewrap_share(
        &world.custodians[1].secret,
        &present,
        &rewrapped,
        &mut world.random,
    );
    assert!(matches!(refused, Err(IdentityError::RepeatedCustodian)));
}

#[test]
fn senseless_seals_are_refused() {
    let mut world = world();
    let keys = keys(&world.custodians);
    let twice = [keys[0].clone(), keys[1].clone(), keys[0].clone()];
    let mut seal = |block: &[u8], custodians: &[PublicKey], threshold| {
        seal_identity(
            block,
            custodians,
            threshold,
            "hub",
            "rpt_1",
            &mut world.random,
        )
        .unwrap_err()
    };
    assert!(matches!(
        seal(BLOCK, &twice, 2),
        IdentityError::RepeatedCustodian
    ));
    for threshold in [0, 1, 4] {
        assert!(matches!(
            seal(BLOCK, &keys, threshold),
            IdentityError::Split(SplitError::Threshold { .. })
        ));
    }
    let long = vec![0; BLOCK_BYTES_MAX + 1];
    assert!(matches!(seal(&long, &keys, 2), IdentityError::BlockTooLong));
}

#[test]
fn the_length_of_the_block_tells_nothing_within_a_step() {
    let mut world = world();
    let keys = keys(&world.custodians);
    let mut lengths: Vec<usize> = [0, 1, 200, BLOCK_STEP_BYTES - 4, BLOCK_STEP_BYTES - 3]
        .iter()
        .map(|length| {
            seal_identity(
                &vec![1; *length],
                &keys,
                2,
                "hub",
                "rpt_1",
                &mut world.random,
            )
            .unwrap()
            .block
            .0
            .len()
        })
        .collect();
    assert!(
        lengths[..4].iter().all(|length| *length == lengths[0]),
        "{lengths:?}"
    );
    lengths.dedup();
    assert_eq!(lengths.len(), 2);
}

#[test]
fn the_files_keep_their_form() {
    let mut world = world();
    let sealed: serde_json::Value = serde_json::from_str(&world.sealed.to_json()).unwrap();
    assert_eq!(sealed["format"], "noroshi-sealed-identity-1");
    assert_eq!(sealed["hub"], "hub.example");
    assert_eq!(sealed["report_id"], "rpt_1");
    assert_eq!(sealed["threshold"], 2);
    assert_eq!(sealed["shares"][1]["index"], 2);
    assert_eq!(
        sealed["shares"][1]["custodian"],
        world.custodians[1].public.fingerprint().to_string()
    );
    let request: serde_json::Value = serde_json::from_str(&world.request.to_json()).unwrap();
    assert_eq!(request["format"], "noroshi-opening-request-1");
    assert_eq!(request["purpose"], "命に関わる連絡");
    assert_eq!(request["asked_by"], "架空セプター");
    assert_eq!(request["recipient"], world.desk.public.to_string());
    assert!(request.get("block").is_none());
    let approval = world.approvals(&[0]).remove(0).to_json();
    assert!(
        approval.contains("\"noroshi-opening-approval-1\""),
        "{approval}"
    );

    assert!(OpeningRequest::from_json(&world.sealed.to_json()).is_err());
    assert!(SealedIdentity::from_json(&world.request.to_json()).is_err());
    let newer = world.sealed.to_json().replace("identity-1", "identity-2");
    assert!(matches!(
        SealedIdentity::from_json(&newer),
        Err(IdentityError::NotTheFile(_))
    ));
}

#[test]
fn debug_and_errors_show_nothing_of_the_block() {
    let mut world = world();
    let approvals = world.approvals(&[0, 1]);
    let opened = combine(
        &world.desk.secret,
        &world.request,
        &world.sealed,
        &approvals,
    )
    .unwrap();
    let shown = format!(
        "{opened:?} {:?} {:?} {approvals:?}",
        world.sealed, world.request
    );
    assert!(!shown.contains("架空電力"), "{shown}");
    assert!(!shown.contains("命に関わる"), "{shown}");
    assert!(!shown.contains("浄水場"), "{shown}");
    assert!(!shown.contains(&format!("{:?}", &BLOCK[..4])), "{shown}");
}

impl Approval {
    fn clone_request(&self) -> Vec<u8> {
        serde_json::from_str::<serde_json::Value>(&self.to_json()).unwrap()["request"]
            .as_str()
            .map(|text| {
                data_encoding::BASE64URL_NOPAD
                    .decode(text.as_bytes())
                    .unwrap()
            })
            .unwrap()
    }

    fn replace_sealed(&mut self, sealed: &[u8]) {
        let mut file: serde_json::Value = serde_json::from_str(&self.to_json()).unwrap();
        file["sealed"] = data_encoding::BASE64URL_NOPAD.encode(sealed).into();
        *self = Self::from_json(&file.to_string()).unwrap();
    }
}
