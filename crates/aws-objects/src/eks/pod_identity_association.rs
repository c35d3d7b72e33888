//! Pod identity associations.

use super::Cluster;
use crate::Aws;
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
use serde::{Deserialize, Serialize};

/// The role that the pods of a service account have. Its id is `<cluster>/<association id>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PodIdentityAssociation {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// The namespace of the service account.
    pub namespace: String,
    /// The name of the service account.
    pub service_account: String,
    /// The ARN of the role.
    pub role: Late<String>,
}

impl PodIdentityAssociation {
    /// Its ARN.
    pub const ARN: Output<PodIdentityAssociation, String> = Output::named("arn");
}

impl Object for PodIdentityAssociation {
    type Cloud = Aws;
    const KIND: &'static str = "pod_identity_association";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const REPLACED_BY: &'static [&'static str] = &["cluster", "namespace", "service_account"];
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
