//! Everything under `examples/` works as it stands there.

use super::hcl::MAIN;
use acceptance_tests::{Said, Terraform, account, errors};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// The files of a folder whose names end in `end`, with what is in them.
fn files(folder: &Path, end: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = entries.filter(|path| path.is_file() && path.to_str().unwrap().ends_with(end));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    wanted.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// Every folder that holds a root module or parts of one.
fn modules(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.filter(|path| path.is_dir()).flat_map(|path| modules(&path));
    let own = (!files(folder, ".tf").is_empty()).then(|| folder.to_owned());
    own.into_iter().chain(below).collect()
}

/// The root module in `folder`; an example of a resource goes with the example of the provider block.
fn with_provider(folder: &Path) -> Vec<(String, String)> {
    let mut module = files(folder, ".tf");
    if !module.iter().any(|(_, text)| text.contains("required_providers")) {
        module.extend(files(&examples().join("provider"), ".tf"));
    }
    module
}

fn in_terraform(module: &[(String, String)]) -> Terraform {
    let text = module.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
    Terraform::new(&account(), &text)
}

#[test]
fn each_one_can_be_planned() {
    let folders = modules(&examples());
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let module = with_provider(&folder);
        let run = in_terraform(&module).plan(&[]);
        let has_resources = module.iter().any(|(_, text)| text.contains("\nresource \""));
        assert_eq!(run.code, if has_resources { 2 } else { 0 }, "{}: {}", folder.display(), run.stderr);
    }
}

#[test]
fn commands_that_import_can_be_typed_as_they_are_written() {
    let folder = examples().join("resources/luneo_region_stack");
    let without_block: Vec<_> =
        with_provider(&folder).into_iter().filter(|(name, _)| name != "import.tf").collect();
    let shell: Vec<_> = files(&folder, ".sh").into_iter().map(|(_, text)| text).collect();
    let commands: Vec<Vec<&str>> = shell
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("terraform "))
        .map(|line| line.split(' ').map(|word| word.trim_matches('\'')).collect())
        .collect();
    let [own, foreign] = &commands[..] else { panic!("{commands:?}") };

    let terraform = in_terraform(&without_block);
    terraform.run(own).succeeds();
    assert_eq!(terraform.state(MAIN)["status"], "absent", "nothing of that name exists here");

    let told = errors(&in_terraform(&without_block).run(foreign).fails());
    assert!(told.contains("An object to be adopted does not exist"), "{told}");
}
