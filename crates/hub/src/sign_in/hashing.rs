//! How many passwords are hashed at the same time.
//!
//! One hash takes 64 MiB, so that whoever may ask for hashes may ask for memory. A few run at once,
//! some wait, and the rest is told to come back.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Hashes that run at once.
const RUNNING_MAX: u32 = 3;
/// Callers that wait for one.
const WAITING_MAX: u32 = 48;

/// The places for hashing.
#[derive(Default)]
pub(crate) struct Hashing {
    counts: Mutex<Counts>,
    freed: Condvar,
}

/// Too many are waiting already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many people sign in at this moment; try again in a few seconds")]
pub struct Busy;

#[derive(Default)]
struct Counts {
    running: u32,
    waiting: u32,
}

impl Hashing {
    /// Runs `work` when a place is free.
    ///
    /// # Errors
    /// [`Busy`] at once, when too many wait already.
    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> Result<T, Busy> {
        let mut counts = self.counts();
        if counts.running >= RUNNING_MAX {
            if counts.waiting >= WAITING_MAX {
                return Err(Busy);
            }
            counts.waiting += 1;
            while counts.running >= RUNNING_MAX {
                counts = self
                    .freed
                    .wait(counts)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            counts.waiting -= 1;
        }
        counts.running += 1;
        drop(counts);
        let place = Place(self);
        let done = work();
        drop(place);
        Ok(done)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A taken place; given back also when the work panics.
struct Place<'h>(&'h Hashing);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.counts().running -= 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn no_more_than_a_few_run_at_once_and_all_get_their_turn() {
        let hashing = Hashing::default();
        let (running, most) = (AtomicU32::new(0), AtomicU32::new(0));
        let done: Vec<_> = std::thread::scope(|scope| {
            let callers: Vec<_> = (0..20)
                .map(|_| {
                    scope.spawn(|| {
                        hashing.run(|| {
                            let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                            most.fetch_max(now, Ordering::SeqCst);
                            std::thread::yield_now();
                            running.fetch_sub(1, Ordering::SeqCst);
                        })
                    })
                })
                .collect();
            callers
                .into_iter()
                .map(std::thread::ScopedJoinHandle::join)
                .collect()
        });
        assert!(done.iter().all(|turn| matches!(turn, Ok(Ok(())))));
        assert!(most.load(Ordering::SeqCst) <= RUNNING_MAX);
        assert_eq!(hashing.counts().running, 0);
    }
}
