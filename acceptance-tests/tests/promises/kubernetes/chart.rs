//! A chart of ours, as small as a chart can be, and releases of it.

use aws_objects::kubernetes::{Release, SensitiveValues};
use reconcile::{Id, Late};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

const VALUES: &str = "replicas: 1\nimage: web\nmessage: none\npassword: none\nservice: ClusterIP\n";

const TEMPLATES: &str = r#"
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data: { message: {{ .Values.message | quote }} }
---
apiVersion: v1
kind: Secret
metadata: { name: {{ .Release.Name }} }
stringData: { password: {{ .Values.password | quote }} }
---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec:
  type: {{ .Values.service }}
  selector: { app: {{ .Release.Name }} }
  ports: [{ port: 80 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: {{ .Release.Name }} } }
  template:
    metadata: { labels: { app: {{ .Release.Name }} } }
    spec: { containers: [{ name: web, image: {{ required "an image is needed" .Values.image }} }] }
"#;

/// Writes version `version` of the chart `hello` into a folder of its own in `folder`.
pub(super) fn hello(folder: &Path, version: &str) -> PathBuf {
    let chart = folder.join(version).join("hello");
    fs::create_dir_all(chart.join("templates")).unwrap();
    let about = format!("apiVersion: v2\nname: hello\nversion: {version}\nappVersion: \"7\"\n");
    fs::write(chart.join("Chart.yaml"), about).unwrap();
    fs::write(chart.join("values.yaml"), VALUES).unwrap();
    fs::write(chart.join("templates/all.yaml"), TEMPLATES).unwrap();
    chart
}

/// A release `name` of the chart at `chart` in cluster `cluster`, in a namespace that is called as it is.
pub(super) fn release(cluster: &str, name: &str, chart: &Path, values: Value) -> Release {
    let version = chart.parent().and_then(Path::file_name).unwrap().to_string_lossy();
    Release {
        cluster: Late::Known(Id::new(cluster)),
        namespace: name.to_owned(),
        name: name.to_owned(),
        chart: chart.to_string_lossy().into_owned(),
        repository: None,
        version: version.into_owned(),
        values: Late::Known(values.to_string()),
        sensitive: None,
        wait: true,
        timeout_seconds: 60,
        nodes: Vec::new(),
        addons: Vec::new(),
        access: Vec::new(),
        roles: Vec::new(),
        oidc_provider: None,
        identities: Vec::new(),
        releases: Vec::new(),
    }
}

/// `release` with sensitive values that are given by its name.
pub(super) fn with_sensitive(release: &Release, version: i64) -> Release {
    let sensitive = SensitiveValues { key: release.name.clone(), version };
    Release { sensitive: Some(sensitive), ..release.clone() }
}
