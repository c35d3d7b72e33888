//! Everything under `examples/` works as it stands there.

use super::hcl::MAIN;
use acceptance_tests::{Said, Terraform, account, errors, sandbox_account};
use std::{
    fs,
    path::{Path, PathBuf},
};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// What stands in a folder.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).expect("an example can be listed");
    read.map(|entry| entry.expect("an example can be listed").path()).collect()
}

/// The files of a folder whose names end in `end`, with what is in them.
fn files(folder: &Path, end: &str) -> Vec<(String, String)> {
    let named = |path: PathBuf| {
        let name = path.file_name()?.to_str()?.to_owned();
        (path.is_file() && name.ends_with(end)).then_some((name, path))
    };
    let text = |path| fs::read_to_string(path).expect("an example can be read");
    entries(folder).into_iter().filter_map(named).map(|(name, path)| (name, text(path))).collect()
}

/// Every folder that holds a root module or parts of one.
fn modules(folder: &Path) -> Vec<PathBuf> {
    let below = entries(folder).into_iter().filter(|path| path.is_dir()).flat_map(|path| modules(&path));
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

fn together(module: impl IntoIterator<Item = (String, String)>) -> String {
    module.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

#[test]
fn each_one_can_be_planned() {
    let folders = modules(&examples());
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let text = together(with_provider(&folder));
        let account = account();
        let terraform = Terraform::new(&account, &text);
        for (name, values) in files(&folder, ".tfvars.example") {
            terraform.write(name.trim_end_matches(".example"), &values);
        }
        let here = account.url().filter(|_| text.contains("var.chart_repository")).map(|url| {
            let administrators = format!("-var=cluster_admin_arns=[{:?}]", account.caller());
            [format!("-var=chart_repository={url}/charts"), administrators]
        });
        let here: Vec<&str> = here.iter().flatten().map(String::as_str).collect();
        let run = terraform.plan(&here);
        let has_resources = text.contains("\nresource \"");
        assert_eq!(run.code, if has_resources { 2 } else { 0 }, "{}: {}", folder.display(), run.stderr);
    }
}

#[test]
fn one_is_built_and_taken_in_by_the_commands_as_they_are_written() {
    let Some(account) = sandbox_account() else { return };
    let folder = examples().join("resources/luneo_region_stack");
    let module = with_provider(&folder).into_iter().filter(|(name, _)| name != "import.tf");
    let text = together(module);
    let builder = Terraform::new(&account, &text);
    builder.apply(&[]).succeeds();
    let shell: Vec<_> = files(&folder, ".sh").into_iter().map(|(_, text)| text).collect();
    let commands: Vec<Vec<&str>> = shell
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("terraform "))
        .map(|line| line.split(' ').map(|word| word.trim_matches('\'')).collect())
        .collect();
    let [own, foreign] = &commands[..] else { panic!("{commands:?}") };

    let terraform = Terraform::new(&account, &text);
    terraform.run(own).succeeds();
    assert_eq!(terraform.object_ids(MAIN), builder.object_ids(MAIN));

    let elsewhere = Terraform::new(&acceptance_tests::account(), &text);
    let told = errors(&elsewhere.run(foreign).fails());
    assert!(told.contains("An object to be adopted does not exist"), "{told}");
}
