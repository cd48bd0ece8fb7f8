//! Signed text: C2SP signed-note with Ed25519 keys.
//!
//! A note is text, an empty line, and one line per signature. Keys have the text forms of the Go
//! tools (`name+id+base64`), so that a log of ours can be watched with the programs of others.

use std::fmt;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::derivation::first_bytes;
use crate::random::Random;

/// A key that signs notes. Its owner signs with the same name for the life of the key.
pub struct NoteSigner {
    name: String,
    key: SigningKey,
}

impl NoteSigner {
    /// Draws a new key for `name`, which should be an address without scheme such as
    /// `noroshi.example/log`.
    pub fn generate(name: &str, random: &mut Random) -> Result<Self, NoteError> {
        let seed = Zeroizing::new(random.bytes());
        Ok(Self {
            name: valid_name(name)?,
            key: SigningKey::from_bytes(&seed),
        })
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let encoded = text
            .trim()
            .strip_prefix(SIGNER_PREFIX)
            .ok_or(NoteError::NotAKey)?;
        let parts = KeyParts::parse(encoded)?;
        let signer = Self {
            name: parts.name,
            key: SigningKey::from_bytes(&parts.bytes),
        };
        if signer.verifier().id() == parts.id {
            Ok(signer)
        } else {
            Err(NoteError::NotAKey)
        }
    }

    /// The text form for the key file: `PRIVATE+KEY+<name>+<id>+<base64>`.
    pub fn expose_text(&self) -> Zeroizing<String> {
        let mut encoded = Zeroizing::new(Vec::with_capacity(33));
        encoded.push(ED25519);
        encoded.extend_from_slice(self.key.as_bytes());
        let encoded = Zeroizing::new(BASE64.encode(&encoded));
        let id = HEXLOWER.encode(&self.verifier().id());
        Zeroizing::new(format!(
            "{SIGNER_PREFIX}{}+{id}+{}",
            self.name,
            encoded.as_str()
        ))
    }

    /// The key that verifies what this one signs.
    pub fn verifier(&self) -> NoteVerifier {
        NoteVerifier {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// Signs `text`, which ends in a newline, into a note with one signature.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !text.ends_with('\n') || text.bytes().any(is_forbidden) {
            return Err(NoteError::NotANote);
        }
        Ok(format!("{text}\n{}", self.signature_line(text)))
    }

    /// Adds a signature to a note, as a witness does. The caller has checked what it says.
    pub fn cosign(&self, note: &str) -> Result<String, NoteError> {
        let (text, _) = split_note(note)?;
        Ok(format!("{note}{}", self.signature_line(text)))
    }

    fn signature_line(&self, text: &str) -> String {
        let mut signature = self.verifier().id().to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!(
            "{SIGNATURE_MARK}{} {}\n",
            self.name,
            BASE64.encode(&signature)
        )
    }
}

/// A key that verifies notes. Its text form is `<name>+<id>+<base64>`.
#[derive(Clone, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    key: VerifyingKey,
}

impl NoteVerifier {
    /// Reads the text form.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let parts = KeyParts::parse(text.trim())?;
        let key = VerifyingKey::from_bytes(&parts.bytes).map_err(|_| NoteError::NotAKey)?;
        let verifier = Self {
            name: parts.name,
            key,
        };
        // A weak key verifies signatures over anything.
        if verifier.id() == parts.id && !verifier.key.is_weak() {
            Ok(verifier)
        } else {
            Err(NoteError::NotAKey)
        }
    }

    /// The name the key signs under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id that stands before a signature: the first four bytes of SHA-256 over the name, a
    /// newline, the type of the signature and the public key.
    fn id(&self) -> [u8; 4] {
        let digest = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update(b"\n")
            .chain_update([ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        first_bytes(&digest.into())
    }
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut encoded = vec![ED25519];
        encoded.extend_from_slice(self.key.as_bytes());
        let id = HEXLOWER.encode(&self.id());
        write!(formatter, "{}+{id}+{}", self.name, BASE64.encode(&encoded))
    }
}

/// The text of a note whose signatures were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenNote<'a> {
    /// The text, with its final newline.
    pub text: &'a str,
    /// The names of the known keys that signed it, each once, in the order of `known`.
    pub signed_by: Vec<&'a str>,
}

/// Checks `note` against the keys in `known`. Signatures of other keys are passed over; a wrong one
/// of a known key refuses the whole note, and so does the absence of any known signature.
pub fn open_note<'a>(note: &'a str, known: &'a [NoteVerifier]) -> Result<OpenNote<'a>, NoteError> {
    let (text, lines) = split_note(note)?;
    let signatures = lines
        .lines()
        .map(Signed::parse)
        .collect::<Result<Vec<_>, _>>()?;
    if signatures.len() > SIGNATURES_MAX {
        return Err(NoteError::NotANote);
    }
    let mut signed_by = Vec::new();
    for verifier in known {
        let id = verifier.id();
        let mut own = signatures
            .iter()
            .filter(|signed| signed.name == verifier.name && signed.id == id);
        let Some(signed) = own.next() else { continue };
        // verify_strict refuses the malleable forms that RFC 8032 leaves open.
        if own.next().is_some()
            || verifier
                .key
                .verify_strict(text.as_bytes(), &signed.signature()?)
                .is_err()
        {
            return Err(NoteError::WrongSignature(verifier.name.clone()));
        }
        signed_by.push(verifier.name.as_str());
    }
    if signed_by.is_empty() {
        Err(NoteError::Unsigned)
    } else {
        Ok(OpenNote { text, signed_by })
    }
}

/// Why a key, a note or a signature was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not the text form of a key of this kind. The text is not repeated: it may be a secret.
    #[error("not a note key: expected `<name>+<id>+<base64>` as it was written, copied whole")]
    NotAKey,
    /// A name that signature lines cannot carry.
    #[error("`{0}` cannot be the name of a key: no spaces, no `+`, and not empty")]
    NotAName(String),
    /// Not a signed note.
    #[error("not a signed note: expected text, an empty line, and signature lines")]
    NotANote,
    /// A known key did not make the signature that stands under its name.
    #[error("the signature of `{0}` is wrong: the text was changed or comes from somebody else")]
    WrongSignature(String),
    /// No known key signed.
    #[error("no known key signed this note; check that you hold the key of this log")]
    Unsigned,
}

/// The most signatures a note may carry; verifiers must accept at least 16.
pub const SIGNATURES_MAX: usize = 64;

struct Signed<'a> {
    name: &'a str,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl<'a> Signed<'a> {
    fn parse(line: &'a str) -> Result<Self, NoteError> {
        let rest = line
            .strip_prefix(SIGNATURE_MARK)
            .ok_or(NoteError::NotANote)?;
        let (name, encoded) = rest.split_once(' ').ok_or(NoteError::NotANote)?;
        valid_name(name).map_err(|_| NoteError::NotANote)?;
        let decoded = BASE64
            .decode(encoded.as_bytes())
            .map_err(|_| NoteError::NotANote)?;
        let (id, bytes) = decoded
            .split_first_chunk::<4>()
            .ok_or(NoteError::NotANote)?;
        if bytes.is_empty() {
            return Err(NoteError::NotANote);
        }
        Ok(Self {
            name,
            id: *id,
            bytes: bytes.to_vec(),
        })
    }

    fn signature(&self) -> Result<Signature, NoteError> {
        Signature::from_slice(&self.bytes)
            .map_err(|_| NoteError::WrongSignature(self.name.to_owned()))
    }
}

/// The text and the signature lines of a note, parted at its last empty line.
fn split_note(note: &str) -> Result<(&str, &str), NoteError> {
    if note.bytes().any(is_forbidden) || !note.ends_with('\n') {
        return Err(NoteError::NotANote);
    }
    let empty_line = note.rfind("\n\n").ok_or(NoteError::NotANote)?;
    let (text, lines) = note
        .split_at_checked(empty_line + 1)
        .ok_or(NoteError::NotANote)?;
    let lines = lines.strip_prefix('\n').ok_or(NoteError::NotANote)?;
    if lines.is_empty() {
        Err(NoteError::NotANote)
    } else {
        Ok((text, lines))
    }
}

/// Control characters other than the newline.
fn is_forbidden(byte: u8) -> bool {
    byte < 0x20 && byte != b'\n'
}

fn valid_name(name: &str) -> Result<String, NoteError> {
    let refused = |part: char| part.is_whitespace() || part.is_control() || part == '+';
    if name.is_empty() || name.contains(refused) {
        return Err(NoteError::NotAName(name.to_owned()));
    }
    Ok(name.to_owned())
}

/// The parts of `<name>+<id>+<base64>`.
struct KeyParts {
    name: String,
    id: [u8; 4],
    bytes: Zeroizing<[u8; 32]>,
}

impl KeyParts {
    fn parse(text: &str) -> Result<Self, NoteError> {
        // Base64 itself may contain a plus.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(NoteError::NotAKey);
        };
        let name = valid_name(name).map_err(|_| NoteError::NotAKey)?;
        let id = HEXLOWER
            .decode(id.as_bytes())
            .map_err(|_| NoteError::NotAKey)?;
        let id = id.try_into().map_err(|_| NoteError::NotAKey)?;
        let decoded = Zeroizing::new(
            BASE64
                .decode(encoded.as_bytes())
                .map_err(|_| NoteError::NotAKey)?,
        );
        let Some((&ED25519, bytes)) = decoded.split_first() else {
            return Err(NoteError::NotAKey);
        };
        let bytes = bytes
            .try_into()
            .map(Zeroizing::new)
            .map_err(|_| NoteError::NotAKey)?;
        Ok(Self { name, id, bytes })
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NoteSigner({}, redacted)", self.name)
    }
}

impl fmt::Debug for NoteVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NoteVerifier({self})")
    }
}

/// The type byte of Ed25519 signatures in signed-note.
const ED25519: u8 = 1;
const SIGNER_PREFIX: &str = "PRIVATE+KEY+";
/// Em dash and space.
const SIGNATURE_MARK: &str = "\u{2014} ";

#[cfg(test)]
mod tests;
