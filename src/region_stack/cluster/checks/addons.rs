//! What is wrong with add-ons.

use super::{elements, role};
use crate::region_stack::cluster::config::{BEFORE_NODES, POD_IDENTITY_AGENT};
use serde_json::Value as Json;
use tfplugin::{Diagnostic, Diagnostics, Value};

pub(super) fn check(cluster: &Value) -> Diagnostics {
    let mut found = Diagnostics::default();
    let has_nodes = cluster.get("node_groups").as_map().is_some_and(|groups| !groups.is_empty());
    for (name, addon, path) in elements(cluster, "addons") {
        let fits = name.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_'));
        if name.is_empty() || !fits {
            let detail = format!(
                "{name:?} is none. Names look like \"vpc-cni\"; write the version beside, not in it."
            );
            found.push(Diagnostic::error("This is not the name of an add-on", detail).at(path.clone()));
        }
        if let Some(text) = addon.get("configuration").as_str() {
            found.extend(configuration(text).map(|it| it.at(path.clone().attribute("configuration"))));
        }
        found.extend(role(addon.get("role_arn"), path.clone().attribute("role_arn")));
        let is_off = addon.get("enabled").as_bool() == Some(false);
        if is_off && has_nodes && BEFORE_NODES.contains(&name.as_str()) && name != POD_IDENTITY_AGENT {
            let detail = format!(
                "Nodes do not become ready without what {name} does. Make sure that something else does it before the \
                 first node starts."
            );
            found.push(Diagnostic::warning("Nodes need this add-on", detail).at(path));
        }
    }
    found
}

fn configuration(text: &str) -> Option<Diagnostic> {
    let detail = match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(_)) => return None,
        Ok(_) => "It is JSON, but no object. Write it as jsonencode({ ... }).".to_owned(),
        Err(error) => format!("It cannot be read: {error}. Write it as jsonencode({{ ... }})."),
    };
    Some(Diagnostic::error("The configuration is not a JSON object", detail))
}
