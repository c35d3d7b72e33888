//! The calls that are under way: they are told to stop, and waited for.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::provider::StopSource;

/// All calls under way. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    calls: Arc<Mutex<Calls>>,
    count: watch::Sender<usize>,
}

#[derive(Debug)]
struct Calls {
    next: u64,
    sources: BTreeMap<u64, StopSource>,
    later: Later,
    stopped: bool,
}

/// What a stop means for calls that begin after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// They begin stopped: a process serves one run, and a call can be on its way while the user says stop.
    Stopped,
    /// They run: a process in debug mode serves many runs.
    Run,
}

/// One call under way; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Entry {
    running: Running,
    number: u64,
    source: StopSource,
}

impl Running {
    pub(crate) fn new(later: Later) -> Self {
        let calls = Calls { next: 0, sources: BTreeMap::new(), later, stopped: false };
        Self { calls: Arc::new(Mutex::new(calls)), count: watch::Sender::new(0) }
    }

    /// Enters a call that begins.
    pub(crate) fn begin(&self) -> Entry {
        let mut calls = self.lock();
        let number = calls.next;
        calls.next += 1;
        let source = StopSource::new();
        if calls.stopped && calls.later == Later::Stopped {
            source.stop();
        }
        calls.sources.insert(number, source.clone());
        self.count.send_replace(calls.sources.len());
        Entry { running: self.clone(), number, source }
    }

    /// Tells every call to stop.
    pub(crate) fn stop(&self) {
        let mut calls = self.lock();
        calls.stopped = true;
        calls.sources.values().for_each(StopSource::stop);
    }

    /// Waits until no call is under way.
    pub(crate) async fn ended(&self) {
        // The sender is alive as long as `self` is.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    pub(crate) fn source(&self) -> StopSource {
        self.source.clone()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let mut calls = self.running.lock();
        calls.sources.remove(&self.number);
        self.running.count.send_replace(calls.sources.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stop_reaches_the_calls_under_way_and_then_all_end() {
        let running = Running::new(Later::Run);
        let (one, two) = (running.begin(), running.begin());

        running.stop();

        assert!(one.source().watch().is_stopped());
        assert!(two.source().watch().is_stopped());
        assert!(!running.begin().source().watch().is_stopped());
        let waiting = tokio::spawn({
            let running = running.clone();
            async move { running.ended().await }
        });
        drop((one, two));
        waiting.await.unwrap();
    }

    #[test]
    fn a_call_that_comes_in_just_after_a_stop_begins_stopped() {
        let running = Running::new(Later::Stopped);
        running.stop();
        assert!(running.begin().source().watch().is_stopped());
    }
}
