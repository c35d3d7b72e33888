//! Terraform at work for one story.

use serde_json::Value;
use tempfile::TempDir;
use xtask::account::Account;
use xtask::changes::{self, Change};
use xtask::core::Core;
use xtask::project::{Project, Running};
use xtask::run::Run;

use crate::kubernetes;
use crate::run::or_panic;
use crate::sandbox::{core, provider_binary, story_folder};

/// A root module in a folder of its own, initialised. The folder is kept, and named, if the story fails.
#[derive(Debug)]
pub struct Terraform {
    project: Project,
    folder: Option<TempDir>,
}

impl Terraform {
    /// A root module with `hcl` in it that works in `account`.
    pub fn new(account: &Account, hcl: &str) -> Self {
        Self::by(core(), account, hcl)
    }

    /// The same with another terraform than the usual one.
    pub fn by(core: &Core, account: &Account, hcl: &str) -> Self {
        let folder = story_folder();
        let mut project = or_panic(Project::new(folder.path(), core, provider_binary(), account));
        project.set("PATH", kubernetes::path());
        let terraform = Self { project, folder: Some(folder) };
        terraform.write("main.tf", hcl);
        or_panic(terraform.project.init());
        terraform
    }

    /// The project beneath, for what has no word here.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Puts `hcl` in place of the root module.
    pub fn rewrite(&self, hcl: &str) {
        self.write("main.tf", hcl);
    }

    /// Writes one more file of the root module.
    pub fn write(&self, name: &str, text: &str) {
        or_panic(self.project.write(name, text));
    }

    /// Sets a variable of the environment for every later run.
    pub fn set(&mut self, name: &str, value: &str) {
        self.project.set(name, value);
    }

    /// Takes a variable of the environment away from every later run.
    pub fn unset(&mut self, name: &str) {
        self.project.unset(name);
    }

    /// `terraform <arguments>`, however it ends.
    pub fn run(&self, arguments: &[&str]) -> Run {
        or_panic(self.project.terraform(arguments))
    }

    /// `validate`, however it ends.
    pub fn validate(&self) -> Run {
        self.run(&["validate", "-no-color"])
    }

    /// `plan -detailed-exitcode`, however it ends: 0 is an empty plan, 2 one with changes, 1 an error.
    pub fn plan(&self, more: &[&str]) -> Run {
        or_panic(self.project.plan(more))
    }

    /// What a plan would do to each object; nothing if it is empty. Panics if planning fails.
    pub fn planned(&self, more: &[&str]) -> Vec<Change> {
        let run = self.plan(&[&["-out=planned"], more].concat());
        assert_ne!(run.code, 1, "{}{}", run.stdout, run.stderr);
        changes::changes(&or_panic(self.project.show_json(&["planned"])))
    }

    /// `apply` without asking, however it ends; a plan file may be named in `more`.
    pub fn apply(&self, more: &[&str]) -> Run {
        or_panic(self.project.apply(more))
    }

    /// `destroy` without asking, however it ends.
    pub fn destroy(&self, more: &[&str]) -> Run {
        or_panic(self.project.destroy(more))
    }

    /// `import <address> <id>`, however it ends.
    pub fn import(&self, address: &str, id: &str) -> Run {
        or_panic(self.project.import(address, id))
    }

    /// `terraform <arguments>`, started: to be interrupted, killed or waited for.
    pub fn spawn(&self, arguments: &[&str]) -> Running {
        or_panic(self.project.spawn(arguments))
    }

    /// `show -json` of the state, or of a plan file named in `more`.
    pub fn show_json(&self, more: &[&str]) -> Value {
        or_panic(self.project.show_json(more))
    }

    /// The attributes of one resource, or null if the state does not hold it.
    pub fn state(&self, address: &str) -> Value {
        or_panic(self.project.state(address))
    }

    /// The ids of a composite's objects by their addresses.
    pub fn object_ids(&self, address: &str) -> Vec<(String, String)> {
        let state = self.state(address);
        let objects = state["objects"].as_object().into_iter().flatten();
        objects
            .map(|(name, object)| (name.clone(), object["id"].as_str().unwrap_or_default().to_owned()))
            .collect()
    }
}

impl Drop for Terraform {
    fn drop(&mut self) {
        let Some(folder) = self.folder.take() else { return };
        if std::thread::panicking() {
            say(&format!("the story's folder is kept: {}", folder.keep().display()));
        }
    }
}

#[expect(clippy::print_stderr, reason = "shown with the failed story")]
fn say(text: &str) {
    eprintln!("{text}");
}
