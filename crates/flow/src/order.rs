//! Talks in the order of time. Exporters send a flow when it ends, and files may have any order;
//! waits between calls mean something only in order.

use crate::column::Address;
use crate::sealed::Talk;

/// Holds talks back and hands them on in order, as far as its room reaches.
pub struct InOrder {
    held: Vec<Talk<Address>>,
    room: usize,
}

impl InOrder {
    /// Holds back at most `room` talks. A file with fewer is in order whatever it was before; of a
    /// longer one, talks that stand less than half of the room from their place are.
    pub fn new(room: usize) -> Self {
        Self {
            held: Vec::new(),
            room: room.max(2),
        }
    }

    /// Takes `talks` and hands the earliest to `each` when there is no more room.
    pub fn push(&mut self, talks: &mut Vec<Talk<Address>>, mut each: impl FnMut(&[Talk<Address>])) {
        for talk in talks.drain(..) {
            if self.held.len() == self.room {
                self.held.sort_by_key(|talk| talk.start_ms);
                each(self.held.get(..self.room / 2).unwrap_or_default());
                self.held.drain(..self.room / 2);
            }
            self.held.push(talk);
        }
    }

    /// Hands on what is held.
    pub fn end(&mut self, mut each: impl FnMut(&[Talk<Address>])) {
        self.held.sort_by_key(|talk| talk.start_ms);
        each(&self.held);
        self.held.clear();
    }
}

#[cfg(test)]
mod tests {
    use seal::subscriber::HorizonKey;

    use super::*;
    use crate::column::Ending;
    use crate::sealed::{Opened, SealedPort, Way};

    fn talk(start_ms: i64) -> Talk<Address> {
        Talk {
            server: Address::v4(0xcb00_7109),
            server_port: 80,
            subscriber: HorizonKey::from_bytes([1; 16]).token(1),
            household: 0,
            subscriber_port: SealedPort::kept(1, 0),
            protocol: 6,
            flags: 0,
            way: Way::Forth,
            packets: 1,
            bytes: 1,
            start_ms,
            end_ms: start_ms,
            sampling: 1,
            ending: Ending::Unsaid,
            opened: Opened::Unsaid,
        }
    }

    fn ordered(starts: &[i64], room: usize) -> Vec<i64> {
        let (mut order, mut out) = (InOrder::new(room), Vec::new());
        let mut each = |talks: &[Talk<Address>]| out.extend(talks.iter().map(|talk| talk.start_ms));
        for few in starts.chunks(3) {
            order.push(
                &mut few.iter().map(|start| talk(*start)).collect(),
                &mut each,
            );
        }
        order.end(&mut each);
        out
    }

    #[test]
    fn what_the_room_reaches_is_in_order_and_nothing_is_lost() {
        let backwards: Vec<i64> = (0..100).rev().collect();
        assert!(ordered(&backwards, 100).is_sorted());
        let near: Vec<i64> = (0..100).map(|n| n ^ 3).collect();
        assert!(ordered(&near, 10).is_sorted());
        let mut far = ordered(&backwards, 10);
        assert!(!far.is_sorted());
        far.sort_unstable();
        assert_eq!(far, (0..100).collect::<Vec<_>>());
    }
}
