//! Looks at what exists: a few calls for a whole composite, side by side.

use crate::{Address, AnyObject, Depth, Engine, Fault, Graph, Inventory, Record, Seen, Sort};
use futures::future::try_join_all;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
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
    /// Our objects. A second object with an address of ours, made when an answer was lost, is at `address#id`.
    pub objects: Inventory,
    /// Objects that were recorded and are gone.
    pub gone: BTreeSet<Address>,
    /// Objects of others where the graph wants one of ours.
    pub foreign: BTreeMap<Address, Foreign>,
    /// Kinds that could not be reached, and why. Their recorded objects are among `objects` as they were last seen.
    pub out_of_reach: BTreeMap<&'static str, Fault>,
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
            let (mut observation, found) = futures::try_join!(recorded, self.search_by_tags())?;
            self.sort_in(graph, found, &mut observation);
            self.find_by_key(graph, &mut observation).await?;
            observation
        } else {
            recorded.await?
        };
        self.set_taken_apart(graph, inventory, &mut observation);
        Self::recall(graph, &mut observation);
        for (address, record) in &mut observation.objects {
            if let Some(node) = graph.nodes().get(address).filter(|_| record.needs.is_empty()) {
                record.needs.clone_from(&node.needs);
            }
        }
        Ok(observation)
    }

    /// What is only recorded or out of reach, and of which the record was lost but for its identifier, is as it is asked
    /// for: nobody knows better.
    fn recall(graph: &Graph<C>, observation: &mut Observation) {
        let forgotten: Vec<_> = observation
            .objects
            .iter()
            .filter(|(_, record)| record.spec.is_null())
            .filter_map(|(address, _)| Some((address.clone(), graph.nodes().get(address)?)))
            .filter(|(_, node)| {
                node.kind.only_recorded() || observation.out_of_reach.contains_key(node.kind.kind())
            })
            .collect();
        for (address, node) in forgotten {
            let spec = crate::late::resolve(&node.spec, &|object, output| {
                observation.objects.get(object)?.outputs.get(output).cloned()
            });
            if let Some(record) = observation.objects.get_mut(&address) {
                (record.spec, record.settling) = (spec, crate::Settling::Settled);
            }
        }
    }

    /// Rule: an object that was ours and carries another owner's mark by now is not fought over.
    fn set_taken_apart(&self, graph: &Graph<C>, inventory: &Inventory, observation: &mut Observation) {
        for (address, last) in inventory.iter().filter(|(address, _)| graph.nodes().contains_key(*address)) {
            let Some(record) = observation.objects.get(address).filter(|record| record.id == last.id) else {
                continue;
            };
            let owner = self.owner.other_owner(&record.tags);
            if owner.is_some() && self.owner.address_on(&last.tags).is_some() {
                observation.foreign.insert(address.clone(), Foreign { id: record.id.clone(), owner });
                observation.objects.remove(address);
            }
        }
    }

    async fn read_recorded(&self, inventory: &Inventory, depth: Depth) -> Result<Observation, ObserveError> {
        let mut ids: BTreeMap<&str, BTreeMap<String, bool>> = BTreeMap::new();
        let only_recorded =
            |record: &Record| self.kinds.get(record.kind.as_str()).is_some_and(|kind| kind.only_recorded());
        for record in inventory.values().filter(|record| !only_recorded(record)) {
            let is_fresh = record.spec.is_null();
            ids.entry(record.kind.as_str()).or_default().insert(record.id.clone(), is_fresh);
        }
        let reads = ids.into_iter().filter_map(|(kind, ids)| Some((self.kinds.get(kind)?, ids)));
        let reads = reads.map(|(kind, ids)| async move {
            let seen = self.read_until_fresh_ones_show(kind, ids, depth).await;
            match seen {
                Err(fault) if fault.is_before_a_closed_door() && kind.may_be_out_of_reach() => {
                    Ok((kind.kind(), Err(fault)))
                }
                Err(fault) => Err(ObserveError { kind: kind.kind(), fault }),
                Ok(seen) => Ok((kind.kind(), Ok(seen))),
            }
        });
        let mut seen: BTreeMap<(&str, String), Seen> = BTreeMap::new();
        let mut observation = Observation::default();
        for (kind, objects) in try_join_all(reads).await? {
            match objects {
                Ok(objects) => {
                    seen.extend(objects.into_iter().map(|object| ((kind, object.id.clone()), object)));
                }
                Err(fault) => drop(observation.out_of_reach.insert(kind, fault)),
            }
        }
        for (address, record) in inventory {
            match seen.get(&(record.kind.as_str(), record.id.clone())) {
                Some(object) => {
                    drop(observation.objects.insert(address.clone(), record.seen(object.clone())))
                }
                None if only_recorded(record)
                    || observation.out_of_reach.contains_key(record.kind.as_str()) =>
                {
                    observation.objects.insert(address.clone(), record.clone());
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

    /// Reads the objects of one kind. One that was recorded and never looked at, because its run was cut short, gets a
    /// few seconds to show up before it counts as gone.
    async fn read_until_fresh_ones_show(
        &self,
        kind: &Arc<dyn AnyObject<C>>,
        ids: BTreeMap<String, bool>,
        depth: Depth,
    ) -> Result<Vec<Seen>, Fault> {
        let all: Vec<String> = ids.keys().cloned().collect();
        let read = || async {
            self.admit_read(kind.service()).await?;
            kind.read(&self.cloud, &all, depth).await
        };
        let mut pauses = [1, 2, 4].into_iter();
        loop {
            let seen = match self.patiently(self.patience.reading(), read).await {
                Err(fault) if fault.sort == Sort::NotFound => Vec::new(),
                other => other?,
            };
            let shows = |id: &str| seen.iter().any(|seen| seen.id == id);
            let all_show = ids.iter().all(|(id, is_fresh)| !is_fresh || shows(id));
            match pauses.next().filter(|_| !all_show) {
                Some(seconds) if self.pause(Duration::from_secs(seconds)).await => {}
                _ => return Ok(seen),
            }
        }
    }
}
