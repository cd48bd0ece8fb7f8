//! Servers on the lines of subscribers: judged like others, but by their tokens, and told to the
//! carrier's own desk alone.
//!
//! A server inside is a subscriber. Its talks lie apart (`among`), it has a token for an address, and
//! what is found of it goes to a folder that nobody but the collector's own user can enter. The desk
//! asks two custodians whose it is (`noroshi flow ask`). Nothing of it is made for the hub.
//!
//! An hour is looked at when it has passed: no minute matters here, and its files are merged then.

use std::fs;
use std::io::Write as _;

use flow::archive::Kept;
use flow::column::Address;
use flow::engine::{Engine, Servers, Settings};
use flow::finding::{Finding, SHARED_MAX, Tier};
use flow::knowledge::Knowledge;
use flow::order::InOrder;
use flow::sealed::Talk;
use seal::subscriber::SubscriberToken;
use serde_json::Value;

use super::hours::{Hour, Hours};

/// Talks that are held back to be put in order of time.
const HELD_TALKS: usize = 1 << 17;

/// Servers and pairs that are kept: far fewer lines have servers than call one.
const SERVERS_MAX: usize = 500_000;
const PAIRS_MAX: usize = 1_000_000;

/// What is looked at of a day.
pub(super) struct Restricted {
    pub(super) hours: Hours,
    pub(super) clients_min: u32,
    /// Hours after which no key opens a token.
    pub(super) keep_hours: i64,
    pub(super) seed: u64,
    watch: Watch,
}

struct Watch {
    engine: Engine,
    order: InOrder,
    /// Horizon of the tokens; 0 before the first file.
    horizon: u64,
    /// The next hour to be looked at.
    hour: Hour,
}

impl Restricted {
    /// Begins with the day of `hour`.
    pub(super) fn new(
        hours: Hours,
        clients_min: u32,
        keep_hours: i64,
        seed: u64,
        hour: Hour,
    ) -> Self {
        Self {
            hours,
            clients_min,
            keep_hours,
            seed,
            watch: watch(seed, hour.day()),
        }
    }

    /// Begins anew with the day of `hour`.
    pub(super) fn begin(&mut self, hour: Hour) {
        self.watch = watch(self.seed, hour.day());
    }

    /// Looks at all hours before `now`.
    ///
    /// # Errors
    /// When what was found cannot be written.
    pub(super) fn look(&mut self, now: Hour) -> anyhow::Result<()> {
        self.hours.remove_restricted(now, self.keep_hours)?;
        while self.watch.hour < now {
            let hour = self.watch.hour;
            if hour == hour.day() {
                self.watch = watch(self.seed, hour);
            }
            // First: what breaks off is not counted a second time.
            self.watch.hour = Hour(hour.0 + 1);
            self.read(hour)?;
        }
        Ok(())
    }

    fn read(&mut self, hour: Hour) -> anyhow::Result<()> {
        let mut files = Vec::new();
        for path in self.hours.files::<SubscriberToken>(hour)? {
            let file = fs::File::open(&path).map_err(flow::archive::ArchiveError::from);
            match file.and_then(Kept::<SubscriberToken, _>::open) {
                Ok(file) => files.push(file),
                Err(error) => tracing::error!(
                    file.path = %path.display(),
                    error = %error,
                    "a file of talks among subscribers is passed over"
                ),
            }
        }
        // Tokens of two keys are not counted together.
        files.sort_by_key(Kept::horizon);
        let is_new = !files.is_empty();
        let mut talks = Vec::new();
        for file in files {
            if file.horizon() != self.watch.horizon {
                // For the hour before: that at hand is of the new key.
                self.tell(Hour(hour.0 - 1))?;
                self.watch = Watch {
                    horizon: file.horizon(),
                    ..watch(self.seed, self.watch.hour)
                };
            }
            for group in 0..file.groups() {
                talks.clear();
                if let Err(error) = file.group(group, &mut talks) {
                    talks.clear();
                    tracing::error!(error = %error, "talks among subscribers are passed over");
                }
                let mut servers: Vec<Talk<Address>> = talks.iter().map(by_token).collect();
                let engine = &mut self.watch.engine;
                self.watch
                    .order
                    .push(&mut servers, |talks| engine.take(talks));
            }
        }
        if is_new { self.tell(hour) } else { Ok(()) }
    }

    /// Writes what was found in the day so far, with the tokens of one horizon.
    fn tell(&mut self, hour: Hour) -> anyhow::Result<()> {
        if self.watch.horizon == 0 {
            return Ok(());
        }
        let engine = &mut self.watch.engine;
        self.watch.order.end(|talks| engine.take(talks));
        // Lists name addresses, and here are none.
        let findings = self.watch.engine.findings(&Knowledge::new(0));
        let findings = findings
            .iter()
            .filter(|finding| finding.tier >= Tier::Review);
        let mut lines = Vec::new();
        let mut count = 0;
        for finding in findings.take(SHARED_MAX) {
            serde_json::to_writer(&mut lines, &self.line(finding)?)?;
            lines.push(b'\n');
            count += 1;
        }
        let mut unfinished = self.hours.restricted(hour)?;
        unfinished.file.write_all(&lines)?;
        unfinished.finish()?;
        tracing::info!(
            findings.restricted = count,
            "looked for C&C servers on the lines of subscribers"
        );
        Ok(())
    }

    /// A finding whose server is a token: what would leave of another, and the horizon that opens it.
    fn line(&self, finding: &Finding) -> anyhow::Result<Value> {
        let mut line = serde_json::to_value(finding.shared(self.clients_min))?;
        if let Value::Object(fields) = &mut line {
            fields.remove("server");
            let token = format!("{:032x}", finding.server.address.bits());
            fields.insert("token".to_owned(), token.into());
            fields.insert("horizon".to_owned(), self.watch.horizon.into());
        }
        Ok(line)
    }
}

fn watch(seed: u64, hour: Hour) -> Watch {
    Watch {
        engine: Engine::new(Settings {
            servers_max: SERVERS_MAX,
            pairs_max: PAIRS_MAX,
            seed,
            servers: Servers::Subscribers,
        }),
        order: InOrder::new(HELD_TALKS),
        horizon: 0,
        hour,
    }
}

/// The talk with the bits of the token in the place of an address. It does not leave this room.
fn by_token(talk: &Talk<SubscriberToken>) -> Talk<Address> {
    talk.with_server(Address::v6(talk.server.bits()))
}
