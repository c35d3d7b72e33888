//! The root modules of the stories.

/// The beginning of each root module.
pub(crate) const HEAD: &str = r#"
terraform {
  required_providers {
    luneo = { source = "luneo/luneo" }
  }
}
"#;

/// One stack called `main` in eu-west-1, not protected, whose other arguments are `more` and whose network is `network`.
pub(crate) fn stack(network: &str, more: &str) -> String {
    named("main", network, more)
}

/// The same with another label.
pub(crate) fn named(label: &str, network: &str, more: &str) -> String {
    format!(
        r#"{HEAD}
resource "luneo_region_stack" "{label}" {{
  name                = "story"
  region              = "eu-west-1"
  deletion_protection = false
  {more}
  network = {{
    cidr = "10.10.0.0/16"
    {network}
  }}
}}
"#
    )
}

/// A stack that a root module's import block takes in: the recommended form.
pub(crate) fn with_import_block(network: &str, more: &str) -> String {
    let import = r#"
import {
  to = luneo_region_stack.main
  id = "eu-west-1/story"
}
"#;
    stack(network, more) + import
}

/// The smallest network: no NAT, no flow logs, two zones.
pub(crate) const SMALL: &str = "zone_count = 2\nnat = \"none\"\nflow_logs = { enabled = false }";

/// Everything on: NAT in each of two zones, an interface endpoint, flow logs.
pub(crate) const FULL: &str = "zone_count = 2\nnat = \"per_zone\"\ninterface_endpoints = [\"ecr.api\"]";

/// The stack's address in the state.
pub(crate) const MAIN: &str = "luneo_region_stack.main";
