//! How often a failed call is made again.

use crate::{Engine, Fault, Sort};
use std::{future::Future, time::Duration};
use tokio::time::Instant;

/// How long to go on with faults that pass by themselves (aws-behaviours section 17.2).
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// With what is not visible yet.
    pub not_yet: Duration,
    /// With conflicts of states and failing services.
    pub busy: Duration,
    /// With throttling, which says nothing about the object itself.
    pub throttled: Duration,
    /// With a service to which no connection can be made.
    pub unreachable: Duration,
}

/// Other patience than the usual, where the user asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatienceSettings {
    /// With throttling, instead of 2 minutes while reading and 10 while changing.
    pub throttled: Option<Duration>,
    /// With a service to which no connection can be made, instead of 1 second while reading and 30 while changing.
    pub unreachable: Option<Duration>,
}

impl PatienceSettings {
    /// For looking at things while somebody waits for a plan.
    pub fn reading(&self) -> Patience {
        self.over(Patience::READING)
    }

    pub(crate) fn working(&self, busy: Duration) -> Patience {
        self.over(Patience::working(busy))
    }

    fn over(&self, usual: Patience) -> Patience {
        Patience {
            throttled: self.throttled.unwrap_or(usual.throttled),
            unreachable: self.unreachable.unwrap_or(usual.unreachable),
            ..usual
        }
    }
}

impl Patience {
    /// For looking at things while somebody waits for a plan.
    pub const READING: Patience = Patience {
        not_yet: Duration::from_secs(10),
        busy: Duration::from_secs(30),
        throttled: Duration::from_secs(120),
        unreachable: Duration::from_secs(1),
    };

    /// For changing an object that may take `busy`.
    pub const fn working(busy: Duration) -> Patience {
        Patience {
            not_yet: Duration::from_secs(120),
            busy,
            throttled: Duration::from_secs(600),
            unreachable: Duration::from_secs(30),
        }
    }

    fn with(&self, fault: &Fault) -> Duration {
        match fault.sort {
            _ if fault.unreachable => self.unreachable,
            _ if fault.throttled => self.throttled,
            Sort::NotYet => self.not_yet,
            Sort::Busy => self.busy,
            Sort::NotFound | Sort::Denied | Sort::Refused => Duration::ZERO,
        }
    }
}

/// Pauses between tries: dense for what propagates, growing for throttling, less dense for conflicts.
#[derive(Debug)]
pub(crate) struct Tries {
    made: u32,
    start: Instant,
    /// Time lost to throttling says nothing about the object and does not count against it.
    throttled: Duration,
}

impl Default for Tries {
    fn default() -> Self {
        Tries { made: 0, start: Instant::now(), throttled: Duration::ZERO }
    }
}

impl Tries {
    /// The pause before the next try after `fault`; `None` when `patience` has run out.
    pub(crate) fn pause_after(&mut self, fault: &Fault, patience: &Patience) -> Option<Duration> {
        let try_number = self.made;
        self.made += 1;
        let pause = match fault.sort {
            _ if fault.throttled || fault.unreachable => growing(try_number, 500, 20_000),
            Sort::NotYet => growing(try_number, 250, 2_000),
            Sort::Busy => growing(try_number, 500, 10_000),
            Sort::NotFound | Sort::Denied | Sort::Refused => return None,
        };
        let spent = if fault.throttled {
            self.throttled += pause;
            self.throttled
        } else {
            (self.start.elapsed() + pause).saturating_sub(self.throttled)
        };
        (spent <= patience.with(fault)).then_some(pause)
    }
}

/// `first` milliseconds, doubled at each try, up to `most`.
fn growing(try_number: u32, first: u64, most: u64) -> Duration {
    Duration::from_millis(first.saturating_mul(1 << try_number.min(16)).min(most))
}

/// Calls until it succeeds, fails for good, or `patience` runs out.
pub async fn patiently<T, F>(patience: Patience, mut call: impl FnMut() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    let mut tries = Tries::default();
    loop {
        match call().await {
            Ok(value) => return Ok(value),
            Err(fault) => match tries.pause_after(&fault, &patience) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(fault),
            },
        }
    }
}

impl<C: Send + Sync + 'static> Engine<C> {
    /// As [`patiently`], given up at a stop: then the last fault is what is known.
    pub(crate) async fn patiently<T, F>(
        &self,
        patience: Patience,
        mut call: impl FnMut() -> F,
    ) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let mut tries = Tries::default();
        loop {
            match call().await {
                Ok(value) => return Ok(value),
                Err(fault) => match tries.pause_after(&fault, &patience) {
                    Some(pause) if self.pause(pause).await => {}
                    _ => return Err(fault),
                },
            }
        }
    }
}
