//! What Kubernetes leaves behind in AWS when its cluster goes.

use crate::Aws;
use crate::ec2::{SecurityGroup, Subnet, Vpc};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Pace};
use serde::{Deserialize, Serialize};

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
    const PACE: Pace = Pace::seconds(5, 1_200, 1_200);

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
