//! Everything under `examples/` works as it stands there.

use super::hcl::MAIN;
use acceptance_tests::{Account, Said, Terraform, account, errors, sandbox_account};
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

/// The example in `account`, with charts from the sandbox, and let into its own clusters.
fn here(account: &Account, text: &str) -> Terraform {
    let terraform = Terraform::new(account, text);
    if let Some(url) = account.url() {
        terraform.write("here_override.tf", &overridden(text, url, &account.caller()));
    }
    terraform
}

/// Other defaults for variables that depend on where an example is tried.
fn overridden(text: &str, url: &str, caller: &str) -> String {
    let variable = |name: &str, default: String| {
        let is_there = text.contains(&format!("variable \"{name}\""));
        if is_there { format!("variable \"{name}\" {{\n  default = {default}\n}}\n") } else { String::new() }
    };
    variable("chart_repository", format!("\"{url}/charts\""))
        + &variable("cluster_admin_arns", format!("[\"{caller}\"]"))
}

#[test]
fn each_one_can_be_planned() {
    let folders = modules(&examples());
    assert!(folders.len() >= 3, "{folders:?}");
    for folder in folders {
        let text = together(with_provider(&folder));
        let terraform = here(&account(), &text);
        // What an example says of the variables, but for those that are another's here.
        for (name, values) in files(&folder, ".tfvars.example") {
            let values: Vec<&str> =
                values.lines().filter(|line| !line.starts_with("cluster_admin_arns")).collect();
            terraform.write(name.trim_end_matches(".example"), &values.join("\n"));
        }
        let run = terraform.plan(&[]);
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
    let builder = here(&account, &text);
    builder.apply(&[]).succeeds();
    let shell: Vec<_> = files(&folder, ".sh").into_iter().map(|(_, text)| text).collect();
    let commands: Vec<Vec<&str>> = shell
        .iter()
        .flat_map(|text| text.lines())
        .filter_map(|line| line.strip_prefix("terraform "))
        .map(|line| line.split(' ').map(|word| word.trim_matches('\'')).collect())
        .collect();
    let [own, foreign] = &commands[..] else { panic!("{commands:?}") };

    let terraform = here(&account, &text);
    terraform.run(own).succeeds();
    let (taken_in, built) = (terraform.object_ids(MAIN), builder.object_ids(MAIN));
    assert!(taken_in.iter().all(|object| built.contains(object)), "{taken_in:?}");
    // What an import cannot know of is found by its name, once there is a configuration that names it.
    assert!(taken_in.len() + 8 > built.len(), "{taken_in:?}");
    let target = "-target=luneo_region_stack.main";
    terraform.apply(&[target]).succeeds();
    assert_eq!(terraform.object_ids(MAIN), built);

    let elsewhere = here(&acceptance_tests::account(), &text);
    let told = errors(&elsewhere.run(foreign).fails());
    assert!(told.contains("An object to be adopted does not exist"), "{told}");
}
