//! From bytes to codewords: header, padding, and the error correction of Reed and Solomon.

/// How a version splits its data: codewords of correction per block, and the two groups of blocks
/// with their data codewords.
pub(super) struct Layout {
    pub(super) version: usize,
    correction: usize,
    groups: [(usize, usize); 2],
}

/// Error correction M, versions 1 to 15 (ISO/IEC 18004, table 9).
const LAYOUTS: [(usize, [(usize, usize); 2]); 15] = [
    (10, [(1, 16), (0, 0)]),
    (16, [(1, 28), (0, 0)]),
    (26, [(1, 44), (0, 0)]),
    (18, [(2, 32), (0, 0)]),
    (24, [(2, 43), (0, 0)]),
    (16, [(4, 27), (0, 0)]),
    (18, [(4, 31), (0, 0)]),
    (22, [(2, 38), (2, 39)]),
    (22, [(3, 36), (2, 37)]),
    (26, [(4, 43), (1, 44)]),
    (30, [(1, 50), (4, 51)]),
    (22, [(6, 36), (2, 37)]),
    (22, [(8, 37), (1, 38)]),
    (24, [(4, 40), (5, 41)]),
    (24, [(5, 41), (5, 42)]),
];

impl Layout {
    /// The smallest version that holds `bytes` bytes.
    pub(super) fn for_bytes(bytes: usize) -> Option<Self> {
        (1..)
            .zip(LAYOUTS)
            .map(|(version, (correction, groups))| Self {
                version,
                correction,
                groups,
            })
            .find(|layout| layout.header_bits() + 8 * bytes <= 8 * layout.data_count())
    }

    /// Mode and length: the length takes two bytes from version 10 on.
    fn header_bits(&self) -> usize {
        if self.version < 10 { 12 } else { 20 }
    }

    fn data_count(&self) -> usize {
        self.groups
            .iter()
            .map(|(blocks, count)| blocks * count)
            .sum()
    }

    /// All codewords of `bytes`, interleaved block by block.
    pub(super) fn codewords(&self, bytes: &[u8]) -> Vec<u8> {
        let data = self.data(bytes);
        let generator = generator(self.correction);
        let mut rest = data.as_slice();
        let mut blocks = Vec::new();
        for (count, length) in self.groups {
            for _ in 0..count {
                let (block, after) = rest.split_at(length.min(rest.len()));
                blocks.push((block, remainder(block, &generator)));
                rest = after;
            }
        }
        let longest = blocks.iter().map(|(block, _)| block.len()).max();
        let mut out = Vec::new();
        for index in 0..longest.unwrap_or(0) {
            out.extend(blocks.iter().filter_map(|(block, _)| block.get(index)));
        }
        for index in 0..self.correction {
            out.extend(blocks.iter().filter_map(|(_, check)| check.get(index)));
        }
        out
    }

    /// Mode 4 (bytes), length, the bytes, a terminator, and the two padding bytes in turn.
    fn data(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        let mut put = |value: usize, count: usize| {
            bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        };
        put(4, 4);
        put(bytes.len(), self.header_bits() - 4);
        for byte in bytes {
            put(usize::from(*byte), 8);
        }
        let room = 8 * self.data_count();
        let terminator = room.saturating_sub(bits.len()).min(4);
        bits.extend(std::iter::repeat_n(false, terminator));
        let fill = bits.len().next_multiple_of(8) - bits.len();
        bits.extend(std::iter::repeat_n(false, fill));
        let mut data: Vec<u8> = bits
            .chunks(8)
            .map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit)))
            .collect();
        let padding = [0xEC, 0x11].into_iter().cycle();
        data.extend(padding.take(self.data_count() - data.len()));
        data
    }
}

/// Product in GF(256) with the polynomial x^8 + x^4 + x^3 + x^2 + 1.
fn product(one: u8, other: u8) -> u8 {
    let mut result = 0_u8;
    for bit in (0..8).rev() {
        let carry = if result & 0x80 == 0 { 0 } else { 0x1D };
        result = (result << 1) ^ carry;
        if other >> bit & 1 == 1 {
            result ^= one;
        }
    }
    result
}

/// The generator polynomial of that degree, without its leading one.
fn generator(degree: usize) -> Vec<u8> {
    let mut coefficients = vec![0; degree];
    if let Some(last) = coefficients.last_mut() {
        *last = 1;
    }
    let mut root = 1;
    for _ in 0..degree {
        let shifted: Vec<u8> = coefficients.iter().copied().skip(1).chain([0]).collect();
        for (coefficient, next) in coefficients.iter_mut().zip(shifted) {
            *coefficient = product(*coefficient, root) ^ next;
        }
        root = product(root, 2);
    }
    coefficients
}

fn remainder(block: &[u8], generator: &[u8]) -> Vec<u8> {
    let mut rest = vec![0; generator.len()];
    for byte in block {
        let factor = byte ^ rest.first().copied().unwrap_or(0);
        rest.rotate_left(1);
        if let Some(last) = rest.last_mut() {
            *last = 0;
        }
        for (digit, coefficient) in rest.iter_mut().zip(generator) {
            *digit ^= product(*coefficient, factor);
        }
    }
    rest
}
