//! Our provider's binary: building it, and laying it out as Terraform wants to find it.

use std::env::consts::{ARCH, EXE_SUFFIX, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::attended;
use crate::error::{Result, While};
use crate::workspace::{self, VERSION, cargo};

/// The package and the program.
pub const NAME: &str = "terraform-provider-luneo";

/// The registries whose names users write, or leave out: Terraform's and OpenTofu's.
pub const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// How much the compiler shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, as the tests use it.
    Dev,
    /// Small and fast, as users run it.
    Release,
    /// As it is published: smallest, and slowest to build.
    Dist,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
            Self::Dist => "dist",
        }
    }

    /// Where cargo puts the program.
    pub fn binary(self) -> PathBuf {
        let folder = match self {
            Self::Dev => "debug",
            Self::Release => "release",
            Self::Dist => "dist",
        };
        workspace::target().join(folder).join(format!("{NAME}{EXE_SUFFIX}"))
    }
}

/// Builds the provider and says where it is.
pub fn build(profile: Profile) -> Result<PathBuf> {
    // Of the whole workspace, so that dependencies get the features they have in the tests and are built once.
    let mut build = cargo(["build", "--workspace", "--bin", NAME, "--profile", profile.name()]);
    attended::run(&format!("build-{}", profile.name()), &mut build)?;
    Ok(profile.binary())
}

/// The platform as registries name it: `linux_amd64`.
pub fn platform() -> String {
    let os = match OS {
        "macos" => "darwin",
        other => other,
    };
    let architecture = match ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{os}_{architecture}")
}

/// The program's name inside an archive or a plugin folder.
pub fn program_name() -> String {
    format!("{NAME}_v{VERSION}{EXE_SUFFIX}")
}

/// How the program gets to where terraform looks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// A file of its own, which outlives the build.
    Copy,
    /// The build's own file, at no cost.
    Link,
}

/// Puts `binary` under `folder` for both registries, in the layout of an unpacked mirror, and gives the files.
pub fn lay_out(binary: &Path, folder: &Path, placing: Placing) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for registry in REGISTRIES {
        let package = folder.join(registry).join("luneo/luneo").join(VERSION).join(platform());
        fs::create_dir_all(&package).doing(|| format!("make {}", package.display()))?;
        let file = package.join(program_name());
        place(binary, &file, placing)?;
        files.push(file);
    }
    Ok(files)
}

/// A mirror of a development build for our own runs of terraform.
///
/// Its name changes with the binary, so that a rebuild never changes the file under a running terraform.
pub fn mirror(binary: &Path) -> Result<PathBuf> {
    // Stories run side by side in one process, and all want the same mirror.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let about = fs::metadata(binary).doing(|| format!("find {}", binary.display()))?;
    let built = about.modified().doing(|| "read the time of the build")?;
    let age = built.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let folder = workspace::target().join(format!("terraform-mirror/{}-{}", age.as_nanos(), about.len()));
    if !folder.join("complete").exists() {
        lay_out(binary, &folder, Placing::Link)?;
        fs::write(folder.join("complete"), "").doing(|| "finish the mirror")?;
        forget_all_but(&folder);
    }
    Ok(folder)
}

/// Replaces what was there in one step. A link that cannot be made becomes a copy.
fn place(binary: &Path, file: &Path, placing: Placing) -> Result<()> {
    let beside = file.with_extension(format!("new-{}", std::process::id()));
    let _ = fs::remove_file(&beside);
    if placing == Placing::Copy || fs::hard_link(binary, &beside).is_err() {
        // Rule: never copy onto a file that is there. It may be a link to the program itself, which would become empty.
        let _ = fs::remove_file(&beside);
        fs::copy(binary, &beside).doing(|| format!("copy the provider to {}", beside.display()))?;
    }
    fs::rename(&beside, file).doing(|| format!("put the provider at {}", file.display()))
}

/// Mirrors of builds from an hour ago or longer are in nobody's use.
fn forget_all_but(newest: &Path) {
    let Some(Ok(others)) = newest.parent().map(fs::read_dir) else { return };
    for other in others.flatten().filter(|other| other.path() != newest) {
        let age = other.metadata().and_then(|about| about.modified()).map(|made| made.elapsed());
        if matches!(age, Ok(Ok(age)) if age.as_secs() > 3600) {
            let _ = fs::remove_dir_all(other.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terraform_and_tofu_find_the_same_program() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("built");
        fs::write(&binary, "program").unwrap();

        let files = lay_out(&binary, &folder.path().join("plugins"), Placing::Copy).unwrap();

        let below = |registry: &str| format!("plugins/{registry}/luneo/luneo/{VERSION}/{}", platform());
        for (file, registry) in files.iter().zip(REGISTRIES) {
            assert_eq!(*file, folder.path().join(below(registry)).join(program_name()));
            assert_eq!(fs::read_to_string(file).unwrap(), "program");
        }
    }

    #[test]
    fn installing_again_replaces_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("built");
        for text in ["old", "new"] {
            let _ = fs::remove_file(&binary);
            fs::write(&binary, text).unwrap();
            let files = lay_out(&binary, &folder.path().join("plugins"), Placing::Copy).unwrap();
            assert_eq!(fs::read_to_string(&files[0]).unwrap(), text);
        }
    }
}
