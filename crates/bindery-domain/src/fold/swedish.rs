//! The Swedish collation key.

use std::sync::LazyLock;

use icu_collator::CollatorBorrowed;
use icu_collator::options::{CollatorOptions, Strength};
use icu_locale_core::locale;

static COLLATOR: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    // Letters and marks count, case does not.
    options.strength = Some(Strength::Secondary);
    CollatorBorrowed::try_new(locale!("sv").into(), options)
        .expect("the Swedish collation is compiled in")
});

pub(super) fn sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() + 8);
    let Ok(()) = COLLATOR.write_sort_key_to(text, &mut key);
    key
}
