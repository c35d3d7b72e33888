//! Looks at what exists: a few calls for a whole composite, side by side.

use crate::{
    Address, AnyObject, Depth, Engine, Fault, Graph, Inventory, Node, Patience, Record, Seen, Sort,
    inventory, late,
};
use futures::future::{join_all, try_join_all};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// At the recorded objects only, at the surface: one reading call a kind.
    Recorded,
    /// At the recorded objects, whole.
    RecordedWhole,
    /// Also for objects that carry our tags or have the names we use, whether recorded or not.
    Everywhere,
}

/// An object in the place of one of ours that belongs to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Its identifier.
    pub id: String,
    /// Its owner, when its tags name one.
    pub owner: Option<String>,
}

/// What exists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observation {
    /// Our objects.
    pub objects: Inventory,
    /// Objects that were recorded and are gone.
    pub gone: BTreeSet<Address>,
    /// Objects of others where the graph wants one of ours.
    pub foreign: BTreeMap<Address, Foreign>,
}

/// Why there is no observation.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the {kind} objects could not be read: {fault}")]
pub struct ObserveError {
    /// The kind that could not be read.
    pub kind: &'static str,
    /// Why.
    pub fault: Fault,
}

impl<C: Send + Sync + 'static> Engine<C> {
    /// The objects of `inventory`, and with [`Look::Everywhere`] those that `graph` wants, as they are.
    pub async fn observe(
        &self,
        graph: &Graph<C>,
        inventory: &Inventory,
        look: Look,
    ) -> Result<Observation, ObserveError> {
        let depth = if look == Look::Recorded { Depth::Surface } else { Depth::Whole };
        let recorded = self.read_recorded(inventory, depth);
        let mut observation = if look == Look::Everywhere {
            let (mut observation, owned) = futures::try_join!(recorded, self.search_by_tags())?;
            for (address, record) in owned {
                observation.gone.remove(&address);
                observation.objects.entry(address).or_insert(record);
            }
            self.find_by_key(graph, &mut observation).await?;
            observation
        } else {
            recorded.await?
        };
        for (address, node) in graph.nodes() {
            if let Some(record) = observation.objects.get_mut(address) {
                record.needs = node.needs.clone();
            }
        }
        let needs = inventory::needs(&observation.objects);
        for (address, record) in &mut observation.objects {
            record.needs.extend(needs[address].iter().cloned());
        }
        Ok(observation)
    }

    async fn read_recorded(&self, inventory: &Inventory, depth: Depth) -> Result<Observation, ObserveError> {
        let mut ids: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for record in inventory.values() {
            ids.entry(record.kind.as_str()).or_default().push(record.id.clone());
        }
        let reads = ids.into_iter().filter_map(|(kind, ids)| Some((self.kinds.get(kind)?, ids)));
        let reads = reads.map(|(kind, mut ids)| async move {
            ids.sort();
            ids.dedup();
            Ok((kind.kind(), self.read_kind(kind, &ids, depth).await?))
        });
        let mut seen: BTreeMap<(&str, String), Seen> = BTreeMap::new();
        for (kind, objects) in try_join_all(reads).await? {
            seen.extend(objects.into_iter().map(|object| ((kind, object.id.clone()), object)));
        }
        let mut observation = Observation::default();
        for (address, record) in inventory {
            match seen.get(&(record.kind.as_str(), record.id.clone())) {
                Some(object) => {
                    drop(observation.objects.insert(address.clone(), record.seen(object.clone())))
                }
                None if self.kinds.contains_key(record.kind.as_str()) => {
                    observation.gone.insert(address.clone());
                }
                // A kind of a newer provider: left as it is.
                None => drop(observation.objects.insert(address.clone(), record.clone())),
            }
        }
        Ok(observation)
    }

    async fn read_kind(
        &self,
        kind: &Arc<dyn AnyObject<C>>,
        ids: &[String],
        depth: Depth,
    ) -> Result<Vec<Seen>, ObserveError> {
        let read = || async {
            self.admit_read(kind.service()).await;
            kind.read(&self.cloud, ids, depth).await
        };
        match self.patiently(Patience::READING, read).await {
            Err(fault) if fault.sort == Sort::NotFound => Ok(Vec::new()),
            other => other.map_err(|fault| ObserveError { kind: kind.kind(), fault }),
        }
    }

    /// Every object that carries our tags, by the address written on it.
    async fn search_by_tags(&self) -> Result<Inventory, ObserveError> {
        let tags = self.owner.search();
        let searches = self.kinds.values().filter(|kind| kind.tagged()).map(|kind| {
            let tags = &tags;
            async move {
                let search = || async {
                    self.admit_read(kind.service()).await;
                    kind.owned(&self.cloud, tags).await
                };
                let found = self.patiently(Patience::READING, search).await;
                found.map(|found| (kind, found)).map_err(|fault| ObserveError { kind: kind.kind(), fault })
            }
        });
        let mut owned = Inventory::new();
        for (kind, objects) in try_join_all(searches).await? {
            for object in objects {
                if let Some(address) = object.tags.as_ref().and_then(|tags| self.owner.address_on(tags)) {
                    owned.insert(address, Record::of(kind.kind(), &object.id).seen(object));
                }
            }
        }
        Ok(owned)
    }

    /// Finds what has a natural key, from the top down: a route once its table is known.
    async fn find_by_key(&self, graph: &Graph<C>, observation: &mut Observation) -> Result<(), ObserveError> {
        let mut missing: BTreeSet<&Address> = graph.nodes().keys().collect();
        loop {
            missing.retain(|address| !observation.objects.contains_key(*address));
            let lookup = |object: &Address, output: &str| {
                observation.objects.get(object)?.outputs.get(output).cloned()
            };
            let mut findable = Vec::new();
            for address in &missing {
                let node = &graph.nodes()[*address];
                let spec = late::resolve(&node.spec, &lookup);
                let settled_needs = node.needs.iter().all(|need| observation.objects.contains_key(need));
                if settled_needs && late::is_resolved(&spec) {
                    findable.push(((*address).clone(), node, spec));
                }
            }
            if findable.is_empty() {
                return Ok(());
            }
            let finds = findable.iter().map(|(_, node, spec)| async move {
                let find = || async {
                    self.admit_read(node.kind.service()).await;
                    node.kind.find(&self.cloud, spec).await
                };
                self.patiently(Patience::READING, find).await
            });
            for ((address, node, _), found) in findable.iter().zip(join_all(finds).await) {
                missing.remove(address);
                match found {
                    Err(fault) if fault.sort == Sort::NotFound => {}
                    Err(fault) => return Err(ObserveError { kind: node.kind.kind(), fault }),
                    Ok(None) => {}
                    Ok(Some(seen)) => self.sort_found(address, node, seen, observation),
                }
            }
        }
    }

    fn sort_found(&self, address: &Address, node: &Node<C>, seen: Seen, observation: &mut Observation) {
        let tags = seen.tags.clone().unwrap_or_default();
        if node.kind.tagged() && self.owner.address_on(&tags).is_none() {
            let foreign = Foreign { id: seen.id, owner: self.owner.other_owner(&tags) };
            observation.foreign.insert(address.clone(), foreign);
            return;
        }
        observation.gone.remove(address);
        observation.objects.insert(address.clone(), Record::of(node.kind.kind(), &seen.id).seen(seen));
    }
}
