//! What the pods of a release say when it does not become ready.

use super::Kubernetes;
use k8s_openapi::{
    api::{
        apps::v1::{DaemonSet, Deployment, StatefulSet},
        batch::v1::Job,
        core::v1::{ContainerStatus, Event, Pod},
    },
    apimachinery::pkg::apis::meta::v1::LabelSelector,
};
use kube::{Api, Resource, api::ListParams};
use serde::de::DeserializeOwned;
use std::{collections::BTreeSet, fmt::Debug};

/// As much as somebody reads.
const LINES: usize = 12;

/// What keeps the pods of release `name` from being ready: why containers wait, and the last warnings. Whatever cannot be
/// read is left out, for this only explains another failure.
pub(super) async fn complaints(kubernetes: &Kubernetes, namespace: &str, name: &str) -> Vec<String> {
    let client = &kubernetes.client;
    let everything = ListParams::default();
    let workloads = futures::join!(
        selectors::<Deployment>(client, namespace, name, |it| Some(it.spec.selector)),
        selectors::<StatefulSet>(client, namespace, name, |it| Some(it.spec.selector)),
        selectors::<DaemonSet>(client, namespace, name, |it| Some(it.spec.selector)),
        selectors::<Job>(client, namespace, name, |it| it.spec.and_then(|spec| spec.selector)),
    );
    let workloads = [workloads.0, workloads.1, workloads.2, workloads.3].concat();
    let pods = Api::<Pod>::namespaced(client.clone(), namespace).list(&everything).await;
    let is_of_release = |pod: &Pod| workloads.iter().any(|(_, selector)| selects(selector, pod));
    let pods: Vec<Pod> =
        pods.into_iter().flatten().filter(is_of_release).filter(|pod| !is_ready(pod)).collect();

    let mut lines: Vec<String> = pods.iter().flat_map(why_not_ready).collect();
    let names: BTreeSet<&str> = pods.iter().filter_map(|pod| pod.metadata.name.as_deref()).collect();
    let is_meant = |event: &Event| {
        let object = event.involved_object.name.as_deref().unwrap_or_default();
        // A workload that may not make pods says so on itself or its replica set.
        let of_workload = |owner: &String| object == owner || object.starts_with(&format!("{owner}-"));
        names.contains(object) || workloads.iter().any(|(owner, _)| of_workload(owner))
    };
    let warnings = ListParams::default().fields("type=Warning");
    let warnings = Api::<Event>::namespaced(client.clone(), namespace).list(&warnings).await;
    let mut warnings: Vec<Event> = warnings.into_iter().flatten().filter(is_meant).collect();
    warnings.sort_by_key(|event| std::cmp::Reverse(event.last_timestamp.clone()));
    lines.extend(warnings.iter().map(told));
    let mut told_already = BTreeSet::new();
    lines.retain(|line| told_already.insert(line.clone()));
    lines.truncate(LINES);
    lines
}

/// The workloads of kind `K` that helm made for release `name`: names, and which pods are theirs.
async fn selectors<K>(
    client: &kube::Client,
    namespace: &str,
    name: &str,
    selector: impl Fn(K) -> Option<LabelSelector>,
) -> Vec<(String, LabelSelector)>
where
    K: Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>
        + DeserializeOwned
        + Clone
        + Debug,
{
    let by_helm = ListParams::default().labels("app.kubernetes.io/managed-by=Helm");
    let all = Api::<K>::namespaced(client.clone(), namespace).list(&by_helm).await;
    let is_of_release = |object: &K| {
        let notes = object.meta().annotations.as_ref();
        notes.and_then(|notes| notes.get("meta.helm.sh/release-name")).is_some_and(|owner| owner == name)
    };
    let of_release = all.into_iter().flatten().filter(is_of_release);
    let pair = |object: K| Some((object.meta().name.clone()?, selector(object)?));
    of_release.filter_map(pair).collect()
}

fn selects(selector: &LabelSelector, pod: &Pod) -> bool {
    let wanted = selector.match_labels.iter().flatten();
    let labels = pod.metadata.labels.as_ref();
    selector.match_labels.is_some()
        && wanted.into_iter().all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
}

fn is_ready(pod: &Pod) -> bool {
    let Some(status) = &pod.status else { return false };
    let mut conditions = status.conditions.iter().flatten();
    status.phase.as_deref() == Some("Succeeded")
        || conditions.any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

fn why_not_ready(pod: &Pod) -> Vec<String> {
    let name = pod.metadata.name.as_deref().unwrap_or_default();
    let Some(status) = &pod.status else { return Vec::new() };
    let containers = status.init_container_statuses.iter().chain(&status.container_statuses).flatten();
    let waiting = containers.filter_map(|container| {
        Some(format!("pod {name}: container {}: {}", container.name, why_waiting(container)?))
    });
    let unscheduled =
        status.conditions.iter().flatten().filter(|it| it.type_ == "PodScheduled" && it.status == "False");
    let unscheduled = unscheduled.map(|it| format!("pod {name}: {}", words(&it.reason, &it.message)));
    waiting.chain(unscheduled).collect()
}

fn why_waiting(container: &ContainerStatus) -> Option<String> {
    let state = container.state.as_ref()?;
    let ended = state.terminated.as_ref().filter(|ended| ended.exit_code != 0);
    let waits = state.waiting.as_ref().map(|waiting| words(&waiting.reason, &waiting.message));
    waits.or_else(|| {
        ended.map(|ended| format!("{}, exit code {}", words(&ended.reason, &ended.message), ended.exit_code))
    })
}

fn told(event: &Event) -> String {
    let object = &event.involved_object;
    let (kind, name) =
        (object.kind.as_deref().unwrap_or("object"), object.name.as_deref().unwrap_or_default());
    format!("{} {name}: {}", kind.to_lowercase(), words(&event.reason, &event.message))
}

fn words(reason: &Option<String>, message: &Option<String>) -> String {
    let words = [reason, message].map(|text| text.as_deref().unwrap_or_default().trim().replace('\n', " "));
    words.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ")
}
