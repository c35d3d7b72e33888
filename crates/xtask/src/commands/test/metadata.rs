//! What cargo itself knows about the packages of a build.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use xtask::workspace::{cargo, output};
use xtask::{Error, Result};

/// The packages of the workspace and what they depend on, as resolved for this platform.
pub(super) struct Metadata {
    /// Name and version by package id.
    packages: BTreeMap<String, (String, String)>,
    /// What each package id depends on, without the packages that only its tests need.
    dependencies: BTreeMap<String, BTreeSet<String>>,
    members: BTreeSet<String>,
}

impl Metadata {
    pub(super) fn read() -> Result<Self> {
        let rustc = output(Command::new("rustc").arg("-vV"))?;
        let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        let text =
            output(&mut cargo(["metadata", "--format-version", "1", "--locked", "--filter-platform", host]))?;
        let read: Value = serde_json::from_str(&text)
            .map_err(|error| Error::DoesNotHold(format!("cargo metadata printed no JSON: {error}")))?;
        Ok(Self::understand(&read))
    }

    fn understand(read: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let packages = list(&read["packages"]);
        let needed =
            |dependency: &Value| list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev");
        let dependencies = list(&read["resolve"]["nodes"]).into_iter().map(|node| {
            let needed =
                list(&node["deps"]).into_iter().filter(needed).map(|dependency| text(&dependency["pkg"]));
            (text(&node["id"]), needed.collect())
        });
        Self {
            packages: packages
                .iter()
                .map(|package| (text(&package["id"]), (text(&package["name"]), text(&package["version"]))))
                .collect(),
            dependencies: dependencies.collect(),
            members: list(&read["workspace_members"]).iter().map(text).collect(),
        }
    }

    /// What the package of the workspace with this name depends on itself.
    pub(super) fn direct(&self, package: &str) -> BTreeSet<&str> {
        let id = self.members.iter().find(|id| self.name(id) == package);
        let direct = id.and_then(|id| self.dependencies.get(id)).into_iter().flatten();
        direct.map(|id| self.name(id)).collect()
    }

    /// All that it depends on, however far away, with the path that leads there: `reconcile > tokio > mio`.
    pub(super) fn reached(&self, package: &str) -> BTreeMap<&str, String> {
        let Some(start) = self.members.iter().find(|id| self.name(id) == package) else {
            return BTreeMap::new();
        };
        let mut reached = BTreeMap::new();
        let mut open = vec![(start, package.to_owned())];
        while let Some((id, path)) = open.pop() {
            for next in self.dependencies.get(id).into_iter().flatten() {
                let path = format!("{path} > {}", self.name(next));
                if reached.insert(self.name(next), path.clone()).is_none() {
                    open.push((next, path));
                }
            }
        }
        reached
    }

    /// Name, version and a way there, of everything that is built for the packages of the workspace.
    pub(super) fn built(&self) -> BTreeMap<(&str, &str), String> {
        let mut built = BTreeMap::new();
        let mut open: Vec<(&String, String)> =
            self.members.iter().map(|id| (id, self.name(id).to_owned())).collect();
        while let Some((id, path)) = open.pop() {
            let Some((name, version)) = self.packages.get(id) else { continue };
            if built.insert((name.as_str(), version.as_str()), path.clone()).is_some() {
                continue;
            }
            let dependencies = self.dependencies.get(id).into_iter().flatten();
            open.extend(dependencies.map(|next| (next, format!("{path} > {}", self.name(next)))));
        }
        built
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|id| self.name(id))
    }

    fn name(&self, id: &str) -> &str {
        self.packages.get(id).map_or("", |(name, _)| name)
    }
}

#[cfg(test)]
pub(super) fn example() -> Metadata {
    let node = |id: &str, deps: &[(&str, Option<&str>)]| {
        let deps: Vec<Value> = deps
            .iter()
            .map(|(id, kind)| serde_json::json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] }))
            .collect();
        serde_json::json!({ "id": id, "deps": deps })
    };
    let package =
        |name: &str, version: &str| serde_json::json!({ "id": name, "name": name, "version": version });
    Metadata::understand(&serde_json::json!({
        "packages": [package("reconcile", "0.1.0"), package("retries", "1.0.0"), package("aws-config", "1.8.0"),
            package("ring", "0.17.14"), package("hyper", "1.12.0")],
        "resolve": { "nodes": [
            node("reconcile", &[("retries", None), ("ring", Some("dev"))]),
            node("retries", &[("aws-config", None), ("hyper", Some("build"))]),
            node("aws-config", &[]), node("ring", &[]), node("hyper", &[]),
        ] },
        "workspace_members": ["reconcile"],
    }))
}
