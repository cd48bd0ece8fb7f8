//! Tombstones as pages and lists show them.

use domain::actor::Actor;
use domain::policy::{Action, permits};
use hub::tombstone::{Cause as Happened, Side, Tombstone as Found};
use view::layout::Frame;
use view::page::withdrawal::{Cause, Stand, Stone, Tombstone};
use view::words::Words;

use crate::names::organization;

/// The page of what is left of an advisory.
pub(crate) fn page(frame: Frame, actor: &Actor, found: &Found) -> Tombstone {
    let may = match found.side {
        Side::Issuer => Stand::Issuer,
        Side::Holder if permits(actor, Action::Acknowledge) => Stand::Answers,
        Side::Holder => Stand::Reads,
    };
    Tombstone {
        stone: stone(found, frame.words),
        may,
        frame,
    }
}

/// One tombstone in the reader's language.
pub(crate) fn stone(found: &Found, words: Words) -> Stone {
    let (cause, why) = match found.cause {
        Happened::Recalled(why, _) => (Cause::Recalled, Some(why)),
        Happened::Tightened(why, _) => (Cause::Tightened, Some(why)),
        Happened::Amended => (Cause::Amended, None),
    };
    let said = found.confirmed.as_ref();
    Stone {
        href: format!("/advisories/{}", found.id),
        number: found.number.clone(),
        kind: found.kind,
        issuer: organization(&found.issuer, words),
        issued_at: found.issued_at,
        lost_at: found.lost_at,
        cause,
        why,
        copies: found.cause.copies(),
        confirmed: said.map(|said| (said.disposal, said.confirmed_at)),
    }
}
