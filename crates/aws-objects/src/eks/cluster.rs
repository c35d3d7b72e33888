//! Clusters.

use super::{
    Leftovers, attached, cluster_changes,
    clusters::{cluster, clusters, clusters_with},
    issues::issue,
    tags,
    updates::{self, Updated},
};
use crate::{Aws, ec2::Subnet, faults, logs::LogGroup, sets::in_order_of};
use aws_sdk_eks::types::{
    self, AuthenticationMode, ClusterHealth, ClusterIssue, ClusterStatus, CreateAccessConfigRequest,
    IpFamily, KubernetesNetworkConfigRequest, Logging, SupportType, VpcConfigResponse,
};
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

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
    /// What is wrong with it; empty when nothing is.
    pub const HEALTH: Output<Cluster, String> = Output::named("health");
}

impl Object for Cluster {
    type Cloud = Aws;
    const KIND: &'static str = "cluster";
    const SERVICE: &'static str = "eks";
    const OUTPUTS: &'static [&'static str] =
        &["arn", "endpoint", "certificate_authority", "oidc_issuer", "security_group_id", "health"];
    const REPLACED_BY: &'static [&'static str] = &["name", "role", "service_cidr"];
    const STATEFUL: bool = true;
    const FAILS_EMPTY: bool = true;
    const PROTECTED: bool = true;
    const ONLY_ORDERS: &'static [&'static str] = &["log_group", "leftovers"];
    // Ten minutes to be made, and up to an hour for a change. A cluster is missed by some of EKS's replicas before it is
    // gone for all, and until then its name is taken.
    const PACE: Pace = Pace { looks_when_gone: 3, ..Pace::seconds(15, 3_600, 3_600) };

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let found = clusters(aws, ids.iter().map(|id| id.as_str().to_owned())).await?;
        Ok(ids.iter().filter_map(|id| found.get(id.as_str())).map(observed).collect())
    }

    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        Ok(clusters_with(aws, wanted).await?.values().map(observed).collect())
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        Ok(cluster(aws, &self.name).await?.as_ref().map(observed))
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let subnets = self.subnets.iter().map(|subnet| subnet.known().as_str().to_owned()).collect();
        let network = self.endpoint_access().set_subnet_ids(Some(subnets)).build();
        let access = CreateAccessConfigRequest::builder()
            .authentication_mode(AuthenticationMode::from(self.authentication.as_str()))
            .bootstrap_cluster_creator_admin_permissions(false);
        let services = self.service_cidr.as_ref().map(|cidr| {
            KubernetesNetworkConfigRequest::builder()
                .ip_family(IpFamily::Ipv4)
                .service_ipv4_cidr(cidr)
                .build()
        });
        let call =
            aws.eks().create_cluster().name(&self.name).role_arn(self.role.known()).version(&self.version);
        let call = call.resources_vpc_config(network).access_config(access.build());
        // The network's, the proxy's and the names' own are add-ons, which EKS keeps up to date.
        let call = call.bootstrap_self_managed_addons(false).set_kubernetes_network_config(services);
        let call = call.set_encryption_config(self.encryption()).logging(self.logging());
        // Protection comes last, once there is something to protect: one that fails is to be deleted again.
        let call = call.upgrade_policy(self.support()).deletion_protection(false);
        let call = call.set_tags(tags::written(&birth.tags)).client_request_token(&birth.token);
        call.send().await.map_err(faults::of_dependent("CreateCluster"))?;
        Ok(Id::new(&self.name))
    }

    /// Begins one update; the engine comes again for what then still differs.
    async fn update(&self, aws: &Aws, _id: &Id<Self>, before: &Self, changes: &Changes) -> Result<(), Fault> {
        self.begin_update(aws, before, changes).await
    }

    async fn why_not_taken(aws: &Aws, id: &Id<Self>) -> Result<Option<String>, Fault> {
        updates::failure(aws, &Updated::Cluster(id.as_str().to_owned())).await
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        tags::retag(aws, &aws.arn("eks", &format!("cluster/{id}")), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.eks().delete_cluster().name(id.as_str());
        match call.send().await.map_err(faults::of("DeleteCluster")) {
            Err(fault) if faults::is_protected(&fault) => {
                Err(self.unprotected_if_failed(aws, id, fault).await)
            }
            Err(fault) if faults::has_something_attached(&fault) => {
                Err(attached::judged(aws, id.as_str(), fault).await)
            }
            // Asked again while it goes.
            Err(fault) if fault.sort == Sort::Busy && self.is_in(aws, &ClusterStatus::Deleting).await => {
                Ok(())
            }
            answer => answer.map(drop),
        }
    }

    fn refuses(observed: &Self, wanted: &Self) -> Option<String> {
        cluster_changes::refusal(observed, wanted)
    }

    fn align(observed: &mut Self, wanted: &Self) {
        in_order_of(&mut observed.subnets, &wanted.subnets);
        cluster_changes::align_subnets(&mut observed.subnets, &wanted.subnets);
        in_order_of(&mut observed.public_access_cidrs, &wanted.public_access_cidrs);
        in_order_of(&mut observed.log_types, &wanted.log_types);
        observed.log_group.clone_from(&wanted.log_group);
        observed.leftovers.clone_from(&wanted.leftovers);
    }
}

impl Cluster {
    async fn is_in(&self, aws: &Aws, status: &ClusterStatus) -> bool {
        let found = cluster(aws, &self.name).await;
        found.is_ok_and(|found| found.is_some_and(|found| found.status() == Some(status)))
    }

    /// A failed cluster holds nothing that could be protected: `fault` passes once its protection is off.
    async fn unprotected_if_failed(&self, aws: &Aws, id: &Id<Self>, fault: Fault) -> Fault {
        if self.is_in(aws, &ClusterStatus::Failed).await {
            let call = aws.eks().update_cluster_config().name(id.as_str()).deletion_protection(false);
            match call.send().await.map_err(faults::of("UpdateClusterConfig")) {
                Err(refusal) if refusal.throttled || refusal.unreachable => return refusal,
                Err(refusal) if !faults::is_nothing_to_do(&refusal) => {}
                _ => return Fault { sort: Sort::Busy, ..fault },
            }
        }
        let message = format!(
            "{}. Apply once with deletion protection off, or switch it off with \
             `aws eks update-cluster-config --name {id} --no-deletion-protection`",
            fault.message.trim_end_matches('.')
        );
        Fault { message, ..fault }
    }
}

/// What stands among the blocks of the public endpoint of a cluster that somebody else made without a private one.
const NO_PRIVATE_ENDPOINT: &str = "(no private endpoint)";

pub(super) fn observed(cluster: &types::Cluster) -> Observed<Cluster> {
    let network = cluster.resources_vpc_config();
    let name = text(cluster.name());
    let issues: Vec<String> =
        cluster.health().map(ClusterHealth::issues).unwrap_or_default().iter().map(said).collect();
    let health = issues.join("; ");
    let settling = match cluster.status() {
        None | Some(ClusterStatus::Active) => Settling::Settled,
        Some(ClusterStatus::Deleting) => Settling::leaving(),
        Some(ClusterStatus::Failed) if health.is_empty() => {
            Settling::Failed("EKS gives no reason".to_owned())
        }
        Some(ClusterStatus::Failed) => Settling::Failed(health.clone()),
        Some(status) => Settling::Underway(status.as_str().to_owned()),
    };
    let subnets = network.map(VpcConfigResponse::subnet_ids).unwrap_or_default();
    let services = cluster.kubernetes_network_config();
    Observed {
        id: Id::new(&name),
        spec: Cluster {
            name,
            role: Late::Known(text(cluster.role_arn())),
            subnets: subnets.iter().map(|subnet| Id::new(subnet).into()).collect(),
            version: text(cluster.version()),
            upgrade_policy: text(
                cluster.upgrade_policy().and_then(|policy| policy.support_type()).map(SupportType::as_str),
            ),
            authentication: text(
                cluster
                    .access_config()
                    .and_then(|access| access.authentication_mode())
                    .map(|mode| mode.as_str()),
            ),
            public_access_cidrs: network.map(open_to).unwrap_or_default(),
            secrets_key: key(cluster).map(Late::from),
            log_types: enabled_logs(cluster),
            service_cidr: services.and_then(|services| services.service_ipv4_cidr()).map(str::to_owned),
            deletion_protection: cluster.deletion_protection().unwrap_or_default(),
            log_group: None,
            leftovers: None,
        },
        outputs: outputs(cluster, health),
        settling,
        tags: Some(tags::read(cluster.tags())),
        unread: &[],
    }
}

/// What the cluster gives. Most of it comes only with the control plane, and is left out until then.
fn outputs(cluster: &types::Cluster, health: String) -> BTreeMap<&'static str, Value> {
    let authority = cluster.certificate_authority().and_then(|authority| authority.data());
    let issuer = cluster.identity().and_then(|identity| identity.oidc()).and_then(|oidc| oidc.issuer());
    let group = cluster.resources_vpc_config().and_then(VpcConfigResponse::cluster_security_group_id);
    let given = [
        ("arn", cluster.arn()),
        ("endpoint", cluster.endpoint()),
        ("certificate_authority", authority),
        ("oidc_issuer", issuer),
        ("security_group_id", group),
    ];
    let given = given.into_iter().filter_map(|(name, value)| Some((name, Value::from(value?))));
    given.chain([("health", health.into())]).collect()
}

fn said(found: &ClusterIssue) -> String {
    let code = found.code().map_or("Other", |code| code.as_str());
    issue(code, found.message(), found.resource_ids())
}

/// From where the cluster can be reached over the internet.
fn open_to(network: &VpcConfigResponse) -> Vec<String> {
    let mut blocks = match network.endpoint_public_access() {
        true => network.public_access_cidrs().to_vec(),
        false => Vec::new(),
    };
    if !network.endpoint_private_access() {
        blocks.push(NO_PRIVATE_ENDPOINT.to_owned());
    }
    blocks
}

/// The ARN of the key of its secrets. From Kubernetes 1.28 on a cluster without one has AWS's own, which is not shown.
fn key(cluster: &types::Cluster) -> Option<&str> {
    cluster.encryption_config().iter().find_map(|config| config.provider()?.key_arn())
}

fn enabled_logs(cluster: &types::Cluster) -> Vec<String> {
    let setups = cluster.logging().map(Logging::cluster_logging).unwrap_or_default();
    let enabled = setups.iter().filter(|setup| setup.enabled() == Some(true));
    enabled.flat_map(|setup| setup.types()).map(|kind| kind.as_str().to_owned()).collect()
}

/// A part of an answer, as text; what is not there yet is empty.
fn text(part: Option<&str>) -> String {
    part.unwrap_or_default().to_owned()
}
