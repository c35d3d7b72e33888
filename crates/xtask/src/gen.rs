//! `cargo xtask gen`: the Rust code for the protocol's messages and services, from `proto/`.

use std::path::{Path, PathBuf};

/// Why there is no generated code, or why it is not the one that is checked in.
#[derive(Debug, thiserror::Error)]
pub enum GenError {
    /// An argument nobody knows.
    #[error("cargo xtask gen takes --check or nothing, not {0}")]
    Argument(String),
    /// The proto files do not compile.
    #[error("proto/ does not compile: {0}")]
    Proto(#[from] protox::Error),
    /// A file could not be read or written.
    #[error("{path}: {cause}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// `--check` found something else checked in.
    #[error("{path} is not what proto/ says. Run `cargo xtask gen` and commit the result", path = .0.display())]
    Stale(PathBuf),
}

/// Generates, or with `--check` only compares.
pub fn run(args: &[String]) -> Result<(), GenError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let generated = root.join("crates/tfplugin/src/proto/generated");
    match args {
        [] => generate(&root.join("proto"), &generated),
        [only] if only == "--check" => check(&root.join("proto"), &generated),
        [first, ..] => Err(GenError::Argument(first.clone())),
    }
}

const FILES: [&str; 2] = ["tfplugin6.rs", "plugin.rs"];

fn generate(proto: &Path, into: &Path) -> Result<(), GenError> {
    std::fs::create_dir_all(into).map_err(|cause| GenError::File { path: into.to_owned(), cause })?;
    let descriptors = protox::compile(["tfplugin6.proto", "goplugin.proto"], [proto])?;
    tonic_prost_build::configure()
        .build_client(false)
        .build_transport(false)
        .generate_default_stubs(true)
        .out_dir(into)
        .compile_fds(descriptors)
        .map_err(|cause| GenError::File { path: into.to_owned(), cause })
}

fn check(proto: &Path, generated: &Path) -> Result<(), GenError> {
    let scratch =
        tempfile::tempdir().map_err(|cause| GenError::File { path: std::env::temp_dir(), cause })?;
    generate(proto, scratch.path())?;
    for name in FILES {
        let path = generated.join(name);
        let read = |path: &Path| {
            std::fs::read(path).map_err(|cause| GenError::File { path: path.to_owned(), cause })
        };
        if read(&path)? != read(&scratch.path().join(name))? {
            return Err(GenError::Stale(path));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_code_checked_in_is_what_the_proto_files_say() {
        super::run(&["--check".to_owned()]).unwrap();
    }
}
