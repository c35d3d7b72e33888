//! Releases of Helm charts.

use super::{
    Kubernetes,
    installation::{self, Came},
    record::{self, Revision, Stage},
    values,
};
use crate::{
    Aws,
    eks::{AccessEntry, Addon, Cluster, NodeGroup, PodIdentityAssociation},
    iam::{OidcProvider, Role},
};
use futures::future::try_join_all;
use reconcile::{Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, time::SystemTime};

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
    /// Roles that its pods get by the tokens of their service accounts.
    pub roles: Vec<Late<Id<Role>>>,
    /// Who vouches for those tokens, also where users made the roles.
    pub oidc_provider: Option<Late<Id<OidcProvider>>>,
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
    const ONLY_ORDERS: &'static [&'static str] =
        &["nodes", "addons", "access", "identities", "roles", "oidc_provider", "releases"];
    // Somebody else's helm is waited out, for as long as helm may work at a time: an hour, and some minutes to spare.
    const PACE: Pace = Pace::seconds(2, 4_200, 4_200);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let mut by_cluster: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
        for place in ids.iter().filter_map(|id| Place::of(id.as_str())) {
            by_cluster.entry(place.cluster).or_default().push(place);
        }
        let each = by_cluster.into_iter().map(|(cluster, places)| in_cluster(aws, cluster, places));
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        Ok(Self::read(aws, &[self.id()], Depth::Whole).await?.pop())
    }

    async fn create(&self, aws: &Aws, _birth: &Birth) -> Result<Id<Self>, Fault> {
        let id = self.id();
        match installation::install(aws, self).await? {
            Came::Installed => Ok(id),
            Came::Failed(fault) => {
                aws.release_failures.put(id.as_str(), self, &fault);
                Err(fault)
            }
        }
    }

    async fn update(
        &self,
        aws: &Aws,
        id: &Id<Self>,
        _before: &Self,
        _changes: &Changes,
    ) -> Result<(), Fault> {
        // A release that failed while it was made is there all the same. It is not tried again in the same run.
        if let Some(fault) = aws.release_failures.take(id.as_str(), self) {
            return Err(fault);
        }
        match installation::install(aws, self).await? {
            Came::Installed => Ok(()),
            Came::Failed(fault) => Err(fault),
        }
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        match Place::of(id.as_str()) {
            Some(place) => installation::uninstall(aws, &place, self.timeout_seconds).await,
            None => Ok(()),
        }
    }

    fn align(observed: &mut Self, wanted: &Self) {
        let is_same_chart = wanted.chart.rsplit(['/', '\\']).next() == Some(&observed.chart);
        if is_same_chart {
            observed.chart.clone_from(&wanted.chart);
        }
        if observed.repository.is_none() {
            observed.repository.clone_from(&wanted.repository);
        }
        if observed.version.trim_start_matches('v') == wanted.version.trim_start_matches('v') {
            observed.version.clone_from(&wanted.version);
        }
        if let (Some(seen), Some(asked)) = (observed.values.if_known(), wanted.values.if_known())
            && values::mean_the_same(seen, asked)
        {
            observed.values.clone_from(&wanted.values);
        }
        if wanted.sensitive.is_none() && observed.sensitive.is_some() {
            observed.values = Late::Known("(with sensitive values)".to_owned());
        }
        // How it is waited for and what comes before it is not kept with it.
        observed.wait = wanted.wait;
        observed.timeout_seconds = wanted.timeout_seconds;
        observed.nodes.clone_from(&wanted.nodes);
        observed.addons.clone_from(&wanted.addons);
        observed.access.clone_from(&wanted.access);
        observed.identities.clone_from(&wanted.identities);
        observed.roles.clone_from(&wanted.roles);
        observed.oidc_provider.clone_from(&wanted.oidc_provider);
        observed.releases.clone_from(&wanted.releases);
    }
}

impl Release {
    fn id(&self) -> Id<Release> {
        Id::new(format!("{}/{}/{}", self.cluster.known(), self.namespace, self.name))
    }
}

/// Where a release is: its id, taken apart.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Place<'a> {
    pub(super) cluster: &'a str,
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
}

impl<'a> Place<'a> {
    pub(super) fn of(id: &'a str) -> Option<Place<'a>> {
        let mut parts = id.splitn(3, '/');
        Some(Place { cluster: parts.next()?, namespace: parts.next()?, name: parts.next()? })
    }
}

/// Those of `places` where there is a release, by one call.
async fn in_cluster(
    aws: &Aws,
    cluster: &str,
    places: Vec<Place<'_>>,
) -> Result<Vec<Observed<Release>>, Fault> {
    let Some(kubernetes) = Kubernetes::enter(aws, cluster).await? else { return Ok(Vec::new()) };
    let names: Vec<&str> = places.iter().map(|place| place.name).collect();
    let revisions = record::living(&kubernetes, &names).await?;
    let now = SystemTime::now();
    let seen = places.iter().filter_map(|place| {
        let theirs = revisions.iter().filter(|it| it.namespace == place.namespace && it.name == place.name);
        observed(cluster, theirs.max_by_key(|revision| revision.number)?, now)
    });
    Ok(seen.collect())
}

/// The release whose last revision is `revision`.
fn observed(cluster: &str, revision: &Revision, now: SystemTime) -> Option<Observed<Release>> {
    let (settling, version) = match revision.stage(now) {
        Stage::Gone => return None,
        Stage::Deployed => (Settling::Settled, revision.chart_version().to_owned()),
        Stage::Leaving => (Settling::leaving(), revision.chart_version().to_owned()),
        // The plan shows why it is to be changed, though it has the version that is asked for.
        Stage::Underway(state) => (Settling::Underway(state.to_owned()), revision.marked_version()),
        Stage::Broken => (Settling::Settled, revision.marked_version()),
    };
    let note = revision.note();
    let sensitive = match note.as_ref().map(|note| &note.sensitive) {
        Some(Some(sensitive)) => {
            Some(SensitiveValues { key: sensitive.key.clone(), version: sensitive.version })
        }
        Some(None) => None,
        // Nobody knows what somebody else has made of them.
        None => revision.sensitive_number().map(|version| SensitiveValues { key: String::new(), version }),
    };
    let spec = Release {
        cluster: Late::Known(Id::new(cluster)),
        namespace: revision.namespace.clone(),
        name: revision.name.clone(),
        chart: note.as_ref().map_or_else(|| revision.chart().to_owned(), |note| note.chart.clone()),
        repository: note.and_then(|note| note.repository),
        version,
        values: Late::Known(revision.public_values()),
        sensitive,
        wait: true,
        timeout_seconds: revision.timeout(),
        nodes: Vec::new(),
        addons: Vec::new(),
        access: Vec::new(),
        identities: Vec::new(),
        roles: Vec::new(),
        oidc_provider: None,
        releases: Vec::new(),
    };
    let outputs = [
        ("revision", revision.number.to_string()),
        ("app_version", revision.app_version().to_owned()),
        ("status", revision.info.status.clone()),
    ];
    Some(Observed {
        id: spec.id(),
        spec,
        outputs: outputs.map(|(name, value)| (name, Value::from(value))).into(),
        settling,
        tags: None,
        unread: &[],
    })
}
