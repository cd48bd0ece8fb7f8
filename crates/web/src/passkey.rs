//! Passkeys as browsers speak of them (`WebAuthn`), with the library that checks the answers.
//!
//! This is the one place where randomness is not an argument: the library draws its challenges
//! from the operating system. Nothing that the hub stores or shows depends on them afterwards.
//!
//! INVARIANT: a passkey is asked for with user verification, so that it is two factors by itself.

use axum::http::HeaderMap;
use hub::sign_in::{KnownPasskey, PasskeyOwner};
use serde_json::{Value as Json, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

use crate::problem::Problem;
use crate::state::Facts;

/// A ceremony just begun: what the browser gets, and what the hub keeps.
pub(crate) struct Begun {
    /// Options for the browser.
    pub(crate) options: Json,
    /// State for the hub.
    pub(crate) state: String,
}

/// The name under which authenticators know this hub.
pub(crate) struct RelyingParty(Webauthn);

impl RelyingParty {
    /// As browsers reach the hub. An address of this machine has the name `localhost`; another bare
    /// address has none, and no passkeys.
    pub(crate) fn of(facts: &Facts) -> Option<Self> {
        let origin = Url::parse(&passkey_base(&facts.base)?).ok()?;
        let name = origin.domain()?.to_owned();
        let party = WebauthnBuilder::new(&name, &origin)
            .ok()?
            .rp_name(&facts.name)
            .build()
            .ok()?;
        Some(Self(party))
    }

    /// Begins the registration of a passkey for `owner`.
    pub(crate) fn begin_registration(&self, owner: &PasskeyOwner) -> Result<Begun, Problem> {
        let known = owner.passkeys.iter().filter_map(passkey);
        let excluded = known.map(|key| key.cred_id().clone()).collect();
        let record = owner.record.content();
        let handle = Uuid::from_bytes(owner.handle);
        let (options, state) = self
            .0
            .start_passkey_registration(handle, &record.login, &record.name, Some(excluded))
            .map_err(|failure| Problem::trouble(&failure))?;
        let mut options = to_json(&options)?;
        // Nobody types a name before using a passkey here, so that the key itself has to know it.
        let selection = options
            .get_mut("publicKey")
            .and_then(|options| options.get_mut("authenticatorSelection"));
        if let Some(selection) = selection {
            *selection = json!({
                "residentKey": "required",
                "requireResidentKey": true,
                "userVerification": "required",
            });
        }
        Ok(Begun {
            options,
            state: to_json(&state)?.to_string(),
        })
    }

    /// The new passkey in the library's JSON, if `answer` is good.
    pub(crate) fn finish_registration(&self, answer: Json, state: &str) -> Result<String, Problem> {
        let answer: RegisterPublicKeyCredential = from_json(answer)?;
        let state: PasskeyRegistration = parsed(state)?;
        let passkey = self
            .0
            .finish_passkey_registration(&answer, &state)
            .map_err(|_| Problem::Malformed)?;
        Ok(to_json(&passkey)?.to_string())
    }

    /// Begins a sign-in by whichever passkey the browser offers.
    pub(crate) fn begin_sign_in(&self) -> Result<Begun, Problem> {
        let (options, state) = self
            .0
            .start_discoverable_authentication()
            .map_err(|failure| Problem::trouble(&failure))?;
        Ok(Begun {
            options: to_json(&options)?,
            state: to_json(&state)?.to_string(),
        })
    }

    /// Reads an answer and who gives it.
    pub(crate) fn read_answer(&self, answer: Json) -> Result<Answer, Problem> {
        let answer: PublicKeyCredential = from_json(answer)?;
        let (handle, _) = self
            .0
            .identify_discoverable_authentication(&answer)
            .map_err(|_| Problem::NotFound)?;
        Ok(Answer {
            handle: handle.into_bytes(),
            answer,
        })
    }

    /// The passkey among `known` that answered, as it is afterwards; `None` when the answer is not
    /// good.
    pub(crate) fn finish_sign_in(
        &self,
        answer: &Answer,
        state: &str,
        known: &[KnownPasskey],
    ) -> Option<KnownPasskey> {
        let state: DiscoverableAuthentication = serde_json::from_str(state).ok()?;
        known.iter().find_map(|one| {
            let mut key = passkey(one)?;
            if key.cred_id().as_slice() != answer.answer.get_credential_id() {
                return None;
            }
            let result = self
                .0
                .finish_discoverable_authentication_v2(
                    &answer.answer,
                    state.clone(),
                    DiscoverableKey::from(&key),
                )
                .ok()?;
            if !result.user_verified() {
                return None;
            }
            key.update_credential(&result)?;
            Some(KnownPasskey {
                id: one.id,
                json: serde_json::to_string(&key).ok()?,
            })
        })
    }
}

/// An answer of an authenticator, with the person it names. Not yet checked.
pub(crate) struct Answer {
    pub(crate) handle: [u8; 16],
    answer: PublicKeyCredential,
}

/// Where passkeys work, if not at the address that this request came to.
pub(crate) fn elsewhere(facts: &Facts, headers: &HeaderMap) -> Option<String> {
    let base = passkey_base(&facts.base)?;
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    let here = base.split_once("://").map(|(_, host)| host) == host;
    (!here).then_some(base)
}

/// The base address with a name: browsers make no passkey for a number.
fn passkey_base(base: &str) -> Option<String> {
    let url = Url::parse(base).ok()?;
    if url.domain().is_some() {
        return Some(base.to_owned());
    }
    let local = ["127.0.0.1", "[::1]"].contains(&url.host_str()?);
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    local.then(|| format!("{}://localhost{port}", url.scheme()))
}

fn passkey(known: &KnownPasskey) -> Option<Passkey> {
    serde_json::from_str(&known.json).ok()
}

fn to_json(value: &impl serde::Serialize) -> Result<Json, Problem> {
    serde_json::to_value(value).map_err(|failure| Problem::trouble(&failure))
}

fn from_json<T: serde::de::DeserializeOwned>(value: Json) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|_| Problem::Malformed)
}

fn parsed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|failure| Problem::trouble(&failure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_name() {
        for (base, works_at) in [
            ("https://hub.example", Some("https://hub.example")),
            ("http://127.0.0.1:8470", Some("http://localhost:8470")),
            ("http://[::1]:8470", Some("http://localhost:8470")),
            ("https://192.0.2.7", None),
            ("hub.example", None),
        ] {
            assert_eq!(passkey_base(base).as_deref(), works_at, "{base}");
        }
    }
}
