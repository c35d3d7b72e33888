//! Releases of Helm charts.

use crate::Aws;
use crate::eks::{AccessEntry, Addon, Cluster, NodeGroup, PodIdentityAssociation};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
use serde::{Deserialize, Serialize};

/// A chart that helm installed in a cluster. Its id is `<cluster>/<namespace>/<name>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// The namespace it is in, which is made if it does not exist.
    pub namespace: String,
    /// Its name, unique in the namespace.
    pub name: String,
    /// The chart: its name in the repository, an `oci://` reference, or a local path.
    pub chart: String,
    /// The URL of the repository, for a chart that is named only. Helm does not record it; it is kept with the release.
    pub repository: Option<String>,
    /// The version of the chart.
    pub version: String,
    /// Its values as JSON text, keys in order, without the sensitive ones.
    pub values: Late<String>,
    /// Where its sensitive values are kept while a plan is applied, see `Aws::sensitive_values`, and their number, which changes
    /// when they do.
    pub sensitive: Option<SensitiveValues>,
    /// Whether to wait until everything in it is ready.
    pub wait: bool,
    /// For how long, in seconds.
    pub timeout_seconds: i64,
    /// What must be there before it: nodes. Only gives the order, as what follows.
    pub nodes: Vec<Late<Id<NodeGroup>>>,
    /// Add-ons.
    pub addons: Vec<Late<Id<Addon>>>,
    /// Entries that let us in.
    pub access: Vec<Late<Id<AccessEntry>>>,
    /// Identities of its pods.
    pub identities: Vec<Late<Id<PodIdentityAssociation>>>,
    /// Other releases, such as one whose webhooks must answer.
    pub releases: Vec<Late<Id<Release>>>,
}

/// Values that are written nowhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SensitiveValues {
    /// By what name they are given.
    pub key: String,
    /// Their number.
    pub version: i64,
}

impl Release {
    /// How often it was installed, changed and rolled back.
    pub const REVISION: Output<Release, String> = Output::named("revision");
    /// The version of what it installs.
    pub const APP_VERSION: Output<Release, String> = Output::named("app_version");
    /// Its status, in helm's word.
    pub const STATUS: Output<Release, String> = Output::named("status");
}

impl Object for Release {
    type Cloud = Aws;
    const KIND: &'static str = "release";
    const SERVICE: &'static str = "kubernetes";
    const OUTPUTS: &'static [&'static str] = &["revision", "app_version", "status"];
    const REPLACED_BY: &'static [&'static str] = &["cluster", "namespace", "name"];
    const RENEWED_OUTPUTS: &'static [&'static str] = &["revision", "app_version", "status"];
    const TAGGED: bool = false;
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const MAY_BE_OUT_OF_REACH: bool = true;
    const SHOWN_AS_DIGEST: &'static [&'static str] = &["values"];
    const PACE: Pace = Pace::seconds(2, 900, 900);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let _ = (aws, ids, depth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let _ = (aws, birth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let _ = (aws, id);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }
}
