//! What a stack's graph needs to know of its region: zones and endpoint services, and what its cluster needs. Looked up
//! once, and kept in the state.

use super::{
    cluster,
    config::{Config, Zones, texts},
    endpoint_services::{self, Endpoint, Sort},
    names,
    zones::{self, Zone},
};
use crate::composite::explained;
use aws_objects::{Aws, lookup};
use reconcile::Fault;
use std::collections::{BTreeMap, BTreeSet};
use tfplugin::{Diagnostic, Diagnostics, Value};

/// What had to be looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    pub(super) zones: Vec<Zone>,
    pub(super) endpoints: BTreeMap<String, Endpoint>,
    /// `None` where there is no cluster.
    pub(super) cluster: Option<cluster::Facts>,
}

impl Facts {
    pub(super) fn zone_names(&self) -> impl Iterator<Item = &str> {
        self.zones.iter().map(|zone| zone.name.as_str())
    }

    /// The name in EKS of the group of nodes with this key.
    pub(super) fn node_group_name(&self, key: &str) -> Option<&str> {
        self.cluster.as_ref()?.node_groups.get(key).map(|group| group.name.as_str())
    }

    /// Writes the zones and what was found of the groups of nodes into `planned`. The rest are outputs.
    pub(super) fn pin(&self, planned: &mut Value) {
        if let Some(network) = planned.get_mut("network").filter(|network| network.as_map().is_some()) {
            network.set("zones", Value::list(self.zone_names()));
            network.set("zone_count", i64::try_from(self.zones.len()).unwrap_or(i64::MAX));
        }
        if let (Some(facts), Some(cluster)) = (&self.cluster, planned.get_mut("cluster")) {
            facts.pin(cluster);
        }
    }
}

/// The facts for `config`.
pub(super) async fn look_up(aws: &Aws, config: &Config, pinned: &Value) -> Result<Facts, Diagnostics> {
    let cluster = config.cluster.as_ref();
    let version = cluster.map_or("", |cluster| cluster.version.as_str());
    let types = cluster.map(cluster::undecided_types).unwrap_or_default();
    let offers = cluster::Offers {
        versions: lookup::cluster_versions(aws),
        addons: lookup::addon_versions(aws, version),
        types: lookup::instance_types(aws, &types),
    };
    decide(config, pinned, lookup::zones(aws), lookup::endpoint_services(aws), offers).await
}

/// The facts for `config`, out of `pinned` and what the region offers.
///
/// Rule: what is in `pinned` is not asked for again, so that a plan without news makes no call for it, and whatever
/// AWS offers later changes nothing.
pub(super) async fn decide(
    config: &Config,
    pinned: &Value,
    zones: impl Future<Output = Result<Vec<lookup::Zone>, Fault>> + Send,
    services: impl Future<Output = Result<Vec<lookup::EndpointService>, Fault>> + Send,
    offers: cluster::Offers<
        impl Future<Output = Result<Vec<lookup::ClusterVersion>, Fault>> + Send,
        impl Future<Output = Result<Vec<lookup::AddonVersions>, Fault>> + Send,
        impl Future<Output = Result<lookup::InstanceTypes, Fault>> + Send,
    >,
) -> Result<Facts, Diagnostics> {
    let prior = pinned;
    let pinned = Pinned::read(prior);
    let names = match pinned.zones_for(config) {
        Some(names) => names,
        None => {
            let offered = zones.await.map_err(|fault| failed("zones", &fault))?;
            choose_zones(config, &pinned, &offered)?
        }
    };
    let wanted = wanted(config);
    let endpoints = match pinned.endpoints_for(&names, &wanted) {
        Some(endpoints) => endpoints,
        None => {
            let offered = services.await.map_err(|fault| failed("endpoint services", &fault))?;
            endpoint_services::choose(&config.region, &names, &wanted, &offered)?
        }
    };
    let zones = names.iter().map(|name| Zone::named(name, &config.region)).collect::<Result<_, _>>()?;
    let cluster = match &config.cluster {
        Some(cluster) => {
            let role = names::global(&config.name, &config.region, cluster::NODE_ROLE);
            Some(cluster::decide(cluster, (&names, &role), prior, offers).await?)
        }
        None => None,
    };
    Ok(Facts { zones, endpoints, cluster })
}

fn choose_zones(
    config: &Config,
    pinned: &Pinned,
    offered: &[lookup::Zone],
) -> Result<Vec<String>, Diagnostics> {
    match &config.network.zones {
        Zones::Chosen(count) => zones::choose(&config.region, &pinned.zones, *count, offered),
        Zones::Named(names) => {
            let found = zones::check(&config.region, names, &pinned.zones, offered);
            if found.has_errors() { Err(found) } else { Ok(names.clone()) }
        }
    }
}

/// The endpoints asked for. One in both lists was refused before.
fn wanted(config: &Config) -> BTreeMap<String, Sort> {
    let of = |services: &BTreeSet<String>, sort| {
        services.iter().map(move |service| (service.clone(), sort)).collect::<Vec<_>>()
    };
    let network = &config.network;
    let gateways = of(&network.gateway_endpoints, Sort::Gateway);
    gateways.into_iter().chain(of(&network.interface_endpoints, Sort::Interface)).collect()
}

/// What a prior state or plan holds of the facts.
struct Pinned {
    zones: Vec<String>,
    endpoints: BTreeMap<String, Endpoint>,
}

impl Pinned {
    fn read(value: &Value) -> Pinned {
        let endpoints = value.get("endpoints").as_map().into_iter().flatten();
        let endpoints =
            endpoints.filter_map(|(service, endpoint)| Some((service.clone(), pinned_endpoint(endpoint)?)));
        let zones = value.get("network").get("zones");
        Pinned {
            zones: if zones.is_wholly_known() { texts(zones) } else { Vec::new() },
            endpoints: endpoints.collect(),
        }
    }

    /// The zones of `config`, unless there are new ones to be chosen or checked.
    fn zones_for(&self, config: &Config) -> Option<Vec<String>> {
        match &config.network.zones {
            Zones::Named(names) if names.iter().all(|name| self.zones.contains(name)) => Some(names.clone()),
            _ => None,
        }
    }

    /// The endpoints for `wanted` in `zones`, unless some are new or may be offered in a new zone.
    fn endpoints_for(
        &self,
        zones: &[String],
        wanted: &BTreeMap<String, Sort>,
    ) -> Option<BTreeMap<String, Endpoint>> {
        let has_new_zone = zones.iter().any(|zone| !self.zones.contains(zone));
        let kept = |(service, sort): (&String, &Sort)| {
            let mut endpoint = self.endpoints.get(service).filter(|endpoint| endpoint.sort == *sort)?.clone();
            endpoint.zones.retain(|zone| zones.contains(zone));
            let lacks_zones = *sort == Sort::Interface && (has_new_zone || endpoint.zones.is_empty());
            (!lacks_zones).then(|| (service.clone(), endpoint))
        };
        wanted.iter().map(kept).collect()
    }
}

fn pinned_endpoint(value: &Value) -> Option<Endpoint> {
    let sort = [Sort::Gateway, Sort::Interface];
    Some(Endpoint {
        sort: sort.into_iter().find(|sort| value.get("type").as_str() == Some(sort.word()))?,
        service_name: value.get("service_name").as_str()?.to_owned(),
        private_dns: value.get("private_dns").as_bool().unwrap_or(false),
        zones: texts(value.get("zones")).into_iter().collect(),
    })
}

/// What users read when `what` could not be looked up.
pub(super) fn failed(what: &str, fault: &Fault) -> Diagnostics {
    Diagnostic::error(format!("The {what} of the region could not be looked up"), explained(fault)).into()
}
