//! A keeper: takes sealed talks of its shards from the receivers, and writes them to files.

use std::io::BufWriter;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use anyhow::Context as _;
use flow::archive::{GROUP_ROWS, SHARDS, Writer, shard};
use flow::column::Address;
use flow::sealed::Talk;
use seal::subscriber::SubscriberToken;

use super::counts::Counters;
use super::hours::{Hour, Hours, Kind, Unfinished};
use super::steward::Asked;

/// What receivers send to a keeper.
pub(super) enum Parcel {
    /// Talks with servers, of this keeper's shards.
    Talks(Stamp, Vec<Talk<Address>>),
    /// Talks among subscribers.
    Among(Stamp, Vec<Talk<SubscriberToken>>),
    /// Everything that the receiver of that number took before the turn was sent.
    Turn(usize, u64),
}

/// What talks are of: the hour in which they came, and the horizon of their tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) hour: Hour,
    pub(super) horizon: u64,
}

/// What a keeper tells when everything of a turn lies in files.
pub(super) struct Closed {
    /// Which keeper.
    pub(super) keeper: usize,
    /// Which turn; `u64::MAX` when there will be no other.
    pub(super) turn: u64,
    /// Talks that could not be written since the last time.
    pub(super) unwritten: u64,
}

/// One keeper.
pub(super) struct Keeper {
    pub(super) number: usize,
    pub(super) receivers: usize,
    pub(super) hours: Hours,
    /// Begins the name of every file; no other run of the collector has it.
    pub(super) run: String,
    pub(super) counters: Arc<Counters>,
    pub(super) from: Receiver<Parcel>,
    pub(super) to: Sender<Asked>,
}

impl Keeper {
    /// Keeps until all receivers are gone.
    pub(super) fn run(self) {
        let mut turns = vec![0; self.receivers];
        let mut closed = 0;
        let mut desk = Desk {
            keeper: &self,
            files: 0,
            unwritten: 0,
            talks: (0..SHARDS).map(|_| Heap::default()).collect(),
            among: vec![Heap::default()],
        };
        while let Ok(parcel) = self.from.recv() {
            match parcel {
                Parcel::Talks(stamp, talks) => desk.talks(stamp, talks),
                Parcel::Among(stamp, talks) => desk.among(stamp, talks),
                Parcel::Turn(receiver, turn) => {
                    if let Some(last) = turns.get_mut(receiver) {
                        *last = turn;
                    }
                    let all = turns.iter().copied().min().unwrap_or(0);
                    if all > closed {
                        closed = all;
                        desk.close(all);
                    }
                }
            }
        }
        desk.close(u64::MAX);
    }
}

/// What a keeper has before it.
struct Desk<'k> {
    keeper: &'k Keeper,
    /// Files begun.
    files: u64,
    unwritten: u64,
    talks: Vec<Heap<Address>>,
    among: Vec<Heap<SubscriberToken>>,
}

/// Talks of one shard, and the file they go to.
struct Heap<S> {
    /// Of what the talks are; `None` before the first.
    stamp: Option<Stamp>,
    waiting: Vec<Talk<S>>,
    file: Option<Open<S>>,
}

impl<S> Default for Heap<S> {
    fn default() -> Self {
        Self {
            stamp: None,
            waiting: Vec::new(),
            file: None,
        }
    }
}

struct Open<S> {
    writer: Writer<S, BufWriter<std::fs::File>>,
    unfinished: Unfinished,
    rows: u64,
}

impl Desk<'_> {
    fn talks(&mut self, stamp: Stamp, talks: Vec<Talk<Address>>) {
        let mut heaps = std::mem::take(&mut self.talks);
        for talk in talks {
            let place = shard(talk.server);
            if let Some(heap) = heaps.get_mut(place) {
                self.lay(heap, place, stamp, talk);
            }
        }
        self.talks = heaps;
    }

    fn among(&mut self, stamp: Stamp, talks: Vec<Talk<SubscriberToken>>) {
        let mut heaps = std::mem::take(&mut self.among);
        if let Some(heap) = heaps.first_mut() {
            for talk in talks {
                self.lay(heap, 0, stamp, talk);
            }
        }
        self.among = heaps;
    }

    /// Lays a talk on its heap; a full heap, and one of another hour or horizon, goes to its file first.
    fn lay<S: Kind>(&mut self, heap: &mut Heap<S>, shard: usize, stamp: Stamp, talk: Talk<S>) {
        if heap.stamp != Some(stamp) {
            self.finish(heap, shard);
            heap.stamp = Some(stamp);
        }
        heap.waiting.push(talk);
        if heap.waiting.len() == GROUP_ROWS {
            self.write(heap, shard);
        }
    }

    /// Finishes all files, and tells that the turn is closed.
    fn close(&mut self, turn: u64) {
        let mut talks = std::mem::take(&mut self.talks);
        for (shard, heap) in talks.iter_mut().enumerate() {
            self.finish(heap, shard);
        }
        self.talks = talks;
        let mut among = std::mem::take(&mut self.among);
        for heap in &mut among {
            self.finish(heap, 0);
        }
        self.among = among;
        // At the very end nobody may be there to be told.
        let _told = self.keeper.to.send(Asked::Closed(Closed {
            keeper: self.keeper.number,
            turn,
            unwritten: std::mem::take(&mut self.unwritten),
        }));
    }

    fn finish<S: Kind>(&mut self, heap: &mut Heap<S>, shard: usize) {
        self.write(heap, shard);
        if let Some(open) = heap.file.take() {
            let rows = open.rows;
            let finished = open.writer.finish().map_err(anyhow::Error::from);
            let finished = finished.and_then(|out| {
                out.into_inner()?;
                open.unfinished.finish()
            });
            match finished {
                Ok(()) => self.keeper.counters.kept.add(rows),
                Err(error) => self.lose(rows, &error),
            }
        }
    }

    fn write<S: Kind>(&mut self, heap: &mut Heap<S>, shard: usize) {
        let rows = heap.waiting.len() as u64;
        if rows == 0 {
            return;
        }
        let written = self.append(heap, shard);
        heap.waiting.clear();
        if let Err(error) = written {
            // What was in the file before goes with it: without its end it cannot be read.
            let before = heap.file.take().map_or(0, |open| open.rows);
            self.lose(rows + before, &error);
        }
    }

    fn append<S: Kind>(&mut self, heap: &mut Heap<S>, shard: usize) -> anyhow::Result<()> {
        let mut open = match heap.file.take() {
            Some(open) => open,
            None => self.begin(heap.stamp.context("talks have an hour")?, shard)?,
        };
        open.rows += heap.waiting.len() as u64;
        let written = open.writer.group(&mut heap.waiting);
        if written.is_err() {
            open.rows -= heap.waiting.len() as u64;
        }
        heap.file = Some(open);
        Ok(written?)
    }

    fn begin<S: Kind>(&mut self, stamp: Stamp, shard: usize) -> anyhow::Result<Open<S>> {
        self.files += 1;
        let keeper = self.keeper;
        let name = format!("{}-{}-{}.parquet", keeper.run, keeper.number, self.files);
        let unfinished = keeper.hours.begin::<S>(stamp.hour, shard, &name)?;
        let out = BufWriter::with_capacity(1 << 18, unfinished.file.try_clone()?);
        Ok(Open {
            writer: Writer::new(out, stamp.horizon)?,
            unfinished,
            rows: 0,
        })
    }

    fn lose(&mut self, rows: u64, error: &anyhow::Error) {
        if self.unwritten == 0 {
            tracing::error!(error = format!("{error:#}"), "talks could not be written");
        }
        self.unwritten += rows;
        self.keeper.counters.unwritten.add(rows);
    }
}
