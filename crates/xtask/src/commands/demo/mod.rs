//! `cargo xtask demo`: two regions with their clusters, from nothing to nothing, with the real terraform and a real Kubernetes.

mod differences;
mod scene;
mod story;

use std::fs;

use serde_json::Value;
use xtask::error::While;
use xtask::provider::{self, Profile};
use xtask::sandbox::{Lifetime, Messages, Sandbox};
use xtask::{Core, Project, Result, kube, venv, workspace};

use super::options::Options;
use scene::Scene;

/// Tells the story and fails at the first thing that does not hold.
pub(crate) fn run(given: &[&str]) -> Result<()> {
    let options = Options::read(given, &["--keep"], &[])?;
    let lifetime = match options.has("--keep") {
        true => Lifetime::Its,
        false => Lifetime::Ours,
    };
    println!(
        "Two regions, each with its network and its cluster: built, looked into, broken, repaired and taken down again on this machine."
    );
    let scene = Scene::new("Getting ready");
    let core = Core::find()?;
    scene.say(&format!("{core} will do the work."));
    let binary = scene.while_waiting("Building the provider", || provider::build(Profile::Dev))?;
    scene.while_waiting(
        "Building what is behind the sandbox's clusters, and helm (the first time takes minutes)",
        || {
            kube::plane()?;
            kube::path()
        },
    )?;
    let (sandbox, project, account) =
        scene.while_waiting("Starting the sandbox, an AWS on this machine", || {
            venv::python()?;
            let folder = workspace::target().join("demo");
            if folder.exists() {
                fs::remove_dir_all(&folder).doing(|| format!("remove {}", folder.display()))?;
            }
            fs::create_dir_all(&folder).doing(|| format!("make {}", folder.display()))?;
            let sandbox = Sandbox::start(None, Messages::Kept(&folder.join("sandbox.log")), lifetime)?;
            let account = sandbox.account();
            let mut project = Project::new(&folder, &core, &binary, &account)?;
            project.tools()?;
            Ok((sandbox, project, account))
        })?;
    scene.say(&format!("It answers at {}; we are account {} there.", sandbox.url(), account.id()));
    let example = workspace::root().join("examples/two-regions");
    for name in ["main.tf", "variables.tf"] {
        let path = example.join(name);
        let text = fs::read_to_string(&path).doing(|| format!("read {}", path.display()))?;
        project.write(name, &text)?;
    }
    let given = format!(
        "kubernetes_version = \"1.35\"\ncluster_admin_arns = [{:?}]\noffice_cidrs       = [\"192.0.2.0/24\"]\n\
         chart_repository   = {:?}\n",
        account.caller(),
        format!("{}/charts", sandbox.url()),
    );
    project.write("terraform.tfvars", &given)?;
    scene.say("The root module is examples/two-regions: two luneo_region_stack resources, a network and a cluster each.");

    let before: Value = account.inventory(&story::REGIONS)?;
    story::build(&project)?;
    story::plan_nothing(&project)?;
    story::look_inside(&project, &binary)?;
    story::repair_drift(&project, &account)?;
    story::survive_a_failure(&project, &account)?;
    match lifetime {
        Lifetime::Its => keep(&sandbox, &project),
        Lifetime::Ours => {
            story::destroy(&project)?;
            story::compare(&account, &before)?;
            story::no_kubernetes_left(&account)?;
            println!("\nAll of it held.");
        }
    }
    Ok(())
}

fn keep(sandbox: &Sandbox, project: &Project) {
    println!("\nAll of it held. The platform and the sandbox stay, as asked. To go on by hand:\n");
    println!("  cd {}", project.folder().display());
    project.environment().for_each(|variable| println!("  export {variable}"));
    println!("  export TF_VAR_nat=per_zone");
    println!("  {} plan", project.core().program.display());
    println!("\nWhen you are done, end the sandbox with: kill {}", sandbox.id());
}
