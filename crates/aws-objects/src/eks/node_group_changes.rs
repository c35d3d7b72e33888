//! What has to be sent to change a node group.

use super::{NodeGroup, Taint};
use aws_sdk_eks::types::{
    NodegroupScalingConfig, NodegroupUpdateConfig, TaintEffect, UpdateLabelsPayload, UpdateTaintsPayload,
};

/// Stands for the number of nodes of a group that nobody of us ever asked for one.
pub(super) const UNTOLD: i32 = -1;

/// A change of a group's configuration. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ConfigChange {
    pub(super) labels: Option<UpdateLabelsPayload>,
    pub(super) taints: Option<UpdateTaintsPayload>,
    pub(super) scaling: Option<NodegroupScalingConfig>,
    pub(super) update: Option<NodegroupUpdateConfig>,
}

impl ConfigChange {
    /// What brings a group that is as `now`, with `size` nodes asked for by whoever asked last, to `wanted`.
    pub(super) fn between(now: &NodeGroup, size: i32, wanted: &NodeGroup) -> ConfigChange {
        ConfigChange {
            labels: labels(now, wanted),
            taints: taints(now, wanted),
            scaling: scaling(now, size, wanted),
            update: (now.max_unavailable_percent != wanted.max_unavailable_percent)
                .then(|| update(wanted.max_unavailable_percent)),
        }
    }

    /// Whether there is nothing to send.
    pub(super) fn is_empty(&self) -> bool {
        *self == ConfigChange::default()
    }
}

pub(super) fn update(max_unavailable_percent: i32) -> NodegroupUpdateConfig {
    NodegroupUpdateConfig::builder().max_unavailable_percentage(max_unavailable_percent).build()
}

/// Labels go by difference: those that are not named stay.
fn labels(now: &NodeGroup, wanted: &NodeGroup) -> Option<UpdateLabelsPayload> {
    if now.labels == wanted.labels {
        return None;
    }
    let mut payload = UpdateLabelsPayload::builder();
    for (key, value) in wanted.labels.iter().filter(|(key, value)| now.labels.get(*key) != Some(value)) {
        payload = payload.add_or_update_labels(key, value);
    }
    for key in now.labels.keys().filter(|key| !wanted.labels.contains_key(*key)) {
        payload = payload.remove_labels(key);
    }
    Some(payload.build())
}

/// A taint is known by its key and its effect.
fn taints(now: &NodeGroup, wanted: &NodeGroup) -> Option<UpdateTaintsPayload> {
    let has = |taints: &[Taint], asked: &Taint| {
        taints.iter().any(|taint| taint.key == asked.key && taint.effect == asked.effect)
    };
    let put = wanted.taints.iter().filter(|taint| !now.taints.contains(taint)).map(written);
    let gone = now.taints.iter().filter(|taint| !has(&wanted.taints, taint)).map(written);
    let (put, gone): (Vec<_>, Vec<_>) = (put.collect(), gone.collect());
    if put.is_empty() && gone.is_empty() {
        return None;
    }
    let some = |taints: Vec<_>| Some(taints).filter(|taints| !taints.is_empty());
    Some(
        UpdateTaintsPayload::builder()
            .set_add_or_update_taints(some(put))
            .set_remove_taints(some(gone))
            .build(),
    )
}

pub(super) fn written(taint: &Taint) -> aws_sdk_eks::types::Taint {
    let built =
        aws_sdk_eks::types::Taint::builder().key(&taint.key).effect(TaintEffect::from(&*taint.effect));
    built.set_value(Some(taint.value.clone()).filter(|value| !value.is_empty())).build()
}

/// The number of nodes is the autoscaler's: it is only sent when another is asked for than last time, or when there are
/// more or fewer than there may be.
fn scaling(now: &NodeGroup, size: i32, wanted: &NodeGroup) -> Option<NodegroupScalingConfig> {
    let is_asked = now.desired != UNTOLD && now.desired != wanted.desired;
    let allowed = size.max(wanted.min).min(wanted.max);
    let desired = if is_asked { Some(wanted.desired) } else { (allowed != size).then_some(allowed) };
    if (now.min, now.max) == (wanted.min, wanted.max) && desired.is_none() {
        return None;
    }
    let scaling = NodegroupScalingConfig::builder().min_size(wanted.min).max_size(wanted.max);
    Some(scaling.set_desired_size(desired).build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reconcile::Id;
    use std::collections::BTreeMap;

    fn group() -> NodeGroup {
        let text = |text: &str| text.to_owned();
        NodeGroup {
            cluster: Id::new("main").into(),
            name: text("general"),
            role: "arn:aws:iam::1:role/nodes".into(),
            subnets: Vec::new(),
            instance_types: vec![text("m7i.large")],
            ami_type: text("AL2023_x86_64_STANDARD"),
            capacity: text("ON_DEMAND"),
            version: text("1.34"),
            launch_template: Id::new("lt-1").into(),
            launch_template_version: "1".into(),
            min: 2,
            max: 6,
            desired: 3,
            labels: BTreeMap::from([(text("a"), text("1")), (text("b"), text("2"))]),
            taints: vec![Taint { key: text("only"), value: text("gpu"), effect: text("NO_SCHEDULE") }],
            max_unavailable_percent: 33,
            addons: Vec::new(),
            routes: Vec::new(),
            associations: Vec::new(),
            endpoints: Vec::new(),
        }
    }

    fn size_sent(now: &NodeGroup, size: i32, wanted: &NodeGroup) -> Option<Option<i32>> {
        ConfigChange::between(now, size, wanted).scaling.map(|scaling| scaling.desired_size())
    }

    #[test]
    fn what_the_autoscaler_did_is_left_alone() {
        assert!(ConfigChange::between(&group(), 5, &group()).is_empty());
        let wider = NodeGroup { max: 9, ..group() };
        assert_eq!(size_sent(&group(), 5, &wider), Some(None));
    }

    #[test]
    fn another_number_is_sent_when_it_is_asked_for() {
        let more = NodeGroup { desired: 4, ..group() };
        assert_eq!(size_sent(&group(), 5, &more), Some(Some(4)));
    }

    #[test]
    fn a_number_outside_the_new_bounds_is_moved_to_the_nearest() {
        assert_eq!(size_sent(&group(), 5, &NodeGroup { max: 4, ..group() }), Some(Some(4)));
        assert_eq!(size_sent(&group(), 2, &NodeGroup { min: 3, ..group() }), Some(Some(3)));
        assert_eq!(size_sent(&group(), 9, &group()), Some(Some(6)), "also when only somebody else moved it");
    }

    #[test]
    fn a_group_that_is_adopted_keeps_its_number() {
        let adopted = NodeGroup { desired: UNTOLD, ..group() };
        assert_eq!(size_sent(&adopted, 5, &group()), None);
    }

    #[test]
    fn labels_and_taints_go_by_difference() {
        let text = |text: &str| text.to_owned();
        let wanted = NodeGroup {
            labels: BTreeMap::from([(text("b"), text("3")), (text("c"), text("4"))]),
            taints: vec![
                Taint { key: text("only"), value: text("gpu"), effect: text("NO_EXECUTE") },
                Taint { key: text("new"), value: text(""), effect: text("NO_SCHEDULE") },
            ],
            ..group()
        };
        let change = ConfigChange::between(&group(), 3, &wanted);
        let labels = change.labels.unwrap();
        assert_eq!(labels.remove_labels(), ["a"]);
        assert_eq!(labels.add_or_update_labels().unwrap().len(), 2);
        let taints = change.taints.unwrap();
        assert_eq!(taints.remove_taints(), [written(&group().taints[0])]);
        assert_eq!(taints.add_or_update_taints().len(), 2);
        assert_eq!(taints.add_or_update_taints()[1].value(), None);
        assert!(change.scaling.is_none() && change.update.is_none());
    }

    #[test]
    fn another_value_of_a_taint_is_no_other_taint() {
        let mut wanted = group();
        wanted.taints[0].value = "arm".to_owned();
        let taints = ConfigChange::between(&group(), 3, &wanted).taints.unwrap();
        assert!(taints.remove_taints().is_empty());
        assert_eq!(taints.add_or_update_taints()[0].value(), Some("arm"));
    }
}
