//! The surroundings of one call: who wants it stopped, what the caller can do, what to say if it breaks.

use std::sync::{Arc, Mutex, PoisonError};

use super::stop::{Stop, StopSource};
use crate::value::Value;

/// The surroundings of one call by Terraform.
///
/// Clones belong to the same call.
#[derive(Clone, Debug)]
pub struct Call(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stop: Stop,
    capabilities: Capabilities,
    best_known: Mutex<Option<(Value, Vec<u8>)>>,
    /// Keeps a detached call's stop alive.
    _source: StopSource,
}

/// What the program that is calling can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// It takes the answer that something cannot be planned yet. Terraform also says so during apply, where it is an error.
    pub deferral_allowed: bool,
    /// It keeps write-only attributes out of plans and states.
    pub write_only_attributes_allowed: bool,
    /// It hands the private bytes of a plan to the plan that is made again while applying.
    pub store_planned_private: bool,
}

impl Call {
    pub(crate) fn new(source: StopSource, capabilities: Capabilities) -> Self {
        let stop = source.watch();
        Self(Arc::new(Inner { stop, capabilities, best_known: Mutex::new(None), _source: source }))
    }

    /// A call nobody stops, by a caller that can do everything; for tests of resources.
    pub fn detached() -> Self {
        let capabilities = Capabilities {
            deferral_allowed: true,
            write_only_attributes_allowed: true,
            store_planned_private: true,
        };
        Self::new(StopSource::new(), capabilities)
    }

    /// The user's wish to end early.
    pub fn stop(&self) -> Stop {
        self.0.stop.clone()
    }

    /// What the caller can do.
    pub fn capabilities(&self) -> Capabilities {
        self.0.capabilities
    }

    /// Records the state to be returned if this call panics.
    ///
    /// An apply that makes several things calls this after each, so that nothing it made is forgotten. A
    /// `Value::Null` says that the object is gone.
    pub fn best_known(&self, value: Value, private: Vec<u8>) {
        *self.0.best_known.lock().unwrap_or_else(PoisonError::into_inner) = Some((value, private));
    }

    /// What was last recorded by [`Call::best_known`].
    pub fn take_best_known(&self) -> Option<(Value, Vec<u8>)> {
        self.0.best_known.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
