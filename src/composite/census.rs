//! Which composites this process has met.
//!
//! Terraform says nothing that tells the creation of a new stack from that of a tainted one. But it reads every stored
//! state in the same process before it plans, so a stack that is in the state is known here.

use super::identity::Identity;
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// The composites of one type, in one run of the provider.
#[derive(Debug, Default)]
pub(crate) struct Census {
    stored: Mutex<BTreeSet<Identity>>,
    claimed: Mutex<BTreeSet<Identity>>,
}

impl Census {
    /// Forgets everything: a new configuration begins a new run.
    pub(crate) fn clear(&self) {
        lock(&self.stored).clear();
        lock(&self.claimed).clear();
    }

    /// Notes that a state holds `identity`.
    pub(super) fn note_stored(&self, identity: Identity) {
        lock(&self.stored).insert(identity);
    }

    /// Whether a state holds `identity`.
    pub(super) fn is_stored(&self, identity: &Identity) -> bool {
        lock(&self.stored).contains(identity)
    }

    /// Notes that a resource plans `identity`; `false` when another one did already.
    pub(super) fn claim(&self, identity: &Identity) -> bool {
        lock(&self.claimed).insert(identity.clone())
    }
}

fn lock(set: &Mutex<BTreeSet<Identity>>) -> std::sync::MutexGuard<'_, BTreeSet<Identity>> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}
