//! Whether the instance types of a node group can be had where it shall be.

use super::at;
use aws_objects::lookup::InstanceTypes;
use std::collections::{BTreeMap, BTreeSet};
use tfplugin::{Diagnostic, Diagnostics};

/// The instances of a node group.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    /// The key of the node group.
    pub(super) group: &'a str,
    /// Their types.
    pub(super) types: &'a [String],
    /// Their image, in EKS's word for it, where it was written.
    pub(super) ami_type: Option<&'a str>,
    /// The zones they shall be in.
    pub(super) zones: &'a [String],
}

/// What is wrong with `wanted`: types that do not exist, that do not go together or with the image, or that
/// are not offered in a zone.
pub(super) fn judge(
    wanted: &[Wanted<'_>],
    known: &InstanceTypes,
    offered: &BTreeMap<String, BTreeSet<String>>,
) -> Diagnostics {
    let mut found = Diagnostics::default();
    for wanted in wanted {
        let path = at("node_groups").key(wanted.group).attribute("instance_types");
        let unknown: Vec<&str> =
            wanted.types.iter().filter(|name| known.unknown.contains(name)).map(String::as_str).collect();
        if !unknown.is_empty() {
            let detail = format!("EC2 has no {} in this region.", unknown.join(", "));
            found.push(Diagnostic::error("This instance type does not exist", detail).at(path));
            continue;
        }
        if let Some(detail) = mixture(wanted.types, known) {
            found.push(Diagnostic::error("These instance types do not go together", detail).at(path.clone()));
        }
        let ami_type = at("node_groups").key(wanted.group).attribute("ami_type");
        found.extend(misfit(wanted, known).map(|detail| {
            Diagnostic::error("This image does not run on these instance types", detail).at(ami_type)
        }));
        found.extend(absent(wanted, offered).map(|diagnostic| diagnostic.at(path)));
    }
    found
}

/// One image runs on all nodes of a group.
fn mixture(types: &[String], known: &InstanceTypes) -> Option<String> {
    let mut by_architecture: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in types {
        let instance = known.known.iter().find(|known| known.name == *name)?;
        let is_arm = instance.architectures.iter().any(|architecture| architecture == "arm64");
        by_architecture.entry(if is_arm { "arm64" } else { "x86_64" }).or_default().push(name);
    }
    (by_architecture.len() > 1).then(|| {
        let each: Vec<String> =
            by_architecture.iter().map(|(word, names)| format!("{} ({word})", names.join(", "))).collect();
        format!(
            "All nodes of a group run one image: {}. Make a group for each architecture.",
            each.join(" and ")
        )
    })
}

/// An image says in its name what it was built for, unless it is somebody's own.
fn misfit(wanted: &Wanted<'_>, known: &InstanceTypes) -> Option<String> {
    let image = wanted.ami_type?;
    let built_for = [("ARM_64", "arm64"), ("x86_64", "x86_64")];
    let (_, architecture) = built_for.into_iter().find(|(word, _)| image.contains(word))?;
    let is_other = |name: &&String| {
        let instance = known.known.iter().find(|known| known.name == **name);
        instance.is_some_and(|instance| !instance.architectures.iter().any(|word| word == architecture))
    };
    let others: Vec<&str> = wanted.types.iter().filter(is_other).map(String::as_str).collect();
    (!others.is_empty()).then(|| {
        format!(
            "{image} is built for {architecture}, and {} cannot run that. Leave ami_type out, or choose other types.",
            others.join(", ")
        )
    })
}

/// A group has nodes as long as one of its types is offered; where none is in a zone, that zone stays empty.
fn absent(wanted: &Wanted<'_>, offered: &BTreeMap<String, BTreeSet<String>>) -> Option<Diagnostic> {
    let has = |name: &String, zone: &String| offered.get(name).is_some_and(|zones| zones.contains(zone));
    let without: Vec<&str> = wanted
        .zones
        .iter()
        .filter(|zone| !wanted.types.iter().any(|name| has(name, zone)))
        .map(String::as_str)
        .collect();
    if without.is_empty() {
        return None;
    }
    let detail = format!(
        "Of {} none is offered in {}. Add a type that is, or lead the network over other zones.",
        wanted.types.join(", "),
        without.join(", ")
    );
    let summary = "A zone offers none of these instance types";
    let nowhere = without.len() == wanted.zones.len();
    Some(if nowhere { Diagnostic::error(summary, detail) } else { Diagnostic::warning(summary, detail) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_objects::lookup::InstanceType;

    fn known() -> InstanceTypes {
        let instance = |name: &str, architecture: &str| InstanceType {
            name: name.to_owned(),
            architectures: vec![architecture.to_owned()],
            vcpus: 2,
            gpus: 0,
            gpu_maker: None,
        };
        let known = vec![instance("m6i.large", "x86_64"), instance("m6g.large", "arm64")];
        InstanceTypes { known, unknown: vec!["m99.large".to_owned()] }
    }

    fn told(types: &[&str]) -> String {
        told_with(None, types)
    }

    fn told_with(ami_type: Option<&str>, types: &[&str]) -> String {
        let types: Vec<String> = types.iter().map(ToString::to_string).collect();
        let zones = ["a", "b"].map(str::to_owned);
        let offered = BTreeMap::from([
            ("m6i.large".to_owned(), BTreeSet::from(["a".to_owned()])),
            ("m6g.large".to_owned(), BTreeSet::new()),
        ]);
        let wanted = Wanted { group: "general", types: &types, ami_type, zones: &zones };
        let found = judge(&[wanted], &known(), &offered);
        let word = if found.has_errors() { "error" } else { "warning" };
        found.iter().map(|one| format!("{word}: {}\n", one.detail)).collect()
    }

    #[test]
    fn types_that_cannot_be_had_are_named() {
        insta::assert_snapshot!(told(&["m99.large"]), @"error: EC2 has no m99.large in this region.");
        insta::assert_snapshot!(told(&["m6i.large"]), @"warning: Of m6i.large none is offered in b. Add a type that is, or lead the network over other zones.");
        insta::assert_snapshot!(told(&["m6g.large"]), @"error: Of m6g.large none is offered in a, b. Add a type that is, or lead the network over other zones.");
    }

    #[test]
    fn an_image_of_another_architecture_is_refused() {
        for fits in ["AL2023_x86_64_STANDARD", "BOTTLEROCKET_x86_64", "CUSTOM"] {
            assert!(!told_with(Some(fits), &["m6i.large"]).contains("is built for"), "{fits}");
        }
        insta::assert_snapshot!(told_with(Some("AL2023_ARM_64_STANDARD"), &["m6i.large"]), @r"
        error: AL2023_ARM_64_STANDARD is built for arm64, and m6i.large cannot run that. Leave ami_type out, or choose other types.
        error: Of m6i.large none is offered in b. Add a type that is, or lead the network over other zones.
        ");
        let told = told_with(Some("BOTTLEROCKET_x86_64"), &["m6g.large"]);
        assert!(
            told.starts_with("error: BOTTLEROCKET_x86_64 is built for x86_64, and m6g.large cannot"),
            "{told}"
        );
    }

    #[test]
    fn types_of_two_architectures_are_refused() {
        insta::assert_snapshot!(told(&["m6i.large", "m6g.large"]), @r"
        error: All nodes of a group run one image: m6g.large (arm64) and m6i.large (x86_64). Make a group for each architecture.
        error: Of m6i.large, m6g.large none is offered in b. Add a type that is, or lead the network over other zones.
        ");
    }
}
