//! Observes, plans and applies any graph.

use crate::{
    Address, Bucket, Depth, Fault, Graph, IgnoredTags, Kinds, Ledger, Limiter, Node, Owner, PatienceSettings,
    Seen, Sort, Status, Tags,
};
use futures::{FutureExt, future::BoxFuture, future::Shared};
use std::{sync::Arc, time::Duration};

/// Completes when no new step may be started.
pub type Stop = Shared<BoxFuture<'static, ()>>;

/// A [`Stop`] that never comes.
pub fn never() -> Stop {
    futures::future::pending().boxed().shared()
}

/// Whose leftovers a run may treat as its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inherits {
    /// Its own generation's only: others have a state of their own.
    Nothing,
    /// Every generation's of this owner. For a creation, which takes over what an unfinished one left, and an import.
    EveryGeneration,
}

/// What works on the objects of one composite.
pub struct Engine<C> {
    /// What calls are made with.
    pub cloud: Arc<C>,
    /// Whom the objects belong to.
    pub owner: Owner,
    /// Whose leftovers it may treat as its own.
    pub inherits: Inherits,
    /// Every kind that may be met, also those that only an inventory still names.
    pub kinds: Kinds<C>,
    /// The limits of the account and region, shared with all who work there.
    pub limiter: Arc<Limiter>,
    /// Tags that others may put on our objects.
    pub ignored_tags: IgnoredTags,
    /// How patiently failed calls are made again.
    pub patience: PatienceSettings,
    /// Tells this run from every other. Creation tokens are made with it, so none is used for two objects.
    pub run: String,
    /// When to stop.
    pub stop: Stop,
}

impl<C: Send + Sync + 'static> Engine<C> {
    /// All tags of the object at `address`.
    pub(crate) fn tags(&self, address: &Address, node: &Node<C>) -> Tags {
        let mut tags = node.tags.clone();
        tags.insert("Name".to_owned(), node.name.clone());
        tags.extend(self.owner.tags(address));
        tags
    }

    /// Whether this run may treat what carries `tags` as its own, as far as the generation goes.
    pub(crate) fn is_heir_to(&self, tags: &Tags) -> bool {
        let generation = self.owner.generation_on(tags);
        self.inherits == Inherits::EveryGeneration || generation == Some(self.owner.generation.as_str())
    }

    /// Lets `pause` pass; `false` when it was cut short by a stop.
    pub(crate) async fn pause(&self, pause: Duration) -> bool {
        if pause.is_zero() {
            return !self.is_stopped();
        }
        tokio::select! {
            biased;
            () = self.stop.clone() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.clone().now_or_never().is_some()
    }

    /// Writes on the root that a run begins to change things: one that breaks off is noticed by the next look.
    pub async fn mark_begun(&self, graph: &Graph<C>, ledger: &Ledger<'_>) -> Result<(), Fault> {
        let Some(record) = graph.root().and_then(|root| ledger.get(root)) else { return Ok(()) };
        match self.owner.status_on(&record.tags) {
            Some(Status::Ready) => self.mark(graph, ledger, Status::Changing).await,
            None => self.mark(graph, ledger, Status::Creating).await,
            Some(Status::Creating | Status::Changing) => Ok(()),
        }
    }

    /// Writes on the root that all is done, for whoever finds it without a state.
    pub async fn mark_finished(&self, graph: &Graph<C>, ledger: &Ledger<'_>) -> Result<(), Fault> {
        self.mark(graph, ledger, Status::Ready).await
    }

    async fn mark(&self, graph: &Graph<C>, ledger: &Ledger<'_>, status: Status) -> Result<(), Fault> {
        let Some(root) = graph.root() else { return Ok(()) };
        let (Some(node), Some(mut record)) = (graph.nodes().get(root), ledger.get(root)) else {
            return Ok(());
        };
        if self.owner.status_on(&record.tags) == Some(status) {
            return Ok(());
        }
        let put = Tags::from([self.owner.status_tag(status)]);
        let retag = || async {
            self.admit_write(node.kind.service()).await?;
            node.kind.retag(&self.cloud, &record.id, &put, &[]).await
        };
        self.patiently(self.patience.working(node.kind.pace().settles_within), retag).await?;
        record.tags.extend(put);
        ledger.put(root, record);
        Ok(())
    }

    /// Waits for the turn of a reading call of `service`.
    pub(crate) async fn admit_read(&self, service: &str) -> Result<(), Fault> {
        self.wait_for_turn(self.limiter.turn(&format!("{service}:read"))).await
    }

    /// Waits for the turn of a changing call of `service`.
    pub(crate) async fn admit_write(&self, service: &str) -> Result<(), Fault> {
        self.wait_for_turn(self.limiter.turn(&format!("{service}:write"))).await
    }

    /// Waits for the turn of a call that `bucket` limits.
    pub(crate) async fn admit_to(&self, bucket: Bucket) -> Result<(), Fault> {
        self.wait_for_turn(self.limiter.take(bucket)).await
    }

    /// A stop cuts the wait short, and then the call is not made.
    async fn wait_for_turn(&self, turn: Duration) -> Result<(), Fault> {
        if turn.is_zero() || self.pause(turn).await {
            return Ok(());
        }
        Err(Fault::new(Sort::Busy, "waiting for a turn", "Stopped", "the run was stopped"))
    }

    /// The object `id` of `kind`, with everything that can be read of it.
    pub(crate) async fn look(&self, kind: &str, id: &str) -> Result<Option<Seen>, Fault> {
        let Some(kind) = self.kinds.get(kind) else {
            return Err(Fault::refused("look", "UnknownKind", format!("no kind is called {kind}")));
        };
        self.admit_read(kind.service()).await?;
        let seen = match kind.read(&self.cloud, &[id.to_owned()], Depth::Whole).await {
            Err(fault) if fault.sort == Sort::NotFound => return Ok(None),
            other => other?,
        };
        Ok(seen.into_iter().find(|seen| seen.id == id))
    }
}
