//! Makes one object, once, whatever the answers.

use crate::{
    Address, Birth, Engine, Fault, Ledger, Node, Outcome, Record, Seen, Settling, Sort, Tags, retry::Tries,
    settle::Halt,
};
use serde_json::Value;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

/// How often a create whose outcome stays unknown is made.
const UNKNOWN_CREATES: u32 = 3;
/// Seconds before each look for what a create with an unknown outcome may have made: searching by tag lags behind.
const LOOKS: [u64; 4] = [0, 1, 2, 4];

impl<C: Send + Sync + 'static> Engine<C> {
    /// Makes the object and records it the moment it has an identifier.
    pub(crate) async fn create(
        &self,
        address: &Address,
        node: &Node<C>,
        spec: &Value,
        birthmark: Option<(String, String)>,
        ledger: &Ledger<'_>,
    ) -> Result<(), Halt> {
        let mut tags = if node.kind.tagged() { self.tags(address, node) } else { Default::default() };
        tags.extend(birthmark);
        let birth = Birth { tags, token: self.token(address, spec) };
        let patience = self.patience.working(node.kind.pace().settles_within);
        let (mut tries, mut unknown) = (Tries::default(), 0);
        loop {
            let fault = match self.create_once(node, spec, &birth).await {
                Ok(id) => {
                    self.record_birth(address, node, &birth, id, ledger);
                    return Ok(());
                }
                Err(fault) => fault,
            };
            let looks: &[u64] = match fault.outcome {
                Outcome::Unknown => &LOOKS,
                // Perhaps it is refused because an earlier run made it.
                Outcome::NothingDone if fault.sort == Sort::Refused => &LOOKS[..1],
                Outcome::NothingDone => &[],
            };
            match self.find_made(looks, address, node, spec).await {
                Ok(None) => {}
                Ok(Some(seen)) => {
                    self.record_birth(address, node, &birth, seen.id, ledger);
                    return Ok(());
                }
                // As long as nobody can say whether it exists, it is not made again.
                Err(_) => return Err(fault.into()),
            }
            unknown += u32::from(fault.outcome == Outcome::Unknown);
            match tries.pause_after(&fault, &patience) {
                Some(pause) if unknown < UNKNOWN_CREATES => {
                    if !self.pause(pause).await {
                        return Err(Halt::Stopped);
                    }
                }
                _ => return Err(fault.into()),
            }
        }
    }

    async fn create_once(&self, node: &Node<C>, spec: &Value, birth: &Birth) -> Result<String, Fault> {
        if let Some(bucket) = node.kind.create_limit() {
            self.admit_to(bucket).await?;
        }
        self.admit_write(node.kind.service()).await?;
        node.kind.create(&self.cloud, spec, birth).await
    }

    /// The record of what exists only in it.
    pub(crate) async fn recorded(
        &self,
        address: &Address,
        node: &Node<C>,
        spec: Value,
    ) -> Result<Record, Fault> {
        let birth = Birth { tags: Tags::new(), token: self.token(address, &spec) };
        let id = node.kind.create(&self.cloud, &spec, &birth).await?;
        let mut record = Record::of(node.kind.kind(), &id);
        (record.spec, record.needs, record.settling) = (spec, node.needs.clone(), Settling::Settled);
        Ok(record)
    }

    fn record_birth(
        &self,
        address: &Address,
        node: &Node<C>,
        birth: &Birth,
        id: String,
        ledger: &Ledger<'_>,
    ) {
        let mut record = Record::of(node.kind.kind(), &id);
        record.needs = node.needs.clone();
        record.settling = Settling::Underway("created".to_owned());
        record.tags = birth.tags.clone();
        ledger.put(address, record);
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

    /// The object, if a create that failed made it all the same, or an earlier run did. A stop leaves one last look,
    /// so that what exists is known.
    async fn find_made(
        &self,
        looks: &[u64],
        address: &Address,
        node: &Node<C>,
        spec: &Value,
    ) -> Result<Option<Seen>, Fault> {
        for seconds in looks {
            let goes_on = self.pause(Duration::from_secs(*seconds)).await;
            let found = self.find_ours(address, node, spec).await?;
            if found.is_some() || !goes_on {
                return Ok(found);
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
        let lives =
            |seen: &Seen| !seen.settling.is_leaving() && !matches!(seen.settling, Settling::Failed(_));
        if kind.tagged() {
            let search = self.owner.search();
            let owned = || async {
                self.admit_read(kind.service()).await?;
                kind.owned(&self.cloud, &search).await
            };
            let owned = self.patiently(self.patience.reading(), owned).await?;
            let ours = owned.into_iter().filter(|seen| is_ours(seen) && lives(seen));
            if let Some(seen) = ours.min_by(|one, other| one.id.cmp(&other.id)) {
                return Ok(Some(seen));
            }
        }
        let find = || async {
            self.admit_read(kind.service()).await?;
            kind.find(&self.cloud, spec).await
        };
        let found = match self.patiently(self.patience.reading(), find).await {
            Err(fault) if fault.sort == Sort::NotFound => None,
            other => other?,
        };
        Ok(found.filter(|seen| lives(seen) && (!kind.tagged() || is_ours(seen))))
    }
}
