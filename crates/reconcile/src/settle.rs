//! Makes one object what it should be, and waits until it is.

use crate::{Address, Changes, Engine, Fault, Ledger, Node, Record, Settling, Tags, late};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

/// Why a step did not come to its end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// A call failed.
    Fault(Fault),
    /// It could not be deleted, and goes with what it is in.
    LeftToDie(Fault),
    /// The user asked to stop. What exists is recorded.
    Stopped,
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Halt::Fault(fault)
    }
}

/// How long a changed field may go on reading back as it was (facts: 2 minutes).
const PROPAGATION: Duration = Duration::from_secs(120);
/// How often different changes are made to one object that does not come to read back as it should. Some kinds take
/// their changes one after another: a cluster has eight sorts of them.
const CHANGES: usize = 10;

impl<C: Send + Sync + 'static> Engine<C> {
    /// The object's fields with every reference filled.
    pub(crate) fn filled(
        &self,
        address: &Address,
        node: &Node<C>,
        ledger: &Ledger<'_>,
    ) -> Result<Value, Fault> {
        let spec = late::resolve(&node.spec, &|object, output| ledger.output(object, output));
        if late::is_resolved(&spec) {
            return Ok(spec);
        }
        Err(Fault::refused(
            node.kind.kind(),
            "MissingValue",
            format!("{address} lacks a value of {:?}", node.needs),
        ))
    }

    /// Changes the object until it reads back as `spec`, and waits until it has settled.
    pub(crate) async fn converge(
        &self,
        address: &Address,
        node: &Node<C>,
        spec: &Value,
        ledger: &Ledger<'_>,
    ) -> Result<(), Halt> {
        let pace = node.kind.pace();
        let mut start = Instant::now();
        let mut sent: Vec<Changes> = Vec::new();
        // Since when it has stood still after what was last sent.
        let mut rests: Option<Instant> = None;
        loop {
            let record = self.look_again(address, node, ledger).await?;
            match &record.settling {
                Settling::Failed(reason) => return Err(ended_as("Failed", address, reason).into()),
                Settling::Underway(state) if start.elapsed() > pace.settles_within => {
                    return Err(still(address, state, start.elapsed()).into());
                }
                Settling::Underway(_) => {
                    rests = None;
                    self.pause_or_halt(pace.pause_after(start.elapsed())).await?;
                    continue;
                }
                Settling::Settled => {}
            }
            let changes = self.differences(address, node, &record, spec);
            if changes.0.is_empty() {
                return Ok(());
            }
            let replaces = |field: &str| node.kind.replaced_by().contains(&field);
            if let Some(stuck) = changes.0.iter().find(|change| replaces(&change.field)) {
                return Err(ended_as("Different", address, &format!("it reads back as {stuck}")).into());
            }
            // What was sent may take a while to be read; something else that differs is sent once that is done.
            if let Some(last) = sent.last() {
                let (is_first_look, resting) = (rests.is_none(), *rests.get_or_insert_with(Instant::now));
                let gives_up = resting.elapsed() > PROPAGATION
                    || start.elapsed() > pace.settles_within
                    || (sent.len() == CHANGES && *last != changes);
                let is_partly_read = *last != changes && !sent.contains(&changes);
                if gives_up || (is_first_look && !is_partly_read) {
                    let reason = self.why_not_taken(node, &record).await;
                    if gives_up || reason.is_some() {
                        return Err(not_taken(address, &changes, reason).into());
                    }
                }
                if !is_partly_read {
                    self.pause_or_halt(pace.pause_after(resting.elapsed())).await?;
                    continue;
                }
            }
            self.change(node, &record, spec, &changes).await?;
            sent.push(changes);
            (start, rests) = (Instant::now(), None);
        }
    }

    /// What the service says of a change that came to nothing, if it says anything.
    async fn why_not_taken(&self, node: &Node<C>, record: &Record) -> Option<String> {
        let ask = || async {
            self.admit_read(node.kind.service()).await?;
            node.kind.why_not_taken(&self.cloud, &record.id).await
        };
        self.patiently(self.patience.reading(), ask).await.ok().flatten()
    }

    /// The object as it is now, in the ledger too. One made a moment ago may take a while to show up.
    async fn look_again(
        &self,
        address: &Address,
        node: &Node<C>,
        ledger: &Ledger<'_>,
    ) -> Result<Record, Halt> {
        let Some(record) = ledger.get(address) else {
            return Err(ended_as("Gone", address, "it vanished while it was made").into());
        };
        let patience = self.patience.working(node.kind.pace().settles_within);
        let (start, look) = (Instant::now(), || self.look(node.kind.kind(), &record.id));
        loop {
            if let Some(seen) = self.patiently(patience, look).await? {
                let now = record.seen(seen);
                if now != record {
                    ledger.put(address, now.clone());
                }
                return Ok(now);
            }
            if start.elapsed() > PROPAGATION {
                return Err(
                    ended_as("NotVisible", address, &format!("{} does not show up", record.id)).into()
                );
            }
            self.pause_or_halt(Duration::from_millis(500)).await?;
        }
    }

    async fn pause_or_halt(&self, pause: Duration) -> Result<(), Halt> {
        if self.pause(pause).await { Ok(()) } else { Err(Halt::Stopped) }
    }

    async fn change(
        &self,
        node: &Node<C>,
        record: &Record,
        spec: &Value,
        changes: &Changes,
    ) -> Result<(), Fault> {
        let patience = self.patience.working(node.kind.pace().settles_within);
        let (tags, fields): (Vec<_>, Vec<_>) =
            changes.0.iter().cloned().partition(|change| change.field == "tags");
        if !fields.is_empty() {
            let fields = Changes(fields);
            let before = node.kind.align(&record.spec, spec);
            let update = || async {
                self.admit_write(node.kind.service()).await?;
                node.kind.update(&self.cloud, &record.id, &before, spec, &fields).await
            };
            self.patiently(patience, update).await?;
        }
        if let Some(tags) = tags.first() {
            let read = |tags: &Value| -> Tags { serde_json::from_value(tags.clone()).unwrap_or_default() };
            let (before, mut put) = (read(&tags.before), read(&tags.after));
            let remove: Vec<String> = before.keys().filter(|key| !put.contains_key(*key)).cloned().collect();
            put.retain(|key, value| before.get(key) != Some(value));
            let retag = || async {
                self.admit_write(node.kind.service()).await?;
                node.kind.retag(&self.cloud, &record.id, &put, &remove).await
            };
            self.patiently(patience, retag).await?;
        }
        Ok(())
    }
}

fn ended_as(code: &str, address: &Address, message: &str) -> Fault {
    Fault::refused(format!("waiting for {address}"), code, message)
}

fn not_taken(address: &Address, changes: &Changes, reason: Option<String>) -> Fault {
    let shown: Vec<String> = changes.0.iter().map(ToString::to_string).collect();
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    ended_as("NotTaken", address, &format!("{}{reason}", shown.join(", ")))
}

fn still(address: &Address, state: &str, waited: Duration) -> Fault {
    ended_as("TimedOut", address, &format!("it is still {state} after {} s", waited.as_secs()))
}
