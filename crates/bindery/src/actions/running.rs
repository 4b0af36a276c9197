//! Which idempotency keys have a call running on this node.

use std::collections::HashSet;
use std::sync::Arc;

use bindery_domain::{ClientId, OrgKey};
use parking_lot::Mutex;

type Key = (OrgKey, ClientId, String);

/// The keys whose first call is still running. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct RunningKeys(Arc<Mutex<HashSet<Key>>>);

/// Holds a key while its call runs; gives it back when dropped, also when the caller hangs up.
#[derive(Debug)]
pub struct RunningKey {
    keys: RunningKeys,
    key: Key,
}

impl RunningKeys {
    /// Takes a key; `None` while another call has it.
    #[must_use]
    pub fn take(&self, org: OrgKey, client: &ClientId, key: &str) -> Option<RunningKey> {
        let key = (org, client.clone(), key.to_owned());
        self.0.lock().insert(key.clone()).then(|| RunningKey { keys: self.clone(), key })
    }
}

impl Drop for RunningKey {
    fn drop(&mut self) {
        self.keys.0.lock().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_held_by_one_call_until_it_ends() {
        let keys = RunningKeys::default();
        let client: ClientId = "erp".parse().unwrap();
        let held = keys.take(OrgKey(1), &client, "k").unwrap();
        assert!(keys.take(OrgKey(1), &client, "k").is_none());
        assert!(keys.take(OrgKey(2), &client, "k").is_some());
        drop(held);
        assert!(keys.take(OrgKey(1), &client, "k").is_some());
    }
}
