//! Where things are in the repository, and running programs there.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::error::{Error, Result, While};

/// The version every package of the workspace carries.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this crate is in crates/xtask")
}

/// Cargo's target directory, where everything we make goes too.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(elsewhere) => root().join(elsewhere),
        None => root().join("target"),
    }
}

/// A cargo command in the repository.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    // Cargo sets these for the program it runs; handed on, they would make the next cargo rebuild.
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// The command line as one would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| match word.to_string_lossy() {
            plain if plain.contains(' ') => format!("'{plain}'"),
            plain => plain.into_owned(),
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs a program whose output the user sees, and fails if it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().doing(|| format!("start `{}`", shown(command)))?;
    match status.success() {
        true => Ok(()),
        false => Err(Error::Command {
            command: shown(command),
            outcome: status.to_string(),
            output: String::new(),
        }),
    }
}

/// Runs a program silently and gives its standard output; what it printed is in the error if it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().doing(|| format!("start `{}`", shown(command)))?;
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    if status.success() {
        return Ok(stdout);
    }
    let output = format!("\n{}{}", stdout, String::from_utf8_lossy(&stderr));
    Err(Error::Command {
        command: shown(command),
        outcome: status.to_string(),
        output: output.trim_end().into(),
    })
}
