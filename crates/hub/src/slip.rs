//! The slip: what the source takes home after sending, handed over once.
//!
//! Between accepting a form and showing its receipt lies a redirect. The mailbox code must not be
//! kept on the server meanwhile, since the store would then link it to a session; so the slip
//! travels with the browser.

use domain::report::Custody;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::call::{Call, Hub};
use crate::carried::Purse;
use crate::submit::Receipt;

/// How long a slip can be taken, in seconds.
pub const SLIP_SECONDS: i64 = 600;
/// Most receipts on one slip: what fits into a cookie.
pub const SLIP_RECEIPTS_MAX: usize = 20;

/// Seals `receipts` for the browser session with the secret `session`.
pub fn write(hub: &Hub, call: &Call<'_>, receipts: &[Receipt], session: &str) -> String {
    let lines: Vec<Line> = receipts.iter().map(Line::of).collect();
    let text = serde_json::to_vec(&lines).unwrap_or_default();
    let until = call.now.plus_seconds(SLIP_SECONDS);
    let mut random = call.random.derive("slip.write");
    purse(session).put(hub, &text, until, &mut random)
}

/// The receipts on a slip; `None` when it is not this session's, not whole, or too old.
pub fn read(hub: &Hub, slip: &str, session: &str, now: Timestamp) -> Option<Vec<Receipt>> {
    let text = purse(session).take(hub, slip, now)?;
    let lines: Vec<Line> = serde_json::from_slice(&text).ok()?;
    lines.into_iter().map(Line::receipt).collect()
}

fn purse(session: &str) -> Purse<'_> {
    Purse {
        name: "slip",
        session,
    }
}

/// One receipt, as short as can be: report, pseudonym, mailbox code, custody.
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
