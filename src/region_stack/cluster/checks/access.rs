//! What is wrong with who may do what.

use super::{at, elements, key, kubernetes_name};
use crate::region_stack::{cluster::NODE_ROLE, names};
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// What names of groups and users that Kubernetes and EKS keep for themselves begin with.
const RESERVED: [&str; 5] = ["system:", "eks:", "aws:", "amazon:", "iam:"];

pub(super) fn check(config: &Value) -> Diagnostics {
    let cluster = config.get("cluster");
    let mut found = Diagnostics::default();
    let admins = cluster.get("admin_principal_arns");
    if admins.as_list().is_some_and(<[Value]>::is_empty) {
        let detail = "Nobody could do anything in the cluster, not even Terraform. List the role that Terraform runs as, \
                      and those of the people who look after the cluster.";
        let path = at("admin_principal_arns");
        found.push(Diagnostic::error("The cluster has no administrator", detail).at(path));
    }
    let mut principals = Principals { node_role: node_role(config), seen: BTreeMap::new() };
    for (index, principal) in (0..).zip(admins.as_list().unwrap_or_default()) {
        found.extend(principals.check(principal, at("admin_principal_arns").index(index)));
    }
    for (name, access, path) in elements(cluster, "access") {
        found.extend(key(name, 63, &path));
        found.extend(principals.check(access.get("principal_arn"), path.clone().attribute("principal_arn")));
        found.extend(reserved(access.get("username"), path.clone().attribute("username")));
        for group in access.get("groups").as_list().unwrap_or_default() {
            found.extend(reserved(group, path.clone().attribute("groups").element(group.clone())));
        }
        found.extend(policies(access.get("policies"), &path.attribute("policies")));
    }
    found
}

/// Those who have an entry already.
struct Principals {
    node_role: Option<String>,
    seen: BTreeMap<String, Path>,
}

impl Principals {
    fn check(&mut self, principal: &Value, path: Path) -> Option<Diagnostic> {
        let arn = principal.as_str()?;
        let refused =
            |summary: &str, detail: String| Some(Diagnostic::error(summary, detail).at(path.clone()));
        if let Some(detail) = principal_fault(arn) {
            return refused("This is not the ARN of a role or user", detail);
        }
        if self.node_role.as_ref().is_some_and(|role| arn.ends_with(&format!(":role/{role}"))) {
            let detail = "EKS itself lets the nodes in, and an entry of its own for their role would shut them out. \
                          Take it out.";
            return refused("This is the role of the stack's own nodes", detail.to_owned());
        }
        if let Some(before) = self.seen.insert(arn.to_owned(), path.clone()) {
            let detail = format!(
                "{arn} is in {before} already, and a principal has one entry in a cluster. Take it out here, or there."
            );
            return refused("A principal is named twice", detail);
        }
        None
    }
}

fn node_role(config: &Value) -> Option<String> {
    Some(names::global(config.get("name").as_str()?, config.get("region").as_str()?, NODE_ROLE))
}

fn principal_fault(arn: &str) -> Option<String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let form =
        "It looks like \"arn:aws:iam::111122223333:role/name\" or \"arn:aws:iam::111122223333:user/name\".";
    let ["arn", partition, service, region, account, resource] = parts[..] else {
        return Some(format!("{arn:?} is none. {form}"));
    };
    if let Some(session) = resource.strip_prefix("assumed-role/").filter(|_| service == "sts") {
        let role = session.split('/').next().unwrap_or_default();
        let meant = format!("arn:{partition}:iam::{account}:role/{}", with_path(role));
        return Some(format!(
            "{arn:?} is a session of a role, and names nobody for long. Write the role: {meant:?}."
        ));
    }
    let is_account = account.len() == 12 && account.bytes().all(|sign| sign.is_ascii_digit());
    if service != "iam" || !region.is_empty() || !is_account || arn.contains(['*', '?']) {
        return Some(format!("{arn:?} is none. {form}"));
    }
    if resource == "root" {
        return Some(format!(
            "{arn:?} is a whole account, which EKS does not let in. Write a role or user of it."
        ));
    }
    let (kind, name) = resource.split_once('/').unwrap_or_default();
    if !matches!(kind, "role" | "user") || name.is_empty() || name.ends_with('/') {
        return Some(format!("{arn:?} is none. {form}"));
    }
    if kind == "role" && with_path(name) != name {
        let meant = format!("arn:{partition}:iam::{account}:role/{}", with_path(name));
        return Some(format!(
            "{arn:?} lacks the path that roles of IAM Identity Center have. Write {meant:?}."
        ));
    }
    None
}

/// The name of a role with the path that those of IAM Identity Center have.
fn with_path(role: &str) -> String {
    if role.starts_with("AWSReservedSSO_") {
        format!("aws-reserved/sso.amazonaws.com/<region of IAM Identity Center>/{role}")
    } else {
        role.to_owned()
    }
}

fn reserved(value: &Value, path: Path) -> Option<Diagnostic> {
    let name = value.as_str()?;
    let beginning = RESERVED.iter().find(|beginning| name.starts_with(**beginning))?;
    let detail =
        format!("{name:?} begins with {beginning:?}, and EKS refuses such names. Choose another one.");
    Some(Diagnostic::error("This name is Kubernetes' or AWS's own", detail).at(path))
}

fn policies(value: &Value, path: &Path) -> Diagnostics {
    let mut found = Diagnostics::default();
    for (policy, namespaces) in value.as_map().into_iter().flatten() {
        let path = path.clone().key(policy.clone());
        let is_arn = policy.starts_with("arn:") && policy.contains(":cluster-access-policy/");
        if !is_arn && (policy.is_empty() || !policy.bytes().all(|sign| sign.is_ascii_alphanumeric())) {
            let detail = format!(
                "{policy:?} is none. Write a name such as \"AmazonEKSViewPolicy\"; policies of IAM do not count here."
            );
            found.push(Diagnostic::error("This is not an access policy of EKS", detail).at(path.clone()));
        }
        for (index, namespace) in (0..).zip(namespaces.as_list().unwrap_or_default()) {
            // EKS takes a star at the end.
            let plain = namespace
                .as_str()
                .map_or(Value::Null, |name| name.trim_end_matches('*').trim_end_matches('-').into());
            let is_star = namespace.as_str() == Some("*");
            let fault = kubernetes_name(&plain, 63, path.clone().index(index));
            found.extend(fault.filter(|_| !is_star));
        }
    }
    found
}
