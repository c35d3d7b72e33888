//! `cargo xtask docs`: the registry's pages in `docs/`, from the provider's own schema and from `examples/`.

mod page;
mod schema;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::error::While;
use xtask::provider::{self, Profile};
use xtask::{Account, Core, Error, Project, Result, workspace};

use super::options::Options;
use page::Subject;

/// Writes the pages, or with `--check` only says whether they are up to date.
pub(crate) fn run(given: &[&str]) -> Result<()> {
    let options = Options::read(given, &["--check"], &[])?;
    let core = Core::find()?;
    if !shows_everything(&core) {
        return match options.has("--check") {
            true => {
                println!("      left aside: {core} does not show functions and write-only attributes");
                Ok(())
            }
            false => Err(Error::Missing(format!(
                "{core} does not show functions and write-only attributes, which the pages hold. Use Terraform 1.11 or OpenTofu 1.11 (or newer)."
            ))),
        };
    }
    let pages = pages(&schema(&core)?);
    let folder = workspace::root().join("docs");
    let stale = stale(&folder, &pages);
    if options.has("--check") {
        return match stale.is_empty() {
            true => Ok(()),
            false => Err(Error::DoesNotHold(format!(
                "These pages are not what the provider's schema says: {}. Run `cargo xtask docs` and commit the result.",
                stale.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
            ))),
        };
    }
    for path in &stale {
        let file = folder.join(path);
        match pages.get(path) {
            Some(text) => {
                fs::create_dir_all(file.parent().unwrap_or(&folder))
                    .doing(|| format!("make {}", folder.display()))?;
                fs::write(&file, text).doing(|| format!("write {}", file.display()))?;
                println!("wrote docs/{}", path.display());
            }
            None => {
                fs::remove_file(&file).doing(|| format!("remove {}", file.display()))?;
                println!("removed docs/{}", path.display());
            }
        }
    }
    println!("{} pages are up to date in docs/.", pages.len());
    Ok(())
}

/// Whether the core's `providers schema` knows all that ours may hold.
fn shows_everything(core: &Core) -> bool {
    core.is_at_least((1, 11), (1, 11))
}

/// The provider's part of `terraform providers schema -json`.
fn schema(core: &Core) -> Result<Value> {
    let binary = provider::build(Profile::Dev)?;
    let folder = tempfile::tempdir_in(workspace::target()).doing(|| "make a folder in target")?;
    // No account is asked for a schema.
    let nobody = Account::in_sandbox("http://127.0.0.1:9", "000000000000");
    let project = Project::new(folder.path(), core, &binary, &nobody)?;
    project.write(
        "main.tf",
        "terraform {\n  required_providers {\n    luneo = { source = \"luneo/luneo\" }\n  }\n}\n",
    )?;
    project.init()?;
    let mut printed = project.terraform(&["providers", "schema", "-json"])?.succeeded()?.json()?;
    Ok(printed["provider_schemas"][format!("{}/luneo/luneo", core.registry())].take())
}

fn pages(schema: &Value) -> BTreeMap<PathBuf, String> {
    let mut pages = BTreeMap::new();
    let provider = Subject { folder: "provider", singular: "Provider", name: "luneo" };
    pages.insert("index.md".into(), page::of_block(&provider, &schema["provider"]));
    let kinds = [
        ("resource_schemas", "resources", "Resource"),
        ("data_source_schemas", "data-sources", "Data Source"),
        ("ephemeral_resource_schemas", "ephemeral-resources", "Ephemeral Resource"),
    ];
    for (key, folder, singular) in kinds {
        for (name, found) in schema[key].as_object().into_iter().flatten() {
            let subject = Subject { folder, singular, name };
            pages.insert(subject.path(), page::of_block(&subject, found));
        }
    }
    for (name, found) in schema["functions"].as_object().into_iter().flatten() {
        let subject = Subject { folder: "functions", singular: "Function", name };
        pages.insert(subject.path(), page::of_function(&subject, found));
    }
    pages
}

/// The pages that are missing, other than they should be, or about what is no more.
fn stale(folder: &Path, pages: &BTreeMap<PathBuf, String>) -> Vec<PathBuf> {
    let written = |path: &Path| fs::read_to_string(folder.join(path)).ok();
    let changed = pages
        .iter()
        .filter(|(path, text)| written(path).as_ref() != Some(text))
        .map(|(path, _)| path.clone());
    let gone =
        ["", "resources", "data-sources", "ephemeral-resources", "functions"].into_iter().flat_map(|below| {
            let files = fs::read_dir(folder.join(below)).into_iter().flatten().flatten();
            let paths = files.map(move |file| Path::new(below).join(file.file_name()));
            paths.filter(|path| path.extension().is_some_and(|end| end == "md") && !pages.contains_key(path))
        });
    changed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_part_of_the_provider_gets_its_page_where_the_registry_looks() {
        let schema = json!({
            "provider": { "block": {} },
            "resource_schemas": { "luneo_region_stack": { "block": {} } },
            "data_source_schemas": { "luneo_dr_status": { "block": {} } },
            "functions": { "cut": { "return_type": "string" } },
        });
        let paths: Vec<_> = pages(&schema).into_keys().map(|path| path.display().to_string()).collect();
        assert_eq!(
            paths,
            ["data-sources/dr_status.md", "functions/cut.md", "index.md", "resources/region_stack.md"]
        );
    }

    #[test]
    fn a_page_about_what_is_no_more_is_stale() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("resources")).unwrap();
        for name in ["index.md", "resources/old.md"] {
            fs::write(folder.path().join(name), "text").unwrap();
        }
        let pages = BTreeMap::from([
            ("index.md".into(), "text".to_owned()),
            ("resources/new.md".into(), String::new()),
        ]);
        let stale: Vec<_> =
            stale(folder.path(), &pages).iter().map(|path| path.display().to_string()).collect();
        assert_eq!(stale, ["resources/new.md", "resources/old.md"]);
    }
}
