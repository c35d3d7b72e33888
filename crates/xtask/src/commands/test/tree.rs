//! What is really built into a package, as `cargo tree` resolves it for this platform.
//!
//! `cargo metadata` would be easier to read, but it also lists what only a feature nobody asked for would bring in.

use xtask::workspace::{cargo, output};
use xtask::{Error, Result};

/// A crate in the tree of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Branch {
    pub(super) name: String,
    pub(super) version: String,
    /// How it came in: `reconcile > tokio > mio`.
    pub(super) path: String,
    /// 1 for what the package itself depends on.
    pub(super) depth: usize,
}

/// Everything built for a package of the workspace, or for all of them, without what only tests need.
pub(super) fn read(package: Option<&str>) -> Result<Vec<Branch>> {
    let mut tree =
        cargo(["tree", "--locked", "--edges", "normal,build", "--prefix", "depth", "--format", " {p}"]);
    match package {
        Some(package) => tree.args(["--package", package]),
        None => tree.arg("--workspace"),
    };
    let branches = understand(&output(&mut tree)?);
    match branches.is_empty() {
        false => Ok(branches),
        true => Err(Error::DoesNotHold("cargo tree printed nothing that can be read".into())),
    }
}

/// Lines such as `2 mio v1.1.0`; a crate's own dependencies follow where it is first named.
pub(super) fn understand(text: &str) -> Vec<Branch> {
    let mut way: Vec<&str> = Vec::new();
    let mut branches = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let depth = words.next().and_then(|depth| depth.parse::<usize>().ok());
        let (Some(depth), Some(name), Some(version)) = (depth, words.next(), words.next()) else { continue };
        way.truncate(depth);
        way.push(name);
        let version = version.trim_start_matches('v').to_owned();
        branches.push(Branch { name: name.to_owned(), version, path: way.join(" > "), depth });
    }
    branches
}

#[cfg(test)]
pub(super) const EXAMPLE: &str = "
0 reconcile v0.1.0 (/luneo/crates/reconcile)
1 retries v1.0.0
2 aws-config v1.8.0
2 hyper v1.12.0
1 tokio v1.54.0

0 xtask v0.1.0 (/luneo/crates/xtask)
1 retries v1.0.0 (*)
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_crate_is_known_with_the_way_it_came_in() {
        let paths: Vec<_> =
            understand(EXAMPLE).into_iter().map(|branch| (branch.depth, branch.path)).collect();
        assert_eq!(paths[3], (2, "reconcile > retries > hyper".to_owned()));
        assert_eq!(paths[4], (1, "reconcile > tokio".to_owned()));
        assert_eq!(paths[6], (1, "xtask > retries".to_owned()));
    }
}
