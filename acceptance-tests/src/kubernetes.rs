//! The Kubernetes of a sandbox's cluster, as an administrator at a terminal sees it.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use serde_json::json;
use tempfile::TempDir;
use xtask::account::Account;
use xtask::kube;

use crate::run::or_panic;
use crate::sandbox::story_folder;

static PATH: LazyLock<OsString> = LazyLock::new(|| or_panic(kube::path()));

/// The PATH with helm and kubectl on it.
pub(crate) fn path() -> &'static str {
    PATH.to_str().expect("the PATH is text")
}

/// helm and kubectl with all rights in one cluster.
#[derive(Debug)]
pub struct Kubernetes {
    kubeconfig: PathBuf,
    folder: TempDir,
}

impl Kubernetes {
    /// Those of the cluster `name`.
    pub fn of(account: &Account, region: &str, name: &str) -> Self {
        let asked = format!("kubernetes?account={}&region={region}&name={name}", account.id());
        let seen = or_panic(account.look(&asked));
        let text = seen["kubeconfig"].as_str().expect("the cluster has a kubeconfig");
        let folder = story_folder();
        let kubeconfig = folder.path().join("kubeconfig");
        let mut file = std::fs::File::create(&kubeconfig).expect("a story's folder can be written");
        file.write_all(text.as_bytes()).expect("a story's folder can be written");
        Self { kubeconfig, folder }
    }

    /// What `helm <arguments>` prints; a panic with what it says if it fails.
    pub fn helm(&self, arguments: &[&str]) -> String {
        self.output("helm", arguments)
    }

    /// What `kubectl <arguments>` prints; a panic with what it says if it fails.
    pub fn kubectl(&self, arguments: &[&str]) -> String {
        self.output("kubectl", arguments)
    }

    /// `helm <arguments>`, started: to be killed.
    pub fn start_helm(&self, arguments: &[&str]) -> Child {
        self.command("helm", arguments).spawn().expect("helm can be started")
    }

    fn output(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(program, arguments).output().expect("it can be started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {}: {said}", arguments.join(" "));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().env("PATH", path()).env("HOME", self.folder.path());
        command.env("KUBECONFIG", &self.kubeconfig).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Orders that the API of a cluster can be reached, or cannot.
pub fn reachable(account: &Account, region: &str, name: &str, reachable: bool) {
    or_panic(
        account.control("kubernetes", json!({ "region": region, "name": name, "reachable": reachable })),
    );
}
