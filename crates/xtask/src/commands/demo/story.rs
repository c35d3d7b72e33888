//! What happens in the demo, scene by scene.

use std::path::Path;

use serde_json::{Value, json};
use xtask::changes::{self, Action, Change};
use xtask::{Account, Error, Project, Result};

use super::differences::differences;
use super::scene::Scene;

/// Where the example builds.
pub(super) const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];

/// The resource whose network is meddled with, and its region.
const PRIMARY: (&str, &str) = ("luneo_region_stack.primary", "eu-west-1");

pub(super) fn build(project: &Project) -> Result<()> {
    let scene = Scene::new("Building");
    scene.while_waiting("terraform init", || project.init())?;
    let planned = scene.while_waiting("terraform plan", || plan(project, &[]))?;
    scene.say("Every AWS object that will come is in the plan:");
    scene.quote(&changes::by_region(&planned));
    let all_new = planned.iter().all(|change| change.action == Action::Create);
    scene
        .holds("the plan creates and does nothing else", all_new && !planned.is_empty(), || told(&planned))?;

    scene.while_waiting("terraform apply", || project.apply(&["planned"])?.succeeded())?;
    let objects = project.state(PRIMARY.0)?["objects"].as_object().map_or(0, |objects| objects.len());
    let expected = planned.iter().filter(|change| change.region == PRIMARY.1).count();
    scene.holds("what was planned is there", objects == expected, || {
        format!("{expected} objects were planned in {} and the state holds {objects}.", PRIMARY.1)
    })
}

pub(super) fn plan_nothing(project: &Project) -> Result<()> {
    let scene = Scene::new("Looking again");
    let run = scene.while_waiting("terraform plan", || project.plan(&[]))?;
    scene.holds("a second plan is empty", run.code == 0, || format!("{}{}", run.stdout, run.stderr))
}

/// Goes into both clusters by the kubeconfig that the outputs tell of.
pub(super) fn look_inside(project: &Project, binary: &Path) -> Result<()> {
    let scene = Scene::new("Looking into the clusters");
    let outputs = project.terraform(&["output", "-json", "clusters"])?.succeeded()?.json()?;
    for (key, cluster) in outputs.as_object().into_iter().flatten() {
        let told = text(&cluster["kubeconfig"]);
        let (program, arguments) = told.split_once(' ').unwrap_or_default();
        scene.say(&format!("The outputs tell of the {key} one: {told}"));
        scene.holds("the command is our own program", program == "terraform-provider-luneo", || {
            told.clone()
        })?;
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let kubeconfig = project.program(binary, &arguments)?.succeeded()?.stdout;
        let name = format!("kubeconfig-{key}");
        project.write(&name, &kubeconfig)?;
        let command = format!("kubectl get nodes,deployments -A --kubeconfig {name}");
        scene.say(&command);
        let words: Vec<&str> = command.split(' ').skip(1).collect();
        let seen = project.program(Path::new("kubectl"), &words)?.succeeded()?.stdout;
        scene.quote(&seen);
        let nodes = seen.lines().filter(|line| line.starts_with("node/") && line.contains(" Ready ")).count();
        let expected = if key == "primary" { 3 } else { 2 };
        scene.holds("its nodes are there", nodes == expected, || {
            format!("{nodes} of {expected} are ready.")
        })?;
        let controller =
            seen.lines().find(|line| line.contains("deployment.apps/aws-load-balancer-controller"));
        let is_ready = controller.is_some_and(|line| line.contains("2/2"));
        scene.holds("the load balancer controller runs", is_ready, || seen.clone())?;
    }
    Ok(())
}

/// No control plane is behind any cluster any more.
pub(super) fn no_kubernetes_left(account: &Account) -> Result<()> {
    let scene = Scene::new("And of Kubernetes");
    for region in REGIONS {
        let path = format!("kubernetes?account={}&region={region}&name=luneo-demo", account.id());
        let gone = account.look(&path).is_err();
        scene.holds(&format!("no control plane is left in {region}"), gone, || path.clone())?;
    }
    Ok(())
}

pub(super) fn repair_drift(project: &Project, account: &Account) -> Result<()> {
    let scene = Scene::new("Someone changes things at the console");
    let objects = project.state(PRIMARY.0)?;
    let meddled = meddle(account, &objects)?;
    meddled.iter().for_each(|deed| scene.say(deed));

    let planned = scene.while_waiting("terraform plan", || plan(project, &[]))?;
    scene.say("It shows each as something to put right:");
    scene.quote(&told(&planned));
    let here_only =
        planned.iter().all(|change| change.region == PRIMARY.1 && change.action != Action::Delete);
    scene.holds(
        "the plan repairs that and nothing else",
        here_only && planned.len() == meddled.len(),
        || format!("{} things were done and {} objects are in the plan.", meddled.len(), planned.len()),
    )?;
    scene.while_waiting("terraform apply", || project.apply(&["planned"])?.succeeded())?;
    let run = project.plan(&[])?;
    scene.holds("all is as it was", run.code == 0, || format!("{}{}", run.stdout, run.stderr))
}

/// Deletes a route, changes a subnet and removes a tag, in the network of the state `objects`.
fn meddle(account: &Account, state: &Value) -> Result<Vec<String>> {
    let region = PRIMARY.1;
    let vpc =
        state["vpc_id"].as_str().ok_or_else(|| Error::DoesNotHold("the state names no vpc_id".into()))?;
    let in_vpc = json!({ "Filters": [{ "Name": "vpc-id", "Values": [vpc] }] });

    let tables = account.world("ec2", "DescribeRouteTables", region, in_vpc.clone())?;
    let table = first(&tables["RouteTables"], |table| {
        table["Routes"].as_array().into_iter().flatten().any(|route| route["NatGatewayId"].is_string())
    })?;
    let table = text(&table["RouteTableId"]);
    let route = json!({ "RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0" });
    account.world("ec2", "DeleteRoute", region, route)?;

    let subnets = account.world("ec2", "DescribeSubnets", region, in_vpc)?;
    let subnet =
        text(&first(&subnets["Subnets"], |subnet| subnet["MapPublicIpOnLaunch"] == false)?["SubnetId"]);
    let public = json!({ "SubnetId": subnet, "MapPublicIpOnLaunch": { "Value": true } });
    account.world("ec2", "ModifySubnetAttribute", region, public)?;

    let tag = json!({ "Resources": [vpc], "Tags": [{ "Key": "environment" }] });
    account.world("ec2", "DeleteTags", region, tag)?;
    Ok(vec![
        format!("In {region}, a private subnet's way out is deleted from {table}."),
        format!("The subnet {subnet}, which is not public, is made to hand out public addresses."),
        format!("The tag `environment` is removed from {vpc}."),
    ])
}

pub(super) fn survive_a_failure(project: &Project, account: &Account) -> Result<()> {
    let scene = Scene::new("A failure in the middle");
    scene.say("Now each zone shall have a NAT gateway of its own, and AWS refuses all but two of them.");
    account.fault(json!({
        "service": "ec2", "operation": "CreateNatGateway", "skip": 2, "count": "always", "mode": "refused",
        "code": "NatGatewayLimitExceeded", "message": "The maximum number of NAT Gateways has been reached.",
    }))?;
    let wish = ["-var", "nat=per_zone"];
    let planned = scene.while_waiting("terraform plan -var nat=per_zone", || plan(project, &wish))?;
    scene.quote(&changes::by_region(&planned));
    let before = project.state(PRIMARY.0)?;
    let run = scene.while_waiting("terraform apply", || project.apply(&["planned"]))?;
    scene.holds("the apply fails", run.code == 1, || run.stdout.clone())?;
    scene.say("This is what the user reads:");
    scene.quote(&run.errors());

    scene.say("The limit is raised. The same apply goes on from there:");
    account.clear_faults()?;
    let rest = scene.while_waiting("terraform plan -var nat=per_zone", || plan(project, &wish))?;
    let fewer = !rest.is_empty() && rest.len() < planned.len();
    scene.holds(
        "less is left to do, and nothing is rebuilt",
        fewer && nothing_rebuilt(&planned, &rest),
        || told(&rest),
    )?;
    scene.while_waiting("terraform apply", || project.apply(&["planned"])?.succeeded())?;
    let run = project.plan(&wish)?;
    scene.holds("a further plan is empty", run.code == 0, || format!("{}{}", run.stdout, run.stderr))?;
    let after = project.state(PRIMARY.0)?;
    let same_network = before["vpc_id"] == after["vpc_id"];
    scene.holds("it is still the same network", same_network, || {
        format!("{} became {}.", before["vpc_id"], after["vpc_id"])
    })
}

/// Whether the second plan destroys no more than the first did.
fn nothing_rebuilt(first: &[Change], second: &[Change]) -> bool {
    let destroys = |plan: &[Change], address: &str, region: &str| {
        plan.iter().any(|change| {
            change.action == Action::Delete && change.address == address && change.region == region
        })
    };
    let mut deleted = second.iter().filter(|change| change.action == Action::Delete);
    deleted.all(|change| destroys(first, &change.address, &change.region))
}

pub(super) fn destroy(project: &Project) -> Result<()> {
    let scene = Scene::new("Taking it down");
    let wish = ["-var", "nat=per_zone"];
    let run = scene.while_waiting("terraform destroy", || project.destroy(&wish))?;
    scene.holds("deletion_protection, on by default, refuses it", run.code == 1, || run.stdout.clone())?;
    scene.quote(&run.errors());

    let open = ["-var", "nat=per_zone", "-var", "deletion_protection=false"];
    scene.while_waiting("terraform apply -var deletion_protection=false", || {
        project.apply(&open)?.succeeded()
    })?;
    scene.while_waiting("terraform destroy", || project.destroy(&open)?.succeeded())?;
    Ok(())
}

pub(super) fn compare(account: &Account, before: &Value) -> Result<()> {
    let scene = Scene::new("What is left");
    let left = differences(before, &account.inventory(&REGIONS)?);
    scene.holds("the account holds exactly what it held before", left.is_empty(), || left.join("\n"))
}

/// Plans into the file `planned` and reads what it would do; an error if it would do nothing.
fn plan(project: &Project, more: &[&str]) -> Result<Vec<Change>> {
    project.plan(&[&["-out=planned"], more].concat())?.ended_with(2)?;
    Ok(changes::changes(&project.show_json(&["planned"])?))
}

/// One line for each change.
fn told(changes: &[Change]) -> String {
    let line = |change: &Change| {
        let Change { region, address, kind, action } = change;
        match action {
            Action::Create => format!("{region}: + {address} ({kind})"),
            Action::Delete => format!("{region}: - {address} ({kind})"),
            Action::Update(settings) => format!("{region}: ~ {address} ({kind}) {}", settings.join(", ")),
        }
    };
    changes.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn first(list: &Value, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
    let found = list.as_array().into_iter().flatten().find(|item| wanted(item));
    found.cloned().ok_or_else(|| Error::DoesNotHold("the network lacks something to meddle with".into()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
