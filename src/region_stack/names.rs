//! The names that follow from a stack's name, and which names can be borne.

use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// The longest name. With a region and a purpose added, the names of IAM roles still stay within their 64 characters.
pub(super) const LONGEST: usize = 32;

/// What AWS counts for the name of a role.
#[cfg(test)]
pub(super) const LONGEST_ROLE: usize = 64;

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
