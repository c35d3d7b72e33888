//! The graph of a region stack: its network, and the cluster in it.

use super::{checks, cluster, config::Config, facts::Facts, names, network, plot::Plot};
use crate::composite::Place;
use aws_objects::Aws;
use reconcile::{Graph, Inventory};
use std::collections::BTreeMap;
use tfplugin::{Diagnostics, Value};

/// The objects of `config`, each with `tags`.
pub(super) fn desired(
    config: &Config,
    facts: &Facts,
    place: &Place,
    tags: &BTreeMap<String, String>,
) -> Result<Graph<Aws>, Diagnostics> {
    // Names and tags may have been unknown when the configuration was validated; the provider's tags come only here.
    let mut found = names::check(&config.name.as_str().into());
    found.extend(checks::tags(&Value::map(tags)));
    if found.has_errors() {
        return Err(found);
    }
    let plot = Plot { config, facts, place };
    let mut graph = Graph::new(tags.clone());
    let network = network::draw(&mut graph, &plot);
    if let (Some(config), Some(facts)) = (&config.cluster, &facts.cluster) {
        let site = cluster::Site { plot: &plot, config, facts, tags, network: &network };
        cluster::draw(&mut graph, &site)?;
    }
    Ok(graph)
}

/// The kind of the object at `address`; `None` when a stack has no such address.
pub(super) fn kind_at(address: &str) -> Option<&'static str> {
    network::kind_at(address).or_else(|| cluster::kind_at(address))
}

/// What is amiss with the objects without being a difference.
pub(super) fn warnings(inventory: &Inventory) -> Diagnostics {
    let mut found = network::warnings(inventory);
    found.extend(cluster::warnings(inventory));
    found
}
