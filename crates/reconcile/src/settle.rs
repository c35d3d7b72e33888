//! Makes one object what it should be, and waits until it is.

use crate::{
    Address, Birth, Changes, Engine, Fault, Ledger, Node, Outcome, Patience, Record, Seen, Settling, Sort,
    late, retry::Tries,
};
use serde_json::Value;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};
use tokio::time::Instant;

/// Why a step did not come to its end.
#[derive(Debug)]
pub(crate) enum Halt {
    /// A call failed.
    Fault(Fault),
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
/// How often a create whose outcome stays unknown is made.
const UNKNOWN_CREATES: u32 = 3;

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

    /// Makes the object and records it the moment it has an identifier.
    pub(crate) async fn create(
        &self,
        address: &Address,
        node: &Node<C>,
        spec: &Value,
        birthmark: Option<(String, String)>,
        ledger: &Ledger<'_>,
    ) -> Result<String, Halt> {
        let mut tags = if node.kind.tagged() { self.tags(address, node) } else { Default::default() };
        tags.extend(birthmark);
        let birth = Birth { tags, token: self.token(address, spec) };
        let patience = Patience::working(node.kind.pace().settles_within);
        let (start, mut tries, mut unknown) = (Instant::now(), Tries::default(), 0);
        loop {
            self.admit_create(node).await;
            let fault = match node.kind.create(&self.cloud, spec, &birth).await {
                Ok(id) => return Ok(self.record_birth(address, node, id, ledger)),
                Err(fault) => fault,
            };
            if fault.outcome == Outcome::Unknown {
                unknown += 1;
            }
            if (fault.outcome == Outcome::Unknown || fault.sort == Sort::Refused)
                && let Some(seen) = self.find_after(&fault, address, node, spec).await?
            {
                return Ok(self.record_birth(address, node, seen.id, ledger));
            }
            if unknown >= UNKNOWN_CREATES {
                return Err(fault.into());
            }
            match tries.pause_after(&fault, &patience, start) {
                Some(pause) if self.pause(pause).await => {}
                Some(_) => return Err(Halt::Stopped),
                None => return Err(fault.into()),
            }
        }
    }

    fn record_birth(&self, address: &Address, node: &Node<C>, id: String, ledger: &Ledger<'_>) -> String {
        let mut record = Record::of(node.kind.kind(), &id);
        record.needs = node.needs.clone();
        record.settling = Settling::Underway("created".to_owned());
        if node.kind.tagged() {
            record.tags = self.tags(address, node);
        }
        ledger.put(address, record);
        id
    }

    async fn admit_create(&self, node: &Node<C>) {
        if let Some(bucket) = node.kind.create_limit() {
            self.limiter.admit_to(bucket).await;
        }
        self.admit_write(node.kind.service()).await;
    }

    /// The same for each try of one creation, another in the next run.
    fn token(&self, address: &Address, spec: &Value) -> String {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            let owner = &self.owner;
            (salt, &owner.composite, &owner.name, &owner.generation).hash(&mut hasher);
            (address, spec.to_string(), &self.run).hash(&mut hasher);
            hasher.finish()
        };
        format!("{}-{:016x}{:016x}", self.owner.prefix, half(0), half(1))
    }

    /// The object, if a create that failed made it all the same, or an earlier run did.
    async fn find_after(
        &self,
        fault: &Fault,
        address: &Address,
        node: &Node<C>,
        spec: &Value,
    ) -> Result<Option<Seen>, Fault> {
        // Searching by tag lags behind by seconds, so an unknown outcome is looked into more than once.
        let looks: &[u64] = if fault.outcome == Outcome::Unknown { &[0, 1, 2, 4] } else { &[0] };
        for seconds in looks {
            if !self.pause(Duration::from_secs(*seconds)).await {
                return Ok(None);
            }
            if let Some(seen) = self.find_ours(address, node, spec).await? {
                return Ok(Some(seen));
            }
        }
        Ok(None)
    }

    async fn find_ours(
        &self,
        address: &Address,
        node: &Node<C>,
        spec: &Value,
    ) -> Result<Option<Seen>, Fault> {
        let kind = &node.kind;
        let is_ours = |seen: &Seen| {
            let tags = seen.tags.clone().unwrap_or_default();
            self.owner.address_on(&tags).as_ref() == Some(address)
        };
        if kind.tagged() {
            let search = self.owner.search();
            let owned = || async {
                self.admit_read(kind.service()).await;
                kind.owned(&self.cloud, &search).await
            };
            let owned = self.patiently(Patience::READING, owned).await?;
            if let Some(seen) = owned.into_iter().find(|seen| is_ours(seen) && !failed(seen)) {
                return Ok(Some(seen));
            }
        }
        let find = || async {
            self.admit_read(kind.service()).await;
            kind.find(&self.cloud, spec).await
        };
        let found = match self.patiently(Patience::READING, find).await {
            Err(fault) if fault.sort == Sort::NotFound => None,
            other => other?,
        };
        Ok(found.filter(|seen| !kind.tagged() || is_ours(seen)))
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
        let start = Instant::now();
        let mut sent: Option<(Changes, Instant)> = None;
        loop {
            let Some(record) = ledger.get(address) else {
                return Err(
                    Fault::refused("read", "Gone", format!("{address} vanished while it was made")).into()
                );
            };
            let record = self.look_again(address, node, &record, start).await?;
            ledger.put(address, record.clone());
            match &record.settling {
                Settling::Failed(reason) => {
                    return Err(
                        Fault::refused(format!("waiting for {address}"), "Failed", reason.clone()).into()
                    );
                }
                Settling::Underway(state) if start.elapsed() > pace.settles_within => {
                    return Err(still(address, state, start.elapsed()).into());
                }
                Settling::Underway(_) => {
                    if !self.pause(pace.poll).await {
                        return Err(Halt::Stopped);
                    }
                    continue;
                }
                Settling::Settled => {}
            }
            let changes = self.differences(address, node, &record, spec);
            if changes.0.is_empty() {
                return Ok(());
            }
            if let Some(stuck) =
                changes.0.iter().find(|c| node.kind.replaced_by().contains(&c.field.as_str()))
            {
                return Err(
                    Fault::refused("read", "Different", format!("{address} reads back as {stuck}")).into()
                );
            }
            if let Some((_, at)) = sent.as_ref().filter(|(last, _)| *last == changes) {
                if at.elapsed() > PROPAGATION {
                    let shown: Vec<String> = changes.0.iter().map(ToString::to_string).collect();
                    return Err(Fault::refused("read", "NotTaken", shown.join(", ")).into());
                }
                if !self.pause(pace.poll).await {
                    return Err(Halt::Stopped);
                }
                continue;
            }
            self.change(node, &record, spec, &changes).await?;
            sent = Some((changes, Instant::now()));
        }
    }

    async fn look_again(
        &self,
        address: &Address,
        node: &Node<C>,
        record: &Record,
        start: Instant,
    ) -> Result<Record, Halt> {
        let patience = Patience::working(node.kind.pace().settles_within);
        let look = || async { self.look(node.kind.kind(), &record.id).await };
        loop {
            if let Some(seen) = self.patiently(patience, look).await? {
                return Ok(record.seen(seen));
            }
            if start.elapsed() > PROPAGATION {
                let message = format!("{address} ({}) does not show up", record.id);
                return Err(Fault::refused("read", "NotVisible", message).into());
            }
            if !self.pause(Duration::from_millis(500)).await {
                return Err(Halt::Stopped);
            }
        }
    }

    async fn change(
        &self,
        node: &Node<C>,
        record: &Record,
        spec: &Value,
        changes: &Changes,
    ) -> Result<(), Fault> {
        let patience = Patience::working(node.kind.pace().settles_within);
        let (tags, fields): (Vec<_>, Vec<_>) =
            changes.0.iter().cloned().partition(|change| change.field == "tags");
        if !fields.is_empty() {
            let fields = Changes(fields);
            let before = node.kind.align(&record.spec, spec);
            let update = || async {
                self.admit_write(node.kind.service()).await;
                node.kind.update(&self.cloud, &record.id, &before, spec, &fields).await
            };
            self.patiently(patience, update).await?;
        }
        if let Some(tags) = tags.first() {
            let read =
                |tags: &Value| -> crate::Tags { serde_json::from_value(tags.clone()).unwrap_or_default() };
            let (before, mut put) = (read(&tags.before), read(&tags.after));
            let remove: Vec<String> = before.keys().filter(|key| !put.contains_key(*key)).cloned().collect();
            put.retain(|key, value| before.get(key) != Some(value));
            let retag = || async {
                self.admit_write(node.kind.service()).await;
                node.kind.retag(&self.cloud, &record.id, &put, &remove).await
            };
            self.patiently(patience, retag).await?;
        }
        Ok(())
    }
}

fn failed(seen: &Seen) -> bool {
    matches!(seen.settling, Settling::Failed(_))
}

fn still(address: &Address, state: &str, waited: Duration) -> Fault {
    let message = format!("{address} is still {state} after {} s", waited.as_secs());
    Fault::refused("waiting", "TimedOut", message)
}
