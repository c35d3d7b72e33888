//! A group of nodes.

use super::optional;
use crate::region_stack::config::{text, texts, whole};
use std::collections::BTreeMap;
use tfplugin::{Path, Value, value::Refinements};

/// A group of nodes as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct Group {
    pub(in crate::region_stack) capacity: Capacity,
    pub(in crate::region_stack) instance_types: Vec<String>,
    /// `None` is to be chosen.
    pub(in crate::region_stack) ami_type: Option<String>,
    pub(in crate::region_stack) min: i32,
    pub(in crate::region_stack) max: i32,
    pub(in crate::region_stack) desired: i32,
    pub(in crate::region_stack) labels: BTreeMap<String, String>,
    pub(in crate::region_stack) taints: Vec<Taint>,
    pub(in crate::region_stack) disk_gib: i32,
    pub(in crate::region_stack) max_unavailable_percent: i32,
    /// `None` is to be made of what a group cannot change.
    pub(in crate::region_stack) name: Option<String>,
}

/// How a group's instances are paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::region_stack) enum Capacity {
    /// By the hour.
    OnDemand,
    /// By what others leave.
    Spot,
}

impl Capacity {
    /// The words for them in the configuration.
    pub(in crate::region_stack) const WORDS: [(&'static str, Capacity); 2] =
        [("on_demand", Capacity::OnDemand), ("spot", Capacity::Spot)];

    /// As EKS calls it.
    pub(in crate::region_stack) fn as_eks_says(self) -> &'static str {
        match self {
            Capacity::OnDemand => "ON_DEMAND",
            Capacity::Spot => "SPOT",
        }
    }
}

/// What keeps pods away.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct Taint {
    pub(in crate::region_stack) key: String,
    pub(in crate::region_stack) value: String,
    pub(in crate::region_stack) effect: String,
}

/// What all names begin with of images that are chosen here.
const CHOSEN_FAMILY: &str = "AL2023_";

/// An image that is still to be chosen: unknown but for its family. Nothing that Terraform sends looks like this.
pub(in crate::region_stack) fn to_be_chosen() -> Value {
    Value::Unknown(Refinements::NONE.not_null().prefix(CHOSEN_FAMILY))
}

/// The name, still to be made, of the group called `key`: unknown but for its beginning.
pub(in crate::region_stack) fn to_be_named(key: &str) -> Value {
    Value::Unknown(Refinements::NONE.not_null().prefix(format!("{key}-")))
}

impl Group {
    pub(in crate::region_stack) fn parse(value: &Value) -> Group {
        let capacity = Capacity::WORDS.iter().find(|(word, _)| value.get("capacity").as_str() == Some(word));
        let min = whole(value.get("min"), 0);
        let labels = value.get("labels").as_map().into_iter().flatten();
        Group {
            capacity: capacity.map_or(Capacity::OnDemand, |(_, capacity)| *capacity),
            instance_types: Group::types(value.get("instance_types")),
            ami_type: optional(value.get("ami_type")),
            min,
            max: whole(value.get("max"), 0),
            desired: whole(value.get("desired"), min),
            labels: labels.map(|(key, value)| (key.clone(), text(value))).collect(),
            taints: value.get("taints").as_list().unwrap_or_default().iter().map(taint).collect(),
            disk_gib: whole(value.get("disk_gib"), 50),
            max_unavailable_percent: whole(value.get("max_unavailable_percent"), 33),
            name: optional(value.get("name")),
        }
    }

    /// The types of instances in their attribute.
    pub(in crate::region_stack) fn types(value: &Value) -> Vec<String> {
        texts(value)
    }

    /// What of the group called `key` must be known before there is a graph, and is not.
    pub(in crate::region_stack) fn unknown_parts(key: &str, group: &Value, path: &Path) -> Vec<Path> {
        if !group.is_known() {
            return vec![path.clone()];
        }
        let unknown = |(name, part): (&String, &Value)| {
            let is_open =
                name == "ami_type" && *part == to_be_chosen() || name == "name" && *part == to_be_named(key);
            (!is_open && !part.is_wholly_known()).then(|| path.clone().attribute(name))
        };
        group.as_map().into_iter().flatten().filter_map(unknown).collect()
    }
}

fn taint(value: &Value) -> Taint {
    Taint { key: text(value.get("key")), value: text(value.get("value")), effect: text(value.get("effect")) }
}
