//! Access entries, with the access policies associated.

use super::Cluster;
use crate::Aws;
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an IAM principal may do in a cluster. Its id is `<cluster>/<principal ARN>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// The ARN of the role or user.
    pub principal: Late<String>,
    /// Its name in Kubernetes; EKS chooses one where it is not said.
    pub username: Option<String>,
    /// Its groups in Kubernetes.
    pub groups: Vec<String>,
    /// EKS's own policies that it has, by ARN.
    pub policies: BTreeMap<String, AccessScope>,
}

/// Where an access policy holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessScope {
    /// In these namespaces; in the whole cluster if there are none.
    pub namespaces: Vec<String>,
}

impl AccessEntry {
    /// Its ARN.
    pub const ARN: Output<AccessEntry, String> = Output::named("arn");
}

impl Object for AccessEntry {
    type Cloud = Aws;
    const KIND: &'static str = "access_entry";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const REPLACED_BY: &'static [&'static str] = &["cluster", "principal"];
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const PACE: Pace = Pace::seconds(1, 120, 120);

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
