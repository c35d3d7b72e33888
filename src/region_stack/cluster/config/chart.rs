//! A Helm release.

use super::{json, optional};
use crate::region_stack::config::{text, whole};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tfplugin::Value;

/// What may be written of a chart.
pub(in crate::region_stack) const FIELDS: [&str; 9] = [
    "chart",
    "repository",
    "version",
    "namespace",
    "name",
    "values",
    "sensitive_values_version",
    "wait",
    "timeout_seconds",
];

/// A release as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::region_stack) struct Chart {
    pub(in crate::region_stack) source: Source,
    pub(in crate::region_stack) version: String,
    pub(in crate::region_stack) namespace: String,
    /// The release's name.
    pub(in crate::region_stack) name: String,
    /// An object.
    pub(in crate::region_stack) values: Json,
    pub(in crate::region_stack) sensitive_values_version: Option<i64>,
    pub(in crate::region_stack) wait: bool,
    pub(in crate::region_stack) timeout_seconds: i64,
}

/// Where a chart comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::region_stack) struct Source {
    /// Its name in the repository, an `oci://` reference, or a local path.
    pub(in crate::region_stack) chart: String,
    /// The URL of the repository of a chart that is named only.
    pub(in crate::region_stack) repository: Option<String>,
}

impl Source {
    /// Helm knows no OCI registry as a repository: there the reference is one whole.
    pub(in crate::region_stack) fn of(chart: &str, repository: Option<&str>) -> Source {
        match repository {
            Some(registry) if registry.starts_with("oci://") => {
                Source { chart: format!("{}/{chart}", registry.trim_end_matches('/')), repository: None }
            }
            repository => Source { chart: chart.to_owned(), repository: repository.map(str::to_owned) },
        }
    }

    /// Whether the chart has to be looked up in a repository.
    pub(in crate::region_stack) fn is_named_only(chart: &str) -> bool {
        let is_path = chart.starts_with(['.', '/']) || chart.ends_with(".tgz");
        !is_path && !chart.starts_with("oci://")
    }
}

/// The charts by key, of what was checked.
pub(in crate::region_stack) fn charts(value: &Value) -> BTreeMap<String, Chart> {
    value.as_map().into_iter().flatten().map(|(key, value)| (key.clone(), chart(key, value))).collect()
}

fn chart(key: &str, value: &Value) -> Chart {
    Chart {
        source: Source::of(&text(value.get("chart")), value.get("repository").as_str()),
        version: text(value.get("version")),
        namespace: text(value.get("namespace")),
        name: optional(value.get("name")).unwrap_or_else(|| key.to_owned()),
        values: json(value.get("values")),
        sensitive_values_version: value.get("sensitive_values_version").as_i64(),
        wait: value.get("wait").as_bool().unwrap_or(true),
        timeout_seconds: whole(value.get("timeout_seconds"), 600),
    }
}
