//! What is wrong with charts.

use super::{at, key, kubernetes_name, number};
use crate::region_stack::{
    cluster::{config::*, load_balancer_controller as controller},
    near::near,
};
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// What helm counts for the name of a release.
const LONGEST_NAME: usize = 53;
/// In seconds.
const LONGEST_TIMEOUT: i64 = 3_600;

pub(super) fn check(cluster: &Value) -> Diagnostics {
    let charts = cluster.get("charts");
    let mut found = load_balancer_controller(cluster.get("load_balancer_controller"));
    if !charts.is_null() && charts.is_known() && charts.as_map().is_none() {
        let detail =
            "Write an object with one object for each release: charts = { key = { chart = \"...\", ... } }.";
        found.push(Diagnostic::error("The charts are not an object", detail).at(at("charts")));
    }
    let mut releases: BTreeMap<(String, String), String> = BTreeMap::new();
    if is_enabled(cluster.get("load_balancer_controller")) {
        let release = (controller::NAMESPACE.to_owned(), controller::NAME.to_owned());
        releases.insert(release, at("load_balancer_controller").to_string());
    }
    for (name, chart) in charts.as_map().into_iter().flatten() {
        let path = at("charts").attribute(name);
        found.extend(key(name, 63, &path));
        if !chart.is_known() {
            continue;
        }
        if chart.as_map().is_none() {
            let detail =
                format!("Write {name} = {{ chart = \"...\", version = \"...\", namespace = \"...\" }}.");
            found.push(Diagnostic::error("This chart is not an object", detail).at(path));
            continue;
        }
        found.extend(self::chart(name, chart, &path));
        let called = chart.get("name").as_str().unwrap_or(name).to_owned();
        let namespace = chart.get("namespace").as_str().unwrap_or_default().to_owned();
        let release = format!("{namespace}/{called}");
        if let Some(other) = releases.insert((namespace, called), path.to_string()) {
            let detail = format!(
                "{release} is the release of {other} already. Give this one another name or namespace."
            );
            found.push(Diagnostic::error("Two releases have one name", detail).at(path));
        } else if name == controller::NAME && is_enabled(cluster.get("load_balancer_controller")) {
            let detail =
                format!("{name:?} is the key of load_balancer_controller's own chart. Choose another one.");
            found.push(Diagnostic::error("This key cannot be used", detail).at(path));
        }
    }
    found.extend(sensitive(charts, cluster.get("charts_sensitive_values_wo")));
    found.extend(without_nodes(cluster));
    found
}

fn is_enabled(controller: &Value) -> bool {
    controller.as_map().is_some() && controller.get("enabled").as_bool() != Some(false)
}

fn chart(key: &str, chart: &Value, path: &Path) -> Diagnostics {
    let at = |name: &str| path.clone().attribute(name);
    let mut found = Diagnostics::default();
    for field in chart.as_map().into_iter().flatten().map(|(field, _)| field) {
        if !CHART_FIELDS.contains(&field.as_str()) {
            let close = near(field, CHART_FIELDS);
            let meant = close.first().map_or_else(
                || format!("A chart has {}.", CHART_FIELDS.join(", ")),
                |close| format!("Is {close:?} meant?"),
            );
            let detail = format!("{field:?} is none. {meant} What the chart itself takes goes into values.");
            found.push(Diagnostic::error("This is not an argument of a chart", detail).at(at(field)));
        }
    }
    for field in ["chart", "version", "namespace"] {
        if chart.get(field).is_null() || chart.get(field).as_str() == Some("") {
            let hint = match field {
                "chart" => "Write its name in the repository, an oci:// reference, or a path.",
                "version" => {
                    "Without it, each plan could find another one. Of a local chart, write what its Chart.yaml says."
                }
                _ => "Write the namespace of the release. It is made if it does not exist.",
            };
            found.push(Diagnostic::error(format!("This chart has no {field}"), hint).at(at(field)));
        }
    }
    for field in ["chart", "repository", "version", "namespace", "name"] {
        let written = chart.get(field);
        if written.is_known() && !written.is_null() && written.as_str().is_none() {
            let detail = "Write it as text, in quotation marks.";
            found.push(Diagnostic::error(format!("The {field} of a chart is a text"), detail).at(at(field)));
        }
    }
    found.extend(version(chart.get("version"), at("version")));
    found.extend(source(chart, &at("repository")));
    found.extend(kubernetes_name(chart.get("namespace"), 63, at("namespace")));
    let (name, path_of_name) = match chart.get("name") {
        Value::Null => (Value::from(key), path.clone()),
        written => (written.clone(), at("name")),
    };
    found.extend(kubernetes_name(&name, LONGEST_NAME, path_of_name));
    found.extend(number(chart.get("timeout_seconds"), 1..=LONGEST_TIMEOUT, at("timeout_seconds")));
    found.extend(number(chart.get("sensitive_values_version"), 0..=i64::MAX, at("sensitive_values_version")));
    for (field, fits) in
        [("wait", chart.get("wait").as_bool().is_some()), ("values", chart.get("values").as_map().is_some())]
    {
        let written = chart.get(field);
        if written.is_known() && !written.is_null() && !fits {
            let detail = if field == "wait" {
                "Write true or false."
            } else {
                "Write an object, such as { replicas = 2 }, or yamldecode(file(...))."
            };
            found.push(Diagnostic::error(format!("This is not what {field} takes"), detail).at(at(field)));
        }
    }
    for field in ["timeout_seconds", "sensitive_values_version"] {
        let written = chart.get(field);
        if written.is_known() && !written.is_null() && written.as_number().is_none() {
            found.push(
                Diagnostic::error(format!("This is not what {field} takes"), "Write a number.").at(at(field)),
            );
        }
    }
    found
}

/// Helm takes ranges too, by which each plan could find another version.
fn version(value: &Value, path: Path) -> Option<Diagnostic> {
    let version = value.as_str().filter(|version| !version.is_empty())?;
    let detail = format!(
        "{version:?} is none. Write all three numbers, such as \"1.2.3\" or \"v1.2.3-rc.1\"; a range could be another version \
         with each plan."
    );
    (!is_exact(version)).then(|| Diagnostic::error("This is not the version of a chart", detail).at(path))
}

/// Whether `version` is one version, as in semver.org, with or without a `v`.
fn is_exact(version: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    let (version, build) =
        version.split_once('+').map_or((version, None), |(rest, build)| (rest, Some(build)));
    let (numbers, candidate) =
        version.split_once('-').map_or((version, None), |(rest, candidate)| (rest, Some(candidate)));
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-')
    };
    let are_words = |text: Option<&str>| text.is_none_or(|text| text.split('.').all(is_word));
    let is_number = |text: &str| {
        text.bytes().all(|sign| sign.is_ascii_digit())
            && (text == "0" || !text.is_empty() && !text.starts_with('0'))
    };
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && are_words(candidate)
        && are_words(build)
}

fn source(chart: &Value, path: &Path) -> Option<Diagnostic> {
    let name = chart.get("chart").as_str()?;
    let repository = chart.get("repository");
    let (summary, detail) = if Source::is_named_only(name) && repository.is_null() {
        (
            "This chart has no repository",
            format!(
                "{name:?} is looked up in a repository. Write its URL, or an oci:// reference or a path as the chart."
            ),
        )
    } else if !Source::is_named_only(name) && repository.as_str().is_some() {
        ("This chart needs no repository", format!("{name:?} says where the chart is. Leave repository out."))
    } else {
        let url = repository.as_str()?;
        let is_url = ["https://", "http://", "oci://"].iter().any(|scheme| url.starts_with(scheme));
        if is_url {
            return None;
        }
        (
            "This is not the URL of a repository",
            format!("{url:?} is none. It begins with https:// or oci://."),
        )
    };
    Some(Diagnostic::error(summary, detail).at(path.clone()))
}

/// Sensitive values are stored nowhere, so only a number tells that they changed.
fn sensitive(charts: &Value, values: &Value) -> Diagnostics {
    let mut found = Diagnostics::default();
    let path = at("charts_sensitive_values_wo");
    if !values.is_null() && values.is_known() && values.as_map().is_none() {
        let detail = "Write an object with an object of values for each key of charts.";
        found.push(Diagnostic::error("The sensitive values are not an object", detail).at(path.clone()));
    }
    for (key, values) in values.as_map().into_iter().flatten() {
        let path = path.clone().attribute(key);
        if values.is_known() && values.as_map().is_none() {
            let detail = format!("Write {key} = {{ ... }}, as in the values of the chart.");
            found.push(
                Diagnostic::error("The sensitive values of a chart are not an object", detail)
                    .at(path.clone()),
            );
        }
        let chart = charts.get(key);
        if charts.is_known() && chart.is_null() {
            let detail = format!("There is no chart {key:?} in charts. Add it, or leave these values out.");
            found.push(Diagnostic::error("These sensitive values belong to no chart", detail).at(path));
        } else if chart.is_known() && chart.get("sensitive_values_version").is_null() {
            let detail = format!(
                "They are stored nowhere, so that a change of them does not show. Write sensitive_values_version = 1 in the \
                 chart {key:?}, and raise it whenever they change."
            );
            found.push(Diagnostic::error("These sensitive values have no version", detail).at(path));
        }
    }
    found
}

/// Charts that say that they have sensitive values and are given none.
///
/// Rule: of a configuration only. Plans and states never have write-only values.
pub(super) fn not_given(cluster: &Value) -> Diagnostics {
    let given = cluster.get("charts_sensitive_values_wo");
    let charts = cluster.get("charts").as_map().into_iter().flatten();
    let counted = charts.filter(|(_, chart)| chart.get("sensitive_values_version").as_i64().is_some());
    let lacking = counted.filter(|(key, _)| given.is_known() && given.get(key).is_null());
    let diagnostic = |(key, _): (&String, &Value)| {
        let detail = format!(
            "The chart {key:?} has a sensitive_values_version, and they are kept nowhere. Write {key} = {{ ... }} in \
             charts_sensitive_values_wo, or leave sensitive_values_version out."
        );
        let path = at("charts").attribute(key).attribute("sensitive_values_version");
        Diagnostic::error("The sensitive values of this chart are not given", detail).at(path)
    };
    lacking.map(diagnostic).collect()
}

fn without_nodes(cluster: &Value) -> Option<Diagnostic> {
    let groups = cluster.get("node_groups");
    let has_none = groups.is_null() || groups.as_map().is_some_and(BTreeMap::is_empty);
    let has_charts = cluster.get("charts").as_map().is_some_and(|charts| !charts.is_empty())
        || is_enabled(cluster.get("load_balancer_controller"));
    let detail = "Charts wait until their pods run, and nothing here runs them. Add a group of nodes.";
    (has_none && has_charts)
        .then(|| Diagnostic::warning("The charts have no nodes to run on", detail).at(at("node_groups")))
}

fn load_balancer_controller(value: &Value) -> Diagnostics {
    let mut found = Diagnostics::default();
    let path = |name: &str| at("load_balancer_controller").attribute(name);
    if !is_enabled(value) {
        return found;
    }
    found.extend(number(value.get("replicas"), 1..=100, path("replicas")));
    let values = value.get("values");
    if values.is_known() && !values.is_null() && values.as_map().is_none() {
        let detail = "Write an object, such as { logLevel = \"debug\" }.";
        found.push(Diagnostic::error("The values are not an object", detail).at(path("values")));
    }
    if let Some(version) = value.get("chart_version").as_str() {
        found.extend(controller::check_version(version));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_objects::kubernetes::Release;
    use reconcile::Object;

    #[test]
    fn a_release_is_waited_for_longer_than_helm_may_wait() {
        assert!(Release::PACE.settles_within.as_secs() > LONGEST_TIMEOUT.unsigned_abs() + 300);
    }
}
