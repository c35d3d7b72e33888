//! Stories of the tiny provider.

use crate::project::{Core, Project};

fn note(text: &str) -> String {
    format!(
        r#"
        provider "tiny" {{ folder = "notes" }}
        resource "tiny_note" "it" {{
          name = "greeting"
          text = "{text}"
        }}
        "#
    )
}

#[test]
fn a_note_is_written_changed_found_gone_and_destroyed() {
    let project = Project::new("tiny", &note("hello"));

    project.run(&["plan"]).ok().says(r#"+ length = 5"#).says("1 to add, 0 to change, 0 to destroy");
    project.apply().ok();
    assert_eq!(project.note("greeting"), "hello");
    project.run(&["plan", "-detailed-exitcode"]).ok();

    project.configure(&note("hello, world"));
    project.apply().ok().says(r#"~ length = 5 -> 12"#).says("0 added, 1 changed, 0 destroyed");

    std::fs::write(project.path("notes/greeting"), "someone else").unwrap();
    project.run(&["plan"]).ok().says(r#"~ text = "someone else" -> "hello, world""#);

    std::fs::remove_file(project.path("notes/greeting")).unwrap();
    project.apply().ok().says("1 added, 0 changed, 0 destroyed");

    project.run(&["destroy", "-auto-approve"]).ok().says("1 destroyed");
    assert!(!project.path("notes/greeting").exists());
    project.assert_clean();
}

#[test]
fn a_new_name_is_a_new_note() {
    let project = Project::new("tiny", &note("hello"));
    project.apply().ok();
    project.configure(&note("hello").replace("greeting", "welcome"));
    project.apply().ok().says("# forces replacement").says("1 added, 0 changed, 1 destroyed");
    assert!(!project.path("notes/greeting").exists());
}

#[test]
fn a_saved_plan_with_values_from_other_notes_applies_in_another_process() {
    let project = Project::new(
        "tiny",
        r#"
        provider "tiny" { folder = "notes" }
        resource "tiny_note" "one" {
          name = "one"
          text = "1"
        }
        resource "tiny_note" "two" {
          name = "two"
          text = "one has ${tiny_note.one.length}, known when ${terraform_data.later.output}"
        }
        resource "terraform_data" "later" { input = "applied" }
        "#,
    );
    project.run(&["plan", "-out=plan"]).ok().says("+ length = (known after apply)");
    project.run(&["apply", "plan"]).ok();
    assert_eq!(project.note("two"), "one has 1, known when applied");
    project.run(&["plan", "-detailed-exitcode"]).ok();
}

#[test]
fn a_note_that_is_there_is_imported_and_one_that_is_not_is_named() {
    let project = Project::new("tiny", &note("hello"));
    project.run(&["import", "tiny_note.it", "greeting"]).failed().says("There is no note named greeting");

    std::fs::write(project.path("notes/greeting"), "hello").unwrap();
    project.run(&["import", "tiny_note.it", "greeting"]).ok();
    project.run(&["plan", "-detailed-exitcode"]).ok().says("No changes");
}

#[test]
fn what_something_else_wrote_is_found() {
    let configuration = r#"
        provider "tiny" { folder = "notes" }
        data "tiny_note" "it" { name = "greeting" }
        output "text" { value = data.tiny_note.it.text }
    "#;
    let project = Project::new("tiny", configuration);
    project.run(&["plan"]).failed().says("There is no such note").says("data.tiny_note.it");

    std::fs::write(project.path("notes/greeting"), "hello").unwrap();
    project.apply().ok().says(r#"text = "hello""#);
}

#[test]
fn a_function_gives_its_value_or_says_which_argument_is_wrong() {
    let output = |text: &str| format!("output \"loud\" {{ value = provider::tiny::shout(\"{text}\") }}\n");
    let project = Project::new("tiny", &output("hello"));
    if !Core::current().has_functions() {
        // Such programs cannot even parse the call, and all else has to work with a provider that has functions.
        project.run(&["plan"]).failed();
        return;
    }
    project.apply().ok().says(r#"loud = "HELLO""#);
    project.configure(&output(""));
    project.run(&["plan"]).failed().says("There is nothing to say").says("text");
}

#[test]
fn a_wrong_name_is_refused_where_it_stands() {
    let project = Project::new("tiny", &note("hello").replace("greeting", "a/b"));
    project.run(&["validate"]).failed().says("and no slash").says("main.tf line 4");
}

#[test]
fn without_tls_it_works_too() {
    let project = Project::new("tiny", &note("hello")).with("TF_DISABLE_PLUGIN_TLS", "1");
    project.apply().ok();
    project.assert_clean();
}

#[test]
fn no_process_has_to_be_killed() {
    let project = Project::new("tiny", &note("hello")).with("TF_LOG", "debug");
    project.apply().ok().says("plugin exited").does_not_say("failed to exit gracefully");
}

#[test]
fn a_text_larger_than_grpc_takes_by_itself_comes_through() {
    let project = Project::new("tiny", "");
    std::fs::write(project.path("large"), "x".repeat(6_000_000)).unwrap();
    project.configure(
        r#"
        provider "tiny" { folder = "notes" }
        resource "tiny_note" "it" {
          name = "greeting"
          text = file("large")
        }
        output "length" { value = tiny_note.it.length }
        "#,
    );
    project.apply().ok().says("length = 6000000");
}

#[test]
fn started_by_hand_it_says_what_it_is() {
    let output = std::process::Command::new(crate::project::example("tiny")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("This program is a plugin"), "{text}");
}
