//! The names that follow from a stack's name, and which names can be borne.

use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// The longest name. With a region and a purpose added, the names of IAM roles still stay within their 64 characters.
pub(super) const LONGEST: usize = 32;

/// What AWS counts for the name of a role.
pub(super) const LONGEST_ROLE: usize = 64;
/// What EKS counts for the name of a cluster.
pub(super) const LONGEST_CLUSTER: usize = 100;
/// What EKS counts for the name of a group of nodes.
pub(super) const LONGEST_NODE_GROUP: usize = 63;
/// How many characters tell apart the groups of nodes of one key.
pub(super) const NODE_GROUP_DIGITS: usize = 6;
/// The longest key of a group of nodes: its name is the key, a hyphen and those characters.
pub(super) const LONGEST_NODE_GROUP_KEY: usize = LONGEST_NODE_GROUP - 1 - NODE_GROUP_DIGITS;

/// The name of something that AWS keeps by region.
pub(super) fn regional(name: &str, what: &str) -> String {
    format!("{name}-{what}")
}

/// The name of something that AWS keeps once for all regions, such as a role.
pub(super) fn global(name: &str, region: &str, what: &str) -> String {
    format!("{name}-{region}-{what}")
}

/// The log group of the network's flow logs.
pub(super) fn flow_log_group(name: &str) -> String {
    format!("/luneo/{name}/flow-logs")
}

/// The log group of the cluster's control plane. EKS writes to this one and no other.
pub(super) fn cluster_log_group(cluster: &str) -> String {
    format!("/aws/eks/{cluster}/cluster")
}

/// What tells the role of the service account called `key` from the stack's others.
pub(super) fn of_service_account(key: &str) -> String {
    format!("sa-{key}")
}

/// The longest key of a service account, whose role still has a name that IAM takes.
pub(super) fn longest_service_account_key(name: &str, region: &str) -> usize {
    LONGEST_ROLE.saturating_sub(global(name, region, &of_service_account("")).len())
}

/// The name of the group of nodes called `key`, of which `fixed` is what it cannot change.
pub(super) fn node_group(key: &str, fixed: &str) -> String {
    let digest = <sha2::Sha256 as sha2::Digest>::digest(fixed);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{key}-{}", &digits[..NODE_GROUP_DIGITS])
}

/// What is wrong with `name`.
pub(super) fn check(name: &Value) -> Diagnostics {
    let mut found = Diagnostics::default();
    let Some(name) = name.as_str() else { return found };
    let fits = name.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let whole = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-');
    let mut refuse = |detail: String| {
        found.push(Diagnostic::error("This name cannot be used", detail).at(Path::root("name")));
    };
    if name.is_empty() || !fits || !whole {
        refuse(format!(
            "{name:?} is part of the names of roles, groups, keys and log groups, which do not all take it. Use \
             lower-case letters, digits and hyphens, with a letter first and no hyphen last, such as \"shop-prod\"."
        ));
    }
    if name.chars().count() > LONGEST {
        refuse(format!(
            "{name:?} has {} characters. With the region and a purpose added, names of IAM roles would be longer than \
             the 64 characters that AWS allows. Use at most {LONGEST} characters.",
            name.chars().count()
        ));
    }
    if name.starts_with("sg-") {
        refuse(format!(
            "{name:?} begins with \"sg-\", and AWS refuses security groups called so. Choose another beginning."
        ));
    }
    found
}
