//! The signing keys of the installation, as one node knows them.

use bindery_domain::Timestamp;

use super::SigningKey;

/// All keys that sign, will sign or still verify.
#[derive(Default)]
pub struct Keyring {
    keys: Vec<SigningKey>,
}

impl Keyring {
    /// Takes the keys in any order.
    #[must_use]
    pub fn new(mut keys: Vec<SigningKey>) -> Self {
        // Of two keys with the same time, every node must take the same one.
        keys.sort_by(|a, b| (b.times().signs_from, b.kid()).cmp(&(a.times().signs_from, a.kid())));
        Self { keys }
    }

    /// The key that signs now: the latest whose time has come, or the one whose time comes first when a node that is
    /// ahead has made them all.
    #[must_use]
    pub fn signer(&self, now: Timestamp) -> Option<&SigningKey> {
        let mut live = self.keys.iter().filter(|key| key.can_verify(now));
        let signs = live.clone().find(|key| key.times().signs_from <= now);
        signs.or_else(|| live.next_back())
    }

    /// The key of that name, when its tokens still count.
    #[must_use]
    pub fn verifier(&self, kid: &str, now: Timestamp) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.kid() == kid && key.can_verify(now))
    }

    /// The keys to publish: those that verify, those included that do not sign yet.
    pub fn published(&self, now: Timestamp) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter().filter(move |key| key.can_verify(now))
    }
}
