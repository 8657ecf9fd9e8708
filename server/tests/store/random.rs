//! Numbers that come again from the same seed, for tests that try out what nobody wrote down.

#![cfg(test)]

/// SplitMix64.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    /// From 1 to this.
    pub(crate) fn count(&mut self, end: u64) -> i64 {
        i64::try_from(self.below(end)).unwrap() + 1
    }

    /// One of these; there must be one.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let at = self.below(u64::try_from(of.len()).unwrap());
        &of[usize::try_from(at).unwrap()]
    }
}

/// A seed of its own for each run, printed: a run that fails is done again with it written here.
pub(crate) fn seed() -> u64 {
    let seed = crate::seal::random_u64().unwrap();
    eprintln!("seed {seed}");
    seed
}
