//! Running a long program while telling the user, now and then, that it is still at work and at what.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result, While};
use crate::workspace::{self, shown};

/// How long the user sees nothing at most.
const SILENCE: Duration = Duration::from_secs(20);

/// The end of a failed program's output that is shown; the rest is in the file.
const SHOWN_LINES: usize = 150;

/// Runs `command` with its output kept in `target/xtask/<name>.log`, which is shown only if it fails.
pub fn run(name: &str, command: &mut Command) -> Result<()> {
    let folder = workspace::target().join("xtask");
    fs::create_dir_all(&folder).doing(|| "make target/xtask")?;
    let log = folder.join(format!("{name}.log"));
    let file = File::create(&log).doing(|| format!("create {}", log.display()))?;
    let same = file.try_clone().doing(|| format!("open {} twice", log.display()))?;
    command.stdin(Stdio::null()).stdout(file).stderr(same);

    let began = Instant::now();
    let mut child = command.spawn().doing(|| format!("start `{}`", shown(command)))?;
    let (ended, end) = mpsc::channel();
    thread::spawn(move || ended.send(child.wait()));
    let status = loop {
        match end.recv_timeout(SILENCE) {
            Ok(status) => break status.doing(|| format!("wait for `{}`", shown(command)))?,
            Err(_) => {
                eprintln!("      still at it after {} s: {}", began.elapsed().as_secs(), last_line(&log))
            }
        }
    };
    if status.success() {
        return Ok(());
    }
    let text = fs::read_to_string(&log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let shown_lines = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
    let output = format!("\n{shown_lines}\n\nThe whole output is in {}", log.display());
    Err(Error::Command { command: shown(command), outcome: status.to_string(), output })
}

fn last_line(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text[text.len().saturating_sub(2000)..]).into_owned();
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing said yet");
    line.chars().take(90).collect()
}
