//! What is wrong with a cluster, as far as that shows without a call. Whatever is unknown passes.

mod access;
mod addons;
mod charts;
mod control_plane;
mod node_groups;
mod service_accounts;

use std::ops::RangeInclusive;
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// What is wrong with the cluster of `config`, the whole of a stack.
pub(in crate::region_stack) fn check(config: &Value) -> Diagnostics {
    if config.get("cluster").as_map().is_none() {
        return Diagnostics::default();
    }
    let mut found = control_plane::check(config);
    found.extend(access::check(config));
    found.extend(addons::check(config.get("cluster")));
    found.extend(node_groups::check(config));
    found.extend(service_accounts::check(config));
    found.extend(charts::check(config.get("cluster")));
    found
}

/// What is wrong with the cluster of `config`, beyond [`check`], as the user wrote it: write-only values are nowhere else.
pub(in crate::region_stack) fn check_written(config: &Value) -> Diagnostics {
    charts::not_given(config.get("cluster"))
}

/// The path of an attribute of the cluster.
pub(in crate::region_stack) fn at(name: &str) -> Path {
    Path::root("cluster").attribute(name)
}

/// The elements of a map that are known, each with its path.
fn elements<'v>(cluster: &'v Value, name: &str) -> impl Iterator<Item = (&'v String, &'v Value, Path)> {
    let path = at(name);
    let elements = cluster.get(name).as_map().into_iter().flatten();
    elements.map(move |(key, value)| (key, value, path.clone().key(key.clone())))
}

/// What is wrong with a key that becomes part of names and addresses.
fn key(key: &str, longest: usize, path: &Path) -> Option<Diagnostic> {
    let begins = key.starts_with(|sign: char| sign.is_ascii_alphanumeric());
    let fits = key.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_'));
    let detail = if !begins || !fits {
        format!("{key:?} becomes part of names. Use letters, digits, hyphens and underscores, no sign first.")
    } else if key.len() > longest {
        format!(
            "{key:?} has {} characters, and names made of it would be too long. Use at most {longest}.",
            key.len()
        )
    } else {
        return None;
    };
    Some(Diagnostic::error("This key cannot be used", detail).at(path.clone()))
}

/// What is wrong with a number that is to be a whole one in `range`.
fn number(value: &Value, range: RangeInclusive<i64>, path: Path) -> Option<Diagnostic> {
    let written = value.as_number()?;
    let detail =
        format!("{written} is not possible. Write a whole number from {} to {}.", range.start(), range.end());
    let fits = value.as_i64().is_some_and(|number| range.contains(&number));
    (!fits).then(|| Diagnostic::error("This number is out of range", detail).at(path))
}

/// What is wrong with the name of something in Kubernetes: lower-case letters, digits and hyphens.
fn kubernetes_name(value: &Value, longest: usize, path: Path) -> Option<Diagnostic> {
    let name = value.as_str()?;
    let fits = name.bytes().all(|sign| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let whole = !name.is_empty() && !name.starts_with('-') && !name.ends_with('-');
    let detail = format!(
        "{name:?} cannot be one. Use at most {longest} lower-case letters, digits and hyphens, no hyphen first or last."
    );
    (!fits || !whole || name.len() > longest)
        .then(|| Diagnostic::error("This is not a name in Kubernetes", detail).at(path))
}

/// What is wrong with the ARN of a role.
fn role(value: &Value, path: Path) -> Option<Diagnostic> {
    let arn = value.as_str()?;
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let is_role = matches!(parts[..], ["arn", _, "iam", "", _, resource] if resource.starts_with("role/"));
    let detail = format!("{arn:?} is none. It looks like \"arn:aws:iam::111122223333:role/name\".");
    (!is_role).then(|| Diagnostic::error("This is not the ARN of a role", detail).at(path))
}

/// Texts in quotation marks, for people.
fn quoted<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ")
}
