//! The configuration by which kubectl, helm and their kind reach a cluster.

use super::Door;
use crate::Aws;
use reconcile::Fault;
use serde_json::json;
use std::path::Path;

/// A configuration for people, with `program` as what gives the credentials. It holds no secret.
pub async fn kubeconfig(aws: &Aws, cluster: &str, program: &Path) -> Result<String, Fault> {
    let door = Door::of(aws, cluster).await?;
    let missing = || {
        let message = format!("there is no cluster {cluster} in {}, or its API is not there yet", aws.region);
        Fault::refused("DescribeCluster", "NoCluster", message)
    };
    Ok(written(&door.ok_or_else(missing)?, &aws.region, program))
}

/// The configuration in YAML. Each text is written as JSON writes it, which YAML reads.
pub(super) fn written(door: &Door, region: &str, program: &Path) -> String {
    let Door { cluster, endpoint, certificate_authority, arn, .. } = door;
    let text = |text: &str| json!(text).to_string();
    let (name, program) = (text(arn), text(&program.to_string_lossy()));
    let (endpoint, authority) = (text(endpoint), text(certificate_authority));
    let (cluster, region) = (text(cluster), text(region));
    format!(
        "apiVersion: v1
kind: Config
current-context: {name}
clusters:
- name: {name}
  cluster:
    server: {endpoint}
    certificate-authority-data: {authority}
contexts:
- name: {name}
  context:
    cluster: {name}
    user: {name}
users:
- name: {name}
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: {program}
      args: [\"eks-token\", \"--cluster\", {cluster}, \"--region\", {region}]
      interactiveMode: Never
      provideClusterInfo: false
"
    )
}
