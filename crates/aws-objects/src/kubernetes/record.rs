//! What helm keeps of a release, and what we write into it.

use super::Kubernetes;
use aws_smithy_types::date_time::{DateTime, Format};
use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::GzDecoder;
use k8s_openapi::api::core::v1::Secret;
use kube::{Api, api::ListParams};
use reconcile::Fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    io::Read,
    time::{Duration, SystemTime},
};

/// Begins the description of each revision that we make.
const OURS: &str = "luneo: ";
/// Carries the number of the sensitive values. Unlike the description, it outlives failures and changes by hand.
pub(super) const SENSITIVE_LABEL: &str = "luneo-sensitive";
/// Carries the timeout in seconds, which tells a revision that is worked on from one that was left.
pub(super) const TIMEOUT_LABEL: &str = "luneo-timeout";

/// Beyond its timeout, helm has this long to write down what came of it.
const LATE_BY: Duration = Duration::from_secs(30);

/// How a revision stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stage<'a> {
    /// It is in place.
    Deployed,
    /// Somebody may still be working on it.
    Underway(&'a str),
    /// Somebody is taking it away.
    Leaving,
    /// It failed, or whoever worked on it was cut short.
    Broken,
    /// It is only remembered.
    Gone,
}

/// One revision of a release, as helm keeps it in a Secret: gzipped JSON, in base64.
#[derive(Debug, Deserialize)]
pub(super) struct Revision {
    pub(super) name: String,
    pub(super) namespace: String,
    #[serde(rename = "version")]
    pub(super) number: i64,
    pub(super) info: About,
    chart: Chart,
    #[serde(default)]
    config: Option<Value>,
    #[serde(skip)]
    sensitive_label: Option<i64>,
    #[serde(skip)]
    timeout_label: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct About {
    pub(super) status: String,
    #[serde(default)]
    pub(super) description: String,
    /// When it was last worked on, as RFC 3339 has it.
    #[serde(default)]
    pub(super) last_deployed: String,
    /// When it was asked to go; empty before.
    #[serde(default)]
    pub(super) deleted: String,
}

#[derive(Debug, Deserialize)]
struct Chart {
    metadata: Metadata,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: String,
    version: String,
    #[serde(default)]
    app_version: String,
}

/// What we write into the description of a revision: what helm does not keep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Note {
    /// The chart as it was asked for.
    pub(super) chart: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) repository: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sensitive: Option<SensitiveNote>,
}

/// Which values are written nowhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SensitiveNote {
    pub(super) key: String,
    pub(super) version: i64,
    /// JSON pointers to them.
    pub(super) at: Vec<String>,
}

impl Note {
    pub(super) fn as_description(&self) -> String {
        format!("{OURS}{}", serde_json::json!(self))
    }

    fn of(description: &str) -> Option<Note> {
        serde_json::from_str(description.strip_prefix(OURS)?).ok()
    }
}

/// The revisions of releases with `names`, in all namespaces, that are not superseded.
pub(super) async fn living(kubernetes: &Kubernetes, names: &[&str]) -> Result<Vec<Revision>, Fault> {
    let wanted = format!("owner=helm,status!=superseded,name in ({})", names.join(","));
    let secrets = Api::<Secret>::all(kubernetes.client.clone());
    let found = secrets.list(&ListParams::default().labels(&wanted)).await;
    Ok(found.map_err(kubernetes.fault("list secrets"))?.iter().filter_map(Revision::of).collect())
}

impl Revision {
    /// The revision that `secret` holds; none where it holds no such thing.
    pub(super) fn of(secret: &Secret) -> Option<Revision> {
        let encoded = &secret.data.as_ref()?.get("release")?.0;
        let packed = BASE64_STANDARD.decode(encoded).ok()?;
        let mut json = Vec::new();
        GzDecoder::new(packed.as_slice()).read_to_end(&mut json).ok()?;
        let mut revision: Revision = serde_json::from_slice(&json).ok()?;
        let label = |name: &str| secret.metadata.labels.as_ref()?.get(name)?.parse().ok();
        revision.sensitive_label = label(SENSITIVE_LABEL);
        revision.timeout_label = label(TIMEOUT_LABEL);
        Some(revision)
    }

    /// How it stands at `now`.
    pub(super) fn stage(&self, now: SystemTime) -> Stage<'_> {
        let is_left = || match self.age(now) {
            Some(age) => age > Duration::from_secs(self.timeout().unsigned_abs()) + LATE_BY,
            None => true,
        };
        match self.info.status.as_str() {
            "deployed" => Stage::Deployed,
            "uninstalled" => Stage::Gone,
            "uninstalling" if !is_left() => Stage::Leaving,
            state if state.starts_with("pending-") && !is_left() => Stage::Underway(state),
            _ => Stage::Broken,
        }
    }

    /// For how long it has been worked on. A clock that is behind ours makes it new.
    fn age(&self, now: SystemTime) -> Option<Duration> {
        let since = if self.info.deleted.is_empty() { &self.info.last_deployed } else { &self.info.deleted };
        let since = DateTime::from_str(since, Format::DateTimeWithOffset).ok()?;
        Some(now.duration_since(SystemTime::try_from(since).ok()?).unwrap_or_default())
    }

    /// The version of the chart, and how the revision stands: `3.5.0 (failed)`.
    pub(super) fn marked_version(&self) -> String {
        format!("{} ({})", self.chart_version(), self.info.status)
    }

    /// What we wrote; none when it failed, or when somebody else made it.
    pub(super) fn note(&self) -> Option<Note> {
        Note::of(&self.info.description)
    }

    /// The number of its sensitive values, as far as it can be told: whether they still are what we gave it is not known
    /// without our note.
    pub(super) fn sensitive_number(&self) -> Option<i64> {
        self.sensitive_label
    }

    /// For how long helm may have been working on it, in seconds.
    pub(super) fn timeout(&self) -> i64 {
        const OF_HELM: i64 = 300;
        self.timeout_label.unwrap_or(OF_HELM)
    }

    /// The values it was given, without the sensitive ones.
    ///
    /// Rule: where it is not known which of them are sensitive, none is told. What somebody else gave may be sensitive too: only
    /// a digest is kept, which tells that they changed and equals nothing that is asked for.
    pub(super) fn public_values(&self) -> String {
        let given = self.config.clone().filter(|values| !values.is_null());
        let given = given.unwrap_or_else(|| serde_json::json!({}));
        match (self.note().map(|note| note.sensitive), self.sensitive_label) {
            (Some(Some(sensitive)), _) => super::values::without(given, &sensitive.at).to_string(),
            (None, Some(_)) => "(not read: some are sensitive, and they were changed or failed)".to_owned(),
            (Some(None), _) => given.to_string(),
            (None, None) => {
                format!("(not by this provider, or failed: {:x})", Sha256::digest(given.to_string()))
            }
        }
    }

    pub(super) fn chart(&self) -> &str {
        &self.chart.metadata.name
    }

    pub(super) fn chart_version(&self) -> &str {
        &self.chart.metadata.version
    }

    pub(super) fn app_version(&self) -> &str {
        &self.chart.metadata.app_version
    }
}
