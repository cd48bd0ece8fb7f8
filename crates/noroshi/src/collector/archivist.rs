//! The archivist: looks at what was kept, says what it found, merges hours and lets them go.
//!
//! It reads what the keepers wrote, minute by minute, behind everything else: if it falls behind, its
//! findings come later, and nothing is lost. A start reads the files of the day again. Clients are
//! looked at anew each day (UTC) and with each horizon: they would be counted twice under two keys, and a
//! number of clients would tell more than it may. What each hour showed of the servers is kept for longer,
//! as profiles: they say since when a server is known.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use flow::archive::{ArchiveError, Kept};
use flow::column::Address;
use flow::engine::{Engine, Settings};
use flow::finding::{Finding, SHARED_MAX, Tier};
use flow::knowledge::Knowledge;
use flow::order::InOrder;
use flow::prefix::Prefixes;
use flow::profile::Past;
use flow::sealed::{Talk, is_inside};

use super::hours::{Broom, Hour, Hours, Swept};
use super::profiles::{self, CollectorId, Shelf};
use super::restricted::Restricted;

/// What is known of servers, read when findings are made, so that verdicts of today count today.
pub type Lists = Arc<dyn Fn() -> anyhow::Result<Knowledge> + Send + Sync>;

/// Talks that are held back to be put in order of time: some 60 MB.
const HELD_TALKS: usize = 1 << 19;

/// Hours after which a clock is believed over what is kept.
const STOOD_HOURS: i64 = 2;

/// The archivist.
pub(super) struct Archivist {
    pub(super) hours: Hours,
    pub(super) keep_hours: u32,
    pub(super) profiles_days: u16,
    pub(super) id: CollectorId,
    pub(super) clients_min: u32,
    pub(super) lists: Lists,
    /// Whose servers are no servers.
    pub(super) subscribers: Prefixes,
    /// Looks at servers on the lines of subscribers.
    pub(super) restricted: Restricted,
    /// Seeds the engine's hashing: strangers choose the addresses.
    pub(super) seed: u64,
}

/// What was looked at of a day.
struct Watch {
    engine: Engine,
    order: InOrder,
    /// The hour whose files are read.
    hour: Hour,
    /// Files of that hour that were read.
    seen: BTreeSet<PathBuf>,
    /// Horizon of the tokens; 0 before the first file.
    horizon: u64,
    /// Since when servers are known. It outlives the day; findings hold it while they are made.
    past: Arc<Past>,
}

impl Archivist {
    /// Works whenever a turn is in files, and a last time when the collector ends.
    pub(super) fn run(mut self, broom: Broom, begin: Hour, from: &Receiver<Hour>) {
        // It holds a key, and no horizon's key lives longer than it.
        self.sweep(broom);
        let (mut now, mut since) = (begin, begin);
        let past = Arc::new(self.remember(begin));
        let mut watch = self.watch(begin.day(), past);
        loop {
            let turn = from.recv();
            if let Ok(hour) = turn {
                if hour < now {
                    // A clock that was ahead was set right.
                    watch = self.watch(hour.day(), Arc::new(self.remember(hour)));
                    self.restricted.begin(hour);
                    since = hour;
                }
                now = hour;
            }
            // What is to be forgotten is, whatever becomes of the rest.
            let forgotten = self.hours.remove_old(now, self.keep_hours);
            let forgotten = forgotten.and_then(|()| self.remove_ahead(since, now));
            let forgotten = forgotten.and(profiles::forget(&self.hours, now, self.profiles_days));
            if let Err(error) = self.look(&mut watch, now) {
                tracing::error!(error = format!("{error:#}"), "talks could not be looked at");
            }
            if let Err(error) = self.restricted.look(now) {
                tracing::error!(
                    error = format!("{error:#}"),
                    "talks among subscribers could not be looked at"
                );
            }
            let in_order = forgotten.and_then(|()| self.hours.merge_before(watch.hour));
            if let Err(error) = in_order {
                tracing::error!(
                    error = format!("{error:#}"),
                    "hours could not be put in order"
                );
            }
            if turn.is_err() {
                let told = if watch.horizon == 0 {
                    Ok(())
                } else {
                    self.tell(&mut watch)
                };
                if let Err(error) = told {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "findings could not be written"
                    );
                }
                return;
            }
        }
    }

    /// Puts what earlier starts left in order.
    fn sweep(&self, broom: Broom) {
        let swept = self.hours.sweep(&broom);
        drop(broom);
        match swept {
            Ok(swept) if swept == Swept::default() => {}
            Ok(swept) => tracing::warn!(
                files.removed = swept.files_removed,
                talks.sealed = swept.talks_sealed,
                talks.removed = swept.talks_removed,
                findings.removed = swept.findings_removed,
                "files of an earlier version, or servers that are inside now, are gone from what is kept"
            ),
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "what is kept could not be swept; the next start tries again"
            ),
        }
    }

    /// Removes what a clock that was ahead kept for hours to come, where the clock has stood since.
    fn remove_ahead(&self, since: Hour, now: Hour) -> anyhow::Result<()> {
        if now.0 < since.0 + STOOD_HOURS {
            return Ok(());
        }
        self.hours.remove_ahead(now)
    }

    /// What the profiles say that lie there. Without them everything else goes on.
    fn remember(&self, now: Hour) -> Past {
        match profiles::remember(&self.hours, now, self.past()) {
            Ok(past) => past,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "profiles could not be read");
                self.past()
            }
        }
    }

    fn past(&self) -> Past {
        Past::new(self.seed, u32::from(self.profiles_days))
    }

    fn watch(&self, hour: Hour, past: Arc<Past>) -> Watch {
        Watch {
            engine: self.engine(),
            order: InOrder::new(HELD_TALKS),
            hour,
            seen: BTreeSet::new(),
            horizon: 0,
            past,
        }
    }

    fn engine(&self) -> Engine {
        Engine::new(Settings {
            seed: self.seed,
            ..Settings::default()
        })
    }

    /// Reads what is new, up to and with the hour `now`, and tells at the end of each hour.
    fn look(&self, watch: &mut Watch, now: Hour) -> anyhow::Result<()> {
        loop {
            let new: Vec<PathBuf> = self
                .hours
                .files::<Address>(watch.hour)?
                .into_iter()
                .filter(|path| !watch.seen.contains(path))
                .collect();
            // First: a file that breaks off midway is not counted a second time.
            watch.seen.extend(new.iter().cloned());
            self.read(watch, &new)?;
            if watch.hour >= now {
                return Ok(());
            }
            if !watch.seen.is_empty() {
                self.tell(watch)?;
            }
            watch.hour = Hour(watch.hour.0 + 1);
            watch.seen.clear();
            if watch.hour == watch.hour.day() {
                *watch = self.watch(watch.hour, Arc::clone(&watch.past));
            }
        }
    }

    /// Reads files side by side, a group of rows of each at a time: they were written at one time.
    fn read(&self, watch: &mut Watch, paths: &[PathBuf]) -> anyhow::Result<()> {
        let mut files = Vec::new();
        for path in paths {
            // A file that the disk damaged must not keep the others from being looked at.
            let file = fs::File::open(path).map_err(ArchiveError::from);
            match file.and_then(Kept::<Address, _>::open) {
                Ok(file) => files.push(file),
                Err(error) => tracing::error!(
                    file.path = %path.display(),
                    error = %error,
                    "a file of talks is passed over"
                ),
            }
        }
        // Tokens of two keys are not counted together.
        files.sort_by_key(Kept::horizon);
        let groups = files.iter().map(Kept::groups).max().unwrap_or(0);
        let mut talks: Vec<Talk<Address>> = Vec::new();
        for files in files.chunk_by(|one, other| one.horizon() == other.horizon()) {
            let horizon = files.first().map_or(watch.horizon, Kept::horizon);
            if horizon != watch.horizon {
                self.renew(watch, horizon)?;
            }
            for group in 0..groups {
                for file in files {
                    // One page that the disk damaged does not keep the others from being looked at.
                    if let Err(error) = file.group(group, &mut talks) {
                        tracing::error!(error = %error, "a part of a file of talks is passed over");
                        talks.clear();
                    }
                    // A sweep that broke off may have left some.
                    talks.retain(|talk| !is_inside(&self.subscribers, talk.server));
                    let engine = &mut watch.engine;
                    watch.order.push(&mut talks, |talks| engine.take(talks));
                }
            }
        }
        Ok(())
    }

    /// Tells what was found under the key before, and begins anew under that of `horizon`.
    fn renew(&self, watch: &mut Watch, horizon: u64) -> anyhow::Result<()> {
        if watch.horizon != 0 {
            self.close_hour(watch);
            // For the hour before: that at hand is of the new key.
            let hour = watch.hour;
            watch.hour = Hour(hour.0 - 1);
            let told = self.tell(watch);
            watch.hour = hour;
            told?;
            watch.order = InOrder::new(HELD_TALKS);
            watch.engine = self.engine();
        }
        watch.engine.keep(self.id.linking(horizon));
        watch.horizon = horizon;
        Ok(())
    }

    /// Looks at what is held back, and writes what the hour showed, once. Findings are worth more than the
    /// memory of them: if that is not written they are all the same.
    fn close_hour(&self, watch: &mut Watch) -> u64 {
        let engine = &mut watch.engine;
        watch.order.end(|talks| engine.take(talks));
        self.keep(watch).unwrap_or_else(|error| {
            tracing::error!(
                error = format!("{error:#}"),
                "profiles could not be written"
            );
            0
        })
    }

    /// Writes what the hour showed of each server, and remembers that they were seen.
    fn keep(&self, watch: &mut Watch) -> anyhow::Result<u64> {
        let linking = self.id.linking(watch.horizon);
        let mut shelf = Shelf::new(&self.hours, watch.hour, linking);
        let mut written = Ok(());
        // Findings hold it while they are made, and none are now.
        let mut past = Arc::get_mut(&mut watch.past);
        watch.engine.end_hour(watch.hour.0, |row| {
            if written.is_ok() {
                written = shelf.row(&row);
            }
            if let (Some(past), Some(seen)) = (&mut past, row.seen()) {
                past.note(seen);
            }
        });
        written?;
        shelf.finish()
    }

    /// Writes the findings of the day so far, for the hour at hand.
    fn tell(&self, watch: &mut Watch) -> anyhow::Result<()> {
        let profiles = self.close_hour(watch);
        let mut knowledge = (self.lists)()?;
        knowledge.remember(Arc::clone(&watch.past));
        let findings: Vec<Finding> = watch
            .engine
            .findings_from(Tier::Review, &knowledge)
            .into_iter()
            .take(SHARED_MAX)
            .collect();
        let mut lines = Vec::new();
        for finding in &findings {
            serde_json::to_writer(&mut lines, &finding.shared(self.clients_min))?;
            lines.push(b'\n');
        }
        let mut unfinished = self.hours.findings(watch.hour)?;
        unfinished.file.write_all(&lines)?;
        unfinished.finish()?;
        let (servers, pairs) = watch.engine.kept();
        let share = |finding: &&Finding| finding.tier == Tier::Share;
        let tally = watch.engine.tally();
        tracing::info!(
            findings.share = findings.iter().filter(share).count(),
            findings.review = findings.iter().filter(|finding| !share(finding)).count(),
            talks.watched = tally.talks,
            talks.unasked = tally.unasked,
            talks.searches = tally.searches,
            no_room.servers = tally.no_room_servers,
            no_room.pairs = tally.no_room_pairs,
            no_room.sprays = tally.no_room_sprays,
            profiles.kept = profiles,
            servers.kept = servers,
            pairs.kept = pairs,
            "looked for C&C servers"
        );
        Ok(())
    }
}
