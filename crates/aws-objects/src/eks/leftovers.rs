//! What Kubernetes leaves behind in AWS when its cluster goes.

use super::{
    clusters,
    leftover_search::{Found, found},
    leftover_sweep::sweep,
};
use crate::{
    Aws,
    ec2::{SecurityGroup, Subnet, Vpc},
    lookup::look,
};
use aws_sdk_eks::types::ClusterStatus;
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Pace, Sort};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Load balancers, target groups, security groups, interfaces and volumes that were made for a cluster and outlive it.
///
/// It is no object of AWS: it exists as long as somebody asks for it, making it makes no call, and deleting it, once the
/// cluster is gone, deletes what carries the cluster's own tags and nothing else. Its id is the cluster's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leftovers {
    /// The cluster's name.
    pub cluster: String,
    /// The network they are in, which cannot go before them.
    pub vpc: Late<Id<Vpc>>,
    /// What becomes of volumes: `keep` or `delete`.
    pub volumes: String,
    /// Subnets that cannot go before their interfaces. Only gives the order.
    pub subnets: Vec<Late<Id<Subnet>>>,
    /// Security groups that cannot go before what names them. Only gives the order.
    pub security_groups: Vec<Late<Id<SecurityGroup>>>,
}

impl Object for Leftovers {
    type Cloud = Aws;
    const KIND: &'static str = "cluster_leftovers";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["cluster", "vpc"];
    const TAGGED: bool = false;
    const ONLY_RECORDED: bool = true;
    const ONLY_ORDERS: &'static [&'static str] = &["subnets", "security_groups"];
    const PACE: Pace = Pace::seconds(5, 1_200, 1_200);

    async fn read(_aws: &Aws, _ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        Ok(Vec::new())
    }

    async fn create(&self, _aws: &Aws, _birth: &Birth) -> Result<Id<Self>, Fault> {
        Ok(Id::new(&self.cluster))
    }

    /// One round: what can go goes, and as long as something is left the engine comes again.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let cluster = id.as_str();
        match clusters::cluster(aws, cluster).await?.map(|cluster| cluster.status) {
            None => {}
            Some(Some(ClusterStatus::Deleting)) => return Err(left(vec![format!("cluster {cluster}")])),
            // Somebody else's by now: what it has is in use.
            Some(_) => return Ok(()),
        }
        let mut found = found(aws, cluster, self.vpc.known().as_str()).await?;
        if self.volumes != DELETE {
            found.leftovers.retain(|leftover| leftover.kind != LeftoverKind::Volume);
        }
        sweep(aws, self.vpc.known().as_str(), &found.leftovers).await?;
        match still_there(&found) {
            names if names.is_empty() => Ok(()),
            names => Err(left(names)),
        }
    }

    fn align(observed: &mut Self, wanted: &Self) {
        observed.subnets.clone_from(&wanted.subnets);
        observed.security_groups.clone_from(&wanted.security_groups);
    }
}

/// The word by which volumes are swept too.
const DELETE: &str = "delete";

/// A sort of thing that outlives its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftoverKind {
    /// An application or network load balancer. Its id is its ARN.
    LoadBalancer,
    /// A load balancer of the first generation. Its id is its name.
    ClassicLoadBalancer,
    /// A target group. Its id is its ARN.
    TargetGroup,
    /// A network interface that nothing is attached to.
    Interface,
    /// A security group.
    SecurityGroup,
    /// A volume of a claim, with what is on it.
    Volume,
    /// The control plane's log group, come back after it was deleted.
    LogGroup,
}

impl fmt::Display for LeftoverKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LeftoverKind::LoadBalancer => "load balancer",
            LeftoverKind::ClassicLoadBalancer => "classic load balancer",
            LeftoverKind::TargetGroup => "target group",
            LeftoverKind::Interface => "network interface",
            LeftoverKind::SecurityGroup => "security group",
            LeftoverKind::Volume => "volume",
            LeftoverKind::LogGroup => "log group",
        })
    }
}

/// Something that outlives its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// What it is.
    pub kind: LeftoverKind,
    /// Its identifier.
    pub id: String,
    /// What it is called: its name, its description, or the claim of a volume.
    pub name: String,
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Leftover { kind, id, name } if name.is_empty() || name == id => write!(f, "{kind} {id}"),
            Leftover { kind, name, .. } if *kind <= LeftoverKind::TargetGroup => write!(f, "{kind} {name}"),
            Leftover { kind, id, name } => write!(f, "{kind} {id} ({name})"),
        }
    }
}

/// What `cluster` would leave in `vpc` if it went now: the same that deleting [`Leftovers`] deletes. Volumes are among
/// it whatever becomes of them.
pub async fn leftovers(aws: &Aws, cluster: &str, vpc: &str) -> Result<Vec<Leftover>, Fault> {
    Ok(look(aws, "ec2", || found(aws, cluster, vpc)).await?.leftovers)
}

/// What the next round has to wait for or look at again.
fn still_there(found: &Found) -> Vec<String> {
    let vanishing = found.vanishing.iter().cloned();
    found.leftovers.iter().map(ToString::to_string).chain(vanishing).collect()
}

/// How many things a message names.
const NAMED: usize = 8;

fn left(mut names: Vec<String>) -> Fault {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let message = format!("what the cluster left behind is not gone yet: {}", names.join(", "));
    Fault::new(Sort::Busy, "waiting", "StillThere", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leftover_is_called_by_what_people_know_it_by() {
        let leftover =
            |kind, id: &str, name: &str| Leftover { kind, id: id.to_owned(), name: name.to_owned() };
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/k8s-web/1";
        let told = leftover(LeftoverKind::LoadBalancer, arn, "k8s-web").to_string();
        assert_eq!(told, "load balancer k8s-web");
        assert_eq!(
            leftover(LeftoverKind::Volume, "vol-1", "db/data-0").to_string(),
            "volume vol-1 (db/data-0)"
        );
        assert_eq!(leftover(LeftoverKind::LogGroup, "/a", "/a").to_string(), "log group /a");
    }

    #[test]
    fn a_long_list_is_cut() {
        let fault = left((0..12).map(|number| format!("volume vol-{number}")).collect());
        assert!(fault.message.ends_with("volume vol-7, 4 more"), "{fault}");
        assert!(fault.passes());
    }
}
