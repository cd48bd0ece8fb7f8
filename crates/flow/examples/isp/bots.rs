//! Bots: devices of subscribers that call home, as real families did or as a drawn program does.

use crate::draw::{Draw, millis, ratio, whole};
use crate::replay::{Family, Step};
use crate::router::{Kind, Router, Shape, Talk};
use crate::world::{self, COMMAND, HOUR_MS, Hosting, START_MS, is_on};

/// What is run.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Numbers of bots that a server commands.
    pub(crate) bots: Vec<u32>,
    /// Servers of each number of bots, of each family that is replayed.
    pub(crate) of_family: u32,
    /// The same, of drawn programs.
    pub(crate) drawn: u32,
    /// The port of every server, when it is not its own.
    pub(crate) port: Option<u16>,
    /// Whether all bots of a server begin together.
    pub(crate) start: Start,
}

/// When the bots of a server begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// Each at its own time of the first hours, and at its own place of what is replayed.
    Apart,
    /// All within seconds, at one place.
    Together,
}

/// A server that commands.
pub(crate) struct Command {
    pub(crate) family: String,
    pub(crate) bots: u32,
    address: u32,
    port: u16,
    calls: Calls,
}

/// How its bots call.
enum Calls {
    /// As the family at this place of the list did.
    Replayed(usize),
    /// As drawn.
    Drawn(Beacon),
}

/// A program that calls by the clock, more or less.
struct Beacon {
    period_ms: f64,
    /// Share of the period by which a call is early or late at most.
    jitter: f64,
    /// Share of the calls that do not happen.
    lost: f64,
    /// Hours that it sleeps, each some hours.
    sleep_ms: f64,
    step: Step,
    sizes_spread: f64,
}

struct Bot {
    next_ms: i64,
    client: u32,
    command: u32,
    step: u32,
    always_on: bool,
}

/// All of them.
pub(crate) struct Bots {
    pub(crate) commands: Vec<Command>,
    families: Vec<Family>,
    bots: Vec<Bot>,
    draw: Draw,
}

impl Bots {
    pub(crate) fn new(plan: &Plan, families: Vec<Family>, subscribers: u32, seed: u64) -> Self {
        let mut bots = Self {
            commands: Vec::new(),
            families,
            bots: Vec::new(),
            draw: Draw::new(seed, 0xb07),
        };
        for count in &plan.bots {
            for family in 0..bots.families.len() {
                for _ in 0..plan.of_family {
                    bots.replayed(plan, family, *count, subscribers);
                }
            }
            for _ in 0..plan.drawn {
                bots.drawn(plan, *count, subscribers);
            }
        }
        bots
    }

    pub(crate) fn count(&self) -> usize {
        self.bots.len()
    }

    fn replayed(&mut self, plan: &Plan, family: usize, bots: u32, subscribers: u32) {
        let Some(of) = self.families.get(family) else {
            return;
        };
        let (name, port) = (of.name.clone(), of.port);
        // Devices of few resources are routers and cameras, which are never switched off.
        let always_on = if matches!(port, 23 | 6_667) { 1.0 } else { 0.5 };
        self.command(
            plan,
            name,
            port,
            Calls::Replayed(family),
            always_on,
            bots,
            subscribers,
        );
    }

    fn drawn(&mut self, plan: &Plan, bots: u32, subscribers: u32) {
        let draw = &mut self.draw;
        let port = match draw.below(10) {
            0..=4 => u16::try_from(1_100 + draw.below(31_000)).unwrap_or(4_444),
            5..=7 => 443,
            8 => 80,
            _ => 8_080,
        };
        let packets = [
            whole(draw.between(5.0, 11.0)),
            whole(draw.between(4.0, 10.0)),
        ];
        let dead = draw.happens(0.1);
        let mut octets = |packets: u64| packets * 46 + whole(draw.by_ratio(20.0, 900.0));
        let step = Step {
            wait_ms: 0,
            lasts_ms: 400,
            kind: if dead { Kind::Tried } else { Kind::Whole },
            octets: if dead {
                [156, 0]
            } else {
                [octets(packets[0]), octets(packets[1])]
            },
            packets: if dead { [3, 0] } else { packets },
        };
        let beacon = Beacon {
            period_ms: draw.by_ratio(10_000.0, 6.0 * 3_600_000.0),
            jitter: draw.between(0.0, 0.5),
            lost: draw.between(0.0, 0.3),
            sleep_ms: if draw.happens(0.3) {
                draw.by_ratio(1.0, 8.0) * 3_600_000.0
            } else {
                0.0
            },
            sizes_spread: if draw.happens(0.5) { 0.0 } else { 0.15 },
            step,
        };
        let always_on = draw.unit();
        self.command(
            plan,
            "drawn".to_owned(),
            port,
            Calls::Drawn(beacon),
            always_on,
            bots,
            subscribers,
        );
    }

    #[expect(clippy::too_many_arguments, reason = "each is drawn elsewhere")]
    fn command(
        &mut self,
        plan: &Plan,
        family: String,
        port: u16,
        calls: Calls,
        always_on: f64,
        bots: u32,
        subscribers: u32,
    ) {
        let hosting = Hosting::drawn(&mut self.draw, [0.75, 0.22, 0.03, 0.0]);
        let command = u32::try_from(self.commands.len()).unwrap_or(0);
        let steps = self.steps(&calls);
        let shared = (self.draw.unit(), self.draw.below(steps));
        for _ in 0..bots {
            let (begins, step) = match plan.start {
                Start::Together => (
                    shared.0 * 3_600_000.0 + self.draw.unit() * 5_000.0,
                    shared.1,
                ),
                Start::Apart => (self.draw.unit() * 3.0 * 3_600_000.0, self.draw.below(steps)),
            };
            self.bots.push(Bot {
                next_ms: START_MS + millis(begins / 1_000.0),
                client: self.draw.below(subscribers),
                command,
                step,
                always_on: self.draw.happens(always_on),
            });
        }
        self.commands.push(Command {
            family,
            bots,
            address: world::address(COMMAND, hosting, command),
            port: plan.port.unwrap_or(port),
            calls,
        });
    }

    fn steps(&self, calls: &Calls) -> u32 {
        match calls {
            Calls::Replayed(family) => self
                .families
                .get(*family)
                .and_then(|family| u32::try_from(family.steps.len()).ok())
                .unwrap_or(1),
            Calls::Drawn(_) => 1,
        }
    }

    /// What they do in an hour from the beginning on.
    pub(crate) fn hour(&mut self, hour: u32, router: &mut Router) {
        let ends = START_MS + i64::from(hour + 1) * HOUR_MS;
        let (draw, commands, families) = (&mut self.draw, &self.commands, &self.families);
        for bot in &mut self.bots {
            let Some(command) = usize::try_from(bot.command)
                .ok()
                .and_then(|place| commands.get(place))
            else {
                continue;
            };
            while bot.next_ms < ends {
                let (talk, wait_ms) = match &command.calls {
                    Calls::Replayed(family) => {
                        let steps = families.get(*family).map_or(&[][..], |of| &of.steps);
                        replayed(bot, steps)
                    }
                    Calls::Drawn(beacon) => drawn(draw, bot, beacon),
                };
                if let Some(step) = talk
                    && (bot.always_on || is_on(u64::from(bot.client), bot.next_ms))
                {
                    router.export(&call(draw, bot, command, &step));
                }
                bot.next_ms += wait_ms.max(1);
            }
        }
    }
}

/// The next call of what is replayed, and how long until the one behind it.
fn replayed(bot: &mut Bot, steps: &[Step]) -> (Option<Step>, i64) {
    let place = usize::try_from(bot.step).unwrap_or(0);
    let step = steps.get(place).copied();
    bot.step = if place + 1 < steps.len() {
        bot.step + 1
    } else {
        0
    };
    (step, step.map_or(HOUR_MS, |step| step.wait_ms))
}

fn drawn(draw: &mut Draw, bot: &Bot, beacon: &Beacon) -> (Option<Step>, i64) {
    let early = beacon.jitter * (2.0 * draw.unit() - 1.0);
    let mut wait = beacon.period_ms * (1.0 + early);
    if beacon.sleep_ms > 0.0 && draw.happens(beacon.period_ms / (12.0 * 3_600_000.0)) {
        wait += beacon.sleep_ms;
    }
    let mut step = beacon.step;
    if beacon.sizes_spread > 0.0 && step.kind == Kind::Whole {
        let grown = draw.log_normal(1.0, beacon.sizes_spread);
        for (octets, packets) in step.octets.iter_mut().zip(step.packets) {
            *octets = whole(ratio(*octets) * grown).max(packets * 46);
        }
    }
    let lost = draw.happens(beacon.lost) || bot.next_ms < START_MS;
    ((!lost).then_some(step), millis(wait / 1_000.0))
}

fn call(draw: &mut Draw, bot: &Bot, command: &Command, step: &Step) -> Talk {
    Talk {
        client: world::subscriber(bot.client),
        client_port: world::client_port(draw),
        server: command.address,
        server_port: command.port,
        kind: step.kind,
        shape: Shape::Along,
        start_ms: bot.next_ms,
        lasts_ms: step.lasts_ms,
        packets: step.packets,
        octets: step.octets,
    }
}
