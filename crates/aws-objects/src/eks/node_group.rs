//! Managed node groups.

use super::{Addon, Cluster};
use crate::Aws;
use crate::ec2::{LaunchTemplate, Route, RouteTableAssociation, Subnet, VpcEndpoint};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
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
    /// How many nodes were last asked for. Kept in a tag: how many there are is the autoscaler's.
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
}

impl Object for NodeGroup {
    type Cloud = Aws;
    const KIND: &'static str = "node_group";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] = &["arn", "release"];
    const REPLACED_BY: &'static [&'static str] =
        &["cluster", "name", "role", "subnets", "instance_types", "ami_type", "capacity"];
    const LEAVES_LAST: bool = true;
    const CHANGED_AFTER: &'static [&'static str] = &["addon"];
    // Two minutes to be made, half an hour until EKS gives up on nodes that do not join, an hour to be rolled.
    const PACE: Pace = Pace::seconds(10, 3_600, 3_600);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let _ = (aws, ids, depth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let _ = (aws, birth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let _ = (aws, id);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }
}
