//! What any composite is, and how it answers the protocol's calls.
//!
//! A composite says what its attributes are, which objects they ask for, and what comes out of those. Everything else
//! (plans, partial states, resumption, adoption, import, destruction) is here, once.

mod apply;
mod attributes;
mod census;
mod errors;
mod identity;
mod import;
mod plan;
mod private;
mod read;
mod resource;
mod workshop;

pub(crate) use attributes::text_map;
pub(crate) use census::Census;
pub(crate) use errors::explained;
use identity::Identity;
pub(crate) use resource::Managed;

use aws_objects::{Aws, Secret};
use reconcile::{Address, Graph, Inventory, Kinds, Plan};
use std::{collections::BTreeMap, future::Future};
use tfplugin::{Diagnostics, Path, SchemaBuilder, Value};

/// Where a composite's objects are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// The account, 12 digits.
    pub account: String,
    /// The partition, such as `aws` or `aws-cn`.
    pub partition: String,
    /// What the names of the partition's endpoints end in, such as `amazonaws.com`.
    pub dns_suffix: String,
}

/// An output of an object as far as it is known: a string (or other value), unknown until the object is made, or null
/// when there is no such object.
pub type OutputOf<'a> = &'a dyn Fn(&str, &str) -> Value;

/// What a plan would do, for whoever looks for what speaks against it.
#[derive(Clone, Copy)]
pub struct Prospect<'a> {
    /// The steps.
    pub plan: &'a Plan,
    /// The objects that exist.
    pub objects: &'a Inventory,
    /// The state before; null for something new.
    pub prior: &'a Value,
}

/// One of our resources.
pub trait Composite: Send + Sync + 'static {
    /// The resource type, such as `luneo_region_stack`.
    const TYPE: &'static str;
    /// The word for it on the objects' tags, such as `region_stack`.
    const WORD: &'static str;
    /// What the resource is, for its documentation: one sentence.
    const DESCRIPTION: &'static str;
    /// The configuration, parsed and with defaults: nothing in it is unknown.
    type Config: Send + Sync;
    /// What has to be looked up before the graph can be drawn.
    type Facts: Send + Sync;

    /// Adds the attributes that only this composite has. `name`, `region`, `deletion_protection`, `tags`, `tags_all`,
    /// `objects`, `status` and `generation` are every composite's and are there already.
    fn attributes(schema: SchemaBuilder) -> SchemaBuilder;

    /// Every kind that its objects may have.
    fn kinds() -> Kinds<Aws>;

    /// What is wrong with a configuration, as far as that shows without a call. Parts may be unknown.
    fn validate(config: &Value) -> Diagnostics;

    /// Fills the defaults of this composite's own attributes into `planned`, which is the configuration over the prior
    /// state; `config` tells what was written. Where a fact was pinned in `prior`, it stays.
    fn fill_defaults(planned: &mut Value, config: &Value, prior: &Value);

    /// The configuration in a planned value or a state. The error names what is not known yet.
    fn config(value: &Value) -> Result<Self::Config, Unready>;

    /// Attributes of which a change asks for all objects anew (besides `name` and `region`).
    fn replaced_by() -> Vec<Path>;

    /// Looks up what the graph needs. What `pinned` (the prior state, or the plan that is applied) holds already is
    /// taken from there, so that plan and apply draw the same graph.
    fn facts(
        aws: &Aws,
        config: &Self::Config,
        pinned: &Value,
    ) -> impl Future<Output = Result<Self::Facts, Diagnostics>> + Send;

    /// Writes the facts into the planned value, where they are attributes.
    fn pin(facts: &Self::Facts, planned: &mut Value);

    /// The objects that the configuration asks for. `tags` go on all of them. The root is the first one made and the
    /// last one deleted: `Graph::set_root`.
    fn desired(
        config: &Self::Config,
        facts: &Self::Facts,
        place: &Place,
        tags: &BTreeMap<String, String>,
    ) -> Result<Graph<Aws>, Diagnostics>;

    /// The computed attributes, by name.
    fn outputs(
        config: &Self::Config,
        facts: &Self::Facts,
        place: &Place,
        output: OutputOf<'_>,
    ) -> Vec<(&'static str, Value)>;

    /// The names of the attributes that [`Composite::outputs`] gives.
    fn computed() -> Vec<&'static str>;

    /// The kind of the object at `address`, for adopting foreign ones; `None` when it cannot be an address of this
    /// composite.
    fn kind_at(address: &Address) -> Option<&'static str>;

    /// What speaks against a plan that changes something: versions that are not offered, quotas that would be exceeded.
    /// Asked only while planning, and may look at AWS. An error stops the plan.
    fn preflight(
        aws: &Aws,
        config: &Self::Config,
        facts: &Self::Facts,
        graph: &Graph<Aws>,
        prospect: Prospect<'_>,
    ) -> impl Future<Output = Diagnostics> + Send {
        let _ = (aws, config, facts, graph, prospect);
        async { Diagnostics::default() }
    }

    /// What to be wary of although nothing is amiss with the objects: support that ends soon. Asked at each plan, and makes
    /// no call.
    fn cautions(config: &Self::Config, facts: &Self::Facts) -> Diagnostics {
        let _ = (config, facts);
        Diagnostics::default()
    }

    /// Values that only the configuration holds, by the names that the graph's objects ask for them by.
    fn sensitive_values(config: &Value) -> BTreeMap<String, Secret> {
        let _ = config;
        BTreeMap::new()
    }

    /// What the destruction of `state` takes along or leaves although no object of it stands for it, as warnings for
    /// the plan. May look at AWS; what cannot be found out is a warning too.
    fn takes_along(aws: &Aws, state: &Value) -> impl Future<Output = Diagnostics> + Send {
        let _ = (aws, state);
        async { Diagnostics::default() }
    }

    /// What is amiss with the objects without being a difference: a flow log that cannot deliver.
    fn warnings(inventory: &Inventory) -> Diagnostics {
        let _ = inventory;
        Diagnostics::default()
    }

    /// The attributes of [`Composite::attributes`] that would have asked for `inventory`, written into `state`: what
    /// an import recovers. `pinned` facts included.
    fn recover(inventory: &Inventory, search: Search, state: &mut Value);
}

/// How the objects were looked for that an import recovers a configuration from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// By their tags. Others of ours may be found by their names, once it is known what to look for.
    ByTags,
    /// Also by the names that a configuration recovered before gives them: what is not there is not ours.
    ByNames,
}

/// Why there is no configuration yet.
#[derive(Debug)]
pub enum Unready {
    /// These attributes are known only when other resources are applied.
    Unknown(Vec<Path>),
    /// The configuration is wrong.
    Wrong(Diagnostics),
}
