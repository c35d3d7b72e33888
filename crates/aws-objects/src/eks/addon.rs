//! Add-ons.

use super::{Cluster, NodeGroup, PodIdentityAssociation};
use crate::Aws;
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
use serde::{Deserialize, Serialize};

/// Software that EKS runs in a cluster. Its id is `<cluster>/<name>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addon {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// Its name, such as `vpc-cni`.
    pub name: String,
    /// Its version, such as `v1.19.2-eksbuild.1`.
    pub version: String,
    /// Its configuration, as JSON text; `{}` is its own defaults.
    pub configuration: String,
    /// The ARN of the role that its service account has by IRSA, if any.
    pub role: Option<Late<String>>,
    /// Nodes for its pods: an add-on that needs some is degraded until there are. Only gives the order.
    pub nodes: Vec<Late<Id<NodeGroup>>>,
    /// The identities of its pods, which they ask for when they start. Only gives the order.
    pub identities: Vec<Late<Id<PodIdentityAssociation>>>,
}

impl Addon {
    /// Its ARN.
    pub const ARN: Output<Addon, String> = Output::named("arn");
}

impl Object for Addon {
    type Cloud = Aws;
    const KIND: &'static str = "addon";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const REPLACED_BY: &'static [&'static str] = &["cluster", "name"];
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const PACE: Pace = Pace::seconds(5, 1_200, 2_400);

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
