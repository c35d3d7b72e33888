//! Who may know whom: the engine knows neither AWS nor Terraform, the objects know no Terraform, and the provider
//! names no AWS SDK.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::workspace;
use xtask::{Error, Result};

use super::tree::{self, Branch};

/// Crates by the beginning of their names. `aws-lc-rs` is cryptography and not meant.
const AWS: &[&str] =
    &["aws-objects", "aws-sdk-", "aws-config", "aws-smithy-", "aws-types", "aws-credential-types"];
const TERRAFORM: &[&str] = &["tfplugin", "terraform-provider-", "tonic", "prost"];
const ENGINE: &[&str] = &["reconcile"];

/// What a package must not reach, however far away.
const NEVER: &[(&str, &[&[&str]])] = &[
    ("reconcile", &[AWS, TERRAFORM]),
    ("aws-objects", &[TERRAFORM]),
    ("tfplugin-rs", &[AWS, ENGINE]),
    ("xtask", &[AWS, ENGINE]),
];

/// What the product's own source never names, so that all that calls AWS is in `aws-objects`.
const NAMED_BY_OBJECTS_ALONE: &[&str] =
    &["aws_sdk", "aws_config", "aws_smithy", "aws_types", "aws_credential_types"];

/// Fails with every breach.
pub(super) fn check() -> Result<()> {
    let mut breaches = Vec::new();
    for (package, families) in NEVER {
        breaches.extend(forbidden(&tree::read(Some(package))?, families));
    }
    let provider = tree::read(Some("terraform-provider-luneo"))?;
    let sdks = provider.iter().filter(|branch| branch.depth == 1 && matches(&branch.name, &AWS[1..]));
    breaches.extend(sdks.map(|sdk| format!("{}: only aws-objects may depend on it", sdk.path)));
    breaches.extend(naming(&workspace::root().join("src")));
    match breaches.is_empty() {
        true => Ok(()),
        false => Err(Error::DoesNotHold(breaches.join("\n"))),
    }
}

fn forbidden(tree: &[Branch], families: &[&[&str]]) -> Vec<String> {
    let unwanted = |branch: &&Branch| families.iter().any(|family| matches(&branch.name, family));
    let below = tree.iter().filter(|branch| branch.depth > 0).filter(unwanted);
    below.map(|branch| format!("{}: a crate that must not be known there", branch.path)).collect()
}

fn matches(name: &str, family: &[&str]) -> bool {
    family.iter().any(|beginning| name.starts_with(beginning))
}

fn naming(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_files(folder) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            if let Some(name) = NAMED_BY_OBJECTS_ALONE.iter().find(|name| line.contains(*name)) {
                found.push(format!("{}:{} names {name}: only aws-objects may", file.display(), number + 1));
            }
        }
    }
    found
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| rust_files(folder));
    below.chain(files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_comes_to_know_aws_is_reported_with_the_way_there() {
        assert_eq!(
            forbidden(&tree::understand(tree::EXAMPLE), &[AWS]),
            ["reconcile > retries > aws-config: a crate that must not be known there"]
        );
    }

    #[test]
    fn source_that_names_an_sdk_is_found() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("region_stack")).unwrap();
        fs::write(folder.path().join("region_stack/facts.rs"), "\nuse aws_sdk_ec2::Client;\n").unwrap();
        let found = naming(folder.path());
        assert!(
            found[0].ends_with("region_stack/facts.rs:2 names aws_sdk: only aws-objects may"),
            "{found:?}"
        );
    }
}
