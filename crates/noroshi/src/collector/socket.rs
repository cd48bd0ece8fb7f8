//! Datagrams in batches: several sockets on one port, between which the kernel spreads exporters.
//!
//! The kernel chooses the socket by addresses and ports of both ends, so that all datagrams of an
//! exporter's socket come to one receiver, and its templates lie in one decoder.

use std::io::IoSliceMut;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use anyhow::Context as _;
use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, MsgFlags, MultiHeaders, SockFlag, SockType, SockaddrStorage, bind, recvmmsg,
    setsockopt, socket, sockopt,
};

/// Octets that the kernel is asked to hold for each socket while its receiver is busy.
pub const RECEIVE_BUFFER_OCTETS: usize = 4 << 20;

/// Datagrams taken in one call.
const BATCH: usize = 64;

/// A datagram longer than this is cut, and counted as a fault by the decoder. Exporters keep below
/// the 1,500 octets of an Ethernet frame, or the 9,000 of a large one.
const DATAGRAM_OCTETS_MAX: usize = 9_216;

/// How long a receiver waits for datagrams before it looks whether something else is asked of it.
const WAIT: Duration = Duration::from_millis(100);

/// One socket.
pub(super) struct Socket {
    socket: UdpSocket,
}

/// Room for a batch. It stays in the thread in which it was made.
pub(super) struct Room {
    octets: Vec<u8>,
    headers: MultiHeaders<SockaddrStorage>,
}

impl Room {
    /// Makes room.
    pub(super) fn new() -> Self {
        Self {
            octets: vec![0; BATCH * DATAGRAM_OCTETS_MAX],
            headers: MultiHeaders::preallocate(BATCH, None),
        }
    }
}

impl Socket {
    /// Takes `address` beside other sockets of this program; port 0 lets the system choose one.
    ///
    /// # Errors
    /// When the address is taken by another program or not ours.
    pub(super) fn bind(address: SocketAddr) -> anyhow::Result<Self> {
        let family = match address {
            SocketAddr::V4(_) => AddressFamily::Inet,
            SocketAddr::V6(_) => AddressFamily::Inet6,
        };
        let flags = SockFlag::SOCK_CLOEXEC;
        let socket = socket(family, SockType::Datagram, flags, None)?;
        setsockopt(&socket, sockopt::ReusePort, &true)?;
        // With the right to, past the limit that the administrator set for everybody.
        if setsockopt(&socket, sockopt::RcvBufForce, &RECEIVE_BUFFER_OCTETS).is_err() {
            setsockopt(&socket, sockopt::RcvBuf, &RECEIVE_BUFFER_OCTETS)?;
        }
        bind(socket.as_raw_fd(), &SockaddrStorage::from(address))
            .with_context(|| format!("cannot listen on {address}; choose another with --listen"))?;
        let socket = UdpSocket::from(socket);
        socket.set_read_timeout(Some(WAIT))?;
        Ok(Self { socket })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.socket.local_addr()?)
    }

    /// Octets that the kernel holds for it.
    pub(super) fn buffer_octets(&self) -> anyhow::Result<usize> {
        // The kernel doubles what was asked, for its own bookkeeping (socket(7)).
        Ok(nix::sys::socket::getsockopt(&self.socket, sockopt::RcvBuf)? / 2)
    }

    /// The number under which the kernel lists it.
    pub(super) fn inode(&self) -> anyhow::Result<u64> {
        let link = format!("/proc/self/fd/{}", self.socket.as_raw_fd());
        Ok(std::fs::metadata(link)?.ino())
    }

    /// Waits a moment for datagrams and gives each to `take`, with who sent it. Says how many there
    /// were.
    ///
    /// # Errors
    /// When the socket is broken.
    pub(super) fn batch(
        &self,
        room: &mut Room,
        mut take: impl FnMut(IpAddr, &[u8]),
    ) -> anyhow::Result<usize> {
        let mut slices: Vec<[IoSliceMut<'_>; 1]> = room
            .octets
            .chunks_mut(DATAGRAM_OCTETS_MAX)
            .map(|chunk| [IoSliceMut::new(chunk)])
            .collect();
        let received = recvmmsg(
            self.socket.as_raw_fd(),
            &mut room.headers,
            slices.iter_mut(),
            MsgFlags::MSG_WAITFORONE,
            None,
        );
        let received = match received {
            Ok(received) => received,
            Err(Errno::EAGAIN | Errno::EINTR) => return Ok(0),
            Err(error) => return Err(error).context("cannot receive datagrams"),
        };
        let mut count = 0;
        for datagram in received {
            count += 1;
            let sender = datagram.address.as_ref().and_then(ip);
            if let Some(sender) = sender {
                take(sender, datagram.iovs().next().unwrap_or_default());
            }
        }
        Ok(count)
    }
}

fn ip(address: &SockaddrStorage) -> Option<IpAddr> {
    let v4 = address.as_sockaddr_in().map(|v4| IpAddr::V4(v4.ip()));
    let v6 = || address.as_sockaddr_in6().map(|v6| IpAddr::V6(v6.ip()));
    v4.or_else(v6).map(|ip| ip.to_canonical())
}

/// Datagrams that the kernel threw away because the buffers of these sockets were full, since they
/// were opened. 0 where the kernel does not tell.
pub(super) fn dropped(inodes: &[u64]) -> u64 {
    ["/proc/net/udp", "/proc/net/udp6"]
        .into_iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .map(|table| dropped_in(&table, inodes))
        .sum()
}

/// The same, in one of the kernel's tables (proc(5)): the tenth word is the socket, the last what it
/// lost.
fn dropped_in(table: &str, inodes: &[u64]) -> u64 {
    let lost = |line: &str| -> Option<u64> {
        let mut words = line.split_whitespace();
        let inode: u64 = words.nth(9)?.parse().ok()?;
        let lost = words.next_back()?.parse().ok()?;
        inodes.contains(&inode).then_some(lost)
    };
    table.lines().filter_map(lost).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_those_of_our_own_sockets() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1507: 0100007F:0807 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 12
 1507: 0100007F:0807 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 30
 1508: 0100007F:0808 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4713 2 0000000000000000 500
";
        assert_eq!(dropped_in(table, &[4_711, 4_712]), 42);
        assert_eq!(dropped_in(table, &[]), 0);
    }

    #[test]
    fn what_the_kernel_throws_away_is_counted() {
        let socket = Socket::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let inodes = [socket.inode().unwrap()];
        assert_eq!(dropped(&inodes), 0);
        let sender = UdpSocket::bind("127.0.0.1:0").unwrap();
        let to = socket.address().unwrap();
        let sent: usize = 8_000;
        for _ in 0..sent {
            sender.send_to(&[0; 1_400], to).unwrap();
        }
        let (mut received, mut room) = (0, Room::new());
        loop {
            let count = socket.batch(&mut room, |_, octets| assert_eq!(octets.len(), 1_400));
            match count.unwrap() {
                0 => break,
                count => received += count,
            }
        }
        assert!(received < sent);
        assert_eq!(usize::try_from(dropped(&inodes)).unwrap(), sent - received);
    }
}
