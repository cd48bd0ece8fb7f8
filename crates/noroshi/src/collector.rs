//! The collector of flow records: datagrams in, hours of sealed talks in Parquet out.
//!
//! Receivers (one a socket) decode and seal; keepers write; the steward looks at the clock: each minute
//! everything is brought into files, and when its time has come the key of the horizon is renewed. The
//! archivist looks at the files for C&C servers, merges the minutes of an hour and removes old hours. Nobody waits for a lock or a disk
//! while datagrams come: what the keepers have no room for is let go, and counted.
//!
//! INVARIANT: only tokens of subscribers leave a receiver.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, RwLock};
use std::thread::JoinHandle;

use anyhow::Context as _;
use flow::prefix::Prefixes;
use seal::envelope::PublicKey;
use seal::random::Random;

use archivist::Archivist;
use counts::Counters;
use diary::Diary;
use horizon::{Horizon, KeyRoom};
use hours::{Broom, Hour, Hours};
use keeper::{Keeper, Parcel};
use profiles::CollectorId;
use receiver::{Receiver, Subscribers};
use restricted::Restricted;
use socket::Socket;
use steward::{Asked, Orders, Running, Steward, Tally};
use time::Time;

pub use archivist::Lists;
pub use counts::Totals;
pub use diary::{Gap, Why};
pub use horizon::HORIZON_DAYS_MAX;
pub use socket::RECEIVE_BUFFER_OCTETS;
pub use time::Clock;

mod archivist;
mod counts;
mod diary;
mod horizon;
mod hours;
mod keeper;
mod profiles;
mod receiver;
mod restricted;
mod socket;
mod steward;
mod time;

/// Hours that talks are kept, when nobody sets another number.
pub const KEEP_HOURS_DEFAULT: u32 = 24;

/// Parcels that may wait for a keeper. With 8,192 talks each they take about 60 MB.
const PARCELS_WAITING: usize = 64;

/// What a collector is told.
pub struct Settings {
    /// Where it listens; port 0 lets the system choose one.
    pub listen: Vec<SocketAddr>,
    /// Whose side of a flow is sealed.
    pub subscribers: Prefixes,
    /// Leading bits of an IPv6 address that one household has.
    pub household_bits: u8,
    /// One packet of how many is looked at, of flows that do not tell it.
    pub sampling: u32,
    /// Addresses that carrier-grade translation shares between lines.
    pub shared: Prefixes,
    /// Who may send; `None` is anybody.
    pub exporters: Option<Prefixes>,
    /// Where everything is kept.
    pub directory: PathBuf,
    /// File of the key that wraps the keys of horizons.
    pub key_file: PathBuf,
    /// Days of a linking horizon.
    pub horizon_days: u16,
    /// Who can open the key of a horizon, two together; none at all, or two at least.
    pub custodians: Vec<PublicKey>,
    /// Hours that talks are kept.
    pub keep_hours: u32,
    /// Days that profiles of servers are kept, 1 to [`HORIZON_DAYS_MAX`].
    pub profiles_days: u16,
    /// Clients below which no number of them stands in a finding.
    pub clients_min: u32,
    /// What is known of servers.
    pub lists: Lists,
    /// Receivers on each address, and keepers.
    pub workers: usize,
}

/// A running collector. It goes on until [`Collector::end`].
pub struct Collector {
    addresses: Vec<SocketAddr>,
    buffer_octets: usize,
    gap: Option<Gap>,
    orders: Arc<Orders>,
    tally: Arc<Tally>,
    asked: mpsc::Sender<Asked>,
    steward: JoinHandle<anyhow::Result<()>>,
    archivist: JoinHandle<()>,
    receivers: Vec<JoinHandle<anyhow::Result<()>>>,
    keepers: Vec<JoinHandle<()>>,
    /// Held as long as the directory is used.
    _lock: fs::File,
}

/// Starts a collector.
///
/// # Errors
/// When an address is taken, the directory is in use or cannot be written, or the key of the horizon
/// does not open.
pub fn start(settings: &Settings, clock: Clock, mut random: Random) -> anyhow::Result<Collector> {
    settings.check()?;
    let directory = &settings.directory;
    let lock = lock(directory)?;
    let time = Time::new(clock.clone());
    let now = time.now();
    let (key_file, days) = (&settings.key_file, settings.horizon_days);
    let mut key_room = KeyRoom::open(directory, key_file, days, &mut random)?
        .sealed_to(settings.custodians.clone())?;
    let horizon = Arc::new(key_room.at(now, &mut random)?);
    let hours = Hours::open(directory)?;
    let sockets = sockets(settings)?;
    let (diary, gap) = Diary::open(directory, now)?;
    let orders = Arc::new(Orders {
        turn: AtomicU64::new(0),
        ending: AtomicBool::new(false),
        running: RwLock::new(Running {
            horizon: Arc::clone(&horizon),
            hour: Hour::of(now),
        }),
    });
    let crew = Crew {
        settings,
        orders: &orders,
        clock,
        run: format!("{:x}", now.micros()),
    };
    let tally = Arc::new(Tally {
        counters: (0..sockets.len() + settings.workers)
            .map(|_| Arc::new(Counters::default()))
            .collect(),
    });
    let addresses = listening(&sockets)?;
    let buffer_octets = buffer(&sockets)?;
    let (asked, asks) = mpsc::channel();
    let (archivist, to_archivist) = crew.archivist(&hours, Hour::of(now), &horizon, &mut random)?;
    let (keepers, to_keepers) = crew.keepers(&hours, &asked, sockets.len(), &tally.counters)?;
    let of_receivers = tally.counters.iter().skip(settings.workers);
    let receivers = crew.receivers(sockets, &to_keepers, of_receivers)?;
    let steward = Steward {
        orders: Arc::clone(&orders),
        tally: Arc::clone(&tally),
        time,
        random,
        key_room,
        diary,
        archivist: to_archivist,
        kept_until: now,
        missed: 0,
        closed: vec![0; keepers.len()],
        turns: BTreeMap::new(),
        flushes: Vec::new(),
    };
    Ok(Collector {
        addresses,
        buffer_octets,
        gap,
        orders,
        tally,
        asked,
        steward: thread("steward", move || steward.run(&asks))?,
        archivist,
        receivers,
        keepers,
        _lock: lock,
    })
}

impl Settings {
    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(self.workers > 0, "a collector needs a worker");
        anyhow::ensure!(
            (1..=HORIZON_DAYS_MAX).contains(&self.profiles_days),
            "profiles are kept from 1 to {HORIZON_DAYS_MAX} days, not {}",
            self.profiles_days
        );
        Ok(())
    }
}

impl Collector {
    /// Where it listens.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The time before this start of which nothing is kept; `None` when the directory is new.
    pub fn gap(&self) -> Option<&Gap> {
        self.gap.as_ref()
    }

    /// Octets that the kernel holds for each socket while its receiver is busy.
    pub fn buffer_octets(&self) -> usize {
        self.buffer_octets
    }

    /// What was counted so far. What decoders count is brought up to date each minute, and by
    /// [`Collector::flush`].
    pub fn totals(&self) -> Totals {
        self.tally.totals()
    }

    /// Brings what came until now into files, without waiting for the end of the minute.
    ///
    /// # Errors
    /// When the collector broke.
    pub fn flush(&self) -> anyhow::Result<()> {
        let (done, wait) = mpsc::channel();
        self.asked.send(Asked::Flush(done)).context(BROKEN)?;
        wait.recv().context(BROKEN)
    }

    /// Whether a thread ended that should not have. [`Collector::end`] says why.
    pub fn is_broken(&self) -> bool {
        self.steward.is_finished()
            || self.receivers.iter().any(JoinHandle::is_finished)
            || self.keepers.iter().any(JoinHandle::is_finished)
            || self.archivist.is_finished()
    }

    /// Takes what has come, brings everything into files, and ends.
    ///
    /// # Errors
    /// What broke, if something did.
    pub fn end(self) -> anyhow::Result<Totals> {
        self.orders.ending.store(true, Ordering::Release);
        let mut first = Ok(());
        for receiver in self.receivers {
            first = first.and(receiver.join().unwrap_or_else(|_| Err(panicked())));
        }
        // The last receiver took the keepers' channels with it.
        for keeper in self.keepers {
            first = first.and(keeper.join().map_err(|_| panicked()));
        }
        // A steward that broke says itself why.
        let _sent = self.asked.send(Asked::End);
        first = first.and(self.steward.join().unwrap_or_else(|_| Err(panicked())));
        first = first.and(self.archivist.join().map_err(|_| panicked()));
        first.map(|()| self.tally.totals())
    }
}

const BROKEN: &str = "the collector broke";

fn panicked() -> anyhow::Error {
    anyhow::anyhow!("a thread of the collector panicked")
}

/// Who starts the threads.
struct Crew<'s> {
    settings: &'s Settings,
    orders: &'s Arc<Orders>,
    clock: Clock,
    /// Begins the names of files; no other run of a collector has it.
    run: String,
}

type Threads<T> = Vec<JoinHandle<T>>;

impl Crew<'_> {
    fn keepers(
        &self,
        hours: &Hours,
        asked: &mpsc::Sender<Asked>,
        receivers: usize,
        counters: &[Arc<Counters>],
    ) -> anyhow::Result<(Threads<()>, Vec<SyncSender<Parcel>>)> {
        let mut threads = Vec::new();
        let mut channels = Vec::new();
        for (number, counters) in counters.iter().take(self.settings.workers).enumerate() {
            let (to, from) = mpsc::sync_channel(PARCELS_WAITING);
            channels.push(to);
            let keeper = Keeper {
                number,
                receivers,
                hours: hours.clone(),
                run: self.run.clone(),
                counters: Arc::clone(counters),
                from,
                to: asked.clone(),
            };
            threads.push(thread("keeper", move || keeper.run())?);
        }
        Ok((threads, channels))
    }

    /// Looks at what is kept, beside everything else: it may take long.
    fn archivist(
        &self,
        hours: &Hours,
        begin: Hour,
        horizon: &Horizon,
        random: &mut Random,
    ) -> anyhow::Result<(JoinHandle<()>, mpsc::Sender<Hour>)> {
        let (to, from) = mpsc::channel();
        let seed = u64::from_be_bytes(random.bytes());
        let clients_min = self.settings.clients_min;
        let openable_hours = i64::from(self.settings.horizon_days) * 24;
        let broom = Broom {
            subscribers: self.settings.subscribers.clone(),
            horizon: horizon.number,
            key: horizon.key(),
        };
        let archivist = Archivist {
            subscribers: self.settings.subscribers.clone(),
            restricted: Restricted::new(hours.clone(), clients_min, openable_hours, seed, begin),
            hours: hours.clone(),
            keep_hours: self.settings.keep_hours,
            profiles_days: self.settings.profiles_days,
            id: CollectorId::open(&self.settings.directory, random)?,
            clients_min,
            lists: Arc::clone(&self.settings.lists),
            seed,
        };
        let work = move || archivist.run(broom, begin, &from);
        Ok((thread("archivist", work)?, to))
    }

    fn receivers<'c>(
        &self,
        sockets: Vec<Socket>,
        keepers: &[SyncSender<Parcel>],
        counters: impl Iterator<Item = &'c Arc<Counters>>,
    ) -> anyhow::Result<Threads<anyhow::Result<()>>> {
        let start = |(number, (socket, counters)): (usize, (Socket, &Arc<Counters>))| {
            let receiver = Receiver {
                number,
                inode: socket.inode()?,
                socket,
                clock: self.clock.clone(),
                subscribers: Subscribers {
                    prefixes: self.settings.subscribers.clone(),
                    household_bits: self.settings.household_bits,
                    sampling: self.settings.sampling,
                    shared: self.settings.shared.clone(),
                },
                exporters: self.settings.exporters.clone(),
                orders: Arc::clone(self.orders),
                counters: Arc::clone(counters),
                keepers: keepers.to_vec(),
            };
            thread("receiver", move || receiver.run())
        };
        sockets
            .into_iter()
            .zip(counters)
            .enumerate()
            .map(start)
            .collect()
    }
}

/// All sockets: on each address as many as there are workers.
fn sockets(settings: &Settings) -> anyhow::Result<Vec<Socket>> {
    let mut sockets = Vec::new();
    for address in &settings.listen {
        let first = Socket::bind(*address)?;
        let chosen = first.address()?;
        sockets.push(first);
        for _ in 1..settings.workers {
            sockets.push(Socket::bind(chosen)?);
        }
    }
    Ok(sockets)
}

fn listening(sockets: &[Socket]) -> anyhow::Result<Vec<SocketAddr>> {
    let all: anyhow::Result<Vec<_>> = sockets.iter().map(Socket::address).collect();
    let mut all = all?;
    all.dedup();
    Ok(all)
}

/// The smallest buffer among the sockets.
fn buffer(sockets: &[Socket]) -> anyhow::Result<usize> {
    let all: anyhow::Result<Vec<_>> = sockets.iter().map(Socket::buffer_octets).collect();
    Ok(all?.into_iter().min().unwrap_or(0))
}

/// Makes the directory, and holds it against a second collector.
fn lock(directory: &Path) -> anyhow::Result<fs::File> {
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o750)
        .create(directory);
    made.with_context(|| format!("cannot make the directory `{}`", directory.display()))?;
    let path = directory.join("lock");
    let file =
        fs::File::create(&path).with_context(|| format!("cannot write `{}`", path.display()))?;
    file.try_lock().with_context(|| {
        format!(
            "`{}` is in use by another collector; name another directory with --into",
            directory.display()
        )
    })?;
    Ok(file)
}

fn thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<JoinHandle<T>> {
    Ok(std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)?)
}
