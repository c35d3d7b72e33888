//! Brings a release into a cluster by helm, and takes it away again.

use super::{
    Door, Kubernetes, Release, complaints, pods,
    record::{self, Note, Revision, SENSITIVE_LABEL, SensitiveNote, Stage, TIMEOUT_LABEL},
    release::Place,
    values::Values,
    workplace::{Said, Workplace},
};
use crate::Aws;
use reconcile::{Fault, Sort};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::Mutex,
    time::{Duration, SystemTime},
};

/// How many revisions helm keeps: enough to see what happened, few enough to be read with all others.
const HISTORY: &str = "5";

/// Releases that were made and failed, until whoever made them is told.
#[derive(Default)]
pub(crate) struct Failures(Mutex<BTreeMap<String, (Release, Fault)>>);

impl Failures {
    pub(super) fn put(&self, id: &str, release: &Release, fault: &Fault) {
        let mut kept = self.0.lock().expect("nothing panics while it holds the failures");
        kept.insert(id.to_owned(), (release.clone(), fault.clone()));
    }

    /// Why the very same release failed a moment ago. It is told once.
    pub(super) fn take(&self, id: &str, release: &Release) -> Option<Fault> {
        let mut kept = self.0.lock().expect("nothing panics while it holds the failures");
        let (failed, fault) = kept.remove(id)?;
        (failed == *release).then_some(fault)
    }
}

/// What came of bringing a release into its cluster.
pub(super) enum Came {
    /// It is there.
    Installed,
    /// It is there and failed.
    Failed(Fault),
}

/// Installs `release`, or changes it to what it is, whatever is in its place.
pub(super) async fn install(aws: &Aws, release: &Release) -> Result<Came, Fault> {
    let values = values(aws, release)?;
    let chart = source(release)?;
    let cluster = release.cluster.known().as_str();
    let door = Door::of(aws, cluster).await?.ok_or_else(|| no_api(cluster))?;
    let workplace = Workplace::at(aws, &door).await?;
    let kubernetes = door.open(aws).await?;
    let here = Site { workplace: &workplace, kubernetes: &kubernetes, release, values: &values };
    here.clear_what_was_left().await?;

    let file = workplace.put_values(&values)?;
    let note = Note {
        chart: release.chart.clone(),
        repository: release.repository.clone(),
        sensitive: release.sensitive.as_ref().map(|sensitive| SensitiveNote {
            key: sensitive.key.clone(),
            version: sensitive.version,
            at: values.sensitive_at.clone(),
        }),
    };
    let number = release.sensitive.as_ref().map_or("none".to_owned(), |it| it.version.to_string());
    let timeout = release.timeout_seconds;
    let mut arguments = text([
        "upgrade",
        "--install",
        "--create-namespace",
        "--reset-values",
        "--history-max",
        HISTORY,
        "--namespace",
        &release.namespace,
        "--timeout",
        &format!("{timeout}s"),
        "--labels",
        &format!("{TIMEOUT_LABEL}={timeout},{SENSITIVE_LABEL}={number}"),
        "--description",
        &note.as_description(),
        "--values",
        &file.to_string_lossy(),
    ]);
    arguments.extend(release.wait.then(|| "--wait".to_owned()));
    arguments.extend(chart.options);
    arguments.extend(text(["--", &release.name, &chart.name]));
    match here.helm(&arguments).await? {
        Ok(_) => Ok(Came::Installed),
        Err(said) => here.explained(&said).await,
    }
}

/// Takes the release at `place` away; one that is not there, or whose cluster is gone, is no matter.
pub(super) async fn uninstall(aws: &Aws, place: &Place<'_>, timeout_seconds: i64) -> Result<(), Fault> {
    let Some(door) = Door::of(aws, place.cluster).await? else { return Ok(()) };
    let workplace = Workplace::at(aws, &door).await?;
    let kubernetes = door.open(aws).await?;
    let values = Values::none();
    let arguments = uninstalling(place.namespace, place.name, timeout_seconds);
    match workplace.run(&arguments, seconds(timeout_seconds), &values).await? {
        Ok(_) => Ok(()),
        Err(said) => match complaints::sorted(Some(&kubernetes), "uninstall", &said) {
            fault if fault.sort == Sort::NotFound => Ok(()),
            fault => Err(fault),
        },
    }
}

fn uninstalling(namespace: &str, name: &str, timeout_seconds: i64) -> Vec<String> {
    let timeout = format!("{timeout_seconds}s");
    text(["uninstall", "--wait", "--namespace", namespace, "--timeout", &timeout, "--", name])
}

/// Public and sensitive values of `release`.
pub(super) fn values(aws: &Aws, release: &Release) -> Result<Values, Fault> {
    let Some(sensitive) = &release.sensitive else { return Values::merged(release.values.known(), None) };
    let given = aws.sensitive_values(&sensitive.key).ok_or_else(|| {
        let message = format!(
            "the sensitive values of {} are not given. They are kept nowhere: leave them in `charts_sensitive_values_wo`, as \
             long as their release is to be changed",
            release.name
        );
        Fault::refused("helm upgrade", "NoSensitiveValues", message)
    })?;
    Values::merged(release.values.known(), Some(&given))
}

/// Where a chart comes from, as helm is told.
pub(super) struct Source {
    pub(super) name: String,
    pub(super) options: Vec<String>,
}

/// Where the chart of `release` comes from.
pub(super) fn source(release: &Release) -> Result<Source, Fault> {
    let refused = |message: String| Fault::refused("helm", "InvalidChart", message);
    let has_password = |url: &str| url.split_once("://").is_some_and(|(_, rest)| rest.contains('@'));
    let mut options = text(["--version", &release.version]);
    match &release.repository {
        Some(url) if has_password(url) => Err(refused(
            "`repository` has a user or a password in it, which would be seen in state and logs".to_owned(),
        )),
        Some(url) => {
            options.extend(text(["--repo", url]));
            Ok(Source { name: release.chart.clone(), options })
        }
        None if release.chart.starts_with("oci://") => Ok(Source { name: release.chart.clone(), options }),
        // Helm works in a folder of its own.
        None => {
            let path = std::path::absolute(&release.chart);
            let path = path.map_err(|error| refused(format!("`chart` is no path: {error}")))?;
            if let Some(version) = version_in(&path).filter(|version| *version != release.version) {
                let path = path.display();
                return Err(refused(format!(
                    "the chart at {path} is version {version}: set `version` to that"
                )));
            }
            Ok(Source { name: path.to_string_lossy().into_owned(), options })
        }
    }
}

/// The version that a chart in a folder says it is. Helm installs it whatever is asked for.
fn version_in(chart: &Path) -> Option<String> {
    let about = fs::read_to_string(chart.join("Chart.yaml")).ok()?;
    let line = about.lines().find_map(|line| line.strip_prefix("version:"))?;
    let version = line.split(" #").next().unwrap_or_default();
    Some(version.trim().trim_matches(['"', '\'']).to_owned())
}

/// One release in its cluster, while helm works on it.
struct Site<'a> {
    workplace: &'a Workplace<'a>,
    kubernetes: &'a Kubernetes,
    release: &'a Release,
    values: &'a Values,
}

impl Site<'_> {
    /// Helm goes on from nothing that was cut short: an installation is taken away, and a change is taken back to what was
    /// in place before it.
    async fn clear_what_was_left(&self) -> Result<(), Fault> {
        let Release { namespace, name, timeout_seconds, .. } = self.release;
        let living = self.revisions().await?;
        let Some(last) = living.iter().max_by_key(|revision| revision.number) else { return Ok(()) };
        match last.stage(SystemTime::now()) {
            Stage::Underway(state) => {
                let message = format!(
                    "{name} is {state}: somebody else is working on it, or was cut short a moment ago"
                );
                return Err(Fault::new(Sort::Busy, "helm upgrade", "InProgress", message));
            }
            Stage::Leaving => {
                let message = format!("{name} is being uninstalled by somebody else");
                return Err(Fault::new(Sort::Busy, "helm upgrade", "InProgress", message));
            }
            Stage::Broken if last.info.status != "failed" => {}
            Stage::Broken | Stage::Deployed | Stage::Gone => return Ok(()),
        }
        tracing::debug!(name, status = last.info.status, "clearing what was left of a release");
        let deployed = living.iter().filter(|revision| revision.info.status == "deployed");
        let sound =
            deployed.max_by_key(|revision| revision.number).filter(|_| last.info.status != "uninstalling");
        let arguments = match sound {
            Some(sound) => {
                let (timeout, number) = (format!("{timeout_seconds}s"), sound.number.to_string());
                text([
                    "rollback",
                    "--wait",
                    "--namespace",
                    namespace,
                    "--timeout",
                    &timeout,
                    "--",
                    name,
                    &number,
                ])
            }
            None => uninstalling(namespace, name, *timeout_seconds),
        };
        let verb = arguments[0].clone();
        let ended = self.helm(&arguments).await?;
        ended.map(drop).map_err(|said| complaints::sorted(Some(self.kubernetes), &verb, &said))
    }

    async fn revisions(&self) -> Result<Vec<Revision>, Fault> {
        let Release { namespace, name, .. } = self.release;
        let living = record::living(self.kubernetes, &[name]).await?;
        Ok(living.into_iter().filter(|revision| revision.namespace == *namespace).collect())
    }

    async fn helm(&self, arguments: &[String]) -> Result<Result<String, Said>, Fault> {
        self.workplace.run(arguments, seconds(self.release.timeout_seconds), self.values).await
    }

    /// What helm `said`, with what the pods say where it is about them.
    async fn explained(&self, said: &Said) -> Result<Came, Fault> {
        let Release { namespace, name, .. } = self.release;
        let mut fault = complaints::sorted(Some(self.kubernetes), "upgrade", said);
        if fault.passes() {
            return Err(fault);
        }
        let revisions = self.revisions().await.unwrap_or_default();
        let last = revisions.iter().max_by_key(|revision| revision.number);
        if last.is_none_or(|revision| revision.info.status != "failed") {
            return Err(fault);
        }
        for line in pods::complaints(self.kubernetes, namespace, name).await {
            fault.message.push('\n');
            fault.message.push_str(&self.values.blotted(&line));
        }
        Ok(Came::Failed(fault))
    }
}

fn no_api(cluster: &str) -> Fault {
    Fault::refused("DescribeCluster", "NoCluster", format!("cluster {cluster} has no Kubernetes API"))
}

fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(seconds.unsigned_abs())
}

fn text<const N: usize>(arguments: [&str; N]) -> Vec<String> {
    arguments.map(str::to_owned).to_vec()
}
