//! `luneo_region_stack`: one region of a platform: its network, and a cluster in it.

mod blocks;
mod checks;
mod cluster;
mod config;
mod defaults;
mod desired;
mod endpoint_services;
mod facts;
mod names;
mod near;
mod network;
mod outputs;
mod plot;
mod preflight;
mod recover;
mod schema;
mod zones;

#[cfg(test)]
mod tests;

use crate::composite::{Composite, OutputOf, Place, Prospect, Search, Unready};
use aws_objects::{Aws, Secret, all_kinds};
pub use config::Config;
pub use facts::Facts;
use reconcile::{Address, Graph, Inventory, Kinds};
use std::collections::BTreeMap;
use tfplugin::{Diagnostics, Path, SchemaBuilder, Value};

/// One region of a platform.
#[derive(Debug)]
pub struct RegionStack;

impl Composite for RegionStack {
    const TYPE: &'static str = "luneo_region_stack";
    const WORD: &'static str = "region_stack";
    const DESCRIPTION: &'static str = "One region of a platform: a network over several availability zones and a Kubernetes cluster in it, whole.";
    type Config = Config;
    type Facts = Facts;

    fn attributes(schema: SchemaBuilder) -> SchemaBuilder {
        schema::add(schema)
    }

    fn kinds() -> Kinds<Aws> {
        all_kinds()
    }

    fn validate(config: &Value) -> Diagnostics {
        checks::all(config)
    }

    fn fill_defaults(planned: &mut Value, config: &Value, prior: &Value) {
        defaults::fill(planned, config, prior);
    }

    fn config(value: &Value) -> Result<Config, Unready> {
        config::parse(value)
    }

    /// Another range is another VPC, and everything in it: Terraform shows that as a replacement.
    fn replaced_by() -> Vec<Path> {
        vec![Path::root("network").attribute("cidr")]
    }

    async fn facts(aws: &Aws, config: &Config, pinned: &Value) -> Result<Facts, Diagnostics> {
        facts::look_up(aws, config, pinned).await
    }

    fn pin(facts: &Facts, planned: &mut Value) {
        facts.pin(planned);
    }

    fn desired(
        config: &Config,
        facts: &Facts,
        place: &Place,
        tags: &BTreeMap<String, String>,
    ) -> Result<Graph<Aws>, Diagnostics> {
        desired::desired(config, facts, place, tags)
    }

    fn outputs(
        config: &Config,
        facts: &Facts,
        place: &Place,
        output: OutputOf<'_>,
    ) -> Vec<(&'static str, Value)> {
        outputs::outputs(config, facts, place, output)
    }

    fn computed() -> Vec<&'static str> {
        schema::COMPUTED.into_iter().chain(cluster::COMPUTED).collect()
    }

    fn kind_at(address: &Address) -> Option<&'static str> {
        desired::kind_at(address.as_str())
    }

    async fn preflight(
        aws: &Aws,
        config: &Config,
        facts: &Facts,
        graph: &Graph<Aws>,
        prospect: Prospect<'_>,
    ) -> Diagnostics {
        preflight::findings(aws, config, facts, graph, prospect).await
    }

    fn cautions(config: &Config, facts: &Facts) -> Diagnostics {
        cluster::cautions(config, facts)
    }

    fn sensitive_values(config: &Value) -> BTreeMap<String, Secret> {
        cluster::sensitive_values(config)
    }

    async fn takes_along(aws: &Aws, state: &Value) -> Diagnostics {
        cluster::takes_along(aws, state).await
    }

    fn warnings(inventory: &Inventory) -> Diagnostics {
        desired::warnings(inventory)
    }

    fn recover(inventory: &Inventory, search: Search, state: &mut Value) {
        recover::recover(inventory, search, state);
    }
}
