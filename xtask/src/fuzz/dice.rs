//! Random choices that a seed repeats.

/// A source of random choices: splitmix64, which gives the same ones on every machine and in every
/// version.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// The choices of run `number` of a seed.
    pub(super) fn new(seed: u64, number: u64) -> Self {
        let mut dice = Self(seed);
        Self(dice.next() ^ number.wrapping_mul(0xA076_1D64_78BD_642F))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one; 0 if that is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % (end.max(1) as u64)) as usize
    }

    /// Whether a thing happens that happens once in so many times.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of some values.
    ///
    /// # Panics
    /// If there are none.
    pub(super) fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}
