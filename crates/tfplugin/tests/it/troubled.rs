//! Stories of a provider that breaks the rules: Terraform gets an error it can show, and the state loses nothing.

use std::io::{BufRead, BufReader, Read};

use serde_json::json;

use crate::project::{Core, Project, signal};

fn thing(trouble: &str) -> String {
    format!("resource \"troubled_thing\" \"it\" {{\n  name = \"it\"\n  trouble = \"{trouble}\"\n}}\n")
}

fn project(trouble: &str) -> Project {
    Project::new("troubled", &thing(trouble))
}

/// The attributes in the state after a create that failed.
#[track_caller]
fn tainted(project: &Project) -> serde_json::Value {
    let instance = project.state("troubled_thing").expect("the object is kept");
    assert_eq!(instance["status"], "tainted");
    instance["attributes"].clone()
}

#[test]
fn a_panic_while_applying_keeps_what_was_done() {
    let project = project("panic");
    project.apply().failed().says("The provider broke off").says(r#"panicked with "out of paper""#);
    assert_eq!(tainted(&project)["progress"], "half");

    project.configure(&thing("none"));
    project.apply().ok();
    assert_eq!(project.state("troubled_thing").unwrap()["attributes"]["progress"], "done");
}

#[test]
fn a_panic_while_updating_keeps_the_old_state_and_its_private_bytes() {
    let project = project("none");
    project.apply().ok();
    let before = project.state("troubled_thing").unwrap();

    project.configure(&thing("panic at once"));
    project.apply().failed().says("out of ink");

    assert_eq!(project.state("troubled_thing").unwrap(), before);
    project.assert_clean();
}

#[test]
fn a_panic_while_planning_is_an_error_and_the_process_goes_on() {
    let project = project("plan panic");
    project.run(&["plan"]).failed().says("The provider broke off").does_not_say("did not respond");
}

#[test]
fn a_plan_that_contradicts_the_configuration_names_the_attribute() {
    let project = project("plan contradict");
    project
        .run(&["plan"])
        .failed()
        .says("The provider gave a wrong plan")
        .says("name")
        .says("main.tf line 2");
    project.configure(&thing("plan nothing"));
    project.run(&["plan"]).failed().says("the plan has no object where there should be one");
}

#[test]
fn a_result_that_contradicts_the_plan_names_the_attribute_and_is_kept() {
    let project = project("contradict");
    project.apply().failed().says("The provider gave a wrong state after applying").says("main.tf line 2");
    assert_eq!(tainted(&project)["name"], "something else");
}

#[test]
fn an_unknown_in_a_result_is_an_error_and_the_rest_is_kept() {
    let project = project("unknown");
    project.apply().failed().says("progress");
    assert_eq!(tainted(&project)["name"], "it");
}

#[test]
fn a_result_that_fits_no_schema_does_not_lose_the_object() {
    let project = project("wrong type");
    project.apply().failed().says("progress");
    assert_eq!(tainted(&project)["name"], "it");
}

#[test]
fn a_success_without_an_object_is_an_error() {
    let project = project("nothing");
    project.apply().failed().says("it succeeded, and there is no object");
}

#[test]
fn an_unknown_while_reading_is_an_error_and_keeps_the_state() {
    let project = project("read unknown");
    project.apply().ok();
    let before = project.state("troubled_thing").unwrap();
    project.run(&["refresh"]).failed().says("progress");
    assert_eq!(project.state("troubled_thing").unwrap(), before);
}

#[test]
fn a_secret_is_refused_by_programs_that_would_store_it_and_never_reaches_a_state() {
    let project = Project::new(
        "troubled",
        &thing("leak").replace("name = \"it\"", "name = \"it\"\n  secret = \"hush\""),
    );
    if !Core::current().has_write_only_attributes() {
        project.apply().failed().says("secret is write-only").says("main.tf line 3");
        return;
    }
    project.apply().ok().does_not_say("hush");
    let state = std::fs::read_to_string(project.path("terraform.tfstate")).unwrap();
    assert!(!state.contains("hush"));
    assert_eq!(project.state("troubled_thing").unwrap()["attributes"]["secret"], json!(null));
}

#[test]
fn ctrl_c_reaches_the_call_and_what_it_has_is_kept() {
    let project = project("wait");
    let mut terraform = project.start(&["apply", "-auto-approve", "-input=false"]);
    let mut lines = BufReader::new(terraform.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("Creating...")));

    // As a terminal does it: terraform and the provider both get it.
    signal("-INT", &format!("-{}", terraform.id()));

    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(terraform.wait().unwrap().code(), Some(1));
    let mut errors = String::new();
    terraform.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(errors.contains("Stopped on request"), "{rest:?}\n{errors}");
    assert_eq!(tainted(&project)["progress"], "half");
    project.assert_clean();
}

#[test]
fn when_terraform_is_killed_the_call_ends_and_so_does_the_process() {
    let project = project("wait");
    let (mut terraform, mut watch) = project.start_watched(&["apply", "-auto-approve", "-input=false"]);
    let mut lines = BufReader::new(terraform.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("Still creating...")));

    terraform.kill().unwrap();
    terraform.wait().unwrap();

    assert_eq!(watch.read(&mut [0]).unwrap(), 0);
    project.assert_clean();
}

#[test]
fn a_provider_that_dies_while_updating_keeps_its_state() {
    let project = project("none");
    project.apply().ok();
    project.configure(&thing("die"));
    project.apply().failed();
    assert_eq!(project.state("troubled_thing").unwrap()["attributes"]["progress"], "done");
}

#[test]
fn logs_come_when_asked_for_with_their_level_and_fields() {
    let project = project("none").with("TF_LOG_PROVIDER", "info");
    project
        .run(&["plan"])
        .ok()
        .says("[INFO] provider.terraform-provider-troubled: configured")
        .says("purpose=trouble")
        .does_not_say("[DEBUG] provider.terraform-provider-troubled: serving");
}
