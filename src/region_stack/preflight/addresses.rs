//! Whether the subnets have addresses for new nodes and their pods.

use super::at;
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics};

/// What a node takes at once: an address of its own, and a /28 of pods' addresses, which must lie together.
const ADDRESSES_OF_A_NODE: i32 = 17;

/// An error where `groups`, each with so many new nodes that are spread evenly, find too few of the addresses that are
/// `free` in their subnets, by zone.
pub(super) fn judge(groups: &[(&str, usize)], free: &BTreeMap<String, i32>) -> Diagnostics {
    let zones = free.len().max(1);
    let nodes: usize = groups.iter().map(|(_, nodes)| nodes).sum();
    let each: usize = groups.iter().map(|(_, nodes)| nodes.div_ceil(zones)).sum();
    let each = i32::try_from(each).unwrap_or(i32::MAX);
    let needed = each.saturating_mul(ADDRESSES_OF_A_NODE);
    let short: Vec<String> = free
        .iter()
        .filter(|(_, free)| **free < needed)
        .map(|(zone, free)| format!("{free} in {zone}"))
        .collect();
    if short.is_empty() {
        return Diagnostics::default();
    }
    let detail = format!(
        "{nodes} new nodes over {zones} zones take {needed} addresses in each, {ADDRESSES_OF_A_NODE} a node with its first \
         pods. There are {} left. Ask for fewer nodes, or move to a wider network.",
        short.join(", ")
    );
    let path = match groups {
        [(group, _)] => at("node_groups").key(*group),
        _ => at("node_groups"),
    };
    Diagnostic::error("The private subnets have too few addresses left", detail).at(path).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_addresses_are_told_by_zone() {
        let free = |a, b| BTreeMap::from([("a".to_owned(), a), ("b".to_owned(), b)]);
        assert!(judge(&[("general", 4)], &free(34, 4_000)).is_empty());
        let told: String =
            judge(&[("general", 5)], &free(34, 4_000)).iter().map(|one| one.detail.clone()).collect();
        insta::assert_snapshot!(told, @"5 new nodes over 2 zones take 51 addresses in each, 17 a node with its first pods. There are 34 in a left. Ask for fewer nodes, or move to a wider network.");
        let two = [("general", 4), ("burst", 2)];
        assert!(judge(&two, &free(51, 4_000)).is_empty());
        let found = judge(&two, &free(50, 4_000));
        let told: String = found.iter().map(|one| one.detail.clone()).collect();
        assert!(told.starts_with("6 new nodes over 2 zones take 51 addresses in each"), "{told}");
    }
}
