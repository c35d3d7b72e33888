//! The steps of the test suite.

use std::process::Command;

use xtask::provider::{self, Profile};
use xtask::workspace::{self, cargo};
use xtask::{Core, Result, attended, kube, venv};

use super::{bans, direction};
use crate::commands::docs;

/// What a step cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Rust alone.
    Rust,
    /// The sandbox's Python packages.
    Python,
    /// A terraform binary and the sandbox.
    Terraform,
}

/// One part of the suite.
pub(super) struct Step {
    /// For `--only`.
    pub(super) name: &'static str,
    /// What it makes sure of.
    pub(super) title: &'static str,
    pub(super) needs: Needs,
    /// Whether it runs tests that have names.
    pub(super) takes_filter: bool,
    pub(super) run: fn(filter: Option<&str>) -> Result<()>,
}

/// All of them, quick ones first.
pub(super) fn all() -> Vec<Step> {
    let check = |name, title, run| Step { name, title, needs: Needs::Rust, takes_filter: false, run };
    let tests = |name, title, needs, run| Step { name, title, needs, takes_filter: true, run };
    vec![
        check("format", "the source is formatted", format),
        check("direction", "no crate depends on what it must not know", |_| direction::check()),
        check("bans", "no banned crate is in the build", |_| bans::check()),
        check("generated", "the protocol's code is what proto/ says", |_| {
            Ok(xtask::r#gen::run(&["--check".into()])?)
        }),
        tests("python", "the sandbox does what AWS does", Needs::Python, python),
        check("clippy", "clippy has nothing to say", clippy),
        tests("unit", "every crate keeps its promises", Needs::Rust, unit),
        Step {
            needs: Needs::Terraform,
            ..check("docs", "the registry's pages say what the schema says", |_| docs::run(&["--check"]))
        },
        tests(
            "protocol",
            "any provider on our protocol crate gets on with terraform",
            Needs::Terraform,
            protocol,
        ),
        tests("stories", "the stories hold under the real terraform", Needs::Terraform, stories),
    ]
}

fn format(_: Option<&str>) -> Result<()> {
    attended::run("format", &mut cargo(["fmt", "--all", "--check", "--", "--color=never"]))
}

fn clippy(_: Option<&str>) -> Result<()> {
    attended::run("clippy", &mut cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The plugin protocol's own stories drive terraform, and are a step of their own.
const PROTOCOL: &str = "tfplugin-rs";

// The packages that use the AWS crates are always built together. One alone gets its dependencies with fewer features,
// and the AWS crates would be compiled a second time, for minutes.

fn unit(filter: Option<&str>) -> Result<()> {
    let mut most = cargo(["test", "--workspace", "--exclude", "acceptance-tests", "--exclude", PROTOCOL]);
    attended::run("unit", most.args(filter))?;
    let mut protocol = cargo(["test", "--package", PROTOCOL, "--lib", "--examples"]);
    attended::run("unit-protocol", protocol.args(filter))?;
    let packages = ["--package", "acceptance-tests", "--package", PROTOCOL, "--package", provider::NAME];
    let mut documented = cargo(["test", "--doc"].iter().chain(&packages));
    attended::run("unit-documented", documented.args(filter))
}

fn protocol(filter: Option<&str>) -> Result<()> {
    let core = Core::find()?;
    attended::run("protocol-examples", &mut cargo(["build", "--package", PROTOCOL, "--examples"]))?;
    let mut stories = cargo(["test", "--package", PROTOCOL, "--test", "*"]);
    attended::run("protocol", stories.args(filter).env("TERRAFORM", core.program))
}

fn python(filter: Option<&str>) -> Result<()> {
    let mut pytest = Command::new(venv::python()?);
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "acceptance-tests/sandbox/tests"]);
    if let Some(filter) = filter {
        pytest.args(["-k", filter]);
    }
    pytest.current_dir(workspace::root()).env("PYTHONPATH", venv::sandbox_folder());
    if let Some(plane) = kube::plane()? {
        pytest.env(kube::PLANE_VARIABLE, plane).env(kube::HELM_VARIABLE, kube::helm()?);
    }
    match attended::run("python", &mut pytest) {
        // 5 is pytest's way of saying that no test has such a name.
        Err(xtask::Error::Command { outcome, .. }) if filter.is_some() && outcome.ends_with(": 5") => Ok(()),
        result => result,
    }
}

fn stories(filter: Option<&str>) -> Result<()> {
    let core = Core::find()?;
    venv::python()?;
    kube::plane()?;
    kube::helm()?;
    provider::build(Profile::Dev)?;
    let both = ["--package", "acceptance-tests", "--package", provider::NAME];
    let mut stories = cargo(["test", "--test", "it"].iter().chain(&both));
    attended::run("stories", stories.args(filter).env("TERRAFORM", core.program))
}
