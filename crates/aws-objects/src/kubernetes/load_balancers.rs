//! What Kubernetes has asked of AWS: the Services and Ingresses that load balancers were made for.

use super::Release;
use crate::Aws;
use crate::eks::{Cluster, NodeGroup};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Pace};
use serde::{Deserialize, Serialize};

/// The Services of type LoadBalancer and the Ingresses of a cluster.
///
/// It is no object of AWS: making it makes no call, and deleting it deletes them while their controller lives, and waits until
/// their load balancers are gone. Its id is the cluster's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadBalancers {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// The releases that must live on until they are gone. Only gives the order, as what follows.
    pub releases: Vec<Late<Id<Release>>>,
    /// The nodes.
    pub nodes: Vec<Late<Id<NodeGroup>>>,
}

impl Object for LoadBalancers {
    type Cloud = Aws;
    const KIND: &'static str = "kubernetes_load_balancers";
    const SERVICE: &'static str = "kubernetes";
    const REPLACED_BY: &'static [&'static str] = &["cluster"];
    const TAGGED: bool = false;
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const MAY_BE_OUT_OF_REACH: bool = true;
    const PACE: Pace = Pace::seconds(5, 900, 900);

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
