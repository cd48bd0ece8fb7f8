//! `GET /api/v1/me`: for whom the token acts, and what it may do.

use axum::Json;
use domain::policy::{Action, permits};
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::visit::{Signed, Visit};

/// Shows place, purpose and scope of the token.
pub(crate) async fn show(Signed { visit, actor }: Signed) -> Result<Json<Value>, Problem> {
    let may: Vec<&str> = Action::ALL
        .iter()
        .filter(|action| permits(&actor, **action))
        .map(|action| action.word())
        .collect();
    let (ja, en) = names(&visit).ok_or(Problem::NotFound)?;
    Ok(Json(json!({
        "organization": {
            "id": actor.organization.to_string(),
            "kind": actor.kind.word(),
            "name": { "ja": ja, "en": en },
        },
        "role": actor.role.word(),
        "tier": actor.tier.word(),
        "purpose": actor.purpose.as_str(),
        "scope": may,
    })))
}

fn names(visit: &Visit) -> Option<(String, String)> {
    visit
        .session
        .as_ref()
        .map(|session| session.organization_names.clone())
}
