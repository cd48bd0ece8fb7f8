//! Members of an organization: who they are, inviting, changing posts, handing over.

use axum::routing::{get, post};
use domain::actor::Actor;
use domain::id::OrganizationId;
use domain::organization::Tier;
use domain::policy::{Action, Held, may_grant, permits};
use hub::addressing::OrganizationLabel;
use hub::invite::InviteError;
use hub::members::MemberError;
use view::form::Choice;
use view::layout::Tone;
use view::page::members::{House, Office, Whose, role_hint};
use view::words::Words;

use crate::names;
use crate::problem::Problem;
use crate::routes::{Needs, Route};
use crate::upload;

mod bring_in;
mod hand_over;
mod import;
mod invite;
mod list;
mod organizations;
mod person;

const RUNS: Needs = Needs::May(Action::ManageMembers);
// Also for the pages with the forms: nobody fills in what he may not send any more.
const RUNS_RECENT: Needs = Needs::MayRecent(Action::ManageMembers);

pub(crate) const ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/members",
        needs: RUNS,
        handler: || get(list::show),
    },
    Route {
        method: "POST",
        path: "/members/invitations/revoke",
        needs: RUNS_RECENT,
        handler: || post(list::revoke),
    },
    Route {
        method: "GET",
        path: "/members/invite",
        needs: RUNS_RECENT,
        handler: || get(invite::show),
    },
    Route {
        method: "POST",
        path: "/members/invite",
        needs: RUNS_RECENT,
        handler: || post(invite::send),
    },
    Route {
        method: "GET",
        path: "/members/organizations",
        needs: Needs::May(Action::ManageHub),
        handler: || get(organizations::show),
    },
    Route {
        method: "GET",
        path: "/members/organizations/new",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || get(organizations::ask),
    },
    Route {
        method: "POST",
        path: "/members/organizations",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || post(organizations::enter),
    },
    Route {
        method: "GET",
        path: "/members/organizations/import",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || get(bring_in::show),
    },
    Route {
        method: "POST",
        path: "/members/organizations/import",
        needs: Needs::May(Action::ManageHub),
        handler: || post(bring_in::check).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/members/organizations/import/marked",
        needs: Needs::May(Action::ManageHub),
        handler: || post(bring_in::marked).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/members/organizations/import/enter",
        needs: Needs::MayRecent(Action::ManageHub),
        handler: || post(bring_in::enter).layer(upload::limit()),
    },
    Route {
        method: "GET",
        path: "/members/organizations/import/template.xlsx",
        needs: Needs::May(Action::ManageHub),
        handler: || get(bring_in::workbook),
    },
    Route {
        method: "GET",
        path: "/members/organizations/import/template.csv",
        needs: Needs::May(Action::ManageHub),
        handler: || get(bring_in::comma_separated),
    },
    Route {
        method: "GET",
        path: "/members/hand-over",
        needs: RUNS_RECENT,
        handler: || get(hand_over::choose),
    },
    Route {
        method: "GET",
        path: "/members/hand-over/review",
        needs: RUNS_RECENT,
        handler: || get(hand_over::review),
    },
    Route {
        method: "POST",
        path: "/members/hand-over",
        needs: RUNS_RECENT,
        handler: || post(hand_over::press),
    },
    Route {
        method: "GET",
        path: "/members/{person}",
        needs: RUNS_RECENT,
        handler: || get(person::show),
    },
    Route {
        method: "POST",
        path: "/members/place/change",
        needs: RUNS_RECENT,
        handler: || post(person::change),
    },
    Route {
        method: "POST",
        path: "/members/place/end",
        needs: RUNS_RECENT,
        handler: || post(person::end),
    },
    Route {
        method: "POST",
        path: "/members/place/give",
        needs: RUNS_RECENT,
        handler: || post(person::give),
    },
    Route {
        method: "POST",
        path: "/members/reset",
        needs: RUNS_RECENT,
        handler: || post(person::reset),
    },
    Route {
        method: "GET",
        path: "/members/import",
        needs: RUNS_RECENT,
        handler: || get(import::show),
    },
    Route {
        method: "POST",
        path: "/members/import",
        needs: RUNS,
        handler: || post(import::check).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/members/import/marked",
        needs: RUNS,
        handler: || post(import::marked).layer(upload::limit()),
    },
    Route {
        method: "POST",
        path: "/members/import/invite",
        needs: RUNS_RECENT,
        handler: || post(import::invite).layer(upload::limit()),
    },
    Route {
        method: "GET",
        path: "/members/import/template.xlsx",
        needs: RUNS,
        handler: || get(import::workbook),
    },
    Route {
        method: "GET",
        path: "/members/import/template.csv",
        needs: RUNS,
        handler: || get(import::comma_separated),
    },
];

/// What the last action did, on every page of members.
pub(crate) const SAID: &[(&str, Tone, &str)] = &[
    ("revoked", Tone::Done, "members-revoked"),
    ("invited", Tone::Done, "members-invited"),
    ("changed", Tone::Done, "members-changed"),
    ("ended", Tone::Done, "members-ended"),
    ("given", Tone::Done, "members-given"),
    ("mailed", Tone::Done, "members-reset-mailed"),
    ("handed-over", Tone::Done, "members-handed-over"),
    ("entered", Tone::Done, "members-organization-entered"),
    ("last", Tone::Failure, "members-said-last"),
    ("beyond", Tone::Failure, "members-said-beyond"),
    ("yourself", Tone::Failure, "members-said-yourself"),
    ("held", Tone::Failure, "members-said-held"),
    ("old", Tone::Warning, "members-said-changed"),
];

/// The organization that a query or form names; the actor's own when it names none.
fn asked(text: &str, actor: &Actor) -> Result<OrganizationId, Problem> {
    if text.is_empty() {
        Ok(actor.organization)
    } else {
        text.parse().map_err(|_| Problem::NotFound)
    }
}

/// The organization as the pages of members name it.
fn house(label: &OrganizationLabel, actor: &Actor, words: Words) -> House {
    House {
        id: label.id.to_string(),
        name: names::organization(label, words),
        whose: if label.id == actor.organization {
            Whose::Own
        } else {
            Whose::Other
        },
        office: if permits(actor, Action::ManageHub) {
            Office::Hub
        } else {
            Office::Organization
        },
    }
}

/// `path` about `organization`, with a word of what was done.
fn back(path: &str, organization: OrganizationId, actor: &Actor, said: &str) -> String {
    if organization == actor.organization {
        format!("{path}?said={said}")
    } else {
        format!("{path}?organization={organization}&said={said}")
    }
}

/// The roles that `actor` gives in `organization`, each with what it is for.
fn roles(actor: &Actor, organization: OrganizationId, words: Words) -> Vec<Choice> {
    domain::organization::Role::ALL
        .iter()
        .filter(|role| {
            let held = Held {
                organization,
                role: **role,
            };
            may_grant(actor, held)
        })
        .map(|role| {
            Choice::new(role.word(), words.t(&format!("role-{role}"))).hint(role_hint(*role, words))
        })
        .collect()
}

fn tiers(words: Words) -> Vec<Choice> {
    let tier = |tier: &Tier| Choice::new(tier.word(), words.t(&format!("tier-{tier}")));
    Tier::ALL.iter().map(tier).collect()
}

/// The word that tells why nothing changed; a problem for what the pages never send.
fn said(error: MemberError) -> Result<&'static str, Problem> {
    Ok(match error {
        MemberError::LastAdministrator => "last",
        MemberError::Beyond(_) | MemberError::OutOfReach => "beyond",
        MemberError::Yourself => "yourself",
        MemberError::Held => "held",
        MemberError::Changed => "old",
        other => return Err(other.into()),
    })
}

impl From<MemberError> for Problem {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::NotFound => Self::NotFound,
            MemberError::Store(source) => Self::trouble(&source),
            // The pages explain these where they can be met; elsewhere the page is simply old.
            _ => Self::Changed,
        }
    }
}

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NotFound | InviteError::Beyond(_) => Self::NotFound,
            InviteError::Posts => Self::Malformed,
            InviteError::TooMany => Self::Changed,
            InviteError::Store(source) => Self::trouble(&source),
        }
    }
}
