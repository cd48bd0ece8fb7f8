//! The job loop: what is due, looked at once a second, apart from requests.
//!
//! Mail has a loop of its own: a relay that is slow to answer must not hold up the log.
//!
//! A job decides itself whether it is due and whether another instance has it, so that the loop may
//! ask at any time and on any number of machines. A job that fails rests a minute and is asked again.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::time::Timestamp;
use hub::deliver::{MailRelay, note_relay};
use hub::log::{LogSettings, publish};
use hub::{Hub, Random};

use crate::ambient;
use crate::mail::Mailer;

/// The running loops; they end, after the job at hand, when this is dropped.
pub struct Jobs(Vec<Loop>);

/// One loop.
struct Loop {
    /// `None` only while it ends.
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the loops for `hub`; without a `mailer` deliveries wait and pages say so.
///
/// # Errors
/// When the system gives no thread or no randomness.
pub fn start(hub: Hub, log: LogSettings, mailer: Option<Mailer>) -> anyhow::Result<Jobs> {
    let relay = if mailer.is_some() {
        MailRelay::Configured
    } else {
        MailRelay::Absent
    };
    note_relay(&hub, relay, ambient::now(), ambient::random()?)?;
    hub::search::bring_up_to_date(&hub, ambient::now(), &ambient::random()?)?;
    let mut loops = vec![Loop::start("jobs", jobs(&hub, log))?];
    if let Some(mailer) = mailer {
        let sending = Job::new("mail", MAIL_SECONDS, move |_, random| {
            mailer.run(&hub, &random)
        });
        loops.push(Loop::start("mail", vec![sending])?);
    }
    Ok(Jobs(loops))
}

impl Loop {
    fn start(name: &str, mut jobs: Vec<Job>) -> anyhow::Result<Self> {
        let chance = ambient::chance()?;
        let (stop, stopped) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                while stopped.recv_timeout(TURN) == Err(RecvTimeoutError::Timeout) {
                    for job in &mut jobs {
                        job.run(ambient::now(), chance(job.name));
                    }
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

/// What there is to do, and how often it is looked at. The log keeps its own cadence.
fn jobs(hub: &Hub, log: LogSettings) -> Vec<Job> {
    let [
        publishing,
        reviewing,
        lapsing,
        settling,
        erasing,
        escalating,
        shredding,
        forgetting,
        publishing_figures,
    ] = std::array::from_fn(|_| hub.clone());
    vec![
        Job::new("log", TURN_SECONDS, move |now, random| {
            publish(&publishing, log, now, random)?;
            Ok(())
        }),
        // An author's silence withholds: a minute late is early enough.
        Job::new("reviews", 60, move |now, random| {
            hub::release::due(&reviewing, now, random)?;
            Ok(())
        }),
        Job::new("openings", 60, move |now, random| {
            hub::open_seal::lapse(&lapsing, now, &random)?;
            Ok(())
        }),
        Job::new("escalations", ESCALATION_SECONDS, move |now, random| {
            hub::escalate::due(&escalating, now, random)?;
            Ok(())
        }),
        Job::new("counts", HOUR_SECONDS, move |now, random| {
            hub::count::settle(&settling, now, &random)?;
            Ok(())
        }),
        Job::new("drafts", HOUR_SECONDS, move |now, random| {
            hub::draft::shred_expired(&shredding, now, &random)?;
            Ok(())
        }),
        Job::new("sessions", HOUR_SECONDS, move |now, random| {
            hub::sign_in::forget_ended(&forgetting, now, &random)?;
            Ok(())
        }),
        Job::new("situation", HOUR_SECONDS, move |now, random| {
            hub::situation::publish(&publishing_figures, now, &random)?;
            Ok(())
        }),
        Job::new("retention", HOUR_SECONDS, move |now, random| {
            hub::retention::due(&erasing, now, &random)?;
            Ok(())
        }),
    ]
}

impl Drop for Jobs {
    fn drop(&mut self) {
        // All are told before the first is waited for.
        for running in &mut self.0 {
            drop(running.stop.take());
        }
        for running in &mut self.0 {
            if let Some(thread) = running.thread.take() {
                let _ended = thread.join();
            }
        }
    }
}

/// Something that is done when it is due.
struct Job {
    name: &'static str,
    /// Seconds between two looks.
    interval_seconds: i64,
    work: Box<dyn FnMut(Timestamp, Random) -> anyhow::Result<()> + Send>,
    /// Until when it rests, after a look or a failure.
    rests_until: Timestamp,
}

impl Job {
    fn new(
        name: &'static str,
        interval_seconds: i64,
        work: impl FnMut(Timestamp, Random) -> anyhow::Result<()> + Send + 'static,
    ) -> Self {
        Self {
            name,
            interval_seconds,
            work: Box::new(work),
            rests_until: Timestamp::from_micros(i64::MIN),
        }
    }

    fn run(&mut self, now: Timestamp, random: Random) {
        if now < self.rests_until {
            return;
        }
        self.rests_until = now.plus_seconds(self.interval_seconds);
        if let Err(failure) = (self.work)(now, random) {
            tracing::error!(job.name = self.name, error = %format!("{failure:#}"), "a job failed");
            self.rests_until = now.plus_seconds(REST_SECONDS);
        }
    }
}

/// How often the loop looks.
const TURN: Duration = Duration::from_secs(1);

/// Jobs of this interval are looked at in every turn.
const TURN_SECONDS: i64 = 0;

/// How often the mail queue is looked at: a first delivery leaves well within half a minute.
const MAIL_SECONDS: i64 = 2;

/// How often the times to act are looked at.
const ESCALATION_SECONDS: i64 = 20;

/// Jobs that may wait an hour.
const HOUR_SECONDS: i64 = 3_600;

/// How long a job rests after a failure.
const REST_SECONDS: i64 = 60;

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_job_that_failed_rests_a_minute() {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let mut job = Job::new("test", TURN_SECONDS, move |_, _| {
            counted.fetch_add(1, Ordering::Relaxed);
            anyhow::bail!("planned by the test")
        });
        for (at_seconds, ran) in [(0, 1), (1, 1), (59, 1), (60, 2), (61, 2)] {
            let random = Random::from_seed([1; 32]);
            job.run(Timestamp::from_seconds(at_seconds), random);
            assert_eq!(runs.load(Ordering::Relaxed), ran, "{at_seconds}");
        }
    }

    #[test]
    fn a_job_is_looked_at_once_in_its_interval() {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let mut job = Job::new("test", HOUR_SECONDS, move |_, _| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        for (at_seconds, ran) in [(0, 1), (3_599, 1), (3_600, 2), (3_601, 2)] {
            job.run(
                Timestamp::from_seconds(at_seconds),
                Random::from_seed([1; 32]),
            );
            assert_eq!(runs.load(Ordering::Relaxed), ran, "{at_seconds}");
        }
    }
}
