//! Debug mode: one process that Terraform comes to, run after run.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::project::{Project, example, signal};

struct Debugged {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// What it says to set.
    settings: String,
}

fn debug(example_name: &str, project: &Project) -> Debugged {
    let mut process = Command::new(example(example_name))
        .arg("--debug")
        .current_dir(project.path(""))
        .env("TMPDIR", project.path("temporary"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let line = lines.find(|line| line.as_ref().unwrap().starts_with("export ")).unwrap().unwrap();
    let settings =
        line.trim_start_matches("export TF_REATTACH_PROVIDERS='").trim_end_matches('\'').to_owned();
    Debugged { process, lines, settings }
}

#[test]
fn one_process_serves_many_runs_and_ends_with_ctrl_c() {
    let project = Project::new(
        "tiny",
        r#"
        provider "tiny" { folder = "notes" }
        resource "tiny_note" "it" {
          name = "greeting"
          text = "hello"
        }
        "#,
    );
    let mut debugged = debug("tiny", &project);
    let project = project.with("TF_REATTACH_PROVIDERS", &debugged.settings);

    project.apply().ok();
    project.run(&["plan", "-detailed-exitcode"]).ok();
    project.run(&["destroy", "-auto-approve"]).ok();
    assert!(debugged.process.try_wait().unwrap().is_none(), "it still serves");

    signal("-INT", &debugged.process.id().to_string());
    assert!(debugged.process.wait().unwrap().success());
    assert!(debugged.lines.next().is_none());
    project.assert_clean();
}

#[test]
fn a_run_that_was_stopped_does_not_stop_the_next() {
    let trouble = |trouble: &str| {
        format!("resource \"troubled_thing\" \"it\" {{\n  name = \"it\"\n  trouble = \"{trouble}\"\n}}\n")
    };
    let project = Project::new("troubled", &trouble("wait"));
    let mut debugged = debug("troubled", &project);
    let project = project.with("TF_REATTACH_PROVIDERS", &debugged.settings);

    let mut terraform = project.start(&["apply", "-auto-approve", "-input=false"]);
    let mut lines = BufReader::new(terraform.stdout.take().unwrap()).lines();
    // Ten seconds in, the call is surely under way: here a stop is for calls that run, not for later ones.
    assert!(lines.any(|line| line.unwrap().contains("Still creating...")));
    signal("-INT", &terraform.id().to_string());
    lines.for_each(drop);
    assert_eq!(terraform.wait().unwrap().code(), Some(1));

    project.configure(&trouble("none"));
    project.apply().ok();
    signal("-TERM", &debugged.process.id().to_string());
    assert!(debugged.process.wait().unwrap().success());
    project.assert_clean();
}
