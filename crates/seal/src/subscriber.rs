//! Subscribers in flow records: a token in place of an address, for one linking horizon.
//!
//! The token is one block of AES-128 under the key of the horizon (the deterministic mode of
//! draft-denis-ipcrypt): the same address has the same token while the key lives, and whoever holds
//! the key finds the address again. An unkeyed hash would not do: all addresses of a carrier are tried
//! in seconds. Two horizons share no token, and with the key of the first its tokens mean nothing.

use std::fmt;

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};
use zeroize::Zeroizing;

use crate::random::Random;

/// The key of one linking horizon.
pub struct HorizonKey {
    bytes: Zeroizing<[u8; 16]>,
    cipher: Aes128,
}

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
        Self {
            cipher: Aes128::new(&bytes.into()),
            bytes: Zeroizing::new(bytes),
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
        let blocks = addresses.iter().map(|address| address.to_be_bytes().into());
        let mut blocks: Vec<_> = blocks.collect();
        self.cipher.encrypt_blocks(&mut blocks);
        let tokens = blocks
            .into_iter()
            .map(|block| u128::from_be_bytes(block.into()));
        tokens.map(SubscriberToken).collect()
    }

    /// The address behind a token of this horizon. A token of another horizon gives an address that
    /// means nothing.
    pub fn address(&self, token: SubscriberToken) -> u128 {
        let mut block = token.0.to_be_bytes().into();
        self.cipher.decrypt_block(&mut block);
        u128::from_be_bytes(block.into())
    }
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
    fn a_key_tells_nothing_of_itself() {
        let key = HorizonKey::from_bytes([0x5a; 16]);
        assert_eq!(format!("{key:?}"), "HorizonKey(..)");
    }
}
