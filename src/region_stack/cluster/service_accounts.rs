//! Roles for pods, by the service account that they run as.

use super::{
    ControlPlane, Site,
    config::{Identity, ServiceAccount},
    control_plane::TOKEN_AUDIENCE,
};
use crate::region_stack::{names, plot::known};
use aws_objects::{
    Aws,
    eks::{Cluster, PodIdentityAssociation},
    iam::{OidcProvider, Role},
};
use reconcile::{Graph, Handle, Late, text};
use serde_json::json;
use std::collections::BTreeMap;

/// Pods that get a role from the agent on their node.
pub(super) struct Pods<'a> {
    /// What the addresses of role and association begin with.
    pub(super) address: &'a str,
    pub(super) role_name: String,
    pub(super) description: String,
    pub(super) namespace: &'a str,
    pub(super) service_account: &'a str,
    pub(super) inline_policy: Option<String>,
    /// By ARN.
    pub(super) managed_policies: Vec<String>,
}

/// What gives pods their roles.
#[derive(Default)]
pub(super) struct Roles {
    /// By the agent on their node.
    pub(super) identities: Vec<Handle<PodIdentityAssociation>>,
    /// By the token of their service account.
    pub(super) by_token: Vec<Handle<Role>>,
}

/// What the role's own policy is called.
const POLICY_NAME: &str = "pods";

pub(super) fn draw(graph: &mut Graph<Aws>, site: &Site<'_>, plane: &ControlPlane) -> Roles {
    let mut roles = Roles::default();
    for (key, account) in &site.config.service_accounts {
        let address = format!("service_account.{key}");
        let pods = Pods {
            address: &address,
            role_name: site.plot.named_for_all_regions(&names::of_service_account(key)),
            description: format!(
                "{}/{} in the cluster {} in {}",
                account.namespace, account.name, site.config.name, site.plot.place.region
            ),
            namespace: &account.namespace,
            service_account: &account.name,
            inline_policy: account.policy.clone(),
            managed_policies: account.policy_arns.clone(),
        };
        match account.identity {
            Identity::PodIdentity => {
                roles.identities.push(draw_identity(graph, site, &plane.cluster, pods));
            }
            Identity::Irsa => {
                let trust = trust_of_tokens(&plane.oidc_provider, account);
                roles.by_token.push(draw_role(graph, &pods, trust));
            }
        }
    }
    roles
}

/// A role for `pods`, and what gives it to them.
pub(super) fn draw_identity(
    graph: &mut Graph<Aws>,
    site: &Site<'_>,
    cluster: &Handle<Cluster>,
    pods: Pods<'_>,
) -> Handle<PodIdentityAssociation> {
    let role = draw_role(graph, &pods, known(trust_of_agent(site, &pods)));
    let association = PodIdentityAssociation {
        cluster: cluster.id(),
        namespace: pods.namespace.to_owned(),
        service_account: pods.service_account.to_owned(),
        role: role.output(Role::ARN),
    };
    graph.add(format!("{}.identity", pods.address), &pods.role_name, association)
}

fn draw_role(graph: &mut Graph<Aws>, pods: &Pods<'_>, trust: Late<String>) -> Handle<Role> {
    let inline_policy = pods.inline_policy.iter().map(|policy| (POLICY_NAME.to_owned(), known(policy)));
    let role = Role {
        name: pods.role_name.clone(),
        description: pods.description.clone(),
        trust,
        inline_policies: inline_policy.collect(),
        managed_policies: pods.managed_policies.iter().map(known).collect(),
    };
    graph.add(format!("{}.role", pods.address), &pods.role_name, role)
}

/// The agent tags each session with whom it is for. Only this service account of this cluster gets the role.
fn trust_of_agent(site: &Site<'_>, pods: &Pods<'_>) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": { "StringEquals": {
                "aws:RequestTag/eks-cluster-arn": site.cluster_arn(),
                "aws:RequestTag/kubernetes-namespace": pods.namespace,
                "aws:RequestTag/kubernetes-service-account": pods.service_account
            } }
        }]
    })
    .to_string()
}

/// The issuer is known only once the cluster is there, and the policy quotes it within its keys.
fn trust_of_tokens(provider: &Handle<OidcProvider>, account: &ServiceAccount) -> Late<String> {
    const PROVIDER: &str = "<provider>";
    const ISSUER: &str = "<issuer>";
    let subject = format!("system:serviceaccount:{}:{}", account.namespace, account.name);
    let condition = BTreeMap::from([
        (format!("{ISSUER}:aud"), TOKEN_AUDIENCE.to_owned()),
        (format!("{ISSUER}:sub"), subject),
    ]);
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": PROVIDER },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": condition }
        }]
    })
    .to_string();
    let mut pieces = Vec::new();
    for (index, between) in trust.split(PROVIDER).enumerate() {
        if index > 0 {
            pieces.push(provider.output(OidcProvider::ARN));
        }
        for (index, between) in between.split(ISSUER).enumerate() {
            if index > 0 {
                pieces.push(provider.output(OidcProvider::ISSUER));
            }
            pieces.push(known(between));
        }
    }
    text(pieces)
}

/// The role's own policy, as it was written, in an observed one.
pub(super) fn inline_policy(role: &serde_json::Value) -> Option<&str> {
    role.get("inline_policies")?.get(POLICY_NAME)?.as_str()
}
