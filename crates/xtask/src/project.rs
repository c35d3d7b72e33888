//! A root module in a folder of its own, and terraform at work in it.

use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::account::Account;
use crate::core::Core;
use crate::error::{Error, Result, While};
use crate::kube;
use crate::provider;
use crate::run::Run;
use crate::workspace::shown;

/// No run of ours takes longer; a longer one hangs.
const LONGEST_RUN: Duration = Duration::from_secs(900);

/// What terraform may inherit from us: never credentials, variables or settings of whoever runs this.
const INHERITED: [&str; 7] =
    ["PATH", "TMPDIR", "TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PATH", "RUST_BACKTRACE", "SystemRoot"];

/// A folder with a root module, the state beside it, and the settings that lead terraform to our own provider.
#[derive(Debug, Clone)]
pub struct Project {
    folder: PathBuf,
    core: Core,
    environment: Vec<(String, String)>,
}

/// A terraform at work, to be interrupted or killed.
#[derive(Debug)]
pub struct Running {
    child: Child,
    command: String,
    began: Instant,
    texts: mpsc::Receiver<(Stream, String)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Stream {
    Out,
    Error,
}

impl Project {
    /// Prepares `folder`: terraform there uses the provider at `binary` and works in `account`.
    pub fn new(folder: &Path, core: &Core, binary: &Path, account: &Account) -> Result<Self> {
        fs::create_dir_all(folder).doing(|| format!("make {}", folder.display()))?;
        let settings = folder.join("terraform.rc");
        let mirror = provider::mirror(binary)?;
        let text = format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path = {:?}\n  }}\n}}\n",
            mirror.to_string_lossy()
        );
        fs::write(&settings, text).doing(|| format!("write {}", settings.display()))?;

        let path_text = |path: &Path| path.to_string_lossy().into_owned();
        let mut environment = vec![
            ("TF_CLI_CONFIG_FILE".to_owned(), path_text(&settings)),
            ("TF_IN_AUTOMATION".to_owned(), "1".to_owned()),
            ("TF_INPUT".to_owned(), "0".to_owned()),
            ("CHECKPOINT_DISABLE".to_owned(), "1".to_owned()),
            // Neither ~/.aws nor ~/.terraform.d of whoever runs this is looked at.
            ("HOME".to_owned(), path_text(folder)),
        ];
        let told = account.environment();
        environment.retain(|(name, _)| !told.iter().any(|(other, _)| other == name));
        environment.extend(told);
        if account.is_in_aws() {
            let only_there =
                format!("provider \"luneo\" {{\n  allowed_account_ids = [{:?}]\n}}\n", account.id());
            fs::write(folder.join("account_override.tf"), only_there)
                .doing(|| "write account_override.tf")?;
        }
        Ok(Self { folder: folder.to_owned(), core: core.clone(), environment })
    }

    /// Where the root module is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Which terraform it is.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The settings a person needs to go on by hand, as `NAME=value`.
    pub fn environment(&self) -> impl Iterator<Item = String> {
        self.environment
            .iter()
            .filter(|(name, _)| name != "HOME")
            .map(|(name, value)| format!("{name}={value}"))
    }

    /// Puts helm and kubectl on the PATH of every later run. They are built first if need be.
    pub fn tools(&mut self) -> Result<()> {
        let path = kube::path()?;
        self.set("PATH", &path.to_string_lossy());
        Ok(())
    }

    /// Sets one more variable for every later run, in place of an earlier value.
    pub fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a variable away from every later run.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(other, _)| other != name);
    }

    /// Writes a file of the root module.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, text).doing(|| format!("write {}", path.display()))
    }

    /// `terraform <arguments>`, to its end. The run is returned however it ended.
    pub fn terraform(&self, arguments: &[&str]) -> Result<Run> {
        self.spawn(arguments)?.finish()
    }

    /// `terraform <arguments>`, started.
    pub fn spawn(&self, arguments: &[&str]) -> Result<Running> {
        self.start(&self.core.program, arguments)
    }

    /// `<program> <arguments>` in the same folder and with the same settings, to its end.
    pub fn program(&self, program: &Path, arguments: &[&str]) -> Result<Run> {
        self.start(program, arguments)?.finish()
    }

    fn start(&self, program: &Path, arguments: &[&str]) -> Result<Running> {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).args(arguments).env_clear();
        command.envs(INHERITED.iter().filter_map(|name| Some((name, env::var_os(name)?))));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let began = Instant::now();
        let mut child = command.spawn().doing(|| format!("start `{}`", shown(&command)))?;
        let (send, texts) = mpsc::channel();
        read(child.stdout.take().expect("its standard output is a pipe"), Stream::Out, send.clone());
        read(child.stderr.take().expect("its standard error is a pipe"), Stream::Error, send);
        Ok(Running { child, command: shown(&command), began, texts })
    }

    /// `init`.
    pub fn init(&self) -> Result<Run> {
        self.terraform(&["init", "-no-color", "-input=false"])?.succeeded()
    }

    /// `plan -detailed-exitcode`: ends with 0 when there is nothing to do and 2 when there is.
    pub fn plan(&self, more: &[&str]) -> Result<Run> {
        let usual = ["plan", "-no-color", "-input=false", "-detailed-exitcode"];
        self.terraform(&[&usual, more].concat())
    }

    /// `apply` without asking.
    pub fn apply(&self, more: &[&str]) -> Result<Run> {
        self.terraform(&[&["apply", "-no-color", "-input=false", "-auto-approve"], more].concat())
    }

    /// `destroy` without asking.
    pub fn destroy(&self, more: &[&str]) -> Result<Run> {
        self.terraform(&[&["destroy", "-no-color", "-input=false", "-auto-approve"], more].concat())
    }

    /// `import <address> <id>`.
    pub fn import(&self, address: &str, id: &str) -> Result<Run> {
        self.terraform(&["import", "-no-color", "-input=false", address, id])
    }

    /// `show -json`, of the state or of the plan file in `more`.
    pub fn show_json(&self, more: &[&str]) -> Result<Value> {
        self.terraform(&[&["show", "-no-color", "-json"], more].concat())?.succeeded()?.json()
    }

    /// The attributes of one resource of the root module, or null if the state does not hold it.
    pub fn state(&self, address: &str) -> Result<Value> {
        let shown = self.show_json(&[])?;
        let resources = shown["values"]["root_module"]["resources"].as_array();
        let found = resources.into_iter().flatten().find(|resource| resource["address"] == address);
        Ok(found.map_or(Value::Null, |resource| resource["values"].clone()))
    }
}

impl Running {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What Ctrl-C does: terraform asks its providers to stop and saves what it has.
    pub fn interrupt(&self) -> Result<()> {
        signal("-INT", self.child.id())
    }

    /// `kill -9`: nothing is saved that was not saved before.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().doing(|| "kill terraform")
    }

    /// `kill -9` of the provider that this terraform started; false if it runs none at the moment.
    pub fn kill_provider(&self) -> Result<bool> {
        match children(self.child.id()).into_iter().find(|(_, name)| provider::NAME.starts_with(name)) {
            Some((id, _)) => signal("-KILL", id).map(|()| true),
            None => Ok(false),
        }
    }

    /// Waits for its end. The run is returned however it ended.
    pub fn finish(mut self) -> Result<Run> {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        for _ in 0..2 {
            let left = LONGEST_RUN.saturating_sub(self.began.elapsed());
            match self.texts.recv_timeout(left) {
                Ok((Stream::Out, text)) => stdout = text,
                Ok((Stream::Error, text)) => stderr = text,
                Err(_) => {
                    let _ = self.child.kill();
                    let _ = self.child.wait();
                    let minutes = LONGEST_RUN.as_secs() / 60;
                    return Err(Error::DoesNotHold(format!("`{}` hung for {minutes} minutes", self.command)));
                }
            }
        }
        let status = self.child.wait().doing(|| "wait for terraform")?;
        let code = status.code().unwrap_or(-1);
        Ok(Run { command: self.command, code, stdout, stderr, took: self.began.elapsed() })
    }
}

fn read(mut from: impl Read + Send + 'static, stream: Stream, to: mpsc::Sender<(Stream, String)>) {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        // Nobody is there to receive it if the run was given up.
        let _ = to.send((stream, String::from_utf8_lossy(&bytes).into_owned()));
    });
}

/// The children of a process with the first 15 letters of their names, from Linux's own list.
fn children(parent: u32) -> Vec<(u32, String)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let child = |id: u32| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let (before, after) = stat.rsplit_once(')')?;
        let is_ours = after.split_whitespace().nth(1)? == parent.to_string();
        is_ours.then(|| (id, before.split_once('(').map_or("", |(_, name)| name).to_owned()))
    };
    processes.filter_map(|entry| child(entry.file_name().to_str()?.parse().ok()?)).collect()
}

fn signal(name: &str, process: u32) -> Result<()> {
    let kill = format!("kill {name} {process}");
    crate::workspace::output(Command::new("sh").args(["-c", &kill])).map(drop)
}
