//! `cargo xtask install`: a release build where terraform looks for providers.

use std::env;
use std::path::PathBuf;

use xtask::provider::{self, Placing, Profile};
use xtask::workspace::VERSION;
use xtask::{Error, Result};

use super::options::Options;

/// Builds, installs, and says what to write to use it.
pub(crate) fn run(given: &[&str]) -> Result<()> {
    let options = Options::read(given, &[], &["--plugin-dir"])?;
    let folder = match options.value("--plugin-dir") {
        Some(folder) => PathBuf::from(folder),
        None => local_mirror()?,
    };
    println!("Building the release (some minutes the first time) ...");
    let binary = provider::build(Profile::Release)?;
    let files = provider::lay_out(&binary, &folder, Placing::Copy)?;

    println!("Installed version {VERSION} for Terraform and OpenTofu:");
    files.iter().for_each(|file| println!("  {}", file.display()));
    println!(
        "\nPaste this into your root module:\n
terraform {{
  required_providers {{
    luneo = {{
      source  = \"luneo/luneo\"
      version = \"{VERSION}\"
    }}
  }}
}}
\nand run there:\n"
    );
    match options.value("--plugin-dir") {
        Some(folder) => println!("terraform init -plugin-dir={folder}"),
        None => println!("terraform init"),
    }
    Ok(())
}

/// The folder that terraform looks into before it asks a registry.
fn local_mirror() -> Result<PathBuf> {
    let below = |variable: &str, folder: &str| Some(PathBuf::from(env::var_os(variable)?).join(folder));
    let found = match cfg!(windows) {
        true => below("APPDATA", "terraform.d/plugins"),
        false => below("HOME", ".terraform.d/plugins"),
    };
    found.ok_or_else(|| Error::Missing("HOME is not set; say where to with --plugin-dir.".into()))
}
