//! Subscribers in flow records: a token in place of an address, for one linking horizon.
//!
//! The token is one block of AES-128 under the key of the horizon (the deterministic mode of
//! draft-denis-ipcrypt): the same address has the same token while the key lives, and whoever holds
//! the key finds the address again. An unkeyed hash would not do: all addresses of a carrier are tried
//! in seconds. Two horizons share no token, and with the key of the first its tokens mean nothing.
//!
//! Two more values hang on the key, each by a key of its own that is made from it: the mark of a port,
//! so that a session is told from another without keeping its port, and the household of an IPv6
//! address, so that the many addresses of one line count once.

use std::fmt;

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use zeroize::Zeroizing;

use crate::derivation::{first_bytes, keyed_hash};
use crate::random::Random;

/// The key of one linking horizon.
pub struct HorizonKey {
    bytes: Zeroizing<[u8; 16]>,
    cipher: Aes128,
    ports: Aes128,
    households: Aes128,
}

/// Blocks that are encrypted at a time.
const BLOCKS: usize = 32;

/// A subscriber, to whoever does not hold the key of the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriberToken(u128);

impl HorizonKey {
    /// Draws the key of a new horizon.
    pub fn generate(random: &mut Random) -> Self {
        Self::from_bytes(random.bytes())
    }

    /// The key as it was stored, after decryption.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let bytes = Zeroizing::new(bytes);
        Self {
            cipher: Aes128::new(&(*bytes).into()),
            ports: derived(&bytes, "noroshi subscriber port"),
            households: derived(&bytes, "noroshi subscriber household"),
            bytes,
        }
    }

    /// The bytes to encrypt and store until the horizon ends.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.bytes
    }

    /// The token of an address: 128 bits, of IPv4 the IPv4-mapped form (RFC 4291).
    pub fn token(&self, address: u128) -> SubscriberToken {
        let mut block = address.to_be_bytes().into();
        self.cipher.encrypt_block(&mut block);
        SubscriberToken(u128::from_be_bytes(block.into()))
    }

    /// The tokens of many addresses, in their order. The cipher takes several blocks at a time, and sets
    /// its registers up once for all of them.
    pub fn tokens(&self, addresses: &[u128]) -> Vec<SubscriberToken> {
        let tokens = encrypted(&self.cipher, addresses.iter().copied());
        tokens.map(SubscriberToken).collect()
    }

    /// The marks of ports, each beside the token of its end: 32 bits that are the same for the same port
    /// of the same token, and tell nothing of the port to whoever does not hold the key.
    pub fn port_marks(&self, ports: impl IntoIterator<Item = (SubscriberToken, u16)>) -> Vec<u32> {
        let blocks = ports
            .into_iter()
            .map(|(token, port)| token.0 ^ u128::from(port));
        encrypted(&self.ports, blocks).map(top_32).collect()
    }

    /// Tokens and marks of ports of many ends of flows, addresses as [`Self::token`] takes them; `each` gets
    /// both of each end, in their order. Blocks stay on the stack, many at a time.
    pub fn ends(&self, ends: &[(u128, u16)], mut each: impl FnMut(SubscriberToken, u32)) {
        for some in ends.chunks(BLOCKS) {
            let mut tokens = [aes::Block::default(); BLOCKS];
            for (block, (address, _)) in tokens.iter_mut().zip(some) {
                *block = address.to_be_bytes().into();
            }
            let tokens = tokens.get_mut(..some.len()).unwrap_or_default();
            self.cipher.encrypt_blocks(tokens);
            let mut marks = [aes::Block::default(); BLOCKS];
            for ((mark, token), (_, port)) in marks.iter_mut().zip(&*tokens).zip(some) {
                let token = u128::from_be_bytes((*token).into());
                *mark = (token ^ u128::from(*port)).to_be_bytes().into();
            }
            let marks = marks.get_mut(..some.len()).unwrap_or_default();
            self.ports.encrypt_blocks(marks);
            for (token, mark) in tokens.iter().zip(&*marks) {
                let token = SubscriberToken(u128::from_be_bytes((*token).into()));
                each(token, top_32(u128::from_be_bytes((*mark).into())));
            }
        }
    }

    /// The ports that have this mark beside `token`: hardly ever more than one.
    pub fn ports_marked(&self, token: SubscriberToken, mark: u32) -> Vec<u16> {
        let marks = self.port_marks((0..=u16::MAX).map(|port| (token, port)));
        let marked = (0..=u16::MAX).zip(marks);
        marked
            .filter(|(_, of_port)| *of_port == mark)
            .map(|(port, _)| port)
            .collect()
    }

    /// The households of IPv6 prefixes: 64 bits, the same for the same prefix (given as its first
    /// address), never 0.
    pub fn households(&self, prefixes: impl IntoIterator<Item = u128>) -> Vec<u64> {
        let blocks = encrypted(&self.households, prefixes.into_iter());
        blocks
            .map(|block| u64::try_from(block >> 64).unwrap_or(0).max(1))
            .collect()
    }

    /// The address behind a token of this horizon. A token of another horizon gives an address that
    /// means nothing.
    pub fn address(&self, token: SubscriberToken) -> u128 {
        let mut block = token.0.to_be_bytes().into();
        self.cipher.decrypt_block(&mut block);
        u128::from_be_bytes(block.into())
    }
}

/// A key made from that of the horizon, for one use.
fn derived(key: &[u8; 16], label: &str) -> Aes128 {
    // HMAC fills a shorter key up with zeros (RFC 2104).
    let mut long = Zeroizing::new([0; 32]);
    for (to, from) in long.iter_mut().zip(key) {
        *to = *from;
    }
    let made = Zeroizing::new(keyed_hash(&long, label, &[]));
    let short = Zeroizing::new(first_bytes::<16>(&made));
    Aes128::new(&(*short).into())
}

/// Each block encrypted, several at a time.
fn encrypted(cipher: &Aes128, blocks: impl Iterator<Item = u128>) -> impl Iterator<Item = u128> {
    let mut blocks: Vec<_> = blocks.map(|block| block.to_be_bytes().into()).collect();
    cipher.encrypt_blocks(&mut blocks);
    blocks
        .into_iter()
        .map(|block| u128::from_be_bytes(block.into()))
}

fn top_32(block: u128) -> u32 {
    u32::try_from(block >> 96).unwrap_or(0)
}

impl fmt::Debug for HorizonKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("HorizonKey(..)")
    }
}

impl SubscriberToken {
    /// The token that was kept as these bits.
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The 128 bits.
    pub const fn bits(self) -> u128 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// 198.51.100.0 and the addresses behind it, IPv4-mapped.
    fn addresses() -> impl Iterator<Item = u128> {
        (0..4_096).map(|host| 0xffff_c633_6400 + host)
    }

    #[test]
    fn a_block_of_the_standard_comes_out() {
        // FIPS 197, appendix C.1.
        let key =
            HorizonKey::from_bytes(0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f_u128.to_be_bytes());
        let token = key.token(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
        assert_eq!(token.bits(), 0x69c4_e0d8_6a7b_0430_d8cd_b780_70b4_c55a);
    }

    #[test]
    fn the_holder_of_the_key_finds_the_address_again() {
        let key = HorizonKey::generate(&mut Random::from_seed([7; 32]));
        for address in addresses() {
            assert_eq!(key.address(key.token(address)), address);
        }
    }

    #[test]
    fn many_addresses_have_the_tokens_that_each_has() {
        let key = HorizonKey::generate(&mut Random::from_seed([9; 32]));
        for many in [0, 1, 7, 8, 9, 100] {
            let addresses: Vec<u128> = addresses().take(many).collect();
            let each: Vec<_> = addresses
                .iter()
                .map(|address| key.token(*address))
                .collect();
            assert_eq!(key.tokens(&addresses), each);
        }
    }

    #[test]
    fn ends_of_flows_have_the_tokens_and_marks_that_each_has() {
        let key = HorizonKey::generate(&mut Random::from_seed([9; 32]));
        for many in [0, 1, 31, 32, 33, 100] {
            let ends: Vec<(u128, u16)> = addresses().zip(50_000..).take(many).collect();
            let tokens = ends.iter().map(|(address, _)| key.token(*address));
            let tokens: Vec<_> = tokens.collect();
            let marks = key.port_marks(tokens.iter().copied().zip(50_000..));
            let mut both = Vec::new();
            key.ends(&ends, |token, mark| both.push((token, mark)));
            assert_eq!(both, tokens.into_iter().zip(marks).collect::<Vec<_>>());
        }
    }

    #[test]
    fn two_horizons_share_no_token_and_no_order() {
        let mut random = Random::from_seed([8; 32]);
        let (one, two) = (
            HorizonKey::generate(&mut random),
            HorizonKey::generate(&mut random),
        );
        let of = |key: &HorizonKey| {
            addresses()
                .map(|address| key.token(address))
                .collect::<Vec<_>>()
        };
        let (first, second) = (of(&one), of(&two));
        let shared: BTreeSet<_> = first
            .iter()
            .filter(|token| second.contains(token))
            .collect();
        assert!(shared.is_empty());
        // Neighbors in the address space are none among the tokens: half of all pairs rise.
        let rising = first.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((1_850..2_250).contains(&rising), "{rising}");
    }

    #[test]
    fn the_holder_of_the_key_finds_a_port_again_and_two_tokens_mark_it_unlike() {
        let key = HorizonKey::generate(&mut Random::from_seed([3; 32]));
        let [one, two] = [1, 2].map(|address| key.token(address));
        let [first, again, other] =
            key.port_marks([(one, 50_000), (one, 50_000), (two, 50_000)])[..]
        else {
            panic!("three marks")
        };
        assert_eq!(first, again);
        assert_ne!(first, other);
        assert_eq!(key.ports_marked(one, first), [50_000]);
        assert!(!key.ports_marked(two, first).contains(&50_000));
    }

    #[test]
    fn a_household_is_another_under_another_key_and_no_token() {
        let prefix = 0x2001_0db8_0077_0100 << 64;
        let [one, two] = [1, 2].map(|octet| HorizonKey::from_bytes([octet; 16]));
        let of = |key: &HorizonKey| key.households([prefix, prefix])[..].to_vec();
        assert_eq!(of(&one)[0], of(&one)[1]);
        assert_ne!(of(&one), of(&two));
        assert_ne!(u128::from(of(&one)[0]), one.token(prefix).bits() >> 64);
    }

    #[test]
    fn a_key_tells_nothing_of_itself() {
        let key = HorizonKey::from_bytes([0x5a; 16]);
        assert_eq!(format!("{key:?}"), "HorizonKey(..)");
    }
}
