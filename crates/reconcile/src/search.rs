//! Finds objects of ours that nobody recorded: by their tags, and by the names we give.

use crate::{
    Address, Engine, Foreign, Graph, Node, Observation, ObserveError, Record, Seen, Settling, Sort, late,
};
use futures::future::{join_all, try_join_all};
use std::collections::BTreeSet;

impl<C: Send + Sync + 'static> Engine<C> {
    /// Every object that carries our tags, by the address written on it.
    pub(crate) async fn search_by_tags(&self) -> Result<Vec<(Address, Record)>, ObserveError> {
        let tags = self.owner.search();
        let searches =
            self.kinds.values().filter(|kind| kind.tagged() && !kind.only_recorded()).map(|kind| {
                let tags = &tags;
                async move {
                    let search = || async {
                        self.admit_read(kind.service()).await?;
                        kind.owned(&self.cloud, tags).await
                    };
                    let found = self.patiently(self.patience.reading(), search).await;
                    found
                        .map(|found| (kind, found))
                        .map_err(|fault| ObserveError { kind: kind.kind(), fault })
                }
            });
        let mut owned = Vec::new();
        for (kind, objects) in try_join_all(searches).await? {
            for object in objects {
                if let Some(address) = object.tags.as_ref().and_then(|tags| self.owner.address_on(tags)) {
                    owned.push((address, Record::of(kind.kind(), &object.id).seen(object)));
                }
            }
        }
        Ok(owned)
    }

    /// Adds what was found and is not recorded. Of several with one address the soundest is it; the others are left
    /// over from a creation whose answer was lost.
    ///
    /// Rule: what another generation made is taken over if the graph asks for it, and is otherwise left to that one,
    /// unless this run is its heir.
    pub(crate) fn sort_in(
        &self,
        graph: &Graph<C>,
        mut found: Vec<(Address, Record)>,
        observation: &mut Observation,
    ) {
        found.sort_by(|(_, one), (_, other)| soundness(one).cmp(&soundness(other)));
        for (address, record) in found {
            if address_of(observation, &record.kind, &record.id).is_some() {
                continue;
            }
            let is_new = self.is_heir_to(&record.tags);
            let is_free = !observation.objects.contains_key(&address);
            if is_free && (is_new || graph.nodes().contains_key(&address)) {
                observation.gone.remove(&address);
                observation.objects.insert(address, record);
            } else if !is_free && is_new {
                let surplus = Address::from(format!("{address}#{}", record.id));
                observation.objects.insert(surplus, record);
            }
        }
    }

    /// Finds what has a natural key, from the top down: a route once its table is known.
    pub(crate) async fn find_by_key(
        &self,
        graph: &Graph<C>,
        observation: &mut Observation,
    ) -> Result<(), ObserveError> {
        let mut missing: BTreeSet<&Address> = graph
            .nodes()
            .iter()
            .filter(|(_, node)| !node.kind.only_recorded())
            .map(|(address, _)| address)
            .collect();
        loop {
            missing.retain(|address| !observation.objects.contains_key(*address));
            let lookup = |object: &Address, output: &str| {
                observation.objects.get(object)?.outputs.get(output).cloned()
            };
            let mut findable = Vec::new();
            for address in &missing {
                let node = &graph.nodes()[*address];
                let spec = late::resolve(&node.spec, &lookup);
                let is_known = |field: &str| spec.get(field).is_none_or(late::is_resolved);
                if node.kind.replaced_by().iter().all(|field| is_known(field)) {
                    findable.push(((*address).clone(), node, spec));
                }
            }
            if findable.is_empty() {
                return self.record_missing(graph, observation).await;
            }
            let finds = findable.iter().map(|(_, node, spec)| async move {
                let find = || async {
                    self.admit_read(node.kind.service()).await?;
                    node.kind.find(&self.cloud, spec).await
                };
                self.patiently(self.patience.reading(), find).await
            });
            for ((address, node, _), found) in findable.iter().zip(join_all(finds).await) {
                missing.remove(address);
                match found {
                    Err(fault) if fault.sort == Sort::NotFound => {}
                    Err(fault) if fault.is_before_a_closed_door() && node.kind.may_be_out_of_reach() => {
                        observation.out_of_reach.insert(node.kind.kind(), fault);
                    }
                    Err(fault) => return Err(ObserveError { kind: node.kind.kind(), fault }),
                    Ok(None) => {}
                    Ok(Some(seen)) => self.sort_found(address, graph, node, seen, observation),
                }
            }
        }
    }

    /// What exists only in the record, and was lost with one, is there as soon as what it stands on is.
    async fn record_missing(
        &self,
        graph: &Graph<C>,
        observation: &mut Observation,
    ) -> Result<(), ObserveError> {
        for (address, node) in graph.nodes().iter().filter(|(_, node)| node.kind.only_recorded()) {
            let lookup = |object: &Address, output: &str| {
                observation.objects.get(object)?.outputs.get(output).cloned()
            };
            let spec = late::resolve(&node.spec, &lookup);
            if observation.objects.contains_key(address) || !late::is_resolved(&spec) {
                continue;
            }
            let record = self.recorded(address, node, spec).await;
            let record = record.map_err(|fault| ObserveError { kind: node.kind.kind(), fault })?;
            observation.objects.insert(address.clone(), record);
        }
        Ok(())
    }

    fn sort_found(
        &self,
        address: &Address,
        graph: &Graph<C>,
        node: &Node<C>,
        seen: Seen,
        observation: &mut Observation,
    ) {
        let kind = node.kind.kind();
        if let Some(other) = address_of(observation, kind, &seen.id) {
            // The object is known by an address that nobody asks for any more: it only changes its address.
            if !graph.nodes().contains_key(&other)
                && let Some(record) = observation.objects.remove(&other)
            {
                observation.gone.remove(address);
                observation.objects.insert(address.clone(), record);
            }
            return;
        }
        let tags = seen.tags.clone().unwrap_or_default();
        let is_stray = tags.is_empty() && node.kind.is_stray(&seen.spec);
        if node.kind.tagged() && self.owner.address_on(&tags).is_none() && !is_stray {
            let foreign = Foreign { id: seen.id, owner: self.owner.other_owner(&tags) };
            observation.foreign.insert(address.clone(), foreign);
            return;
        }
        observation.gone.remove(address);
        observation.objects.insert(address.clone(), Record::of(kind, &seen.id).seen(seen));
    }
}

fn address_of(observation: &Observation, kind: &str, id: &str) -> Option<Address> {
    let mut objects = observation.objects.iter();
    let found = objects.find(|(_, record)| record.kind == kind && record.id == id);
    found.map(|(address, _)| address.clone())
}

/// Smaller is sounder; the identifier makes it the same each time.
fn soundness(record: &Record) -> (u8, &str) {
    let rank = match &record.settling {
        Settling::Settled => 0,
        underway if underway.is_leaving() => 2,
        Settling::Underway(_) => 1,
        Settling::Failed(_) => 3,
    };
    (rank, &record.id)
}
