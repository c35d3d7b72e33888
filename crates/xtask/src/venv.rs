//! The Python environment of the sandbox, made once from pinned, hashed requirements.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result, While};
use crate::workspace::{self, output};

/// The folder that holds the sandbox's Python package.
pub fn sandbox_folder() -> PathBuf {
    workspace::root().join("acceptance-tests/sandbox")
}

/// The interpreter of the environment, which is made or brought up to date first.
///
/// Processes that ask at the same time wait for the first of them.
pub fn python() -> Result<PathBuf> {
    let folder = workspace::target().join("sandbox-venv");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let marker = folder.join("requirements.sha256");
    let wanted = fingerprint()?;
    if fs::read_to_string(&marker).is_ok_and(|made| made == wanted) && python.exists() {
        return Ok(python);
    }

    fs::create_dir_all(workspace::target()).doing(|| "make the target directory")?;
    let lock =
        File::create(workspace::target().join("sandbox-venv.lock")).doing(|| "make the venv's lock")?;
    lock.lock().doing(|| "wait for the venv's lock")?;
    if fs::read_to_string(&marker).is_ok_and(|made| made == wanted) && python.exists() {
        return Ok(python);
    }
    make(&folder, &python)?;
    fs::write(&marker, wanted).doing(|| "write the venv's marker")?;
    Ok(python)
}

fn make(folder: &Path, python: &Path) -> Result<()> {
    eprintln!(
        "      installing the sandbox's Python packages into {} (about a minute, once)",
        folder.display()
    );
    if folder.exists() {
        fs::remove_dir_all(folder).doing(|| "remove the old venv")?;
    }
    output(Command::new(system_python()?).args(["-m", "venv"]).arg(folder))?;
    for requirements in requirements() {
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
        output(pip.args(["--require-hashes", "--no-deps", "-r"]).arg(requirements))?;
    }
    Ok(())
}

fn requirements() -> [PathBuf; 2] {
    ["requirements.txt", "requirements-dev.txt"].map(|name| sandbox_folder().join(name))
}

/// Changes when the requirements do, and when the repository moves: a venv cannot be moved.
fn fingerprint() -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(workspace::target().as_os_str().as_encoded_bytes());
    for path in requirements() {
        hash.update(fs::read(&path).doing(|| format!("read {}", path.display()))?);
    }
    Ok(format!("{:x}", hash.finalize()))
}

/// A Python of at least 3.11: `PYTHON`, or the first one on the PATH that will do.
pub fn system_python() -> Result<PathBuf> {
    let named = env::var_os("PYTHON").map(PathBuf::from);
    let usual =
        ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"].map(PathBuf::from);
    for candidate in named.into_iter().chain(usual) {
        let version_check = "import sys, venv; sys.exit(sys.version_info < (3, 11))";
        if output(Command::new(&candidate).args(["-c", version_check])).is_ok() {
            return Ok(candidate);
        }
    }
    Err(Error::Missing(
        "Python 3.11 or newer, with its venv module, is needed for the sandbox. Install it, or name it in PYTHON.".into(),
    ))
}
