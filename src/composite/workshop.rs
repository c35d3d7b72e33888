//! Everything one call needs to work on one composite: its configuration, facts, graph and engine.

use super::{Composite, Identity, OutputOf, Place, Prospect, errors};
use crate::{objects_attribute::Shown, session::Session, tags::is_reserved};
use aws_objects::Aws;
use futures::FutureExt;
use reconcile::{
    Action, Address, Engine, Graph, IgnoredTags, Inherits, Inventory, Look, Observation, Owner, Plan, Record,
    Settling, Tags,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};
use tfplugin::{Call, Diagnostics, Value};

/// One composite with all that is needed to observe, plan and apply it.
pub(super) struct Workshop<C: Composite> {
    pub(super) config: C::Config,
    pub(super) facts: C::Facts,
    pub(super) place: Place,
    pub(super) graph: Graph<Aws>,
    pub(super) engine: Engine<Aws>,
}

impl<C: Composite> Workshop<C> {
    /// Draws the graph. Facts that `pinned` holds are not looked up again.
    pub(super) async fn open(
        session: &Session,
        identity: &Identity,
        generation: &Generation,
        (config, tags): (C::Config, Tags),
        (pinned, protection): (&Value, bool),
        call: &Call,
    ) -> Result<Self, Diagnostics> {
        let engine = engine::<C>(session, identity, generation, call).await?;
        let place = place(&engine.cloud);
        let facts = C::facts(&engine.cloud, &config, pinned).await?;
        let mut graph = C::desired(&config, &facts, &place, &tags)?;
        graph.tag_root(PROTECTION_TAG, &protection.to_string());
        let graph = graph.finish().map_err(|error| errors::graph(&error))?;
        Ok(Workshop { config, facts, place, graph, engine })
    }

    /// What speaks against `prospect`.
    pub(super) async fn preflight(&self, prospect: Prospect<'_>) -> Diagnostics {
        C::preflight(&self.engine.cloud, &self.config, &self.facts, &self.graph, prospect).await
    }

    /// What to be wary of.
    pub(super) fn cautions(&self) -> Diagnostics {
        C::cautions(&self.config, &self.facts)
    }

    /// Hands on the values that only `config` holds.
    pub(super) fn take_sensitive_values(&self, config: &Value) {
        for (key, values) in C::sensitive_values(config) {
            self.engine.cloud.put_sensitive_values(&key, values);
        }
    }

    /// What exists, by looking.
    pub(super) async fn observe(
        &self,
        inventory: &Inventory,
        look: Look,
    ) -> Result<Observation, Diagnostics> {
        self.engine.observe(&self.graph, inventory, look).await.map_err(|error| errors::observe(&error))
    }

    /// The object on which the composite's status is written, among `objects`.
    pub(super) fn root<'a>(&self, objects: &'a Inventory) -> Option<&'a Record> {
        self.graph.root().and_then(|root| objects.get(root))
    }

    /// Writes `objects` and the computed attributes as they will be.
    pub(super) fn show_planned(&self, plan: &Plan, inventory: &Inventory, planned: &mut Value) {
        planned.set("objects", self.shown().planned(&self.graph, plan, inventory));
        let output = |address: &str, name: &str| {
            let address = Address::from(address);
            match (plan.action(&address), inventory.get(&address)) {
                (Some(Action::Create | Action::Replace(_)), _) => Value::unknown(),
                (Some(Action::Update(_)), Some(_)) if self.graph.renews(&address, name) => Value::unknown(),
                // It comes into being, and gives this later.
                (Some(Action::Keep | Action::Update(_)), Some(record))
                    if record.settling != Settling::Settled && record.outputs.get(name).is_none() =>
                {
                    Value::unknown()
                }
                (Some(Action::Keep | Action::Update(_)), Some(record)) => output_of(record, name),
                _ => Value::Null,
            }
        };
        self.show_computed(&output, planned);
    }

    /// Writes `objects` and the computed attributes as they are. Nothing in `state` is unknown afterwards.
    pub(super) fn show_observed(&self, inventory: &Inventory, state: &mut Value) {
        state.set("objects", self.shown().observed(Some(&self.graph), inventory));
        let output = |address: &str, name: &str| {
            inventory.get(&Address::from(address)).map_or(Value::Null, |record| output_of(record, name))
        };
        self.show_computed(&output, state);
        state.set("generation", self.engine.owner.generation.as_str());
    }

    fn show_computed(&self, output: OutputOf<'_>, value: &mut Value) {
        C::pin(&self.facts, value);
        for (name, computed) in C::outputs(&self.config, &self.facts, &self.place, output) {
            value.set(name, computed);
        }
    }

    fn shown(&self) -> Shown<'_> {
        Shown::of(&self.engine)
    }
}

/// Which creation a call works for.
pub(super) struct Generation {
    name: String,
    inherits: Inherits,
}

impl Generation {
    /// The one that `state` names.
    pub(super) fn of(state: &Value) -> Self {
        let name = state.get("generation").as_str().unwrap_or_default().to_owned();
        Generation { name, inherits: Inherits::Nothing }
    }

    /// The one that `prior` names; without a prior state a new one, heir to what earlier ones left.
    pub(super) fn of_or_new(prior: &Value) -> Self {
        if prior.get("generation").is_null() { Self::new() } else { Self::of(prior) }
    }

    /// A new one, heir to what earlier ones left.
    pub(super) fn new() -> Self {
        Generation { name: fresh_token(), inherits: Inherits::EveryGeneration }
    }
}

/// The root says whether the composite may be destroyed, so that an import knows it.
pub(super) const PROTECTION_TAG: &str = "luneo:deletion_protection";

/// The engine for the objects of `identity`.
pub(super) async fn engine<C: Composite>(
    session: &Session,
    identity: &Identity,
    generation: &Generation,
    call: &Call,
) -> Result<Engine<Aws>, Diagnostics> {
    let aws = session.aws(&identity.region).await?;
    let stop = call.stop();
    Ok(Engine {
        limiter: Arc::clone(&aws.limiter),
        patience: aws.patience,
        cloud: aws,
        owner: identity.owner::<C>(&generation.name),
        inherits: generation.inherits,
        kinds: C::kinds(),
        ignored_tags: session.ignored_tags.clone(),
        run: fresh_token(),
        stop: async move { stop.stopped().await }.boxed().shared(),
    })
}

pub(super) fn place(aws: &Aws) -> Place {
    Place {
        region: aws.region.clone(),
        account: aws.account.clone(),
        partition: aws.partition.clone(),
        dns_suffix: aws.dns_suffix(),
    }
}

fn output_of(record: &Record, name: &str) -> Value {
    match record.outputs.get(name) {
        Some(serde_json::Value::String(text)) => text.as_str().into(),
        Some(serde_json::Value::Bool(truth)) => (*truth).into(),
        Some(serde_json::Value::Number(number)) => number.as_i64().map_or(Value::Null, Value::from),
        _ => Value::Null,
    }
}

/// Eight characters that no other creation has: the time in nanoseconds, the process and a count, mixed.
pub(super) fn fresh_token() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let digest = <sha2::Sha256 as sha2::Digest>::digest(format!("{now}-{}-{count}", std::process::id()));
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// The objects that a state names, with what private data knows of them beyond that.
pub(super) fn inventory_in(state: &Value, private: Option<Inventory>) -> Inventory {
    let mut known = private.unwrap_or_default();
    let entries = state.get("objects").as_map().into_iter().flatten();
    let named = entries.filter_map(|(address, object)| {
        let (kind, id) = (object.get("kind").as_str()?, object.get("id").as_str()?);
        let address = Address::from(address.as_str());
        let record = known.remove(&address).filter(|record| record.id == id && record.kind == kind);
        Some((address, record.unwrap_or_else(|| Record::of(kind, id))))
    });
    named.collect()
}

/// The tags that a recovered composite was given: those of its root that are neither ours nor the provider's default.
pub(super) fn given_tags(root: &Tags, owner: &Owner, ignored: &IgnoredTags, defaults: &Tags) -> Value {
    let given = |(key, value): &(&String, &String)| {
        !is_reserved(key, owner) && !ignored.covers(key) && defaults.get(*key) != Some(*value)
    };
    let mut tags =
        root.iter().filter(given).map(|(key, value)| (key.clone(), Value::from(value.as_str()))).peekable();
    if tags.peek().is_none() { Value::Null } else { Value::map(tags) }
}
