//! Tokens of the API: a program acts for a place, within a scope, until a day.
//!
//! INVARIANT: a token does nothing that its owner may not do at that moment: role, place, scope and
//! purpose are looked at with every call.
//! INVARIANT: what takes two persons, and whatever gives others a privilege, is never in a scope: a
//! program is not a person.

use std::collections::BTreeSet;

use domain::actor::{Actor, Assurance};
use domain::id::{ApiTokenId, MembershipId};
use domain::policy::{Action, actions};
use domain::text::BoundedText;
use domain::time::Timestamp;
use domain::word::Code;
use seal::random::Random;
use seal::secret::bearer::{BearerKind, BearerSecret};
use store::api_token;
use store::log::{Entry, record};
use store::{Stamp, StoreError, Tx, person};

use crate::call::{Call, Hub, ReadError};
use crate::set_up::{SetUp, SetUpError};
use crate::sign_in::{Resumed, purposes, reads_for_its_purpose, resumed};

pub use store::api_token::ApiToken;

/// Longest life of a token, in seconds: a year.
pub const TOKEN_SECONDS_MAX: i64 = 365 * 86_400;
/// Most tokens in force at one place.
pub const TOKENS_MAX: usize = 20;
/// Longest label, in characters.
pub const TOKEN_LABEL_CHARS_MAX: usize = 40;

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub label: BoundedText<TOKEN_LABEL_CHARS_MAX>,
    /// The actions it is limited to.
    pub scope: BTreeSet<Action>,
    /// The purpose of use it reads for.
    pub purpose: Code,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Nothing in the scope, or an action that the owner may not take or no token may.
    #[error("the scope is empty or goes beyond what a token of this role may do")]
    Scope,
    /// The owner may not read for that purpose.
    #[error("this role does not read for that purpose")]
    Purpose,
    /// It would live longer than a year, or not at all.
    #[error("a token lives for up to 365 days; choose an earlier end")]
    Life,
    /// As many as one place can have.
    #[error("there are {TOKENS_MAX} tokens in force; revoke one that is no longer used")]
    TooMany,
    /// The place is not held.
    #[error("nothing is here")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a token for the caller's place; its secret, which is shown once.
pub fn issue(hub: &Hub, call: &Call<'_>, new: NewToken) -> Result<String, TokenError> {
    if call.actor.assurance == Assurance::Invitation {
        return Err(TokenError::NotFound);
    }
    check(hub, call.actor, &new, call.now)?;
    write(hub, call.actor.clone(), new, call.now, &call.random)
}

/// Makes a token for `place` at the console: for the demo's links file.
///
/// # Errors
/// As [`issue`]; [`SetUpError::NotPermitted`] when the caller may not set up the hub.
pub fn issue_for(
    hub: &Hub,
    set_up: &SetUp<'_>,
    place: MembershipId,
    new: NewToken,
) -> Result<String, IssueForError> {
    set_up.check()?;
    let now = set_up.now;
    let purpose = new.purpose.clone();
    let actor = hub
        .store
        .read(move |reader| crate::sign_in::actor(reader, place, purpose, Assurance::Token, now))
        .map_err(|error| match error {
            ReadError::NotFound => TokenError::NotFound,
            ReadError::Store(source) => TokenError::Store(source),
        })?;
    check(hub, &actor, &new, now)?;
    let random = set_up.random.derive(&format!("tokens.issue_for {place}"));
    Ok(write(hub, actor, new, now, &random)?)
}

/// Why no token was made at the console.
#[derive(Debug, thiserror::Error)]
pub enum IssueForError {
    /// The caller may not set up the hub.
    #[error(transparent)]
    SetUp(#[from] SetUpError),
    /// The token cannot be made.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// The actions that a token of `actor` can be limited to, in declared order.
pub fn scopes(actor: &Actor) -> Vec<Action> {
    actions(actor.kind, actor.role)
        .into_iter()
        .filter(|action| !FOR_PERSONS.contains(action))
        .collect()
}

/// What only a person does.
const FOR_PERSONS: &[Action] = &[
    Action::ApproveRelease,
    Action::IssueAdvisory,
    Action::RequestOpening,
    Action::ApproveOpening,
    Action::ManageMembers,
    Action::ManageHub,
];

/// The tokens in force at the caller's place, newest first.
pub fn list(hub: &Hub, call: &Call<'_>) -> Result<Vec<ApiToken>, ReadError> {
    let (place, now) = (call.actor.membership, call.now);
    hub.store
        .read(move |reader| Ok(api_token::of_membership(reader, place, now)?))
}

/// Puts a token of the caller's place out of force.
///
/// # Errors
/// [`ReadError::NotFound`] when the place has no such token.
pub fn revoke(hub: &Hub, call: &Call<'_>, id: ApiTokenId) -> Result<(), ReadError> {
    let actor = call.actor.clone();
    hub.store.write(call.stamp("tokens.revoke"), move |tx| {
        if !api_token::revoke(tx, actor.membership, id)? {
            return Err(ReadError::NotFound);
        }
        Ok(noted(tx, "token-revoked", id, &actor, Vec::new())?)
    })
}

/// Who acts under the token with that secret.
///
/// # Errors
/// [`ReadError::NotFound`] when it is unknown, revoked or expired, the place no longer held, or its
/// purpose one that the place does not read for any more.
pub fn resume(hub: &Hub, secret: &str, now: Timestamp) -> Result<Resumed, ReadError> {
    let hash = BearerSecret::parse(BearerKind::Api, secret)
        .map_err(|_| ReadError::NotFound)?
        .stored_hash();
    let resumed = hub.store.read(move |reader| {
        let token = api_token::find(reader, &hash, now)?.ok_or(ReadError::NotFound)?;
        let mut actor = crate::sign_in::actor(
            reader,
            token.membership,
            token.purpose,
            Assurance::Token,
            now,
        )?;
        actor.scope = Some(token.scope);
        // A token carries no form and begins no session.
        resumed(reader, actor, String::new(), token.created_at)
    })?;
    if reads_for_its_purpose(hub, &resumed.actor, now) {
        Ok(resumed)
    } else {
        Err(ReadError::NotFound)
    }
}

fn check(hub: &Hub, actor: &Actor, new: &NewToken, now: Timestamp) -> Result<(), TokenError> {
    let possible = scopes(actor);
    if new.scope.is_empty() || !new.scope.iter().all(|action| possible.contains(action)) {
        return Err(TokenError::Scope);
    }
    if !purposes(hub, actor, now).contains(&new.purpose) {
        return Err(TokenError::Purpose);
    }
    let life = new.expires_at.seconds_since(now);
    if (1..=TOKEN_SECONDS_MAX).contains(&life) {
        Ok(())
    } else {
        Err(TokenError::Life)
    }
}

fn write(
    hub: &Hub,
    actor: Actor,
    new: NewToken,
    now: Timestamp,
    random: &Random,
) -> Result<String, TokenError> {
    let mut drawn = random.derive("tokens.secret");
    let secret = BearerSecret::generate(BearerKind::Api, &mut drawn);
    let hash = secret.stored_hash();
    let token = ApiToken {
        id: ApiTokenId::from_random(drawn.bytes()),
        membership: actor.membership,
        label: new.label.as_str().to_owned(),
        scope: new.scope,
        purpose: new.purpose,
        created_at: now,
        expires_at: new.expires_at,
    };
    let stamp = Stamp {
        name: "tokens.issue",
        now,
        random: random.derive("tokens.issue"),
    };
    hub.store.write(stamp, move |tx| {
        if person::membership(tx, actor.membership, now)?.is_none() {
            return Err(TokenError::NotFound);
        }
        if api_token::of_membership(tx, actor.membership, now)?.len() >= TOKENS_MAX {
            return Err(TokenError::TooMany);
        }
        api_token::insert(tx, &hash, &token)?;
        let words: Vec<_> = token.scope.iter().map(|action| action.word()).collect();
        let facts = vec![("scope", words.join(" "))];
        Ok(noted(tx, "token-issued", token.id, &actor, facts)?)
    })?;
    Ok(secret.expose_text().to_string())
}

fn noted(
    tx: &Tx<'_>,
    event: &'static str,
    id: ApiTokenId,
    actor: &Actor,
    mut facts: Vec<(&'static str, String)>,
) -> Result<(), StoreError> {
    facts.push(("place", actor.membership.to_string()));
    let entry = Entry {
        event,
        object: id.to_string(),
        owner: Some(actor.organization),
        facts,
    };
    record(tx, &entry)
}
