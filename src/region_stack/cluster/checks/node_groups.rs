//! What is wrong with groups of nodes.

use super::{at, elements, key, number, quoted};
use crate::region_stack::{checks::one_of, cluster::config::Capacity, names};
use std::collections::{BTreeMap, BTreeSet};
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// What EKS takes as an effect, with Kubernetes' own words for the same.
const EFFECTS: [(&str, &str); 3] =
    [("NO_SCHEDULE", "NoSchedule"), ("NO_EXECUTE", "NoExecute"), ("PREFER_NO_SCHEDULE", "PreferNoSchedule")];
/// The smallest disk that holds the image and some pods' images.
const SMALLEST_DISK_GIB: i64 = 20;
const LARGEST_DISK_GIB: i64 = 16_384;
/// More nodes are in no cluster.
const MOST_NODES: i64 = 100_000;
/// EKS takes no more labels, and no more taints.
const MOST_LABELS: usize = 50;
/// Endpoints without which nodes cannot join from a network that has no way out.
const ENDPOINTS: [(&str, &[&str]); 2] = [
    ("gateway_endpoints", &["s3"]),
    ("interface_endpoints", &["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"]),
];

pub(super) fn check(config: &Value) -> Diagnostics {
    let cluster = config.get("cluster");
    let mut found = Diagnostics::default();
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, group, path) in elements(cluster, "node_groups") {
        found.extend(key(name, names::LONGEST_NODE_GROUP_KEY, &path));
        found.extend(instances(group, &path));
        found.extend(sizes(group, &path));
        found.extend(labels(group.get("labels"), &path.clone().attribute("labels")));
        found.extend(taints(group.get("taints"), &path.clone().attribute("taints")));
        let Some(written) = group.get("name").as_str() else { continue };
        let path = path.attribute("name");
        found.extend(group_name(written, &path));
        if let Some(other) = named.insert(written, name) {
            let detail =
                format!("The groups {other:?} and {name:?} are both called {written:?}. Rename one.");
            found.push(Diagnostic::error("Two groups of nodes have one name", detail).at(path));
        }
    }
    found.extend(way_out(config));
    found.extend(idle(cluster.get("node_groups")));
    found
}

fn instances(group: &Value, path: &Path) -> Diagnostics {
    let mut found = Diagnostics::default();
    if let Some(written) = group.get("capacity").as_str() {
        let words = Capacity::WORDS.map(|(word, _)| word);
        found.extend(one_of(written, &words, path.clone().attribute("capacity")));
    }
    let at = path.clone().attribute("instance_types");
    let types = group.get("instance_types").as_list();
    if types.is_some_and(<[Value]>::is_empty) {
        let detail = "List the types that its nodes may have, such as \"m7i.large\", those preferred first.";
        found.push(Diagnostic::error("This group has no types of instances", detail).at(at.clone()));
    }
    let mut seen = BTreeSet::new();
    for (index, written) in (0..).zip(types.unwrap_or_default()) {
        let Some(written) = written.as_str() else { continue };
        let fits = |part: &str| {
            !part.is_empty() && part.bytes().all(|sign| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        };
        if !written.split_once('.').is_some_and(|(family, size)| fits(family) && fits(size)) {
            let detail = format!("{written:?} is none. Types are called like \"m7i.large\".");
            found.push(
                Diagnostic::error("This is not a type of instance", detail).at(at.clone().index(index)),
            );
        }
        if !seen.insert(written) {
            let detail = format!("List {written:?} once.");
            found.push(
                Diagnostic::error("A type of instance is listed twice", detail).at(at.clone().index(index)),
            );
        }
    }
    if types.is_some_and(|types| types.len() == 1) && group.get("capacity").as_str() == Some("spot") {
        let detail = "Spot instances of one type are often all taken away at once, and may not be had again. List \
                      several types of about the same size.";
        found.push(Diagnostic::warning("A group of spot instances has a single type", detail).at(at));
    }
    found.extend(image(group.get("ami_type"), path));
    found
}

fn image(value: &Value, path: &Path) -> Option<Diagnostic> {
    let written = value.as_str()?;
    let fits = written.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'_');
    let detail = if written == "CUSTOM" {
        "Images of your own are not possible here. Leave ami_type out, or name one of EKS's images."
            .to_owned()
    } else if written.starts_with("AL2_") {
        format!(
            "{written:?} is Amazon Linux 2, which EKS has given up. Write \"AL2023_x86_64_STANDARD\" or leave ami_type out."
        )
    } else if written.is_empty() || !fits {
        format!(
            "{written:?} is none. Write one such as \"AL2023_x86_64_STANDARD\" or \"BOTTLEROCKET_ARM_64\"."
        )
    } else {
        return None;
    };
    Some(Diagnostic::error("This is not a usable image", detail).at(path.clone().attribute("ami_type")))
}

fn sizes(group: &Value, path: &Path) -> Diagnostics {
    let at = |name: &str| path.clone().attribute(name);
    let mut found = Diagnostics::default();
    for (name, range) in [
        ("min", 0..=MOST_NODES),
        ("max", 1..=MOST_NODES),
        ("desired", 0..=MOST_NODES),
        ("disk_gib", SMALLEST_DISK_GIB..=LARGEST_DISK_GIB),
        ("max_unavailable_percent", 1..=100),
    ] {
        found.extend(number(group.get(name), range, at(name)));
    }
    let count = |name: &str| group.get(name).as_i64();
    let (Some(min), Some(max)) = (count("min"), count("max")) else { return found };
    if min > max {
        let detail = format!("min is {min} and max is {max}. Lower min, or raise max.");
        found.push(Diagnostic::error("The fewest nodes are more than the most", detail).at(at("min")));
    } else if let Some(desired) = count("desired").filter(|desired| !(min..=max).contains(desired)) {
        let detail = format!(
            "desired is {desired}, and this group has from {min} to {max} nodes. Choose one of these."
        );
        found.push(Diagnostic::error("The desired nodes are out of range", detail).at(at("desired")));
    }
    found
}

fn labels(value: &Value, path: &Path) -> Diagnostics {
    let mut found = Diagnostics::default();
    let Some(labels) = value.as_map() else { return found };
    found.extend(too_many(labels.len(), "labels", path));
    for (key, value) in labels {
        let path = path.clone().key(key.clone());
        found.extend(label_key(key, &path));
        found.extend(label_value(value, &path));
    }
    found
}

fn taints(value: &Value, path: &Path) -> Diagnostics {
    let mut found = Diagnostics::default();
    let taints = value.as_list().unwrap_or_default();
    found.extend(too_many(taints.len(), "taints", path));
    let mut seen = BTreeSet::new();
    for (index, taint) in (0..).zip(taints) {
        let path = path.clone().index(index);
        let (key, effect) = (taint.get("key").as_str(), taint.get("effect").as_str());
        found.extend(key.and_then(|key| label_key(key, &path.clone().attribute("key"))));
        found.extend(label_value(taint.get("value"), &path.clone().attribute("value")));
        if let Some(written) = effect {
            let at = path.clone().attribute("effect");
            match EFFECTS.iter().find(|(_, kubernetes)| *kubernetes == written) {
                Some((eks, _)) => {
                    let detail = format!("EKS writes {written:?} as {eks:?}. Write that.");
                    found.push(Diagnostic::error("This is not one of the choices", detail).at(at));
                }
                None => found.extend(one_of(written, &EFFECTS.map(|(eks, _)| eks), at)),
            }
        }
        if key.is_some() && effect.is_some() && !seen.insert((key, effect)) {
            let detail = "A key has one value for each effect. Leave one of the two out.";
            found.push(Diagnostic::error("Two taints are the same", detail).at(path));
        }
    }
    found
}

fn too_many(count: usize, what: &str, path: &Path) -> Option<Diagnostic> {
    let detail = format!("EKS takes {MOST_LABELS} {what} a group, and these are {count}. Leave some out.");
    (count > MOST_LABELS).then(|| Diagnostic::error(format!("Too many {what}"), detail).at(path.clone()))
}

fn label_key(key: &str, path: &Path) -> Option<Diagnostic> {
    let (prefix, name) = key.rsplit_once('/').unwrap_or(("", key));
    let refused = |summary: &str, detail: String| Some(Diagnostic::error(summary, detail).at(path.clone()));
    let is_domain = prefix.len() <= 253
        && prefix.bytes().all(|sign| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
    if name.is_empty() || !is_word(name) || !is_domain || key.starts_with('/') {
        let detail = format!(
            "{key:?} cannot be one. Use at most 63 letters, digits and - _ . with a letter or digit first and last, after a \
             domain and a slash if you like."
        );
        return refused("This is not a key in Kubernetes", detail);
    }
    let under = |domain: &str| prefix == domain || prefix.ends_with(&format!(".{domain}"));
    let is_kubelets = under("node.kubernetes.io") || under("kubelet.kubernetes.io");
    if under("eks.amazonaws.com") || (under("kubernetes.io") || under("k8s.io")) && !is_kubelets {
        let detail = format!(
            "{key:?} begins with a domain of AWS's or Kubernetes' own, and nodes may not give themselves such keys. Use a \
             domain of yours, or none."
        );
        return refused("This key is Kubernetes' or AWS's own", detail);
    }
    None
}

fn label_value(value: &Value, path: &Path) -> Option<Diagnostic> {
    let text = value.as_str()?;
    let detail = format!(
        "{text:?} cannot be one. Use at most 63 letters, digits and - _ . with a letter or digit first and last, or \"\"."
    );
    (!text.is_empty() && !is_word(text))
        .then(|| Diagnostic::error("This is not a value in Kubernetes", detail).at(path.clone()))
}

/// Whether `text` can be the name of a label, or its value.
fn is_word(text: &str) -> bool {
    let fits = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_' | b'.');
    let (first, last) = (text.bytes().next(), text.bytes().last());
    let ends = [first, last].into_iter().flatten().all(|sign| sign.is_ascii_alphanumeric());
    text.len() <= 63 && ends && text.bytes().all(fits)
}

fn group_name(name: &str, path: &Path) -> Option<Diagnostic> {
    let begins = name.starts_with(|sign: char| sign.is_ascii_alphanumeric());
    let fits = name.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_'));
    let longest = names::LONGEST_NODE_GROUP;
    let detail = format!(
        "{name:?} cannot be one. Use at most {longest} letters, digits, hyphens and underscores, no sign first."
    );
    (!begins || !fits || name.len() > longest)
        .then(|| Diagnostic::error("This is not the name of a group of nodes", detail).at(path.clone()))
}

/// Nodes that reach neither the internet nor the services they need never join.
fn way_out(config: &Value) -> Option<Diagnostic> {
    let (network, cluster) = (config.get("network"), config.get("cluster"));
    let has_groups = cluster.get("node_groups").as_map().is_some_and(|groups| !groups.is_empty());
    if !has_groups || network.get("nat").as_str() != Some("none") {
        return None;
    }
    let controller = cluster.get("load_balancer_controller");
    let has_controller = controller.as_map().is_some() && controller.get("enabled").as_bool() != Some(false);
    let mut lacking = Vec::new();
    for (attribute, needed) in ENDPOINTS {
        // What is not written is the default, which has S3's gateway.
        let written = network.get(attribute);
        if !written.is_wholly_known() || written.is_null() && attribute == "gateway_endpoints" {
            continue;
        }
        let more = ["elasticloadbalancing"]
            .into_iter()
            .filter(|_| has_controller && attribute == "interface_endpoints");
        let written = written.as_list().unwrap_or_default();
        let lacks = |service: &&str| !written.iter().any(|it| it.as_str() == Some(service));
        let lacks: Vec<&str> = needed.iter().copied().chain(more).filter(lacks).collect();
        if !lacks.is_empty() {
            lacking.push(format!("{} to network.{attribute}", quoted(lacks)));
        }
    }
    let detail = format!(
        "network.nat is \"none\", and without endpoints nodes reach none of the services they join the cluster through. \
         Add {}, or choose another nat.",
        lacking.join(" and ")
    );
    (!lacking.is_empty())
        .then(|| Diagnostic::error("The nodes could not join the cluster", detail).at(at("node_groups")))
}

/// Add-ons and charts wait for their pods to run.
fn idle(groups: &Value) -> Option<Diagnostic> {
    let groups = groups.as_map().filter(|groups| !groups.is_empty())?;
    let is_idle = |group: &Value| {
        let desired = group.get("desired");
        let desired = if desired.is_null() { group.get("min") } else { desired };
        desired.as_i64() == Some(0)
    };
    let detail = "All groups begin with no node. Add-ons such as coredns, and charts, wait for nodes to run on and fail \
                  when none comes. Set desired to 1 or more for one of them.";
    groups
        .values()
        .all(is_idle)
        .then(|| Diagnostic::warning("The cluster begins without nodes", detail).at(at("node_groups")))
}
