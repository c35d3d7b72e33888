//! `cargo xtask dist`: the archives of a release as the registries want them, for this machine's platform.

use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use xtask::error::While;
use xtask::provider::{self, NAME, Profile};
use xtask::workspace::{self, VERSION};
use xtask::{Result, venv};

use super::options::Options;

/// One entry, of a fixed date and with the right to be executed, so that the same program gives the same archive.
const ZIP: &str = r#"
import sys, zipfile
archive, *entries = sys.argv[1:]
with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
    for path, name, mode in zip(entries[::3], entries[1::3], entries[2::3]):
        about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, 3, int(mode, 8) << 16
        out.writestr(about, open(path, "rb").read())
"#;

/// Builds the smallest program and writes archive, manifest and checksums to `target/dist-archives`.
pub(crate) fn run(given: &[&str]) -> Result<()> {
    Options::read(given, &[], &[])?;
    println!("Building the program as it is published (many minutes) ...");
    let binary = provider::build(Profile::Dist)?;
    let folder = workspace::target().join("dist-archives");
    fs::create_dir_all(&folder).doing(|| format!("make {}", folder.display()))?;
    pack(&binary, &folder)?;
    println!("Wrote to {}:", folder.display());
    for file in fs::read_dir(&folder).doing(|| "list the archives")?.flatten() {
        println!("  {}", file.file_name().to_string_lossy());
    }
    println!("A release adds the other platforms' archives and signs the checksums: gpg --detach-sign.");
    Ok(())
}

/// The names are the registry's contract: an archive without `v`, the program in it with one, and the manifest listed
/// among the checksums, for without it the registry takes the provider for one of protocol 5.
fn pack(binary: &Path, folder: &Path) -> Result<()> {
    let archive = folder.join(format!("{NAME}_{VERSION}_{}.zip", provider::platform()));
    let license = workspace::root().join("LICENSE");
    let mut zip = Command::new(venv::system_python()?);
    zip.args(["-c", ZIP]).arg(&archive).arg(binary).args([&provider::program_name(), "755"]);
    workspace::output(zip.arg(license).args(["LICENSE", "644"]))?;

    let manifest = folder.join(format!("{NAME}_{VERSION}_manifest.json"));
    fs::copy(workspace::root().join("terraform-registry-manifest.json"), &manifest)
        .doing(|| "copy the manifest")?;

    let mut lines = Vec::new();
    for file in fs::read_dir(folder).doing(|| format!("list {}", folder.display()))?.flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let ours = name.starts_with(&format!("{NAME}_{VERSION}_"));
        if ours && (name.ends_with(".zip") || name.ends_with("_manifest.json")) {
            let bytes = fs::read(file.path()).doing(|| format!("read {name}"))?;
            lines.push(format!("{:x}  {name}\n", Sha256::digest(bytes)));
        }
    }
    lines.sort_by(|one, other| one[64..].cmp(&other[64..]));
    let sums = folder.join(format!("{NAME}_{VERSION}_SHA256SUMS"));
    fs::write(&sums, lines.concat()).doing(|| format!("write {}", sums.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_the_names_and_checksums_the_registry_asks_for() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("built");
        fs::write(&binary, "program").unwrap();

        pack(&binary, folder.path()).unwrap();

        let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
        let archive = format!("{NAME}_{VERSION}_{}.zip", provider::platform());
        let manifest = format!("{NAME}_{VERSION}_manifest.json");
        let line = |name: &str| format!("{:x}  {name}\n", Sha256::digest(read(name)));
        let sums = String::from_utf8(read(&format!("{NAME}_{VERSION}_SHA256SUMS"))).unwrap();
        assert_eq!(sums, line(&archive) + &line(&manifest));

        let list = "import sys, zipfile; print([(i.filename, oct(i.external_attr >> 16)) for i in zipfile.ZipFile(sys.argv[1]).infolist()])";
        let mut python = Command::new(venv::system_python().unwrap());
        let listed = workspace::output(python.args(["-c", list]).arg(folder.path().join(&archive))).unwrap();
        assert_eq!(
            listed.trim(),
            format!("[('{}', '0o755'), ('LICENSE', '0o644')]", provider::program_name())
        );
    }
}
