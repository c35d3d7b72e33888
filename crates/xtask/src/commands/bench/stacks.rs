//! What stacks cost under terraform: calls, round trips and time, read from the sandbox's call log.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use base64::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::error::While;
use xtask::sandbox::{Lifetime, Messages, Sandbox};
use xtask::{Account, Core, Error, Project, Result, workspace};

use super::log::{self, Call};
use super::memory;
use super::table::{Row, median};

const LATENCY: Duration = Duration::from_millis(50);

/// How often a plan is timed.
const RUNS: usize = 5;

/// How long states take, against AWS. Less would be quicker to measure, but how often the engine looks is made for AWS's
/// own pace: it would wait longer for its next look than for the shortest states.
const SCALE: f64 = 0.3;

/// How many stacks one configuration holds in the comparison.
const MANY: u32 = 10;

/// One sandbox and one root module.
struct Place {
    project: Project,
    account: Account,
    // Dropped last: the project works in them.
    _sandbox: Sandbox,
    _folder: TempDir,
}

pub(super) fn rows(core: &Core, binary: &Path) -> Result<Vec<Row>> {
    println!("Building one stack with a cluster, with states of {SCALE} of AWS's time (four minutes) ...");
    let one = Place::new(core, binary, &platform(1, Charts::None))?;
    let mut rows = one.schema(core)?;
    rows.extend(one.build()?);

    println!("Building both regions of a platform, with charts ...");
    let both = Place::new(core, binary, &platform(2, Charts::LoadBalancerController))?;
    let (run, memory) = both.apply_watching_memory()?;
    rows.extend([
        Row::new("terraform apply of two regions, states at once", run, "s"),
        Row::new("resident memory while applying both", memory, "MB")
            .at_most(60.0)
            .remark("VmHWM of the provider"),
    ]);
    println!("Planning it {RUNS} times at 0 ms and at {} ms ...", LATENCY.as_millis());
    let (calls, at_once, delayed) = both.refresh()?;
    let rounds = log::rounds(&calls) as f64;
    let calls = of_the_stack(&calls).len() as f64 / 2.0;
    let remark = "calls that do not overlap, each 50 ms slower; the first asks whose credentials these are";
    rows.extend([
        Row::new("AWS calls of a refresh, one stack of the two", calls, "calls").at_most(45.0),
        Row::new("sequential round trips of one plan of both", rounds, "rounds").at_most(5.0).remark(remark),
        Row::new("one plan of both at 0 ms", at_once, "s"),
        Row::new("one plan of both at 50 ms", delayed, "s"),
        Row::new("what 50 ms cost", (delayed - at_once) * 1000.0, "ms").at_most(5.0 * 50.0),
    ]);

    println!("Building one network, and {MANY} ...");
    let network = Place::new(core, binary, &networks(1))?;
    network.project.apply(&[])?.succeeded()?;
    let (calls, _, delayed) = network.refresh()?;
    let many = Place::new(core, binary, &networks(MANY))?;
    many.project.apply(&[])?.succeeded()?;
    let (many_calls, _, many_delayed) = many.refresh()?;
    let (calls, many_calls) = (of_the_stack(&calls).len() as f64, of_the_stack(&many_calls).len() as f64);
    rows.extend([
        Row::new("AWS calls of a refresh, one network", calls, "calls").at_most(14.0),
        Row::new("AWS calls of a refresh, ten networks", many_calls, "calls").at_most(10.0 * calls),
        Row::new("wall of ten networks' plan against one's, at 50 ms", many_delayed / delayed, "times")
            .at_most(9.99),
    ]);
    Ok(rows)
}

impl Place {
    fn new(core: &Core, binary: &Path, root_module: &str) -> Result<Self> {
        let folder = tempfile::tempdir_in(workspace::target()).doing(|| "make a folder in target")?;
        let log = folder.path().join("sandbox.log");
        let sandbox = Sandbox::start(None, Messages::Kept(&log), Lifetime::Ours)?;
        let account = sandbox.account();
        let mut project = Project::new(folder.path(), core, binary, &account)?;
        project.tools()?;
        let hcl = root_module
            .replace("CALLER", &account.caller())
            .replace("CHARTS", &format!("{}/charts", sandbox.url()));
        project.write("main.tf", &hcl)?;
        project.init()?;
        Ok(Self { project, account, _sandbox: sandbox, _folder: folder })
    }

    fn schema(&self, core: &Core) -> Result<Vec<Row>> {
        let printed = self.project.terraform(&["providers", "schema", "-json"])?.succeeded()?.json()?;
        let ours = &printed["provider_schemas"][format!("{}/luneo/luneo", core.registry())];
        let size = ours.to_string().len() as f64 / 1000.0;
        Ok(vec![Row::new("schema, as JSON", size, "KB").at_most(200.0)])
    }

    /// Applies with states that take time, and compares with the critical path.
    fn build(&self) -> Result<Vec<Row>> {
        self.account.clock(json!({ "mode": "scale", "scale": SCALE }))?;
        let run = self.project.apply(&[])?.succeeded()?;
        self.account.clock(json!({ "mode": "scale", "scale": 0 }))?;
        let log = self.account.calls()?;
        keep("bench-build-calls.json", &log)?;
        let calls = log::read(&log);
        let objects = self.inventory()?;
        let critical = log::critical_path(&calls, &objects, settling);
        let remark = "what each object needs, its calls, and how long the sandbox lets its states take";
        Ok(vec![
            Row::new(
                "AWS objects of one stack",
                objects.as_object().map_or(0, |all| all.len()) as f64,
                "objects",
            ),
            Row::new("AWS calls to build it", calls.len() as f64, "calls"),
            Row::new("terraform apply", run.took.as_secs_f64(), "s"),
            Row::new("makespan of the build", log::makespan(&calls), "s"),
            Row::new("critical path of the build", critical, "s").remark(remark),
            Row::new("makespan against critical path", log::makespan(&calls) / critical, "times")
                .at_most(1.03),
        ])
    }

    /// What the provider keeps of the objects of the stack with the key "0", beside the state.
    fn inventory(&self) -> Result<Value> {
        let path = self.project.folder().join("terraform.tfstate");
        let state = fs::read(&path).doing(|| format!("read {}", path.display()))?;
        let wrong = |what: &str| Error::DoesNotHold(format!("{} {what}", path.display()));
        let state: Value = serde_json::from_slice(&state).map_err(|error| wrong(&error.to_string()))?;
        let private = state["resources"][0]["instances"][0]["private"].as_str().unwrap_or_default();
        let private = base64::engine::general_purpose::STANDARD.decode(private);
        let private = private.map_err(|error| wrong(&error.to_string()))?;
        let mut private: Value =
            serde_json::from_slice(&private).map_err(|error| wrong(&error.to_string()))?;
        Ok(private["inventory"].take())
    }

    /// Seconds of an apply, and the most memory that the provider took meanwhile, in MB.
    fn apply_watching_memory(&self) -> Result<(f64, f64)> {
        let running = self.project.spawn(&["apply", "-no-color", "-input=false", "-auto-approve"])?;
        let terraform = running.id();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            let watch = scope.spawn(|| {
                let mut most: f64 = 0.0;
                while !stop.load(Ordering::Relaxed) {
                    most = most.max(memory::of_children(terraform));
                    thread::sleep(Duration::from_millis(20));
                }
                most
            });
            let run = running.finish();
            stop.store(true, Ordering::Relaxed);
            let most = watch.join().unwrap_or(f64::NAN);
            Ok((run?.succeeded()?.took.as_secs_f64(), most))
        })
    }

    /// The calls of one plan at 50 ms, and the median seconds of a plan at 0 ms and at 50 ms.
    fn refresh(&self) -> Result<(Vec<Call>, f64, f64)> {
        let at_once = self.timed()?;
        let latency = json!({ "mode": "latency", "ms": LATENCY.as_millis() as u64, "count": "always" });
        self.account.fault(latency)?;
        let before = self.account.calls()?.len();
        self.plan()?;
        let log = self.account.calls()?.split_off(before);
        keep("bench-plan-calls.json", &log)?;
        let calls = log::read(&log);
        let delayed = self.timed()?;
        self.account.clear_faults()?;
        Ok((calls, at_once, delayed))
    }

    fn timed(&self) -> Result<f64> {
        Ok(median((0..RUNS).map(|_| self.plan()).collect::<Result<_>>()?))
    }

    /// Seconds of a plan, which must be empty.
    fn plan(&self) -> Result<f64> {
        Ok(self.project.plan(&[])?.ended_with(0)?.took.as_secs_f64())
    }
}

/// Keeps a call log in `target/`, for whoever asks where a figure comes from.
fn keep(name: &str, log: &[Value]) -> Result<()> {
    let path = workspace::target().join(name);
    fs::write(&path, json!(log).to_string()).doing(|| format!("write {}", path.display()))
}

/// Without the question whose credentials these are, which each start of a provider asks once, however many stacks.
fn of_the_stack(calls: &[Call]) -> Vec<Call> {
    calls.iter().filter(|call| call.operation != "GetCallerIdentity").cloned().collect()
}

const HEAD: &str = r#"
terraform {
  required_providers {
    luneo = { source = "luneo/luneo" }
  }
}
provider "luneo" {}
# AWS allows five VPCs and five elastic addresses a region.
locals { regions = ["eu-west-1", "us-east-1", "eu-central-1", "us-west-2", "ap-southeast-1"] }
"#;

fn networks(count: u32) -> String {
    format!(
        r#"{HEAD}
resource "luneo_region_stack" "many" {{
  for_each = toset([for number in range({count}) : tostring(number)])
  name     = "bench-${{each.key}}"
  region   = local.regions[tonumber(each.key) % 5]
  network  = {{ cidr = "10.${{each.key}}.0.0/16", zone_count = 3, nat = "shared" }}
}}
"#
    )
}

/// Whether the clusters get charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charts {
    None,
    LoadBalancerController,
}

/// Regions as in the north star: a network, a cluster, two node groups.
fn platform(count: u32, charts: Charts) -> String {
    let controller = match charts {
        Charts::None => "",
        Charts::LoadBalancerController => {
            r#"load_balancer_controller = { chart_version = "3.5.0", repository = "CHARTS" }"#
        }
    };
    format!(
        r#"{HEAD}
resource "luneo_region_stack" "many" {{
  for_each = toset([for number in range({count}) : tostring(number)])
  name     = "bench"
  region   = local.regions[tonumber(each.key)]
  network  = {{ cidr = "10.${{each.key}}.0.0/16", zone_count = 3, nat = "shared" }}
  cluster = {{
    version                = "1.35"
    admin_principal_arns   = ["CALLER"]
    endpoint_public_access = {{ cidrs = ["192.0.2.0/24"] }}
    node_groups = {{
      general = {{ capacity = "on_demand", instance_types = ["m6i.large"], min = 3, max = 9, desired = 3 }}
      burst   = {{ capacity = "spot", instance_types = ["m6i.large", "m5.large", "m5a.large"], min = 0, max = 20, desired = 0 }}
    }}
    {controller}
  }}
}}
"#
    )
}

/// Seconds until what is made can be used, as `luneo_sandbox/durations.py` has them.
fn settling(kind: &str) -> f64 {
    let in_aws = match kind {
        "cluster" => 600.0,
        "node_group" => 120.0,
        "nat_gateway" => 105.0,
        "addon" => 35.0,
        "role" => 8.0,
        "vpc_endpoint" => 5.0,
        "vpc" | "subnet" | "flow_log" | "key" => 1.0,
        _ => 0.0,
    };
    in_aws * SCALE
}
