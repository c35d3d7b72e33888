//! A folder with a configuration, in which the real terraform runs one of the example providers.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// The program under which everything runs.
fn terraform() -> String {
    std::env::var("TERRAFORM").unwrap_or_else(|_| "terraform".to_owned())
}

/// Which program that is.
pub(crate) struct Core {
    is_opentofu: bool,
    version: (u32, u32),
}

impl Core {
    pub(crate) fn current() -> Self {
        let output = Command::new(terraform()).arg("version").output().expect("terraform can be run");
        let text = String::from_utf8(output.stdout).unwrap();
        let (product, version) = text.lines().next().unwrap().split_once(" v").unwrap();
        let mut numbers = version.split('.').map(|number| number.parse().unwrap_or(0));
        let version = (numbers.next().unwrap(), numbers.next().unwrap());
        Self { is_opentofu: product == "OpenTofu", version }
    }

    pub(crate) fn has_functions(&self) -> bool {
        self.version >= if self.is_opentofu { (1, 7) } else { (1, 8) }
    }

    pub(crate) fn has_write_only_attributes(&self) -> bool {
        self.version >= (1, 11)
    }
}

/// The program of an example; `cargo test` without a choice of targets has built it.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples").join(name);
    assert!(path.exists(), "no {}: cargo build -p tfplugin-rs --examples makes it", path.display());
    path
}

pub(crate) struct Project {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What a run of terraform said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    /// stdout and stderr.
    pub(crate) text: String,
}

impl Project {
    pub(crate) fn new(provider: &str, configuration: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs = folder.path().join("programs");
        std::fs::create_dir(&programs).unwrap();
        std::os::unix::fs::symlink(
            example(provider),
            programs.join(format!("terraform-provider-{provider}")),
        )
        .unwrap();
        let settings = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"example/{provider}\" = \"{}\"\n  }}\n}}\n",
            programs.display()
        );
        std::fs::write(folder.path().join("terraform.rc"), settings).unwrap();
        for name in ["notes", "temporary"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let project = Self { folder, environment: Vec::new() };
        let required = format!(
            "terraform {{\n  required_providers {{\n    {provider} = {{ source = \"example/{provider}\" }}\n  }}\n}}\n"
        );
        std::fs::write(project.path("required.tf"), required).unwrap();
        project.configure(configuration);
        project
    }

    /// Replaces the configuration.
    pub(crate) fn configure(&self, configuration: &str) {
        std::fs::write(self.path("main.tf"), configuration).unwrap();
    }

    /// The same with an environment variable for terraform and the provider.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of a note, as the tiny provider keeps it.
    pub(crate) fn note(&self, name: &str) -> String {
        std::fs::read_to_string(self.path("notes").join(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(terraform());
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TF_CLI_CONFIG_FILE", self.path("terraform.rc"))
            .env("TMPDIR", self.path("temporary"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_CLI_ARGS", "-no-color")
            .env("TF_IN_AUTOMATION", "1")
            .env_remove("TF_LOG")
            .env_remove("TF_LOG_PROVIDER")
            .stdin(Stdio::null());
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        command
    }

    /// Runs terraform to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let output =
            self.command(arguments).output().expect("terraform, or what TERRAFORM names, can be run");
        Said::from(output)
    }

    /// Runs `terraform apply`.
    pub(crate) fn apply(&self) -> Said {
        self.run(&["apply", "-auto-approve", "-input=false"])
    }

    /// Starts terraform, and gives the other end of its stdin: it ends when terraform and all its plugins have.
    pub(crate) fn start_watched(&self, arguments: &[&str]) -> (Child, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut command = self.command(arguments);
        command.stdin(OwnedFd::from(theirs)).stdout(Stdio::piped()).stderr(Stdio::null());
        (command.spawn().expect("terraform, or what TERRAFORM names, can be run"), ours)
    }

    /// Starts terraform in a process group of its own, with its stdout to be read.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        command.spawn().expect("terraform, or what TERRAFORM names, can be run")
    }

    /// The instance of the resource of this type in the state, with its attributes and status, if it is there.
    pub(crate) fn state(&self, r#type: &str) -> Option<serde_json::Value> {
        let text = std::fs::read_to_string(self.path("terraform.tfstate")).ok()?;
        let state: serde_json::Value = serde_json::from_str(&text).unwrap();
        let resources = state["resources"].as_array()?;
        let resource = resources.iter().find(|it| it["type"] == r#type && it["mode"] == "managed")?;
        resource["instances"].get(0).cloned()
    }

    /// Fails if a socket or its folder stayed behind.
    pub(crate) fn assert_clean(&self) {
        let left: Vec<PathBuf> = entries(&self.path("temporary"))
            .into_iter()
            .filter(|path| path.to_string_lossy().contains("tfplugin"))
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = [output.stdout, output.stderr].concat();
        Self { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
    }
}

impl Said {
    /// Fails unless the run succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.text);
        self
    }

    /// Fails unless the run failed.
    #[track_caller]
    pub(crate) fn failed(self) -> Self {
        assert_eq!(self.code, Some(1), "{}", self.text);
        self
    }

    /// Fails unless `part` was said, wherever the lines were broken.
    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        let flat = self.flat();
        assert!(flat.contains(part), "not said: {part}\n{}", self.text);
        self
    }

    /// Fails if `part` was said.
    #[track_caller]
    pub(crate) fn does_not_say(self, part: &str) -> Self {
        assert!(!self.flat().contains(part), "said: {part}\n{}", self.text);
        self
    }

    /// The text with the frame of diagnostics and all line breaks taken out.
    fn flat(&self) -> String {
        self.text.replace(['│', '╷', '╵'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Sends a signal to a process, or with a minus to its group.
pub(crate) fn signal(signal: &str, process: &str) {
    let status = Command::new("kill").args([signal, "--", process]).status().unwrap();
    assert!(status.success(), "kill {signal} {process}");
}
