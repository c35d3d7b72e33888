//! Managed node groups.

use super::{
    Addon, Cluster, children,
    issues::issue,
    node_group_changes::{self as changes, ConfigChange, UNTOLD},
    tags,
    updates::{self, Updated},
};
use crate::{
    Aws,
    ec2::{LaunchTemplate, Route, RouteTableAssociation, Subnet, VpcEndpoint},
    faults,
    sets::in_order_of,
};
use aws_sdk_eks::types::{
    self, AmiTypes, CapacityTypes, LaunchTemplateSpecification, NodegroupHealth, NodegroupIssueCode,
    NodegroupScalingConfig, NodegroupStatus,
};
use futures::future::try_join_all;
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Nodes of one sort, which EKS keeps running. Its id is `<cluster>/<name>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeGroup {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// Its name, unique in the cluster.
    pub name: String,
    /// The ARN of the role that its nodes have.
    pub role: Late<String>,
    /// Where its nodes are.
    pub subnets: Vec<Late<Id<Subnet>>>,
    /// Types of instances, those preferred first.
    pub instance_types: Vec<String>,
    /// The image, in EKS's word for it: `AL2023_x86_64_STANDARD`.
    pub ami_type: String,
    /// `ON_DEMAND` or `SPOT`.
    pub capacity: String,
    /// The Kubernetes version of its nodes, such as `1.34`.
    pub version: String,
    /// What its instances are made from.
    pub launch_template: Late<Id<LaunchTemplate>>,
    /// The version of that, a number as text.
    pub launch_template_version: Late<String>,
    /// The fewest nodes.
    pub min: i32,
    /// The most nodes.
    pub max: i32,
    /// How many nodes were last asked for. Kept in a tag: how many there are is the autoscaler's. A group without the
    /// tag, which others made, reads back as `null`; the number is then only noted, and no node comes or goes.
    #[serde(with = "desired")]
    pub desired: i32,
    /// Labels of its nodes.
    pub labels: BTreeMap<String, String>,
    /// Taints of its nodes.
    pub taints: Vec<Taint>,
    /// How many nodes may be away at once during an update, in percent.
    pub max_unavailable_percent: i32,
    /// Add-ons without which its nodes would not become ready. Only gives the order.
    pub addons: Vec<Late<Id<Addon>>>,
    /// Ways out, without which its nodes would never join. Only gives the order.
    pub routes: Vec<Late<Id<Route>>>,
    /// As `routes`.
    pub endpoints: Vec<Late<Id<VpcEndpoint>>>,
    /// Which subnet uses which way out. Only gives the order.
    pub associations: Vec<Late<Id<RouteTableAssociation>>>,
}

/// What keeps pods away that do not tolerate it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value, often empty.
    pub value: String,
    /// `NO_SCHEDULE`, `NO_EXECUTE` or `PREFER_NO_SCHEDULE`.
    pub effect: String,
}

impl NodeGroup {
    /// Its ARN.
    pub const ARN: Output<NodeGroup, String> = Output::named("arn");
    /// The release of its image, such as `1.34.1-20261110`.
    pub const RELEASE: Output<NodeGroup, String> = Output::named("release");
    /// What EKS finds wrong with it, in sentences; empty when nothing is.
    pub const HEALTH: Output<NodeGroup, String> = Output::named("health");
}

impl Object for NodeGroup {
    type Cloud = Aws;
    const KIND: &'static str = "node_group";
    const SERVICE: &'static str = "eks";
    // The release drifts by itself, and only with an update to another version.
    const OUTPUTS: &'static [&'static str] = &["arn", "release", "health"];
    const REPLACED_BY: &'static [&'static str] =
        &["cluster", "name", "role", "subnets", "instance_types", "ami_type", "capacity", "launch_template"];
    const LEAVES_LAST: bool = true;
    const CHANGED_AFTER: &'static [&'static str] = &["addon"];
    const ONLY_ORDERS: &'static [&'static str] = &["addons", "routes", "endpoints", "associations"];
    // Two minutes to be made, half an hour until EKS gives up on nodes that do not join, an hour to be rolled.
    const PACE: Pace = Pace::seconds(10, 3_600, 3_600);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let each = ids.iter().map(children::parts).map(|(cluster, name)| one(aws, cluster, name));
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        children::owned(aws, wanted, |cluster| all_of(aws, cluster)).await
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        one(aws, self.cluster.known().as_str(), &self.name).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let cluster = self.cluster.known().as_str();
        let scaling = NodegroupScalingConfig::builder()
            .min_size(self.min)
            .max_size(self.max)
            .desired_size(self.desired);
        let mut put = birth.tags.clone();
        put.insert(DESIRED.to_owned(), self.desired.to_string());
        let call = aws.eks().create_nodegroup().cluster_name(cluster).nodegroup_name(&self.name);
        let call = call.node_role(self.role.known()).scaling_config(scaling.build());
        let call =
            call.set_subnets(Some(self.subnets.iter().map(|id| id.known().as_str().to_owned()).collect()));
        let call = call.set_instance_types(Some(self.instance_types.clone()));
        let call = call.ami_type(AmiTypes::from(&*self.ami_type));
        let call = call.capacity_type(CapacityTypes::from(&*self.capacity)).version(&self.version);
        let call = call
            .launch_template(self.template())
            .update_config(changes::update(self.max_unavailable_percent));
        let call = call.set_labels(Some(self.labels.clone().into_iter().collect()));
        let call = call.set_taints(Some(self.taints.iter().map(changes::written).collect()));
        let call = call.set_tags(tags::written(&put)).client_request_token(&birth.token);
        call.send().await.map_err(faults::of_dependent("CreateNodegroup"))?;
        Ok(children::id(cluster, &self.name))
    }

    /// A group takes one update at a time, and another version before anything else: the engine comes again for the rest.
    async fn update(
        &self,
        aws: &Aws,
        id: &Id<Self>,
        _before: &Self,
        _changes: &Changes,
    ) -> Result<(), Fault> {
        let (cluster, name) = children::parts(id);
        let group = described(aws, cluster, name).await?;
        let mut now = observed(cluster, &group).spec;
        NodeGroup::align(&mut now, self);
        let updated = updated(id);
        if now.version != self.version || now.launch_template_version != self.launch_template_version {
            let call = aws.eks().update_nodegroup_version().cluster_name(cluster).nodegroup_name(name);
            let call = call.version(&self.version).launch_template(self.template());
            let begun = call.send().await.map_err(faults::of_dependent("UpdateNodegroupVersion"));
            return remembered(aws, updated, begun.map(|answer| answer.update));
        }
        let size = group.scaling_config().and_then(NodegroupScalingConfig::desired_size);
        let change = ConfigChange::between(&now, size.unwrap_or(self.desired), self);
        if !change.is_empty() {
            let call = aws.eks().update_nodegroup_config().cluster_name(cluster).nodegroup_name(name);
            let call = call.set_labels(change.labels).set_taints(change.taints);
            let call = call.set_scaling_config(change.scaling).set_update_config(change.update);
            let begun = call.send().await.map_err(faults::of_dependent("UpdateNodegroupConfig"));
            remembered(aws, updated, begun.map(|answer| answer.update))?;
        }
        if now.desired != self.desired {
            let put = Tags::from([(DESIRED.to_owned(), self.desired.to_string())]);
            tags::retag(aws, group.nodegroup_arn().unwrap_or_default(), &put, &[]).await?;
        }
        Ok(())
    }

    async fn why_not_taken(aws: &Aws, id: &Id<Self>) -> Result<Option<String>, Fault> {
        updates::failure(aws, &updated(id)).await
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        let (cluster, name) = children::parts(id);
        let group = described(aws, cluster, name).await?;
        tags::retag(aws, group.nodegroup_arn().unwrap_or_default(), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let (cluster, name) = children::parts(id);
        let call = aws.eks().delete_nodegroup().cluster_name(cluster).nodegroup_name(name);
        call.send().await.map(drop).map_err(faults::of("DeleteNodegroup"))
    }

    fn refuses(observed: &Self, wanted: &Self) -> Option<String> {
        if minor(&wanted.version) < minor(&observed.version) {
            return Some(format!(
                "Nodes of version {} cannot go back to {}. Make a node group under another key instead.",
                observed.version, wanted.version
            ));
        }
        wanted.scaling_is_wrong()
    }

    fn align(observed: &mut Self, wanted: &Self) {
        in_order_of(&mut observed.subnets, &wanted.subnets);
        in_order_of(&mut observed.taints, &wanted.taints);
        // They are left out where the launch template has them.
        if observed.instance_types.is_empty() {
            observed.instance_types.clone_from(&wanted.instance_types);
        }
        observed.addons.clone_from(&wanted.addons);
        observed.routes.clone_from(&wanted.routes);
        observed.endpoints.clone_from(&wanted.endpoints);
        observed.associations.clone_from(&wanted.associations);
    }
}

fn updated(id: &Id<NodeGroup>) -> Updated {
    let (cluster, name) = children::parts(id);
    Updated::NodeGroup(cluster.to_owned(), name.to_owned())
}

/// Success also where there was nothing to do: the answer of the same call got lost before.
fn remembered(aws: &Aws, of: Updated, begun: Result<Option<types::Update>, Fault>) -> Result<(), Fault> {
    match begun {
        Err(fault) if !faults::is_nothing_to_do(&fault) => return Err(fault),
        begun => updates::remember(aws, of, begun.ok().flatten().as_ref()),
    }
    Ok(())
}

/// The tag that remembers how many nodes were last asked for. No tag of the owner's: it is not among those compared.
const DESIRED: &str = "luneo:desired";

impl NodeGroup {
    fn template(&self) -> LaunchTemplateSpecification {
        let template = LaunchTemplateSpecification::builder().id(self.launch_template.known().as_str());
        template.version(self.launch_template_version.known()).build()
    }

    fn scaling_is_wrong(&self) -> Option<String> {
        let NodeGroup { min, max, desired, .. } = self;
        if min > max {
            return Some(format!(
                "At least {min} nodes are more than at most {max}. Raise `max` or lower `min`."
            ));
        }
        (desired < min || desired > max).then(|| {
            format!("{desired} nodes are not between {min} and {max}. Change `desired`, `min` or `max`.")
        })
    }
}

/// The minor of a Kubernetes version: 34 of `1.34`.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

async fn described(aws: &Aws, cluster: &str, name: &str) -> Result<types::Nodegroup, Fault> {
    const OPERATION: &str = "DescribeNodegroup";
    let answer = aws.eks().describe_nodegroup().cluster_name(cluster).nodegroup_name(name).send().await;
    let group = answer.map_err(faults::of(OPERATION))?.nodegroup;
    group
        .filter(|group| group.nodegroup_name() == Some(name))
        .ok_or_else(|| faults::unreadable(OPERATION, "node group"))
}

async fn one(aws: &Aws, cluster: &str, name: &str) -> Result<Option<Observed<NodeGroup>>, Fault> {
    match described(aws, cluster, name).await {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        group => Ok(Some(observed(cluster, &group?))),
    }
}

async fn all_of(aws: &Aws, cluster: String) -> Result<Vec<Observed<NodeGroup>>, Fault> {
    let pages = aws.eks().list_nodegroups().cluster_name(&cluster).into_paginator().items().send();
    let names = match pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListNodegroups")) {
        Err(fault) if fault.sort == Sort::NotFound => return Ok(Vec::new()),
        names => names?,
    };
    let each = try_join_all(names.iter().map(|name| one(aws, &cluster, name))).await?;
    Ok(each.into_iter().flatten().collect())
}

fn observed(cluster: &str, group: &types::Nodegroup) -> Observed<NodeGroup> {
    let text = |part: Option<&str>| part.unwrap_or_default().to_owned();
    let (scaling, template) = (group.scaling_config(), group.launch_template());
    let size = |part: fn(&NodegroupScalingConfig) -> Option<i32>| scaling.and_then(part).unwrap_or_default();
    let update = group.update_config().and_then(|update| update.max_unavailable_percentage());
    let mut tags = tags::read(group.tags());
    let desired = tags.remove(DESIRED).and_then(|number| number.parse().ok()).unwrap_or(UNTOLD);
    let health = health(group);
    Observed {
        id: children::id(cluster, group.nodegroup_name().unwrap_or_default()),
        spec: NodeGroup {
            cluster: Id::new(cluster).into(),
            name: text(group.nodegroup_name()),
            role: text(group.node_role()).into(),
            subnets: group.subnets().iter().map(|id| Id::new(id).into()).collect(),
            instance_types: group.instance_types().to_vec(),
            ami_type: text(group.ami_type().map(AmiTypes::as_str)),
            capacity: text(group.capacity_type().map(CapacityTypes::as_str)),
            version: text(group.version()),
            launch_template: Id::new(text(template.and_then(|template| template.id()))).into(),
            launch_template_version: text(template.and_then(|template| template.version())).into(),
            min: size(NodegroupScalingConfig::min_size),
            max: size(NodegroupScalingConfig::max_size),
            desired,
            labels: group.labels().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect(),
            taints: group.taints().iter().map(taint).collect(),
            max_unavailable_percent: update.unwrap_or_default(),
            addons: Vec::new(),
            routes: Vec::new(),
            endpoints: Vec::new(),
            associations: Vec::new(),
        },
        outputs: BTreeMap::from([
            ("arn", text(group.nodegroup_arn()).into()),
            ("release", text(group.release_version()).into()),
            ("health", health.clone().into()),
        ]),
        settling: settling(group.status(), &health),
        tags: Some(tags),
        unread: &[],
    }
}

fn taint(taint: &types::Taint) -> Taint {
    Taint {
        key: taint.key().unwrap_or_default().to_owned(),
        value: taint.value().unwrap_or_default().to_owned(),
        effect: taint.effect().map(|effect| effect.as_str()).unwrap_or_default().to_owned(),
    }
}

fn health(group: &types::Nodegroup) -> String {
    let issues = group.health().map(NodegroupHealth::issues).unwrap_or_default().iter().map(|found| {
        let code = found.code().map_or("Unknown", NodegroupIssueCode::as_str);
        issue(code, found.message(), found.resource_ids())
    });
    issues.collect::<Vec<_>>().join("; ")
}

/// A degraded group runs on with the nodes it has: `health` says what is wrong with it.
fn settling(status: Option<&NodegroupStatus>, health: &str) -> Settling {
    match status {
        None | Some(NodegroupStatus::Active | NodegroupStatus::Degraded) => Settling::Settled,
        Some(status @ (NodegroupStatus::CreateFailed | NodegroupStatus::DeleteFailed)) => {
            let reason = if health.is_empty() { "EKS gives no reason" } else { health };
            Settling::Failed(format!("{}: {reason}", status.as_str()))
        }
        Some(NodegroupStatus::Deleting) => Settling::leaving(),
        Some(status) if health.is_empty() => Settling::Underway(status.as_str().to_owned()),
        Some(status) => Settling::Underway(format!("{}: {health}", status.as_str())),
    }
}

/// A number of nodes that nobody asked for is `null`.
mod desired {
    use super::UNTOLD;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &i32, serializer: S) -> Result<S::Ok, S::Error> {
        Some(number).filter(|number| **number != UNTOLD).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(UNTOLD))
    }
}
