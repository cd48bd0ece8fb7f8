//! Playing many items on several threads, so that the hub commits many at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use super::{BuildError, Stage, Step};

/// Threads that wait for the hub at the same time. They do little themselves: each report waits for
/// its own durable commit, and the more wait together, the fewer commits there are.
const THREADS: usize = 24;
/// Items between two words of progress.
const PROGRESS_EVERY: usize = 25;

/// Plays each of `items` and gives the results in their order.
///
/// # Errors
/// The first that occurred; what was under way is finished, the rest is not begun.
pub(super) fn play<T: Sync, R: Send>(
    stage: &mut Stage<'_>,
    step: Step,
    items: &[T],
    work: impl Fn(usize, &T) -> Result<R, BuildError> + Sync,
) -> Result<Vec<R>, BuildError> {
    let next = AtomicUsize::new(0);
    let (sender, results) = channel();
    let mut played: Vec<Option<R>> = items.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(number) else {
                        return;
                    };
                    let result = work(number, item);
                    let failed = result.is_err();
                    if sender.send((number, result)).is_err() || failed {
                        // Nobody listens any more, or nobody should go on.
                        next.store(items.len(), Ordering::Relaxed);
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (done, (number, result)) in (1..).zip(results) {
            if let Some(place) = played.get_mut(number) {
                *place = Some(result?);
            }
            if done % PROGRESS_EVERY == 0 || done == items.len() {
                stage.report(step, done, items.len());
            }
        }
        Ok::<(), BuildError>(())
    })?;
    played
        .into_iter()
        .collect::<Option<Vec<R>>>()
        .ok_or(BuildError::Interrupted)
}
