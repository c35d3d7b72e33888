//! What speaks against a plan of a cluster, found out before anything is done.
//!
//! Each finding is judged by a function of its own that makes no call; here is what they have to look at.

mod addresses;
mod admission;
mod insights;
mod instance_types;
mod quotas;
mod rolling;
mod versions;

pub(super) use versions::{Support, UpgradePolicy, remind};

use super::{
    blocks::{Tier, block},
    cluster::{self, at},
    config::Config,
    facts::Facts,
};
use crate::composite::{Prospect, explained};
use aws_objects::{
    Aws,
    kubernetes::{Release, load_balancers},
    lookup::{self, Counted, InstanceTypes},
};
use futures::future::{join_all, join4};
use insights::OnError;
use quotas::{Measure, Need};
use reconcile::{Action, Address, Fault, Graph, Object};
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics, Path};

/// Everything that speaks against `prospect`.
pub(super) async fn findings(
    aws: &Aws,
    config: &Config,
    facts: &Facts,
    graph: &Graph<Aws>,
    prospect: Prospect<'_>,
) -> Diagnostics {
    let Some(cluster) = &config.cluster else { return Diagnostics::default() };
    let rolling = rolling::judge(prospect.plan);
    if !cluster.preflight {
        return rolling;
    }
    let flight = Flight { aws, config, cluster, facts, graph, prospect };
    let types = flight.instance_types().await;
    let (version, nodes, quotas, charts) =
        join4(flight.version(), flight.nodes(&types), flight.quotas(&types), flight.charts()).await;
    let orphans = flight.orphans().await;
    let found = [version, nodes, quotas, flight.admission(), charts, orphans, rolling];
    found.into_iter().flatten().collect()
}

/// A plan that is looked at.
struct Flight<'a> {
    aws: &'a Aws,
    config: &'a Config,
    cluster: &'a cluster::Config,
    facts: &'a Facts,
    graph: &'a Graph<Aws>,
    prospect: Prospect<'a>,
}

impl Flight<'_> {
    fn comes(&self, address: &str) -> bool {
        self.prospect.plan.action(&Address::from(address)) == Some(&Action::Create)
    }

    /// How many objects with such addresses come.
    fn coming(&self, beginning: &str) -> usize {
        let steps = self.prospect.plan.steps.iter().filter(|step| step.action == Action::Create);
        steps.filter(|step| step.address.as_str().starts_with(beginning)).count()
    }

    /// Whether EKS offers the version, and what it has found out about moving on to it.
    async fn version(&self) -> Diagnostics {
        let (wanted, before) = (&self.cluster.version, self.prospect.prior.get("cluster").get("version"));
        if before.as_str() == Some(wanted) {
            return Diagnostics::default();
        }
        let mut found = match lookup::cluster_versions(self.aws).await {
            Ok(offered) => versions::judge(wanted, self.upgrade_policy(), &offered),
            Err(fault) => unknown("the Kubernetes versions of the region", &fault, at("version")),
        };
        if !before.is_null() && !found.has_errors() && !self.comes("cluster") {
            let on_error = if self.cluster.ignore_upgrade_insights { OnError::Warn } else { OnError::Stop };
            found.extend(match lookup::upgrade_insights(self.aws, &self.cluster.name, wanted).await {
                Ok(insights) => insights::judge(wanted, &insights, on_error),
                Err(fault) => unknown("the upgrade insights of the cluster", &fault, at("version")),
            });
        }
        found
    }

    fn upgrade_policy(&self) -> UpgradePolicy {
        UpgradePolicy::of(&self.cluster.upgrade_policy)
    }

    /// The groups that come, by key.
    fn new_groups(&self) -> Vec<(&str, &cluster::Group)> {
        let comes = |key: &str| {
            self.facts.node_group_name(key).is_some_and(|name| self.comes(&format!("node_group.{name}")))
        };
        let groups = self.cluster.node_groups.iter().filter(|(key, _)| comes(key));
        groups.map(|(key, group)| (key.as_str(), group)).collect()
    }

    /// What the types of the instances of new groups are.
    async fn instance_types(&self) -> Result<InstanceTypes, Fault> {
        match types_of(&self.new_groups()) {
            names if names.is_empty() => Ok(InstanceTypes::default()),
            names => lookup::instance_types(self.aws, &names).await,
        }
    }

    /// Whether the instances of new groups, which are of these types, can be had, and have addresses.
    async fn nodes(&self, types: &Result<InstanceTypes, Fault>) -> Diagnostics {
        let groups = self.new_groups();
        if groups.is_empty() {
            return Diagnostics::default();
        }
        let path = at("node_groups");
        let zones: Vec<String> = self.facts.zone_names().map(str::to_owned).collect();
        let names = types_of(&groups);
        let known = match types {
            Ok(known) => known,
            Err(fault) => return unknown("the types of instances", fault, path),
        };
        let mut found = Diagnostics::default();
        match lookup::instance_type_zones(self.aws, &names).await {
            Ok(offered) => {
                let wanted: Vec<_> = groups
                    .iter()
                    .map(|(group, settings)| instance_types::Wanted {
                        group,
                        types: &settings.instance_types,
                        ami_type: settings.ami_type.as_deref(),
                        zones: &zones,
                    })
                    .collect();
                found.extend(instance_types::judge(&wanted, known, &offered));
            }
            Err(fault) => {
                found.extend(unknown("where the types of instances are offered", &fault, path.clone()))
            }
        }
        match self.free_addresses().await {
            Ok(free) => {
                let nodes = |group: &cluster::Group| usize::try_from(group.desired).unwrap_or(0);
                let new: Vec<_> = groups.iter().map(|(key, group)| (*key, nodes(group))).collect();
                found.extend(addresses::judge(&new, &free));
            }
            Err(fault) => found.extend(unknown("the free addresses of the subnets", &fault, path)),
        }
        found
    }

    /// The free addresses of the private subnets, by zone. Of those that come, all but the five that AWS keeps.
    async fn free_addresses(&self) -> Result<BTreeMap<String, i32>, Fault> {
        let subnet = |zone: &str| Address::from(format!("subnet.private.{zone}"));
        let there: BTreeMap<&str, &str> = self
            .facts
            .zone_names()
            .filter_map(|zone| Some((zone, self.prospect.objects.get(&subnet(zone))?.id.as_str())))
            .collect();
        let ids: Vec<String> = there.values().map(ToString::to_string).collect();
        let free =
            if ids.is_empty() { BTreeMap::new() } else { lookup::free_addresses(self.aws, &ids).await? };
        let whole = |zone: &super::zones::Zone| {
            let block = block(&self.config.network.cidr, zone.slot, Tier::Private);
            (1_i32 << (32 - block.prefix_len())) - 5
        };
        let of = |zone: &super::zones::Zone| {
            let known = there.get(zone.name.as_str()).and_then(|id| free.get(*id)).copied();
            (zone.name.clone(), known.unwrap_or_else(|| whole(zone)))
        };
        Ok(self.facts.zones.iter().map(of).collect())
    }

    /// Whether what comes stays within the account's quotas, where Service Quotas answers.
    async fn quotas(&self, types: &Result<InstanceTypes, Fault>) -> Diagnostics {
        let vcpus = self.vcpus(types);
        let needs = [
            Need { counted: Counted::Clusters, more: usize::from(self.comes("cluster")) },
            Need { counted: Counted::Vpcs, more: usize::from(self.comes("vpc")) },
            Need { counted: Counted::ElasticIps, more: self.coming("elastic_ip.") },
            Need { counted: Counted::OnDemandVcpus, more: vcpus.on_demand },
            Need { counted: Counted::SpotVcpus, more: vcpus.spot },
        ];
        let needs = needs.into_iter().filter(|need| need.more > 0);
        let judged = needs.map(|need| async move {
            let (service, code) = need.counted.quota();
            // Whoever may not ask has no finding: AWS itself refuses what is too much.
            let Ok(Some(limit)) = lookup::quota(self.aws, service, code).await else {
                return Diagnostics::default();
            };
            match lookup::usage(self.aws, need.counted).await {
                Ok(used) => quotas::judge(&need, Measure { limit, used }),
                Err(_) => Diagnostics::default(),
            }
        });
        join_all(judged).await.into_iter().flatten().collect()
    }

    /// The virtual processors of standard instances that new groups begin with: of the first type, which is preferred.
    fn vcpus(&self, types: &Result<InstanceTypes, Fault>) -> Vcpus {
        let groups = self.new_groups();
        let mut vcpus = Vcpus::default();
        if groups.iter().all(|(_, group)| group.desired == 0) {
            return vcpus;
        }
        let Ok(InstanceTypes { known, .. }) = types else { return vcpus };
        for (_, group) in groups {
            let first = group.instance_types.first();
            let found = known.iter().find(|known| Some(&known.name) == first && known.is_standard());
            let each = found.map_or(0, |found| usize::try_from(found.vcpus).unwrap_or(0));
            let more = each * usize::try_from(group.desired).unwrap_or(0);
            match group.capacity {
                cluster::Capacity::OnDemand => vcpus.on_demand += more,
                cluster::Capacity::Spot => vcpus.spot += more,
            }
        }
        vcpus
    }

    /// Whether a new cluster lets in whoever is to install its charts.
    fn admission(&self) -> Diagnostics {
        let has_charts = self.coming("chart.") > 0;
        if !has_charts || !self.comes("cluster") {
            return Diagnostics::default();
        }
        admission::judge(&self.aws.caller, &self.cluster.principals())
    }

    /// Load balancers that nobody would take down any more once their controller is gone.
    async fn orphans(&self) -> Diagnostics {
        let leaves =
            |address: &str| self.prospect.plan.action(&Address::from(address)) == Some(&Action::Delete);
        if !leaves(&cluster::controller_address()) || leaves("cluster") {
            return Diagnostics::default();
        }
        let path = at("load_balancer_controller");
        match load_balancers(self.aws, &self.cluster.name).await {
            Ok(claims) if claims.is_empty() => Diagnostics::default(),
            Ok(claims) => {
                let lines: Vec<String> = claims.iter().map(ToString::to_string).collect();
                let detail = format!(
                    "Only the controller takes down the load balancers of\n{}\nDelete these in Kubernetes first, and wait \
                     until they are gone; or set `preflight = false` and leave them to whoever comes after it.",
                    lines.join("\n")
                );
                Diagnostic::error("The controller still has load balancers", detail).at(path).into()
            }
            Err(fault) => unknown("what has a load balancer", &fault, path),
        }
    }

    /// Whether the charts that come or change can be found and rendered.
    async fn charts(&self) -> Diagnostics {
        let touched =
            |action: &Action| matches!(action, Action::Create | Action::Update(_) | Action::Replace(_));
        let steps = self.prospect.plan.steps.iter();
        let steps = steps.filter(|step| step.kind == Release::KIND && touched(&step.action));
        let checks = steps.map(|step| async move {
            let node = self.graph.nodes().get(&step.address)?;
            let release: Release = serde_json::from_value(node.spec.clone()).ok()?;
            let checked =
                aws_objects::kubernetes::check_chart(self.aws, &release, &self.cluster.version).await;
            let path = cluster::chart_at(step.address.as_str());
            let refused = |fault: &Fault| {
                Diagnostic::error(
                    format!("The chart {} cannot be installed", release.chart),
                    explained(fault),
                )
                .at(path)
            };
            checked.err().as_ref().map(refused)
        });
        join_all(checks).await.into_iter().flatten().collect()
    }
}

#[derive(Default)]
struct Vcpus {
    on_demand: usize,
    spot: usize,
}

fn types_of(groups: &[(&str, &cluster::Group)]) -> Vec<String> {
    let mut types: Vec<String> =
        groups.iter().flat_map(|(_, group)| group.instance_types.iter().cloned()).collect();
    types.sort();
    types.dedup();
    types
}

/// What could not be looked at does not stop a plan.
fn unknown(what: &str, fault: &Fault, path: Path) -> Diagnostics {
    let detail = format!("{} Set `preflight = false` to leave these checks out.", explained(fault));
    Diagnostic::warning(format!("Could not check {what}"), detail).at(path).into()
}
