//! A router: what of a conversation it exports.
//!
//! Packets are sampled first (each by itself, one of so many), then gathered in flows that are cut by
//! the idle and the active timeout, as the exporters of routers do it. Of a flow with no sampled
//! packet there is no record; octets and flags are those of the packets that were sampled.

use crate::draw::{Draw, millis, ratio, short, whole};

/// A flow ends after so long without a packet (a usual default).
const IDLE_MS: i64 = 15_000;

/// A flow is cut after so long (a usual setting for detection).
const ACTIVE_MS: i64 = 60_000;

/// Packets that are placed one by one; of more, each cut has its share.
const PLACED_MAX: u64 = 64;

/// What the flags tell of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// TCP from SYN to FIN.
    Whole,
    /// TCP that goes on before and after.
    Amid,
    /// SYN and no answer.
    Tried,
    /// SYN, answered by RST.
    Refused,
    /// UDP.
    Datagrams,
}

/// When the packets come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nearly all in the first seconds; the connection is closed at its end.
    Burst,
    /// All along.
    Along,
}

/// A conversation of a subscriber with a server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    pub(crate) client: u32,
    pub(crate) client_port: u16,
    pub(crate) server: u32,
    pub(crate) server_port: u16,
    pub(crate) kind: Kind,
    pub(crate) shape: Shape,
    pub(crate) start_ms: i64,
    pub(crate) lasts_ms: i64,
    /// Packets and octets, there and back.
    pub(crate) packets: [u64; 2],
    pub(crate) octets: [u64; 2],
}

/// A flow record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) end_ms: i64,
    pub(crate) start_ms: i64,
    pub(crate) source: u32,
    pub(crate) destination: u32,
    pub(crate) ports: [u16; 2],
    pub(crate) protocol: u8,
    pub(crate) flags: u8,
    /// As in element 136.
    pub(crate) ending: u8,
    pub(crate) packets: u32,
    pub(crate) octets: u32,
}

/// Samples and exports.
pub(crate) struct Router {
    pub(crate) sampling: u32,
    ln_unseen: f64,
    draw: Draw,
    placed: [Vec<u64>; 2],
    /// Records that were made, in no order.
    pub(crate) records: Vec<Record>,
}

impl Router {
    /// A router that looks at one packet of `sampling`.
    pub(crate) fn new(sampling: u32, seed: u64) -> Self {
        Self {
            sampling,
            ln_unseen: (1.0 - 1.0 / f64::from(sampling.max(1))).ln(),
            draw: Draw::new(seed, 0x7077),
            placed: [Vec::new(), Vec::new()],
            records: Vec::new(),
        }
    }

    /// The logarithm of the probability that of so many packets none is sampled.
    pub(crate) fn ln_unseen(&self, packets: u64) -> f64 {
        ratio(packets) * self.ln_unseen
    }

    /// Exports a conversation as far as it is sampled.
    pub(crate) fn export(&mut self, talk: &Talk) {
        let all = talk.packets[0] + talk.packets[1];
        if self.sampling <= 1 {
            self.way(talk, 0, talk.packets[0], Ends::BOTH);
            self.way(talk, 1, talk.packets[1], Ends::BOTH);
            return;
        }
        if ratio(all) > 16.0 * f64::from(self.sampling) {
            for way in [0, 1] {
                let packets = at(talk.packets, way);
                let mean = ratio(packets) / f64::from(self.sampling);
                let sampled = self.draw.poisson(mean).min(packets);
                let ends = Ends {
                    first: self.draw.happens(1.0 / f64::from(self.sampling)),
                    last: self.draw.happens(1.0 / f64::from(self.sampling)),
                };
                self.way_or_placed(talk, way, sampled, ends);
            }
            return;
        }
        let first = self.draw.fails(self.ln_unseen);
        self.from(talk, all, first);
    }

    /// Exports a conversation of which it is decided that a packet was sampled.
    pub(crate) fn export_seen(&mut self, talk: &Talk) {
        let all = talk.packets[0] + talk.packets[1];
        if self.sampling <= 1 || ratio(all) > 16.0 * f64::from(self.sampling) {
            self.export(talk);
            return;
        }
        let seen = 1.0 - self.ln_unseen(all).exp();
        let first = whole((1.0 - self.draw.unit() * seen).ln() / self.ln_unseen);
        self.from(talk, all, first.min(all.saturating_sub(1)));
    }

    /// The packet `first` is sampled, and of those behind it each as it comes.
    fn from(&mut self, talk: &Talk, all: u64, first: u64) {
        if first >= all {
            return;
        }
        let [forth, back] = &mut self.placed;
        forth.clear();
        back.clear();
        let mut place = first;
        // Packets there and back take turns as far as both have some.
        while place < all {
            if turn(place, all, talk.packets[0]) {
                forth.push(place * talk.packets[0] / all);
            } else {
                back.push(place * talk.packets[1] / all);
            }
            place += 1 + self.draw.fails(self.ln_unseen);
        }
        for way in [0, 1] {
            self.placed_way(talk, way);
        }
    }

    /// A direction of which `count` packets are seen.
    fn way(&mut self, talk: &Talk, way: usize, count: u64, ends: Ends) {
        if count > PLACED_MAX {
            self.cuts(talk, way, count, ends);
        } else {
            if let Some(placed) = self.placed.get_mut(way) {
                placed.clear();
                placed.extend(0..count);
            }
            self.placed_way(talk, way);
        }
    }

    fn way_or_placed(&mut self, talk: &Talk, way: usize, sampled: u64, ends: Ends) {
        if sampled > PLACED_MAX {
            self.cuts(talk, way, sampled, ends);
            return;
        }
        let packets = at(talk.packets, way);
        if let Some(placed) = self.placed.get_mut(way) {
            placed.clear();
            for _ in 0..sampled {
                placed.push(whole(self.draw.unit() * ratio(packets)));
            }
            placed.sort_unstable();
        }
        self.placed_way(talk, way);
    }

    /// Gathers packets of known places into flows.
    fn placed_way(&mut self, talk: &Talk, way: usize) {
        let places = self.placed.get(way).map_or(&[][..], Vec::as_slice);
        let packets = at(talk.packets, way);
        let mut open: Option<Record> = None;
        for place in places {
            let when = talk.start_ms + moment(talk, *place, packets);
            let (octets, flags) = packet(talk, way, *place);
            let near = |record: &Record| {
                when - record.end_ms <= IDLE_MS && when - record.start_ms < ACTIVE_MS
            };
            match &mut open {
                Some(record) if near(record) => {
                    record.end_ms = when;
                    record.packets += 1;
                    record.octets = record.octets.saturating_add(octets);
                    record.flags |= flags;
                }
                _ => {
                    if let Some(mut done) = open.take() {
                        done.ending = if when - done.end_ms <= IDLE_MS { 2 } else { 1 };
                        self.records.push(done);
                    }
                    open = Some(Record {
                        packets: 1,
                        octets,
                        flags,
                        end_ms: when,
                        ..bare(talk, way, when)
                    });
                }
            }
        }
        if let Some(mut done) = open {
            done.ending = if done.flags & 5 == 0 { 1 } else { 3 };
            self.records.push(done);
        }
    }

    /// Cuts a direction of many packets by the active timeout.
    fn cuts(&mut self, talk: &Talk, way: usize, count: u64, ends: Ends) {
        let cuts = whole(ratio(talk.lasts_ms.unsigned_abs()) / ratio(ACTIVE_MS.unsigned_abs())) + 1;
        let octets = ratio(at(talk.octets, way)) / ratio(at(talk.packets, way).max(1));
        let middle = if talk.kind == Kind::Datagrams {
            0
        } else {
            0x18
        };
        for cut in 0..cuts {
            let packets = count / cuts + u64::from(cut < count % cuts);
            if packets == 0 {
                continue;
            }
            let start = talk.start_ms + millis(ratio(cut) * 60.0);
            let end = (start + ACTIVE_MS - 1).min(talk.start_ms + talk.lasts_ms);
            let mut record = Record {
                packets: short(ratio(packets)),
                octets: short(ratio(packets) * octets),
                flags: middle,
                ending: if cut + 1 == cuts { 1 } else { 2 },
                end_ms: end.max(start),
                ..bare(talk, way, start)
            };
            if cut == 0 && ends.first {
                record.flags |= packet(talk, way, 0).1;
            }
            if cut + 1 == cuts && ends.last {
                record.flags |= packet(talk, way, at(talk.packets, way) - 1).1;
            }
            self.records.push(record);
        }
    }
}

/// Whether the first and the last packet are among those seen.
#[derive(Clone, Copy)]
struct Ends {
    first: bool,
    last: bool,
}

impl Ends {
    const BOTH: Self = Self {
        first: true,
        last: true,
    };
}

/// Whether packet `place` of `all` goes forth.
fn turn(place: u64, all: u64, forth: u64) -> bool {
    (place + 1) * forth / all > place * forth / all || (place == 0 && forth > 0 && forth * 2 >= all)
}

fn at(both: [u64; 2], way: usize) -> u64 {
    both.get(way).copied().unwrap_or(0)
}

/// When packet `place` of `packets` comes, after the start.
fn moment(talk: &Talk, place: u64, packets: u64) -> i64 {
    if packets < 2 {
        return 0;
    }
    let share = ratio(place) / ratio(packets - 1);
    let lasts = ratio(talk.lasts_ms.unsigned_abs());
    let burst = talk.shape == Shape::Burst && place + 1 < packets;
    millis(share * if burst { lasts.min(2_000.0) } else { lasts } / 1_000.0)
}

/// Octets and flags of a packet.
fn packet(talk: &Talk, way: usize, place: u64) -> (u32, u8) {
    let (packets, octets) = (at(talk.packets, way), at(talk.octets, way));
    let last = place + 1 >= packets;
    let mean = ratio(octets) / ratio(packets.max(1));
    let bare = packets > 3 && matches!(talk.kind, Kind::Whole);
    let size = if !bare {
        mean
    } else if place == 0 || last {
        52.0
    } else {
        (ratio(octets) - 104.0) / (ratio(packets) - 2.0)
    };
    let flags = match (talk.kind, place == 0, last, way) {
        (Kind::Datagrams, ..) => 0,
        (Kind::Tried, ..) | (Kind::Refused, _, _, 0) | (Kind::Whole, true, _, 0) => 0x02,
        (Kind::Refused, ..) => 0x14,
        (Kind::Whole, true, ..) => 0x12,
        (Kind::Whole, _, true, _) => 0x11,
        _ => 0x18,
    };
    (short(size.max(40.0)), flags)
}

fn bare(talk: &Talk, way: usize, start_ms: i64) -> Record {
    let forth = way == 0;
    let (client, server) = (talk.client, talk.server);
    Record {
        end_ms: start_ms,
        start_ms,
        source: if forth { client } else { server },
        destination: if forth { server } else { client },
        ports: if forth {
            [talk.client_port, talk.server_port]
        } else {
            [talk.server_port, talk.client_port]
        },
        protocol: if talk.kind == Kind::Datagrams { 17 } else { 6 },
        flags: 0,
        ending: 1,
        packets: 0,
        octets: 0,
    }
}
