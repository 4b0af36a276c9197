//! Repeatable numbers: the same seed always gives the same demonstration.

/// `SplitMix64`: small, fast and the same everywhere.
pub(crate) struct Rng(u64);

impl Rng {
    /// Starts from a number.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Starts from a text (FNV-1a).
    pub(crate) fn of(text: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    /// Whether something with so many chances in a hundred happens.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A length between two others, in steps of a thousandth of their distance.
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        let thousandth = u16::try_from(self.below(1001)).unwrap_or_default();
        low + (high - low) * f32::from(thousandth) / 1000.0
    }
}
