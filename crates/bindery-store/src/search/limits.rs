//! The sizes at which searches change their way. Tests use tiny ones, so that small data takes every way.

const fn unless_testing<T: Copy>(real: T, in_tests: T) -> T {
    if cfg!(test) { in_tests } else { real }
}

/// Rows that one statement reads, so that a long result does not fill the memory.
pub(super) const CHUNK: usize = unless_testing(16_384, 6);
/// The most keys that are remembered of a result that can be paged by marks.
pub(super) const MOST_KEYS: usize = unless_testing(131_072, 12);
/// The keys that are remembered of a longer result: of its first pages.
pub(super) const FIRST_KEYS: usize = unless_testing(2_048, 4);
/// How many documents lie between two marks.
pub(super) const MARK_EVERY: usize = unless_testing(2_048, 3);
/// Reaches up to this size are walked: the trigram index would not be quicker.
pub(super) const WALKED: i64 = unless_testing(20_000, 10);
/// Hits in the trigram index up to which it is always worth reading.
pub(super) const FEW_NAMES: i64 = unless_testing(2_000, 5);
/// What it costs to open a document, in rows of an index.
pub(super) const OPEN_COST: i64 = 16;
/// Documents that are opened to find a page of those without a value.
pub(super) const OPENED: i64 = unless_testing(2_000, 20);
/// Offsets up to this one are just passed over, without marks.
pub(super) const SHALLOW: i64 = unless_testing(4_096, 7);
/// Matches that are put in order by what stands on their rows, not by reading all facets of an element.
pub(super) const FEW_MATCHES: usize = unless_testing(1_000, 5);
/// Facets that are read, over all binders, to merge the first pages of an order by an element of many binders.
pub(super) const MERGED: i64 = unless_testing(100_000, 60);
/// Values that are put in order by all of their text, since facets hold only its beginning. Some 8 KiB each at worst.
pub(super) const MOST_CUT: usize = 10_000;
