//! Findings: carriers send in what they found, desks look at it together and say what it is.
//!
//! A finding is a report's sibling: a part with terms of its own, sealed under its own key, read
//! through the gate by its audience. It has crossed the border when it arrives: what a carrier sends
//! is codes, hours and steps, without a text and without a subscriber, and the hub takes nothing else.
//!
//! INVARIANT: no reader learns which carrier found something, but the carrier itself.

mod arrive;
mod campaign;
mod desk;
mod judge;
mod list;
mod outside;
mod share;
mod turned;
mod withdraw;

pub use arrive::{
    ArriveError, Fate, FindingTerms, Taken, Understood, WrongLine, default_circles, submit,
    understand,
};
pub(crate) use campaign::cured_after;
pub use campaign::{CampaignError, OwnCampaign, own_campaign, write_campaign};
pub use desk::{Happened, Mention, Opened, Said, Standpoint, open};
pub use list::{JUDGED_MAX, Judged, LISTED_MAX, Listed, Row, list, verdicts};
pub use outside::{
    NewList, OutsideListError, SERVERS_PER_WRITE_MAX, outside_lists, remove_list, write_list,
};
pub use share::rested_on;
pub(crate) use share::{note_shared, rest_on};
pub use store::network::Held;

pub use withdraw::withdraw;

pub use judge::{JUDGED_DAYS_MAX, JudgeError, judge, note_step};

use domain::actor::Actor;
use domain::id::{OrganizationId, PersonId};
use domain::organization::OrganizationKind as Kind;
use store::Tx;

/// Who wrote an entry of the log. Of a carrier's people a mark stands there that only the hub's key
/// resolves: whoever may open every entry would else learn which carrier found what.
fn by(tx: &Tx<'_>, object: &str, actor: &Actor) -> (&'static str, String) {
    match actor.kind {
        Kind::Operator | Kind::Supplier => mark(tx, object, actor.person),
        Kind::Ceptoar
        | Kind::Isac
        | Kind::Ministry
        | Kind::NationalCenter
        | Kind::CoordinationCenter
        | Kind::Police
        | Kind::HelpDesk => ("by", actor.person.to_string()),
    }
}

/// Whose entry of the log about a candidate it is: a desk's own. One of a carrier's people is nobody's,
/// since the owner stands in the entry.
fn owner(actor: &Actor) -> Option<OrganizationId> {
    let is_carrier = matches!(actor.kind, Kind::Operator | Kind::Supplier);
    (!is_carrier).then_some(actor.organization)
}

/// The mark of a person in the entry about `object`.
fn mark(tx: &Tx<'_>, object: &str, person: PersonId) -> (&'static str, String) {
    let fields = [object.to_owned(), person.to_string()];
    let mark = tx.mark("log/finding-by", &fields.each_ref().map(String::as_bytes));
    ("mark", mark)
}
