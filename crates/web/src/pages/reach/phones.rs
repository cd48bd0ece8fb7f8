//! `GET /advisories/{advisory}/phones`: whom to call, for the screen and for paper.

use askama::Template as _;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::id::AdvisoryId;
use hub::reach::{Contact, PhoneLine, Told};
use view::layout::Frame;
use view::page::reach::phones::{ContactItem, PhoneItem, Phones};
use view::words::Words;

use super::show::head;
use crate::names::organization;
use crate::problem::Problem;
use crate::state::AppState;
use crate::visit::Signed;

/// Shows the phone list; handing it out is noted.
pub(crate) async fn show(
    State(state): State<AppState>,
    Path(advisory): Path<String>,
    Signed { visit, actor }: Signed,
) -> Result<Html<String>, Problem> {
    let id: AdvisoryId = advisory.parse().map_err(|_| Problem::NotFound)?;
    let frame = Frame {
        path: format!("/advisories/{id}/phones"),
        ..visit.frame(&state)
    };
    let words = frame.words;
    let list = state
        .call(move |hub| hub::reach::phones(hub, &Signed::call(&actor, &visit), id))
        .await?;
    let page = Phones {
        head: head(&list.row, &list.issuer, words),
        lines: list
            .lines
            .into_iter()
            .map(|line| item(line, words))
            .collect(),
        frame,
    };
    Ok(Html(page.render()?))
}

fn item(PhoneLine { line, contacts }: PhoneLine, words: Words) -> PhoneItem {
    PhoneItem {
        organization: organization(&line.organization, words),
        tier: line.row.tier,
        progress: line.row.progress,
        urgency: line.urgency,
        due_at: line.due_at,
        contacts: contacts.into_iter().map(contact).collect(),
    }
}

fn contact(contact: Contact) -> ContactItem {
    ContactItem {
        name: contact.name,
        phone: contact.phone,
        role: contact.role,
        was_told: contact.was_told == Told::Yes,
    }
}
