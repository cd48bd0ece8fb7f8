//! What was said of a server by looking at its clients one by one: numbers, and none of a client.

/// Millionths, of shares and logarithms.
pub(crate) const MILLION: f64 = 1e6;

/// The word of a day of a collector.
///
/// The fields that only grow while a day goes on stand first, so that of two words of one day the
/// later one is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Said {
    /// Waits between calls.
    pub(crate) waits: u32,
    /// Calls that were compared in size with the one before.
    pub(crate) same_size_of: u32,
    /// Waits that were compared with the one before of the same client.
    pub(crate) steady_of: u32,
    /// Clients that were looked at, all their calls, and the sum of the squares of these.
    pub(crate) pairs: u32,
    pub(crate) calls: u64,
    pub(crate) squares: u64,
    /// Calls that failed again.
    pub(crate) again: u32,
    /// Doors that were tried in vain, by its clients on other hosts or by anybody on this one.
    pub(crate) doors: u32,
    /// Calls of the client that called most, and over how many tenths of a second.
    pub(crate) busiest_calls: u32,
    pub(crate) busiest_ticks: u32,
    /// Calls of the size of the one before.
    pub(crate) same_size: u32,
    /// Waits like the one before.
    pub(crate) steady: u32,
    /// Share of all pairs of waits that are alike, in millionths.
    pub(crate) alike: u32,
    /// The commonest wait, in milliseconds.
    pub(crate) period_ms: u64,
    /// How much likelier than by chance the waits are multiples of a period, a natural logarithm in
    /// millionths, and the period in milliseconds; 0 where there is none.
    pub(crate) comb: u32,
    pub(crate) comb_ms: u64,
    /// Clients whose mean waits can be compared, and those with one like the others'.
    pub(crate) compared: u32,
    pub(crate) compared_alike: u32,
    /// Clients that were seen over many hours.
    pub(crate) long: u32,
    /// Clients that search for open doors.
    pub(crate) searching: u32,
}

impl Said {
    /// Words of several days or collectors as one: what can be counted is added up, shares are weighed by
    /// what they rest on, and of what is told of one client or period the strongest holds.
    pub(crate) fn pooled<'s>(words: impl IntoIterator<Item = &'s Self>) -> Self {
        let mut pooled = Self::default();
        let (mut alike, mut of) = (0_u128, 0_u128);
        let mut most_waits = 0;
        for said in words {
            alike += u128::from(said.alike) * u128::from(said.waits);
            of += u128::from(said.waits);
            if said.waits > most_waits {
                (most_waits, pooled.period_ms) = (said.waits, said.period_ms);
            }
            if said.comb > pooled.comb {
                (pooled.comb, pooled.comb_ms) = (said.comb, said.comb_ms);
            }
            if said.busiest_calls > pooled.busiest_calls {
                pooled.busiest_calls = said.busiest_calls;
                pooled.busiest_ticks = said.busiest_ticks;
            }
            pooled.doors = pooled.doors.max(said.doors);
            pooled.calls = pooled.calls.saturating_add(said.calls);
            pooled.squares = pooled.squares.saturating_add(said.squares);
            for (sum, more) in [
                (&mut pooled.waits, said.waits),
                (&mut pooled.same_size_of, said.same_size_of),
                (&mut pooled.same_size, said.same_size),
                (&mut pooled.steady_of, said.steady_of),
                (&mut pooled.steady, said.steady),
                (&mut pooled.pairs, said.pairs),
                (&mut pooled.again, said.again),
                (&mut pooled.compared, said.compared),
                (&mut pooled.compared_alike, said.compared_alike),
                (&mut pooled.long, said.long),
                (&mut pooled.searching, said.searching),
            ] {
                *sum = sum.saturating_add(more);
            }
        }
        pooled.alike = u32::try_from(alike / of.max(1)).unwrap_or(u32::MAX);
        pooled
    }

    /// Most clients that one of the words compared: the same clients come back each day.
    pub(crate) fn compared_most<'s>(words: impl IntoIterator<Item = &'s Self>) -> u32 {
        words
            .into_iter()
            .map(|said| said.compared)
            .max()
            .unwrap_or(0)
    }
}
