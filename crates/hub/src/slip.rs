//! The slip: what the source takes home after sending, handed over once.
//!
//! Between accepting a form and showing its receipt lies a redirect. The mailbox code must not be
//! kept on the server meanwhile, since the store would then link it to a session; so the slip
//! travels with the browser, sealed for the session that sent the form and for a few minutes.
//!
//! INVARIANT: nothing of a slip is written to the store.

use domain::report::Custody;
use domain::time::Timestamp;
use seal::object::{Binding, ObjectKey, decrypt, encrypt};
use serde::{Deserialize, Serialize};

use crate::call::{Call, Hub};
use crate::submit::Receipt;

/// How long a slip can be taken, in seconds.
pub const SLIP_SECONDS: i64 = 600;
/// Most receipts on one slip: what fits into a cookie.
pub const SLIP_RECEIPTS_MAX: usize = 30;

/// Seals `receipts` for the browser session whose form secret is `session`.
pub fn write(hub: &Hub, call: &Call<'_>, receipts: &[Receipt], session: &str) -> String {
    let mut random = call.random.derive("slip.write");
    let written = Written {
        until: call.now.plus_seconds(SLIP_SECONDS).seconds(),
        lines: receipts.iter().map(Line::of).collect(),
    };
    let text = serde_json::to_vec(&written).unwrap_or_default();
    let keyring = hub.store.keyring();
    let object = object(hub, session);
    let key = ObjectKey::generate(&mut random);
    let wrapped = keyring.master().wrap(&key, keyring.hub(), &object);
    let sealed = encrypt(&key, &binding(hub, &object), &text, &mut random);
    format!("{}.{}", hex(&wrapped), hex(&sealed))
}

/// The receipts on a slip; `None` when it is not this session's, not whole, or too old.
pub fn read(hub: &Hub, slip: &str, session: &str, now: Timestamp) -> Option<Vec<Receipt>> {
    let (wrapped, sealed) = slip.split_once('.')?;
    let (wrapped, sealed) = (unhex(wrapped)?, unhex(sealed)?);
    let keyring = hub.store.keyring();
    let object = object(hub, session);
    let key = keyring
        .master()
        .unwrap(&wrapped, keyring.hub(), &object)
        .ok()?;
    let text = decrypt(&key, &binding(hub, &object), &sealed).ok()?;
    let written: Written = serde_json::from_slice(&text).ok()?;
    if written.until < now.seconds() {
        return None;
    }
    written.lines.into_iter().map(Line::receipt).collect()
}

/// What is sealed. Short names, since a cookie is small.
#[derive(Serialize, Deserialize)]
struct Written {
    until: i64,
    lines: Vec<Line>,
}

/// One receipt: report, pseudonym, mailbox code, custody.
#[derive(Serialize, Deserialize)]
struct Line(String, String, Option<String>, String);

impl Line {
    fn of(receipt: &Receipt) -> Self {
        Self(
            receipt.report.to_string(),
            receipt.pseudonym.clone(),
            receipt.mailbox_code.clone(),
            receipt.custody.word().to_owned(),
        )
    }

    fn receipt(self) -> Option<Receipt> {
        let Self(report, pseudonym, mailbox_code, custody) = self;
        let custody: Custody = custody.parse().ok()?;
        Some(Receipt {
            report: report.parse().ok()?,
            pseudonym,
            mailbox_code,
            custody,
        })
    }
}

/// The session as the object of the slip's key: without its secret in the text.
fn object(hub: &Hub, session: &str) -> String {
    let master = hub.store.keyring().master();
    let hash = master.derive("slip").keyed_hash(&[session.as_bytes()]);
    format!("slip_{}", hex(&hash))
}

fn binding<'a>(hub: &'a Hub, object: &'a str) -> Binding<'a> {
    Binding {
        hub: hub.name(),
        table: "slip",
        column: "receipts",
        row: object,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}
