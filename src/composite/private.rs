//! What is kept beside the state and the plan, in Terraform's private data.
//!
//! Private data is lossy: a crashed provider loses it. Everything here can be found again from the state and AWS.

use super::{identity::Identity, workshop::inventory_in};
use aws_objects::Aws;
use reconcile::{Action, Address, Inventory, Kinds, Plan, Record, Step};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};
use tfplugin::Value;

const VERSION: u32 = 1;

/// Beside the state: the objects as last seen.
#[derive(Serialize, Deserialize)]
pub(super) struct StatePrivate<'a> {
    version: u32,
    identity: String,
    inventory: Cow<'a, Inventory>,
}

impl StatePrivate<'_> {
    pub(super) fn write(identity: &Identity, inventory: &Inventory) -> Vec<u8> {
        let private = StatePrivate {
            version: VERSION,
            identity: identity.to_string(),
            inventory: Cow::Borrowed(inventory),
        };
        serde_json::to_vec(&private).expect("an inventory is plain data with text keys")
    }

    /// What was kept for `identity`; `None` after a crash, or when it is another's or another version's.
    pub(super) fn read(bytes: &[u8], identity: &Identity) -> Option<Inventory> {
        let private: StatePrivate = serde_json::from_slice(bytes).ok()?;
        let ours = private.version == VERSION && private.identity == identity.to_string();
        ours.then(|| private.inventory.into_owned())
    }
}

/// What a plan was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlanKind {
    Create,
    Update,
    Destroy,
}

/// Beside a plan: what it was made for, and what it showed of each object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PlanPrivate {
    version: u32,
    pub(super) kind: PlanKind,
    pub(super) identity: String,
    /// A create plan that is the second half of a wanted replacement, as against a tainted one.
    pub(super) had_prior: bool,
    shown: BTreeMap<Address, Shown>,
    /// What the apply may not be able to look at. It is given no other private data than the plan's.
    #[serde(default, skip_serializing_if = "Inventory::is_empty")]
    recorded: Inventory,
    /// What each object stands on: what leaves goes in this order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    needs: BTreeMap<Address, BTreeSet<Address>>,
}

/// What a plan showed of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shown {
    Keep,
    Create,
    Update,
    Replace,
    Delete,
}

impl PlanPrivate {
    pub(super) fn new(kind: PlanKind, identity: &str, had_prior: bool, plan: &Plan) -> Self {
        let shown = plan.steps.iter().map(|step| (step.address.clone(), shown(&step.action))).collect();
        PlanPrivate {
            version: VERSION,
            kind,
            identity: identity.to_owned(),
            had_prior,
            shown,
            recorded: Inventory::new(),
            needs: BTreeMap::new(),
        }
    }

    /// The same, with what the apply has to know of `objects` and may not find out: those that exist only in the record
    /// or may be out of reach, and what each stands on.
    pub(super) fn keeping(mut self, objects: &Inventory, kinds: &Kinds<Aws>) -> Self {
        let may_be_unseen = |record: &Record| {
            let kind = kinds.get(record.kind.as_str());
            kind.is_some_and(|kind| kind.only_recorded() || kind.may_be_out_of_reach())
        };
        let kept = objects.iter().filter(|(_, record)| may_be_unseen(record));
        self.recorded = kept.map(|(address, record)| (address.clone(), record.clone())).collect();
        let needs = objects.iter().filter(|(_, record)| !record.needs.is_empty());
        self.needs = needs.map(|(address, record)| (address.clone(), record.needs.clone())).collect();
        self
    }

    /// The objects that `state` names, with what a plan kept of them in its private data.
    pub(super) fn inventory(planned_private: &[u8], state: &Value) -> Inventory {
        let Some(private) = Self::read(planned_private) else { return inventory_in(state, None) };
        let mut inventory = inventory_in(state, Some(private.recorded));
        for (address, needs) in private.needs {
            if let Some(record) = inventory.get_mut(&address) {
                record.needs = needs;
            }
        }
        inventory
    }

    pub(super) fn write(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a plan's private data is plain")
    }

    /// Unknown versions and kinds are nothing: the caller then does the ordinary thing.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|private: &Self| private.version == VERSION)
    }

    /// Whether the plan showed anything of the object at `address`.
    pub(super) fn shows(&self, address: &Address) -> bool {
        self.shown.contains_key(address)
    }

    /// The objects that `now` would treat otherwise than the plan showed, in a way that loses something or that the
    /// planned identifiers exclude.
    pub(super) fn not_shown(&self, now: &Plan, kinds: &Kinds<Aws>) -> Vec<Address> {
        // Of what renews its outputs when it changes, the plan has shown outputs that would not hold.
        let renews = |kind: &str| kinds.get(kind).is_some_and(|kind| !kind.renewed_outputs().is_empty());
        let allowed = |step: &Step| match (self.shown.get(&step.address), shown(&step.action)) {
            (Some(planned), now) if *planned == now => true,
            (_, Shown::Keep) => true,
            (Some(Shown::Keep), Shown::Update) if renews(step.kind) => false,
            (Some(Shown::Keep | Shown::Create), Shown::Update) => true,
            (Some(Shown::Replace), Shown::Create | Shown::Update) => true,
            _ => step.action == Action::Forget,
        };
        let steps = now.steps.iter().filter(|step| !allowed(step));
        steps.map(|step| step.address.clone()).collect()
    }
}

fn shown(action: &Action) -> Shown {
    match action {
        Action::Keep | Action::Forget => Shown::Keep,
        Action::Create => Shown::Create,
        Action::Update(_) => Shown::Update,
        Action::Replace(_) => Shown::Replace,
        Action::Delete => Shown::Delete,
    }
}
