//! Clusters.

use super::Leftovers;
use crate::Aws;
use crate::{ec2::Subnet, logs::LogGroup};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
use serde::{Deserialize, Serialize};

/// A Kubernetes control plane. Its id is its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Its name, unique in the account and region.
    pub name: String,
    /// The ARN of the role it works as.
    pub role: Late<String>,
    /// Where its interfaces are: subnets of two zones or more.
    pub subnets: Vec<Late<Id<Subnet>>>,
    /// The Kubernetes version, such as `1.34`.
    pub version: String,
    /// `STANDARD` or `EXTENDED`: what happens when standard support of the version ends.
    pub upgrade_policy: String,
    /// `API`: who may do what is said by access entries only.
    pub authentication: String,
    /// From where the public endpoint may be reached; without any there is no public endpoint. The private one is always on.
    pub public_access_cidrs: Vec<String>,
    /// The ARN of the key that encrypts secrets. One without a key can be given one, for ever.
    pub secrets_key: Option<Late<String>>,
    /// Which logs it writes: `api`, `audit`, `authenticator`, `controllerManager`, `scheduler`.
    pub log_types: Vec<String>,
    /// The addresses of its services; chosen by EKS where it is not said.
    pub service_cidr: Option<String>,
    /// Whether EKS refuses to delete it.
    pub deletion_protection: bool,
    /// Its log group, which EKS would make without retention if it came later. Only gives the order.
    pub log_group: Option<Late<Id<LogGroup>>>,
    /// What Kubernetes leaves behind, swept once the cluster is gone. Only gives the order.
    pub leftovers: Option<Late<Id<Leftovers>>>,
}

impl Cluster {
    /// Its ARN.
    pub const ARN: Output<Cluster, String> = Output::named("arn");
    /// Where its Kubernetes API is: a URL.
    pub const ENDPOINT: Output<Cluster, String> = Output::named("endpoint");
    /// What its API proves itself with: a certificate in PEM, base64.
    pub const CERTIFICATE_AUTHORITY: Output<Cluster, String> = Output::named("certificate_authority");
    /// Who issues the tokens of its service accounts: a URL.
    pub const OIDC_ISSUER: Output<Cluster, String> = Output::named("oidc_issuer");
    /// The security group that EKS makes for the control plane and the nodes.
    pub const SECURITY_GROUP: Output<Cluster, String> = Output::named("security_group_id");
}

impl Object for Cluster {
    type Cloud = Aws;
    const KIND: &'static str = "cluster";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] =
        &["arn", "endpoint", "certificate_authority", "oidc_issuer", "security_group_id"];
    const REPLACED_BY: &'static [&'static str] = &["name", "role", "service_cidr"];
    const STATEFUL: bool = true;
    const PROTECTED: bool = true;
    // Ten minutes to be made, and up to an hour for a change.
    const PACE: Pace = Pace::seconds(15, 3_600, 3_600);

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
