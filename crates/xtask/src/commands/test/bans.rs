//! The crates that must not come in, as `deny.toml` lists them for cargo-deny, enforced without it.

use std::fs;

use xtask::workspace;
use xtask::{Error, Result};

use super::tree::{self, Branch};

/// A line of the list: a crate, or some versions of it.
#[derive(Debug, PartialEq, Eq)]
struct Ban<'a> {
    name: &'a str,
    /// The beginning of the versions meant: `0.14` is every `0.14.x`.
    versions: Option<&'a str>,
    reason: &'a str,
}

/// Fails with every banned crate and the way it came in.
pub(super) fn check() -> Result<()> {
    let path = workspace::root().join("deny.toml");
    let text = fs::read_to_string(&path)
        .map_err(|source| Error::Io { what: format!("read {}", path.display()), source })?;
    let bans = listed(&text);
    if bans.is_empty() {
        return Err(Error::DoesNotHold(format!(
            "{} bans nothing, or is written in another form",
            path.display()
        )));
    }
    let found = found(&bans, &tree::read(None)?);
    match found.is_empty() {
        true => Ok(()),
        false => Err(Error::DoesNotHold(found.join("\n"))),
    }
}

/// The entries of `[bans] deny`, each on a line `{ crate = "name:^version", reason = "..." },`.
fn listed(text: &str) -> Vec<Ban<'_>> {
    let entry = |line| {
        let (name, versions) = match quoted(line, "crate")?.split_once(':') {
            Some((name, versions)) => (name, Some(versions.trim_start_matches(['^', '=', '~']))),
            None => (quoted(line, "crate")?, None),
        };
        Some(Ban { name, versions, reason: quoted(line, "reason").unwrap_or_default() })
    };
    text.lines().filter(|line| line.trim_start().starts_with("{ crate = ")).filter_map(entry).collect()
}

/// The text of `key = "text"` within a line.
fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(&format!("{key} = \""))?;
    after.split('"').next()
}

fn found(bans: &[Ban<'_>], tree: &[Branch]) -> Vec<String> {
    let banned = |branch: &Branch| {
        let versions_meant =
            |ban: &&Ban<'_>| ban.versions.is_none_or(|meant| is_version(&branch.version, meant));
        let ban = bans.iter().filter(|ban| ban.name == branch.name).find(versions_meant)?;
        Some(format!("{} {} is banned ({}): {}", branch.name, branch.version, ban.reason, branch.path))
    };
    tree.iter().filter_map(banned).collect()
}

fn is_version(version: &str, beginning: &str) -> bool {
    version.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"
[bans]
deny = [
    { crate = "aws-config", reason = "an example" },
    { crate = "hyper:^0.14", reason = "old" },
    { crate = "ring", reason = "no P-521" },
]
"#;

    #[test]
    fn a_banned_crate_is_reported_with_the_way_it_came_in() {
        let found = found(&listed(LIST), &tree::understand(tree::EXAMPLE));
        assert_eq!(found, ["aws-config 1.8.0 is banned (an example): reconcile > retries > aws-config"]);
    }

    #[test]
    fn a_ban_of_some_versions_spares_the_others() {
        assert!(is_version("0.14.32", "0.14") && is_version("0.14", "0.14"));
        assert!(!is_version("0.140.0", "0.14") && !is_version("1.12.0", "0.14"));
    }

    #[test]
    fn our_own_list_is_read_whole() {
        let text = fs::read_to_string(workspace::root().join("deny.toml")).unwrap();
        let names: Vec<_> = listed(&text).iter().map(|ban| (ban.name, ban.versions)).collect();
        let expected =
            [("ring", None), ("hyper", Some("0.14")), ("rustls", Some("0.21")), ("openssl-sys", None)];
        assert!(expected.iter().all(|ban| names.contains(ban)), "{names:?}");
    }
}
