//! The way from observation to graph.

use crate::{
    Address, AnyObject, Change, Changes, Engine, Foreign, Graph, Inventory, Node, Observation, Record,
    Settling, Status, inventory, late,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// An object's part in a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// It is as asked.
    Keep,
    /// It does not exist.
    Create,
    /// It differs in ways that can be changed in place.
    Update(Changes),
    /// It differs in ways that only a new object can mend, or has failed for good.
    Replace(Changes),
    /// It is not asked for any more.
    Delete,
    /// It is not asked for any more and belongs to another creation or owner by now: only the record goes.
    Forget,
}

/// One object and what happens to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The object.
    pub address: Address,
    /// Its kind.
    pub kind: &'static str,
    /// What happens to it.
    pub action: Action,
}

/// Something the graph asks for that will not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A stateful object would have to be replaced.
    WouldReplace {
        /// The object.
        address: Address,
        /// Its kind.
        kind: &'static str,
        /// The fields that only a new object could change, or why it failed.
        because: String,
    },
    /// The change can be made neither in place nor anew.
    Impossible {
        /// The object.
        address: Address,
        /// Its kind.
        kind: &'static str,
        /// Why, and what to do instead.
        because: String,
    },
    /// The object's name or place is taken by an object that is not ours.
    Foreign {
        /// The object that is asked for.
        address: Address,
        /// Its kind.
        kind: &'static str,
        /// The identifier of the one that is there.
        id: String,
        /// Its owner, when its tags name one.
        owner: Option<String>,
    },
}

/// What will be done, as data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// One step an object: those of the graph with each after what it needs, then those that go.
    pub steps: Vec<Step>,
    /// What will not be done; a plan with refusals cannot be applied.
    pub refusals: Vec<Refusal>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| step.action == Action::Keep)
    }

    /// The action for the object at `address`.
    pub fn action(&self, address: &Address) -> Option<&Action> {
        self.steps.iter().find(|step| step.address == *address).map(|step| &step.action)
    }

    /// The objects whose destruction the plan shows, by deletion or replacement.
    pub fn destroys(&self) -> BTreeSet<Address> {
        let destroys = |step: &&Step| matches!(step.action, Action::Delete | Action::Replace(_));
        self.steps.iter().filter(destroys).map(|step| step.address.clone()).collect()
    }
}

impl<C: Send + Sync + 'static> Engine<C> {
    /// The steps from what was observed to `graph`. Makes no call.
    pub fn plan(&self, graph: &Graph<C>, observation: &Observation) -> Plan {
        let mut plan = Plan::default();
        let (mut renewed, mut updated) = (BTreeSet::new(), BTreeSet::new());
        for address in graph.in_order() {
            let node = &graph.nodes()[address];
            // An object about to be made anew has no outputs yet, and one that changes has new ones of some: so what
            // refers to them differs too.
            let lookup = |object: &Address, output: &str| {
                let record = observation.objects.get(object).filter(|_| !renewed.contains(object))?;
                let changes = updated.contains(object) && graph.renews(object, output);
                if changes { None } else { record.outputs.get(output).cloned() }
            };
            let wanted = late::resolve(&node.spec, &lookup);
            let action = match observation.objects.get(address) {
                None => Action::Create,
                Some(record) => self.decide(address, node, record, &wanted),
            };
            plan.refusals.extend(self.refusal(address, node, observation, &action, &wanted));
            match action {
                Action::Create | Action::Replace(_) => drop(renewed.insert(address.clone())),
                Action::Update(_) => drop(updated.insert(address.clone())),
                Action::Keep | Action::Delete | Action::Forget => {}
            }
            plan.steps.push(Step { address: address.clone(), kind: node.kind.kind(), action });
        }
        plan.steps.extend(self.leavers(&observation.objects, |address| !graph.nodes().contains_key(address)));
        plan
    }

    /// The steps to nothing. Objects of another generation or owner are only forgotten.
    pub fn plan_destroy(&self, observation: &Observation) -> Plan {
        Plan { steps: self.leavers(&observation.objects, |_| true).collect(), refusals: Vec::new() }
    }

    fn decide(&self, address: &Address, node: &Node<C>, record: &Record, wanted: &Value) -> Action {
        if let Some(change) = beyond_repair(node, record) {
            return Action::Replace(Changes(vec![change]));
        }
        let changes = self.differences(address, node, record, wanted);
        if changes.0.is_empty() {
            return Action::Keep;
        }
        let replaces = |change: &Change| node.kind.replaced_by().contains(&change.field.as_str());
        if changes.0.iter().any(replaces) { Action::Replace(changes) } else { Action::Update(changes) }
    }

    /// What tells the object from what is `wanted`, tags included. A field that is null in `wanted` is not managed.
    pub(crate) fn differences(
        &self,
        address: &Address,
        node: &Node<C>,
        record: &Record,
        wanted: &Value,
    ) -> Changes {
        let observed = node.kind.align(&record.spec, wanted);
        let mut changes = field_differences(&observed, wanted);
        if node.kind.tagged() {
            let wanted = self.tags(address, node);
            let mut observed = self.ignored_tags.managed(&record.tags, &wanted);
            observed.remove(&self.owner.status_tag(Status::Ready).0);
            if observed != wanted {
                changes.push(change("tags", serde_json::json!(observed), serde_json::json!(wanted)));
            }
        }
        Changes(changes)
    }

    fn refusal(
        &self,
        address: &Address,
        node: &Node<C>,
        seen: &Observation,
        action: &Action,
        wanted: &Value,
    ) -> Option<Refusal> {
        let (address, kind) = (address.clone(), node.kind.kind());
        if let Some(Foreign { id, owner }) = seen.foreign.get(&address).cloned() {
            return Some(Refusal::Foreign { address, kind, id, owner });
        }
        if let (Some(record), Action::Update(_) | Action::Replace(_)) = (seen.objects.get(&address), action)
            && record.kind == kind
            && let Some(because) = node.kind.refuses(&node.kind.align(&record.spec, wanted), wanted)
        {
            return Some(Refusal::Impossible { address, kind, because });
        }
        let Action::Replace(changes) = action else { return None };
        let because = reasons(changes, &*node.kind);
        let record = seen.objects.get(&address)?;
        let lost = self.kinds.get(record.kind.as_str()).unwrap_or(&node.kind);
        let is_empty = lost.fails_empty() && matches!(record.settling, Settling::Failed(_));
        // What it holds is lost already.
        let is_going = record.settling.is_leaving();
        (lost.stateful() && !is_empty && !is_going).then_some(Refusal::WouldReplace {
            address,
            kind,
            because,
        })
    }

    fn leavers<'a>(
        &'a self,
        objects: &'a Inventory,
        leaves: impl Fn(&Address) -> bool + 'a,
    ) -> impl Iterator<Item = Step> + 'a {
        let fenced = self.fenced(objects);
        objects.iter().filter(move |(address, _)| leaves(address)).filter_map(move |(address, record)| {
            let kind = self.kinds.get(record.kind.as_str())?.kind();
            let action = if fenced.contains(address) { Action::Forget } else { Action::Delete };
            Some(Step { address: address.clone(), kind, action })
        })
    }

    /// Objects that a delete must not touch: another owner's, those of another generation, and what stands on them
    /// without a mark of its own.
    fn fenced(&self, objects: &Inventory) -> BTreeSet<Address> {
        let generation = |record: &Record| self.owner.generation_on(&record.tags).map(str::to_owned);
        let others = |record: &Record| {
            self.owner.other_owner(&record.tags).is_some()
                || generation(record).is_some() && !self.is_heir_to(&record.tags)
        };
        let mut fenced: BTreeSet<Address> =
            objects.iter().filter(|(_, record)| others(record)).map(|(address, _)| address.clone()).collect();
        let needs = inventory::needs(objects);
        loop {
            let before = fenced.len();
            for (address, record) in objects {
                let stands_on_fenced = needs[address].iter().any(|need| fenced.contains(need));
                if generation(record).is_none() && stands_on_fenced {
                    fenced.insert(address.clone());
                }
            }
            if fenced.len() == before {
                return fenced;
            }
        }
    }
}

/// Why there must be a new object whatever the old one's fields are.
fn beyond_repair<C>(node: &Node<C>, record: &Record) -> Option<Change> {
    let kind = node.kind.kind();
    if record.kind != kind {
        return Some(change("kind", Value::from(record.kind.as_str()), Value::from(kind)));
    }
    let state = match &record.settling {
        Settling::Failed(reason) => format!("failed: {reason}"),
        state if state.is_leaving() => "deleting".to_owned(),
        Settling::Settled | Settling::Underway(_) => return None,
    };
    Some(change("state", Value::from(state), Value::from("settled")))
}

fn reasons<C>(changes: &Changes, kind: &dyn AnyObject<C>) -> String {
    let decisive = |change: &&Change| {
        matches!(change.field.as_str(), "state" | "kind")
            || kind.replaced_by().contains(&change.field.as_str())
    };
    let shown: Vec<String> = changes.0.iter().filter(decisive).map(ToString::to_string).collect();
    shown.join(", ")
}

fn change(field: &str, before: Value, after: Value) -> Change {
    Change { field: field.to_owned(), before, after }
}

fn field_differences(observed: &Value, wanted: &Value) -> Vec<Change> {
    let none = serde_json::Map::new();
    let observed = observed.as_object().unwrap_or(&none);
    let differs =
        |(field, wanted): &(&String, &Value)| !wanted.is_null() && observed.get(*field) != Some(wanted);
    let change = |(field, wanted): (&String, &Value)| {
        change(field, observed.get(field).cloned().unwrap_or(Value::Null), wanted.clone())
    };
    wanted.as_object().unwrap_or(&none).iter().filter(differs).map(change).collect()
}
