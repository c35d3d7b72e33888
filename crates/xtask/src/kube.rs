//! What the sandbox's Kubernetes needs: `kube-plane` behind each cluster, and `helm` and `kubectl` before it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::go::Program;
use crate::workspace::output;

/// How the sandbox finds `kube-plane`.
pub const PLANE_VARIABLE: &str = "LUNEO_KUBE_PLANE";

/// How the sandbox's own tests find `helm`.
pub const HELM_VARIABLE: &str = "LUNEO_HELM";

const PLANE: Program = Program {
    name: "kube-plane",
    module: "kube-plane",
    package: ".",
    // Without these the API server has a version that clients cannot read.
    values: &[
        "k8s.io/component-base/version.gitVersion=v1.35.4-eks-0000000",
        "k8s.io/component-base/version.gitMajor=1",
        "k8s.io/component-base/version.gitMinor=35",
        "k8s.io/component-base/version.gitTreeState=clean",
        "k8s.io/component-base/version.gitCommit=0000000",
        "k8s.io/component-base/version.buildDate=2026-01-01T00:00:00Z",
    ],
    takes: "a Kubernetes control plane: about 4 minutes on 2 processors",
};

const KUBECTL: Program = Program {
    name: "kubectl",
    module: "kube-plane",
    package: "k8s.io/kubernetes/cmd/kubectl",
    values: &[
        "k8s.io/component-base/version.gitVersion=v1.35.4",
        "k8s.io/component-base/version.gitMajor=1",
        "k8s.io/component-base/version.gitMinor=35",
    ],
    takes: "about half a minute after kube-plane",
};

const HELM: Program = Program {
    name: "helm",
    module: "tools/helm",
    package: "helm.sh/helm/v3/cmd/helm",
    values: &["helm.sh/helm/v3/internal/version.version=v3.22.0"],
    takes: "about 2 minutes on 2 processors",
};

/// The control plane for the sandbox's clusters: what `LUNEO_KUBE_PLANE` names, or our own, built first if need be.
///
/// None if the variable is set and empty: the sandbox's clusters then have no Kubernetes.
pub fn plane() -> Result<Option<PathBuf>> {
    match env::var_os(PLANE_VARIABLE) {
        Some(none) if none.is_empty() => Ok(None),
        Some(named) => existing(PLANE_VARIABLE, &named).map(Some),
        None => PLANE.built().map(Some),
    }
}

/// helm, at the version that we release with: what `LUNEO_HELM` names, or built first if need be.
pub fn helm() -> Result<PathBuf> {
    match env::var_os(HELM_VARIABLE).filter(|named| !named.is_empty()) {
        Some(named) => existing(HELM_VARIABLE, &named),
        None => HELM.built(),
    }
}

/// The PATH on which terraform finds helm and kubectl: ours with their folders before it.
pub fn path() -> Result<OsString> {
    let mut folders: Vec<PathBuf> = helm()?.parent().map(Path::to_owned).into_iter().collect();
    if output(Command::new("kubectl").args(["version", "--client"])).is_err() {
        folders.extend(KUBECTL.built()?.parent().map(Path::to_owned));
    }
    let ours = env::var_os("PATH").unwrap_or_default();
    folders.extend(env::split_paths(&ours));
    env::join_paths(folders).map_err(|error| Error::Missing(format!("The PATH cannot be extended: {error}")))
}

fn existing(variable: &str, named: &OsString) -> Result<PathBuf> {
    let path = PathBuf::from(named);
    match path.is_file() {
        true => Ok(path),
        false => Err(Error::Missing(format!("{variable} names {}, which is not a file.", path.display()))),
    }
}
