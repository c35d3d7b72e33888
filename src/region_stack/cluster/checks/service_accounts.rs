//! What is wrong with roles for pods.

use super::{at, elements, key, kubernetes_name, quoted};
use crate::region_stack::{
    checks::one_of,
    cluster::{config::*, load_balancer_controller},
    names,
};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// IAM takes no more policies of a role's own, in characters, and no more shared ones.
const LONGEST_POLICY: usize = 10_240;
const MOST_POLICIES: usize = 10;

pub(super) fn check(config: &Value) -> Diagnostics {
    let cluster = config.get("cluster");
    let mut found = Diagnostics::default();
    let mut taken = taken(cluster);
    for (name, account, path) in elements(cluster, "service_accounts") {
        found.extend(role_name(config, name, &path));
        found.extend(kubernetes_name(account.get("namespace"), 63, path.clone().attribute("namespace")));
        found.extend(kubernetes_name(account.get("name"), 63, path.clone().attribute("name")));
        if let Some(written) = account.get("identity").as_str() {
            let words = Identity::WORDS.map(|(word, _)| word);
            found.extend(one_of(written, &words, path.clone().attribute("identity")));
        }
        found.extend(policies(account, &path));
        let both = (account.get("namespace").as_str(), account.get("name").as_str());
        let (Some(namespace), Some(service_account)) = both else { continue };
        let holder = at("service_accounts").key(name.clone()).to_string();
        if let Some(other) = taken.insert((namespace, service_account), holder) {
            let detail =
                format!("{namespace}/{service_account} has a role by {other}. Leave one of the two out.");
            found.push(Diagnostic::error("A service account has two roles", detail).at(path));
        }
    }
    found.extend(agent(cluster));
    found
}

/// The service accounts that have roles without being written, with who gives them.
fn taken(cluster: &Value) -> BTreeMap<(&str, &str), String> {
    let mut taken = BTreeMap::new();
    if needs_role(cluster, EBS_CSI_DRIVER) {
        let (namespace, name) = crate::region_stack::cluster::addons::EBS_CSI_ACCOUNT;
        taken.insert((namespace, name), format!("the add-on {EBS_CSI_DRIVER}"));
    }
    if has_controller(cluster) {
        let (namespace, name) = (load_balancer_controller::NAMESPACE, load_balancer_controller::NAME);
        taken.insert((namespace, name), at("load_balancer_controller").to_string());
    }
    taken
}

fn is_off(cluster: &Value, addon: &str) -> bool {
    cluster.get("addons").get(addon).get("enabled").as_bool() == Some(false)
}

fn needs_role(cluster: &Value, addon: &str) -> bool {
    !is_off(cluster, addon) && cluster.get("addons").get(addon).get("role_arn").is_null()
}

fn has_controller(cluster: &Value) -> bool {
    let controller = cluster.get("load_balancer_controller");
    controller.as_map().is_some() && controller.get("enabled").as_bool() != Some(false)
}

fn role_name(config: &Value, name: &str, path: &Path) -> Option<Diagnostic> {
    let (stack, region) = (config.get("name").as_str(), config.get("region").as_str());
    // Until both are known, what is too long even with the shortest of them is refused.
    let longest = names::longest_service_account_key(stack.unwrap_or("a"), region.unwrap_or("aa-aa-1"));
    key(name, longest, path)
}

fn policies(account: &Value, path: &Path) -> Diagnostics {
    let mut found = Diagnostics::default();
    let (policy, arns) = (account.get("policy"), account.get("policy_arns"));
    let has_none = policy.is_null() && (arns.is_null() || arns.as_list().is_some_and(<[Value]>::is_empty));
    let has_both =
        policy.as_str().is_some() && arns.is_known() && !arns.is_null() && arns.as_list() != Some(&[]);
    if has_none || has_both {
        let detail = "What its pods may do is said once: by a document in policy, or by the ARNs of policies in policy_arns.";
        let summary = if has_none {
            "This service account may do nothing"
        } else {
            "This service account has its policies twice"
        };
        found.push(Diagnostic::error(summary, detail).at(path.clone()));
    }
    if let Some(text) = policy.as_str() {
        found.extend(document(text).map(|it| it.at(path.clone().attribute("policy"))));
    }
    let at = path.clone().attribute("policy_arns");
    let arns = arns.as_list().unwrap_or_default();
    for arn in arns {
        let Some(text) = arn.as_str() else { continue };
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        if !matches!(parts[..], ["arn", _, "iam", "", _, resource] if resource.starts_with("policy/")) {
            let detail =
                format!("{text:?} is none. It looks like \"arn:aws:iam::111122223333:policy/name\".");
            found.push(
                Diagnostic::error("This is not the ARN of a policy", detail)
                    .at(at.clone().element(arn.clone())),
            );
        }
    }
    if arns.len() > MOST_POLICIES {
        let detail =
            format!("IAM takes {MOST_POLICIES} a role, and these are {}. Put some together.", arns.len());
        found.push(Diagnostic::error("Too many policies", detail).at(at));
    }
    found
}

fn document(text: &str) -> Option<Diagnostic> {
    let detail = match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(fields)) if fields.contains_key("Statement") && text.len() <= LONGEST_POLICY => return None,
        Ok(Json::Object(fields)) if fields.contains_key("Statement") => format!(
            "It has {} characters, and IAM takes {LONGEST_POLICY}. Make policies of its parts and name them in policy_arns.",
            text.len()
        ),
        Ok(_) => "It is JSON, but has no \"Statement\". Write it as jsonencode({ Version = \"2012-10-17\", Statement = [...] })."
            .to_owned(),
        Err(error) => format!("It is not JSON: {error}. Write it as jsonencode({{ ... }})."),
    };
    Some(Diagnostic::error("This is not a policy", detail))
}

/// Without its agent on the nodes, pod identity gives no pod anything.
fn agent(cluster: &Value) -> Option<Diagnostic> {
    if !is_off(cluster, POD_IDENTITY_AGENT) {
        return None;
    }
    let by_agent =
        |account: &Value| account.get("identity").as_str().is_none_or(|word| word == "pod_identity");
    let mut users: Vec<String> = elements(cluster, "service_accounts")
        .filter(|(_, account, _)| by_agent(account))
        .map(|(_, _, path)| path.to_string())
        .collect();
    users.extend(has_controller(cluster).then(|| at("load_balancer_controller").to_string()));
    let has_nodes = cluster.get("node_groups").as_map().is_some_and(|groups| !groups.is_empty());
    users.extend(
        (has_nodes && needs_role(cluster, EBS_CSI_DRIVER)).then(|| format!("the add-on {EBS_CSI_DRIVER}")),
    );
    let detail = format!(
        "It is switched off, and needed by {}. Leave it on, or give them their roles by IRSA.",
        users.join(", ")
    );
    let path = at("addons").key(POD_IDENTITY_AGENT);
    (!users.is_empty()).then(|| {
        Diagnostic::error(format!("The add-on {} is needed", quoted([POD_IDENTITY_AGENT])), detail).at(path)
    })
}
