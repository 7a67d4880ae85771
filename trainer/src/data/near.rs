//! Near-duplicates: pictures whose perceptual hashes differ in few bits.
//!
//! Multi-index hashing (Norouzi, Punjani, Fleet, CVPR 2012): of hashes that differ in at most `r` bits, cut into more
//! than `r / 2` bands, one band differs in at most one bit. So only hashes with such a band are compared: for a
//! million pictures some hundred each.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::clusters::Clusters;

/// Bits in which the hashes of near-duplicates may differ, unless asked otherwise. Of 42 million pairs of different
/// faces, 10 were as near; of 1,525 pairs of a photo and its edit or copy, 303.
pub const NEAR: u32 = 24;

/// Most bits that may be asked for: beyond, different faces meet.
pub const MOST_NEAR: u32 = 64;

/// Most bits of a band: its values are looked up in a table of all there can be.
const WIDEST: usize = 20;

/// A perceptual hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; Self::BYTES]);

impl Hash {
    /// Rows and columns of the frequencies that it looks at.
    pub const SIDE: u32 = 16;
    /// Its length.
    pub const BITS: usize = (Self::SIDE * Self::SIDE) as usize;
    /// Its length.
    pub const BYTES: usize = Self::BITS / 8;

    /// In how many bits two differ.
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Bits `from` to `to`.
    fn band(&self, from: usize, to: usize) -> usize {
        (from..to).fold(0, |band, bit| band << 1 | usize::from(self.0[bit / 8] >> (bit % 8) & 1))
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no hash of {} bits", Self::BITS);
        if text.len() != 2 * Self::BYTES || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; Self::BYTES];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// Joins pictures whose hashes differ in at most `near` bits; calls `meet` with each such pair of different hashes,
/// and with each further picture of a hash and its first.
pub fn join(hashes: &[Hash], near: u32, clusters: &mut Clusters, mut meet: impl FnMut(usize, usize)) {
    // Equal hashes first, so that ten thousand equal pictures are one.
    let mut first: HashMap<Hash, usize> = HashMap::new();
    for (index, hash) in hashes.iter().enumerate() {
        let known = *first.entry(*hash).or_insert(index);
        if known != index {
            clusters.join(known, index);
            meet(known, index);
        }
    }
    let mut distinct: Vec<usize> = first.into_values().collect();
    distinct.sort_unstable();
    let bands = Bands { count: (near as usize / 2 + 1).max(Hash::BITS.div_ceil(WIDEST)) };
    for band in 0..bands.count {
        let table = Table::new(hashes, &distinct, |hash| bands.of(hash, band), bands.width(band));
        let mut compare = |one: usize, other: usize| {
            let (a, b) = (&hashes[one], &hashes[other]);
            // Each pair is met in the first band where it could be.
            if a.distance(b) <= near && bands.first_alike(a, b) == Some(band) {
                clusters.join(one, other);
                meet(one, other);
            }
        };
        for value in 0..1 << bands.width(band) {
            let bucket = table.bucket(value);
            for (at, &one) in bucket.iter().enumerate() {
                bucket[at + 1..].iter().for_each(|&other| compare(one, other));
                for other in (0..bands.width(band)).map(|bit| value ^ 1 << bit).filter(|other| *other > value)
                {
                    table.bucket(other).iter().for_each(|&two| compare(one, two));
                }
            }
        }
    }
}

/// The pictures with each value of a band.
struct Table {
    /// Where the pictures of each value begin.
    starts: Vec<u32>,
    members: Vec<usize>,
}

impl Table {
    fn new(hashes: &[Hash], distinct: &[usize], value: impl Fn(&Hash) -> usize, width: usize) -> Self {
        let mut starts = vec![0; (1 << width) + 1];
        for &index in distinct {
            starts[value(&hashes[index]) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let (mut next, mut members) = (starts.clone(), vec![0; distinct.len()]);
        for &index in distinct {
            let place = &mut next[value(&hashes[index])];
            members[*place as usize] = index;
            *place += 1;
        }
        Self { starts, members }
    }

    fn bucket(&self, value: usize) -> &[usize] {
        &self.members[self.starts[value] as usize..self.starts[value + 1] as usize]
    }
}

/// A hash cut into bands of nearly equal width.
struct Bands {
    count: usize,
}

impl Bands {
    /// Where a band begins. None is wider than [`WIDEST`].
    fn edge(&self, band: usize) -> usize {
        band * Hash::BITS / self.count
    }

    fn width(&self, band: usize) -> usize {
        self.edge(band + 1) - self.edge(band)
    }

    fn of(&self, hash: &Hash, band: usize) -> usize {
        hash.band(self.edge(band), self.edge(band + 1))
    }

    /// The first band in which two hashes differ in at most one bit.
    fn first_alike(&self, one: &Hash, other: &Hash) -> Option<usize> {
        (0..self.count).find(|&band| (self.of(one, band) ^ self.of(other, band)).count_ones() <= 1)
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn finds_exactly_the_pairs_that_comparing_all_finds() {
        let mut rng = StdRng::seed_from_u64(7);
        let mut hashes: Vec<Hash> = (0..200).map(|_| Hash(rng.random())).collect();
        for index in 0..100 {
            let mut copy = hashes[index];
            for _ in 0..rng.random_range(0..2 * NEAR) {
                let bit = rng.random_range(0..Hash::BITS);
                copy.0[bit / 8] ^= 1 << (bit % 8);
            }
            hashes.push(copy);
        }
        let mut found = Vec::new();
        let mut clusters = Clusters::new(hashes.len());
        join(&hashes, NEAR, &mut clusters, |a, b| found.push((a.min(b), a.max(b))));
        found.sort_unstable();
        let mut expected = Vec::new();
        for a in 0..hashes.len() {
            for b in a + 1..hashes.len() {
                if hashes[a].distance(&hashes[b]) <= NEAR {
                    expected.push((a, b));
                    assert_eq!(clusters.of(a), clusters.of(b));
                }
            }
        }
        assert!(expected.len() > 20 && expected.len() < 100, "{}", expected.len());
        assert_eq!(found, expected);
    }

    #[test]
    fn a_hash_is_written_and_read() {
        let hash = Hash([0xA5; Hash::BYTES]);
        assert_eq!(Hash::try_from(String::from(hash)), Ok(hash));
        assert!(Hash::try_from("a5".to_string()).is_err());
    }
}
