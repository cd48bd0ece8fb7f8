//! The one writer: a thread that takes jobs in batches and commits each batch once.
//!
//! Every job runs in a savepoint of its own, so that a refused job undoes only itself. Replies are
//! sent after the batch's commit: first the keys, then the data, so that a crash between the two
//! leaves keys without data and never data without keys. Keys that the batch destroyed go last, when
//! the data no longer needs them.
//!
//! If a commit fails the writer stops: what a disk says after a failed flush cannot be believed. If a
//! batch cannot begin because another program holds the files, its jobs are refused and the next
//! batch is tried: nothing was written.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode};

use crate::destruction;
use crate::error::{Named as _, StoreError};
use crate::keyring::Keyring;
use crate::transaction::{Reader, Stamp, Tx};

/// Most jobs in one batch.
pub(crate) const BATCH_MAX: usize = 256;
/// Jobs that may wait; further callers wait at the door.
const QUEUE_MAX: usize = 4_096;
/// How soon traces of destroyed keys that somebody's reading kept are tried again, in seconds.
const SWEEP_AGAIN_SECONDS: u64 = 5;
/// Longest SQL text or value the writer accepts, in bytes.
const VALUE_BYTES_MAX: i32 = 16 * 1024 * 1024;

/// Tells the caller how its job ended, once that is certain.
type Reply = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Runs in a transaction, or is told why there is none.
type Work = Box<dyn FnOnce(Result<&Tx<'_>, StoreError>) -> Done + Send>;

/// What a job leaves behind: whether to keep its writes, and whom to tell.
struct Done {
    keep: Keep,
    reply: Reply,
}

enum Keep {
    Keep,
    Undo,
}

pub(crate) struct Job {
    stamp: Stamp,
    work: Work,
}

/// The door to the writer thread. When the last clone goes, the thread has ended and its files are
/// closed: what stands on the disk then stays as it is.
#[derive(Clone)]
pub(crate) struct Writer {
    line: Arc<Line>,
}

struct Line {
    /// `None` only while the line is being dropped.
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Line {
    fn drop(&mut self) {
        // The thread ends when nobody can send any more.
        drop(self.queue.take());
        let Some(thread) = self.thread.take() else {
            return;
        };
        // A job may hold the last clone of the store; a thread cannot wait for itself.
        if thread.thread().id() != std::thread::current().id() {
            let _ended = thread.join();
        }
    }
}

impl Writer {
    /// Starts the thread on its two connections.
    pub(crate) fn start(
        data: Connection,
        keys: Connection,
        ring: Arc<Keyring>,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        // What the last program could not end before it ended itself.
        let traces = finish(&data, &keys);
        data.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)
            .named("store.limits")?;
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&data, &keys, &ring, &jobs, traces))
            .map_err(|_| StoreError::Stopped)?;
        let line = Line {
            queue: Some(queue),
            thread: Some(thread),
        };
        Ok(Self {
            line: Arc::new(line),
        })
    }

    /// Runs `work` in the next batch and returns after that batch is durable.
    pub(crate) fn write<T, E>(
        &self,
        stamp: Stamp,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = sync_channel::<Result<T, E>>(1);
        let name = stamp.name;
        let job = Job {
            stamp,
            work: Box::new(move |tx| {
                let outcome = catch_unwind(AssertUnwindSafe(|| {
                    let tx = tx?;
                    let value = work(tx)?;
                    tx.settle()?;
                    Ok(value)
                }))
                .unwrap_or_else(|_| Err(StoreError::Panicked(name).into()));
                Done {
                    keep: if outcome.is_ok() {
                        Keep::Keep
                    } else {
                        Keep::Undo
                    },
                    reply: Box::new(move |committed| {
                        // The caller may have gone; then there is nobody to tell.
                        let _gone = answer.send(match committed {
                            Ok(()) => outcome,
                            Err(failure) => Err(failure.into()),
                        });
                    }),
                }
            }),
        };
        let queue = self.line.queue.as_ref().ok_or(StoreError::Stopped)?;
        queue.send(job).map_err(|_| StoreError::Stopped)?;
        answered.recv().map_err(|_| StoreError::Stopped)?
    }
}

fn run(
    data: &Connection,
    keys: &Connection,
    ring: &Keyring,
    jobs: &Receiver<Job>,
    mut traces: Traces,
) {
    while let Some(first) = next(jobs, traces) {
        let mut batch: Vec<Job> = first.into_iter().collect();
        while batch.len() < BATCH_MAX {
            match jobs.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        match run_batch(data, keys, ring, batch, traces) {
            Some(left) => traces = left,
            None => return,
        }
    }
}

/// Whether keys were destroyed whose traces are still to be overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Traces {
    None,
    Left,
}

/// The next job, or an empty turn to overwrite what is left; `None` when nobody can send any more.
#[expect(
    clippy::option_option,
    reason = "an empty turn is not the end of the queue"
)]
fn next(jobs: &Receiver<Job>, traces: Traces) -> Option<Option<Job>> {
    match traces {
        Traces::None => jobs.recv().ok().map(Some),
        Traces::Left => match jobs.recv_timeout(Duration::from_secs(SWEEP_AGAIN_SECONDS)) {
            Ok(job) => Some(Some(job)),
            Err(RecvTimeoutError::Timeout) => Some(None),
            Err(RecvTimeoutError::Disconnected) => None,
        },
    }
}

/// Runs a batch to its commit and tells everyone; `None` when the store can no longer be trusted.
fn run_batch(
    data: &Connection,
    keys: &Connection,
    ring: &Keyring,
    batch: Vec<Job>,
    mut traces: Traces,
) -> Option<Traces> {
    if let Err(failure) = begin(data, keys) {
        tracing::error!(store.step = "begin", error = %failure, "the batch could not begin");
        let is_busy = matches!(failure, StoreError::Busy);
        for job in batch {
            let why = if is_busy {
                StoreError::Busy
            } else {
                StoreError::Stopped
            };
            ((job.work)(Err(why)).reply)(Ok(()));
        }
        return is_busy.then_some(traces);
    }
    let mut replies: Vec<Reply> = Vec::with_capacity(batch.len());
    for job in batch {
        match run_job(data, keys, ring, job) {
            Ok((reply, left)) => {
                replies.push(reply);
                if left == Traces::Left {
                    traces = left;
                }
            }
            Err(failure) => {
                tracing::error!(store.step = "job", error = %failure, "a job left the batch unusable");
                let _undone = (
                    data.execute_batch("ROLLBACK"),
                    keys.execute_batch("ROLLBACK"),
                );
                return None;
            }
        }
    }
    if let Err(failure) = commit(data, keys) {
        tracing::error!(store.step = "commit", error = %failure, "the batch was not committed");
        for reply in replies {
            reply(Err(StoreError::Stopped));
        }
        return None;
    }
    // Before the replies: who is told that something was erased may count on it.
    if traces == Traces::Left {
        traces = finish(data, keys);
    }
    for reply in replies {
        reply(Ok(()));
    }
    Some(traces)
}

/// Ends the destruction of keys; what stands in the way now is tried again, here or at the next
/// start.
fn finish(data: &Connection, keys: &Connection) -> Traces {
    match destruction::finish(data, keys) {
        Ok(true) => Traces::None,
        Ok(false) => Traces::Left,
        Err(failure) => {
            tracing::warn!(store.step = "destruction", error = %failure, "destroyed keys are not gone yet");
            Traces::Left
        }
    }
}

fn run_job(
    data: &Connection,
    keys: &Connection,
    ring: &Keyring,
    job: Job,
) -> Result<(Reply, Traces), StoreError> {
    let step = "store.savepoint";
    data.execute_batch("SAVEPOINT job").named(step)?;
    keys.execute_batch("SAVEPOINT job").named(step)?;
    let tx = Tx::new(Reader::new(data, keys, ring), job.stamp);
    let done = (job.work)(Ok(&tx));
    let (end, traces) = match done.keep {
        Keep::Keep if tx.destroyed_count() > 0 => ("RELEASE job", Traces::Left),
        Keep::Keep => ("RELEASE job", Traces::None),
        Keep::Undo => ("ROLLBACK TO job; RELEASE job", Traces::None),
    };
    data.execute_batch(end).named(step)?;
    keys.execute_batch(end).named(step)?;
    Ok((done.reply, traces))
}

/// Begins on both connections or on neither; each waits a while for whoever holds its file.
fn begin(data: &Connection, keys: &Connection) -> Result<(), StoreError> {
    let begin = |connection: &Connection| {
        let begun = connection.execute_batch("BEGIN IMMEDIATE");
        begun.map_err(|source| match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => StoreError::Busy,
            _ => StoreError::Database {
                transaction: "store.begin",
                source,
            },
        })
    };
    begin(data)?;
    begin(keys).inspect_err(|_| {
        let _undone = data.execute_batch("ROLLBACK");
    })
}

fn commit(data: &Connection, keys: &Connection) -> Result<(), StoreError> {
    keys.execute_batch("COMMIT").named("store.commit")?;
    data.execute_batch("COMMIT").named("store.commit")
}
