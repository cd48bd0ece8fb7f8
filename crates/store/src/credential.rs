//! What people sign in with: passwords, keys of one-time codes, recovery codes, passkeys.
//!
//! Every secret is encrypted under its person's own key: erasing the person erases it.

use std::fmt;

use domain::id::{CredentialId, PersonId};
use domain::time::Timestamp;
use rusqlite::named_params;
use seal::secret::password::PasswordHash;
use seal::secret::totp::TotpKey;

use crate::error::StoreError;
use crate::keyring::Place;
use crate::row::{Columns, change, collect};
use crate::transaction::{Reader, Tx};

/// A credential in force.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its id.
    pub id: CredentialId,
    /// The person.
    pub person: PersonId,
    /// The secret side of it.
    pub secret: Secret,
    /// What the person calls it; `None` for passwords and codes.
    pub label: Option<String>,
    /// For one-time codes: the last step that was accepted; `None` before the first, and for others.
    pub last_step: Option<u64>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used; `None` before the first time.
    pub used_at: Option<Timestamp>,
}

/// The secret side of a credential.
#[derive(Clone)]
pub enum Secret {
    /// Hash of a password.
    Password(PasswordHash),
    /// Key of one-time codes.
    Totp(TotpKey),
    /// Keyed hash of a recovery code.
    Recovery([u8; 32]),
    /// A passkey, in the JSON of the library that checks it.
    Passkey(String),
}

/// Adds a credential to a person.
pub fn insert(
    tx: &Tx<'_>,
    id: CredentialId,
    person: PersonId,
    secret: &Secret,
    label: Option<&str>,
) -> Result<(), StoreError> {
    const INSERT: &str = "-- credential.insert
        INSERT INTO credential (credential_id, person_id, kind, body, label, created_at, updated_by)
        VALUES (:credential, :person, :kind, :body, :label, :now, :by)";
    let (owner, row) = (person.to_string(), id.to_string());
    let body = tx.sealed(&place(&owner, &row), &secret.to_bytes())?;
    change(
        tx.data(),
        "credential.insert",
        INSERT,
        named_params! {
            ":credential": row,
            ":person": owner,
            ":kind": secret.kind(),
            ":body": body,
            ":label": label,
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Credentials of a person that are in force, oldest first.
pub fn of_person(reader: &Reader<'_>, person: PersonId) -> Result<Vec<Credential>, StoreError> {
    const LIST: &str = "-- credential.of_person
        SELECT * FROM credential WHERE person_id = :person AND revoked_at IS NULL
        ORDER BY created_at, credential_id";
    let owner = person.to_string();
    let found = collect(
        reader.data(),
        "credential.of_person",
        "credential",
        LIST,
        named_params! {":person": owner},
        |row| credential(reader, person, row),
    )?;
    Ok(found.into_iter().flatten().collect())
}

/// How many credentials of that kind the person has ever had, revoked ones included.
pub fn count_ever(reader: &Reader<'_>, person: PersonId, kind: &str) -> Result<u32, StoreError> {
    const COUNT: &str = "-- credential.count_ever
        SELECT count(*) AS n FROM credential WHERE person_id = :person AND kind = :kind";
    let found = collect(
        reader.data(),
        "credential.count_ever",
        "credential",
        COUNT,
        named_params! {":person": person.to_string(), ":kind": kind},
        |row| row.plain("n"),
    )?;
    Ok(found.first().copied().unwrap_or(0))
}

/// Notes a use. For one-time codes, `step` must be later than the last one accepted: `false` when
/// it is not, or when the credential is no longer in force.
pub fn use_now(tx: &Tx<'_>, id: CredentialId, step: Option<u64>) -> Result<bool, StoreError> {
    const USE: &str = "-- credential.use_now
        UPDATE credential SET used_at = :now, last_step = coalesce(:step, last_step), updated_by = :by
        WHERE credential_id = :credential AND revoked_at IS NULL
          AND (:step IS NULL OR last_step IS NULL OR last_step < :step)";
    let changed = change(
        tx.data(),
        "credential.use_now",
        USE,
        named_params! {
            ":credential": id.to_string(),
            ":step": step.map(|step| i64::try_from(step).unwrap_or(i64::MAX)),
            ":now": tx.now().micros(),
            ":by": tx.name(),
        },
    )?;
    Ok(changed == 1)
}

/// Puts another secret of the same kind in its place: a password hashed at another cost, a passkey
/// whose counter moved.
pub fn replace_secret(
    tx: &Tx<'_>,
    credential: &Credential,
    secret: &Secret,
) -> Result<(), StoreError> {
    const REPLACE: &str = "-- credential.replace_secret
        UPDATE credential SET body = :body, updated_by = :by
        WHERE credential_id = :credential AND kind = :kind AND revoked_at IS NULL";
    let (owner, row) = (credential.person.to_string(), credential.id.to_string());
    let body = tx.sealed(&place(&owner, &row), &secret.to_bytes())?;
    change(
        tx.data(),
        "credential.replace_secret",
        REPLACE,
        named_params! {
            ":credential": row, ":kind": secret.kind(), ":body": body, ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Puts a credential out of force; `false` when the person has none in force with that id.
pub fn revoke(tx: &Tx<'_>, person: PersonId, id: CredentialId) -> Result<bool, StoreError> {
    const REVOKE: &str = "-- credential.revoke
        UPDATE credential SET revoked_at = :now, updated_by = :by
        WHERE credential_id = :credential AND person_id = :person AND revoked_at IS NULL";
    let changed = change(
        tx.data(),
        "credential.revoke",
        REVOKE,
        named_params! {
            ":credential": id.to_string(), ":person": person.to_string(),
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )?;
    Ok(changed == 1)
}

/// Puts every credential of that kind out of force.
pub fn revoke_kind(tx: &Tx<'_>, person: PersonId, kind: &str) -> Result<(), StoreError> {
    const REVOKE: &str = "-- credential.revoke_kind
        UPDATE credential SET revoked_at = :now, updated_by = :by
        WHERE person_id = :person AND kind = :kind AND revoked_at IS NULL";
    change(
        tx.data(),
        "credential.revoke_kind",
        REVOKE,
        named_params! {
            ":person": person.to_string(), ":kind": kind,
            ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

/// Puts every credential of a person out of force.
pub fn revoke_all(tx: &Tx<'_>, person: PersonId) -> Result<(), StoreError> {
    const REVOKE: &str = "-- credential.revoke_all
        UPDATE credential SET revoked_at = :now, updated_by = :by
        WHERE person_id = :person AND revoked_at IS NULL";
    change(
        tx.data(),
        "credential.revoke_all",
        REVOKE,
        named_params! {
            ":person": person.to_string(), ":now": tx.now().micros(), ":by": tx.name(),
        },
    )
    .map(|_| ())
}

impl Secret {
    /// Word of the kind of a password.
    pub const PASSWORD: &'static str = "password";
    /// Word of the kind of one-time codes.
    pub const TOTP: &'static str = "totp";
    /// Word of the kind of recovery codes.
    pub const RECOVERY: &'static str = "recovery-code";
    /// Word of the kind of passkeys.
    pub const PASSKEY: &'static str = "passkey";

    /// The fixed word of its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Password(_) => Self::PASSWORD,
            Self::Totp(_) => Self::TOTP,
            Self::Recovery(_) => Self::RECOVERY,
            Self::Passkey(_) => Self::PASSKEY,
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Password(hash) => hash.as_str().as_bytes().to_vec(),
            Self::Totp(key) => key.as_bytes().to_vec(),
            Self::Recovery(hash) => hash.to_vec(),
            Self::Passkey(json) => json.as_bytes().to_vec(),
        }
    }

    fn from_bytes(kind: &str, bytes: &[u8]) -> Option<Self> {
        let text = || std::str::from_utf8(bytes).ok();
        match kind {
            Self::PASSWORD => PasswordHash::parse(text()?).ok().map(Self::Password),
            Self::TOTP => {
                let key: [u8; 20] = bytes.try_into().ok()?;
                Some(Self::Totp(TotpKey::from_bytes(key)))
            }
            Self::RECOVERY => bytes.try_into().ok().map(Self::Recovery),
            Self::PASSKEY => text().map(|json| Self::Passkey(json.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Secret({}, redacted)", self.kind())
    }
}

/// The row's credential; `None` when the person's key was destroyed.
fn credential(
    reader: &Reader<'_>,
    person: PersonId,
    row: &Columns<'_>,
) -> Result<Option<Credential>, StoreError> {
    let corrupt = |column| StoreError::Corrupt {
        table: "credential",
        column,
    };
    let id: CredentialId = row.word("credential_id")?;
    let kind: String = row.plain("kind")?;
    let sealed: Vec<u8> = row.plain("body")?;
    let (owner, name) = (person.to_string(), id.to_string());
    let Some(bytes) = reader.opened(&place(&owner, &name), &sealed)? else {
        return Ok(None);
    };
    let last_step: Option<i64> = row.plain("last_step")?;
    Ok(Some(Credential {
        id,
        person,
        secret: Secret::from_bytes(&kind, &bytes).ok_or(corrupt("body"))?,
        label: row.plain("label")?,
        last_step: last_step.and_then(|step| u64::try_from(step).ok()),
        created_at: row.time("created_at")?,
        used_at: row.time_or_none("used_at")?,
    }))
}

fn place<'p>(person: &'p str, row: &'p str) -> Place<'p> {
    Place {
        object: person,
        table: "credential",
        column: "body",
        row,
    }
}
