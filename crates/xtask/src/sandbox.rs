//! The local AWS as a process of ours.

use std::env;
use std::fs::File;
use std::io::{BufRead, BufReader};
#[cfg(unix)]
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::account::Account;
use crate::error::{Error, Result, While};
use crate::{kube, venv, workspace};

/// A running sandbox. Unless it is to outlive us, it ends when this is dropped, and also when our process ends in any
/// way at all: it watches its standard input, whose other end is here.
#[derive(Debug)]
pub struct Sandbox {
    process: Child,
    /// Held open for as long as the sandbox shall live; waiting for a `Child` would close its own.
    lifeline: Option<ChildStdin>,
    lifetime: Lifetime,
    url: String,
    next_account: AtomicU64,
}

/// Where the sandbox's own messages go.
#[derive(Debug, Clone, Copy)]
pub enum Messages<'a> {
    /// To our standard error.
    Shown,
    /// To a file.
    Kept(&'a Path),
}

/// When it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// With us, however we end.
    Ours,
    /// When someone ends it.
    Its,
}

impl Sandbox {
    /// Starts one on `port`, or on a free port, and returns when it answers.
    pub fn start(port: Option<u16>, messages: Messages<'_>, lifetime: Lifetime) -> Result<Self> {
        let mut process = command(port.unwrap_or(0), lifetime)?
            .stderr(match messages {
                Messages::Shown => Stdio::inherit(),
                Messages::Kept(path) => {
                    File::create(path).doing(|| format!("create {}", path.display()))?.into()
                }
            })
            .spawn()
            .doing(|| "start the sandbox")?;
        let mut lines = BufReader::new(process.stdout.take().expect("its standard output is a pipe")).lines();
        let url = loop {
            match lines.next() {
                Some(Ok(line)) => match line.strip_prefix("sandbox ready ") {
                    Some(url) => break url.to_owned(),
                    None => continue,
                },
                _ => {
                    let outcome = process.wait().map(|status| status.to_string()).unwrap_or_default();
                    let output = match messages {
                        Messages::Shown => String::new(),
                        Messages::Kept(path) => {
                            format!("\n{}", std::fs::read_to_string(path).unwrap_or_default().trim_end())
                        }
                    };
                    return Err(Error::Command {
                        command: "python -m luneo_sandbox".into(),
                        outcome,
                        output,
                    });
                }
            }
        };
        // Nothing more is expected, but a full pipe would stop it.
        thread::spawn(move || lines.for_each(drop));
        let lifeline = process.stdin.take();
        Ok(Self { process, lifeline, lifetime, url, next_account: AtomicU64::new(100_000_000_001) })
    }

    /// Where it answers, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An account nobody has used, so that stories do not meet.
    pub fn account(&self) -> Account {
        Account::in_sandbox(&self.url, &self.next_account.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> Result<()> {
        let status = self.process.wait().doing(|| "wait for the sandbox")?;
        match status.success() {
            true => Ok(()),
            false => Err(Error::Command {
                command: "python -m luneo_sandbox".into(),
                outcome: status.to_string(),
                output: String::new(),
            }),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if self.lifetime == Lifetime::Its {
            return;
        }
        drop(self.lifeline.take());
        // It has seen the end of its standard input; if it is too busy to act on it, it has nothing to lose.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(port: u16, lifetime: Lifetime) -> Result<Command> {
    let mut command = Command::new(venv::python()?);
    command.args(["-m", "luneo_sandbox", "--port", &port.to_string()]);
    match lifetime {
        Lifetime::Ours => command.arg("--with-parent").stdin(Stdio::piped()),
        // In a group of its own, the Ctrl-C that ends us does not reach it.
        #[cfg(unix)]
        Lifetime::Its => command.stdin(Stdio::null()).process_group(0),
        #[cfg(not(unix))]
        Lifetime::Its => command.stdin(Stdio::null()),
    };
    command.current_dir(workspace::root()).env("PYTHONPATH", venv::sandbox_folder());
    if let Some(plane) = kube::plane()? {
        command.env(kube::PLANE_VARIABLE, plane);
    }
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command.stdout(Stdio::piped());
    Ok(command)
}
