//! Stories of clusters: from roles to running charts, and back to nothing.

mod adopting;
mod building;
mod changing;
mod charts;
mod crashing;
mod destroying;
mod failing;
mod refusing;
mod upgrading;

use super::hcl::HEAD;
use acceptance_tests::{Account, Kubernetes};
use serde_json::{Value, json};

/// The region of most stories.
pub(crate) const REGION: &str = "eu-west-1";

/// Two nodes on demand.
pub(crate) const NODES: &str = r#"
    node_groups = {
      general = { capacity = "on_demand", instance_types = ["m6i.large"], min = 1, max = 4, desired = 2 }
    }
"#;

/// A stack `main` whose cluster has `body` besides what every one needs, and where `version` is 1.35.
pub(crate) fn cluster(account: &Account, body: &str) -> String {
    cluster_of("1.35", account, body)
}

/// The same with another Kubernetes version.
pub(crate) fn cluster_of(version: &str, account: &Account, body: &str) -> String {
    let caller = account.caller();
    format!(
        r#"{HEAD}
resource "luneo_region_stack" "main" {{
  name                = "story"
  region              = "{REGION}"
  deletion_protection = false

  network = {{
    cidr       = "10.10.0.0/16"
    zone_count = 2
    nat        = "shared"
    flow_logs  = {{ enabled = false }}
  }}

  cluster = {{
    version                = "{version}"
    admin_principal_arns   = ["{caller}"]
    endpoint_public_access = {{ cidrs = ["192.0.2.0/24"] }}
    {body}
  }}
}}
"#
    )
}

/// The load balancer controller, from the sandbox's own chart repository.
pub(crate) fn controller(account: &Account) -> String {
    format!(
        r#"load_balancer_controller = {{ chart_version = "3.5.0", repository = "{}" }}"#,
        repository(account)
    )
}

/// A chart called `hello` with these values, given as HCL.
pub(crate) fn hello(account: &Account, more: &str) -> String {
    format!(
        r#"charts = {{
      hello = {{ chart = "hello", repository = "{}", version = "1.1.0", namespace = "web", {more} }}
    }}"#,
        repository(account)
    )
}

/// helm and kubectl in the story's cluster.
pub(crate) fn kubernetes(account: &Account) -> Kubernetes {
    Kubernetes::of(account, REGION, "story")
}

/// Where the sandbox's charts are.
pub(crate) fn repository(account: &Account) -> String {
    format!("{}/charts", account.url().expect("the story needs the sandbox"))
}

/// What EKS answers about a node group of the story's cluster, by the beginning of its name.
pub(crate) fn node_group(account: &Account, key: &str) -> Value {
    let listed =
        account.world("eks", "ListNodegroups", REGION, json!({ "clusterName": "story" })).expect("EKS lists");
    let names = listed["nodegroups"].as_array().expect("a list");
    let name = names.iter().filter_map(Value::as_str).find(|name| name.starts_with(key));
    let asked = json!({ "clusterName": "story", "nodegroupName": name.expect("the group exists") });
    account.world("eks", "DescribeNodegroup", REGION, asked).expect("EKS tells")["nodegroup"].clone()
}

/// What EKS answers about the story's cluster.
pub(crate) fn described(account: &Account) -> Value {
    account.world("eks", "DescribeCluster", REGION, json!({ "name": "story" })).expect("EKS tells")["cluster"]
        .clone()
}
