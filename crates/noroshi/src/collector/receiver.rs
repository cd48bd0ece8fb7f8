//! A receiver: one socket, from datagrams to sealed talks in the keepers' hands.
//!
//! INVARIANT: an address of a subscriber lives from the datagram to the end of its batch, in this
//! thread's memory; what goes on is sealed.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, TrySendError};

use flow::archive::shard;
use flow::column::{Address, Columns};
use flow::decode::Decoder;
use flow::prefix::Prefixes;
use flow::sealed::{Sealed, Sealer, Talk};
use seal::subscriber::SubscriberToken;

use super::Clock;
use super::counts::Counters;
use super::horizon::Horizon;
use super::keeper::{Parcel, Stamp};
use super::socket::{self, Room, Socket};
use super::steward::{Orders, Running};

/// Talks that go to a keeper at once.
pub(super) const PARCEL_TALKS: usize = 8_192;

/// One receiver.
pub(super) struct Receiver {
    pub(super) number: usize,
    pub(super) socket: Socket,
    pub(super) clock: Clock,
    /// Number under which the kernel lists the socket.
    pub(super) inode: u64,
    pub(super) subscribers: Subscribers,
    /// Who may send; `None` is anybody.
    pub(super) exporters: Option<Prefixes>,
    pub(super) orders: Arc<Orders>,
    pub(super) counters: Arc<Counters>,
    pub(super) keepers: Vec<SyncSender<Parcel>>,
}

impl Receiver {
    /// Receives until the collector ends.
    ///
    /// # Errors
    /// When the socket breaks.
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (mut bench, mut room) = (Bench::new(&self)?, Room::new());
        loop {
            // Looked at before the batch, so that what came before it is still taken.
            let ending = self.orders.ending.load(Ordering::Acquire);
            let turn = self.orders.turn.load(Ordering::Acquire);
            // When the batch came, for what says no time itself.
            let mut came = None;
            let received = self.socket.batch(&mut room, |exporter, octets| {
                self.counters.datagrams.add(1);
                if allowed(self.exporters.as_ref(), exporter) {
                    // What is wrong with it is counted by the decoder, per exporter.
                    let came = *came.get_or_insert_with(|| (self.clock.wall)().micros() / 1_000);
                    let into = &mut bench.columns;
                    let _fault = bench.decoder.received(exporter, octets, Some(came), into);
                } else {
                    self.counters.refused.add(1);
                }
            })?;
            bench.seal(&self);
            if turn > bench.turn {
                bench.turn(&self, turn)?;
            }
            if ending && received == 0 {
                bench.turn(&self, turn)?;
                return Ok(());
            }
        }
    }
}

/// Whose side is sealed, and how.
#[derive(Clone)]
pub(super) struct Subscribers {
    pub(super) prefixes: Prefixes,
    /// Leading bits of an IPv6 address that one household has.
    pub(super) household_bits: u8,
    /// One packet of how many is looked at where no exporter tells it.
    pub(super) sampling: u32,
    /// Addresses that translation shares between lines.
    pub(super) shared: Prefixes,
}

impl Subscribers {
    fn sealer(&self, horizon: &Horizon) -> anyhow::Result<Sealer> {
        let sealer = Sealer::new(self.prefixes.clone(), horizon.key())?
            .households(self.household_bits)
            .unless_told(self.sampling)
            .sharing(self.shared.clone());
        Ok(match horizon.since_ms() {
            Some(ms) => sealer.since(ms),
            None => sealer,
        })
    }
}

/// What a receiver works on.
struct Bench {
    decoder: Decoder,
    columns: Columns,
    sealed: Sealed,
    sealer: Sealer,
    stamp: Stamp,
    turn: u64,
    parcels: Vec<Vec<Talk<Address>>>,
    among: Vec<Talk<SubscriberToken>>,
}

impl Bench {
    fn new(of: &Receiver) -> anyhow::Result<Self> {
        let running = of.orders.running();
        Ok(Self {
            decoder: Decoder::new(),
            columns: Columns::default(),
            sealed: Sealed::default(),
            sealer: of.subscribers.sealer(&running.horizon)?,
            stamp: stamp(&running),
            turn: 0,
            parcels: of.keepers.iter().map(|_| Vec::new()).collect(),
            among: Vec::new(),
        })
    }

    /// Seals what was decoded, and sends off full parcels.
    fn seal(&mut self, of: &Receiver) {
        if self.columns.is_empty() {
            return;
        }
        self.sealer.seal(&mut self.columns, &mut self.sealed);
        of.counters
            .passing
            .add(std::mem::take(&mut self.sealed.passing));
        of.counters.talks.add(self.sealed.talks.len() as u64);
        of.counters.among.add(self.sealed.among.len() as u64);
        for talk in self.sealed.talks.drain(..) {
            let keeper = shard(talk.server) % of.keepers.len();
            if let (Some(parcel), Some(to)) = (self.parcels.get_mut(keeper), of.keepers.get(keeper))
            {
                parcel.push(talk);
                if parcel.len() >= PARCEL_TALKS {
                    let full = std::mem::replace(parcel, Vec::with_capacity(PARCEL_TALKS));
                    offer(of, to, Parcel::Talks(self.stamp, full));
                }
            }
        }
        self.among.append(&mut self.sealed.among);
        if self.among.len() >= PARCEL_TALKS
            && let Some(to) = of.keepers.first()
        {
            offer(
                of,
                to,
                Parcel::Among(self.stamp, std::mem::take(&mut self.among)),
            );
        }
    }

    /// Sends off everything, and seals from now on under the running horizon.
    fn turn(&mut self, of: &Receiver, turn: u64) -> anyhow::Result<()> {
        for (to, parcel) in of.keepers.iter().zip(&mut self.parcels) {
            // Not offered but sent: a turn that got lost would keep the minute open.
            let _gone = to.send(Parcel::Talks(self.stamp, std::mem::take(parcel)));
        }
        if let Some(to) = of.keepers.first() {
            let _gone = to.send(Parcel::Among(self.stamp, std::mem::take(&mut self.among)));
        }
        for to in &of.keepers {
            let _gone = to.send(Parcel::Turn(of.number, turn));
        }
        self.count(of);
        self.turn = turn;
        let running = of.orders.running();
        if running.horizon.number != self.stamp.horizon {
            self.sealer = of.subscribers.sealer(&running.horizon)?;
        }
        self.stamp = stamp(&running);
        Ok(())
    }

    /// Brings the counters up to what the decoder counted.
    fn count(&self, of: &Receiver) {
        // Those of exporters that are no more kept count too: what is shown never falls.
        let all = self.decoder.total();
        of.counters.decoded.set(all.flows);
        of.counters.lost.set(all.lost);
        of.counters.faults.set(all.faults);
        of.counters.unknown_sets.set(all.unknown_sets);
        // The kernel forgets them with the socket, and may not tell at all.
        let dropped = socket::dropped(&[of.inode]);
        let before = of.counters.kernel_drops.now();
        of.counters.kernel_drops.set(before.max(dropped));
    }
}

fn stamp(running: &Running) -> Stamp {
    Stamp {
        hour: running.hour,
        horizon: running.horizon.number,
    }
}

fn allowed(exporters: Option<&Prefixes>, sender: IpAddr) -> bool {
    exporters.is_none_or(|list| list.contains(Address::of(sender)))
}

/// Gives a parcel to a keeper that has room for it. A receiver does not wait for a slow disk: what the
/// kernel would throw away meanwhile is not counted by exporter or kind.
fn offer(of: &Receiver, to: &SyncSender<Parcel>, parcel: Parcel) {
    let Err(TrySendError::Full(parcel) | TrySendError::Disconnected(parcel)) = to.try_send(parcel)
    else {
        return;
    };
    match parcel {
        Parcel::Talks(_, talks) => of.counters.shed.add(talks.len() as u64),
        Parcel::Among(_, talks) => of.counters.shed.add(talks.len() as u64),
        Parcel::Turn(..) => {}
    }
}
