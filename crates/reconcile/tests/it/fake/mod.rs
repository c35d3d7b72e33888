//! A cloud that keeps its objects in memory and behaves as AWS does: it answers late, forgets to answer, throttles,
//! hides what it just made, refuses to delete what is in use, and takes its time.

pub(crate) mod blocks;
pub(crate) mod cluster;
pub(crate) mod kinds;
pub(crate) mod nature;
pub(crate) mod plant;
pub(crate) mod trouble;
pub(crate) mod world;

use reconcile::{Fault, Outcome};
use std::{
    future::pending,
    sync::{Mutex, MutexGuard},
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};
use trouble::{Trouble, What, When};
use world::World;

/// A call as the cloud saw it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    /// When it arrived, since the cloud was made.
    pub(crate) at: Duration,
    /// Verb and kind: `create subnet`.
    pub(crate) operation: String,
    /// The object: its address tag at birth, its identifier later.
    pub(crate) subject: String,
}

/// What objects make their calls with.
pub(crate) struct Cloud {
    world: Mutex<World>,
    began: Instant,
    crash: Notify,
}

impl Default for Cloud {
    fn default() -> Self {
        Cloud { world: Mutex::default(), began: Instant::now(), crash: Notify::new() }
    }
}

impl Cloud {
    /// The world behind the calls, for looking and for meddling.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Makes calls go wrong from now on.
    pub(crate) fn trouble(&self, trouble: Trouble) {
        self.world().troubles.push(trouble);
    }

    /// All is well again.
    pub(crate) fn calm(&self) {
        self.world().troubles.clear();
    }

    /// A new process makes the calls from now on.
    pub(crate) fn start_over(&self) {
        self.world().is_dead = false;
    }

    /// Completes when the process making the calls is to die.
    pub(crate) async fn crashed(&self) {
        while !self.world().is_dead {
            self.crash.notified().await;
        }
    }

    /// The changes since the last time this was asked, as `verb kind`, in the order they were made.
    pub(crate) fn take_changes(&self) -> Vec<String> {
        let calls = self.take_calls().into_iter().map(|call| format!("{} {}", call.operation, call.subject));
        calls
            .filter(|call| !["read ", "search ", "find "].iter().any(|verb| call.starts_with(verb)))
            .collect()
    }

    /// The calls since the last time this was asked.
    pub(crate) fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.world().calls)
    }

    /// One call: half of the latency, the effect, the other half, and whatever trouble was ordered.
    async fn call<T>(
        &self,
        operation: String,
        subject: String,
        effect: impl FnOnce(&mut World) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let (latency, trouble) = {
            let mut world = self.world();
            let trouble = world.trouble_for(&operation);
            world.calls.push(Call { at: self.began.elapsed(), operation: operation.clone(), subject });
            (world.latency, trouble)
        };
        self.travel(latency / 2).await;
        if let Some(Trouble { what, when: When::Before, .. }) = &trouble {
            return Err(self.goes_wrong(what, &operation).await);
        }
        let result = effect(&mut self.world());
        self.travel(latency / 2).await;
        match trouble {
            Some(Trouble { what, when: When::After, .. }) if result.is_ok() => {
                let mut fault = self.goes_wrong(&what, &operation).await;
                fault.outcome = Outcome::Unknown;
                Err(fault)
            }
            _ => result,
        }
    }

    async fn travel(&self, time: Duration) {
        if !time.is_zero() {
            sleep(time).await;
        }
    }

    async fn goes_wrong(&self, what: &What, operation: &str) -> Fault {
        match what {
            What::Fault(fault) => Fault { operation: operation.to_owned(), ..fault.clone() },
            What::Crash => {
                self.world().is_dead = true;
                self.crash.notify_one();
                pending().await
            }
        }
    }
}
