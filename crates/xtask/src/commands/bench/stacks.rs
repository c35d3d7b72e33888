//! What stacks cost under terraform: calls, round trips and time, read from the sandbox's call log.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::error::While;
use xtask::sandbox::{Lifetime, Messages, Sandbox};
use xtask::{Account, Core, Project, Result, workspace};

use super::log::{self, Call};
use super::table::{Row, median};

const LATENCY: Duration = Duration::from_millis(50);

/// How often a plan is timed.
const RUNS: usize = 5;

/// How long states take, against AWS. Less would be quicker to measure, but how often the engine looks is made for AWS's
/// own pace: it would wait longer for its next look than for the state.
const SCALE: f64 = 1.0;

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
    println!("Building one stack, with states that take as long as in AWS (two minutes) ...");
    let one = Place::new(core, binary, 1)?;
    let mut rows = one.schema(core)?;
    rows.extend(one.build()?);
    println!("Planning it {RUNS} times at 0 ms and at {} ms ...", LATENCY.as_millis());
    let (calls, at_once, delayed) = one.refresh()?;
    let rounds = log::rounds(&calls) as f64;
    let calls = of_the_stack(&calls);
    let remark = "calls that do not overlap, each 50 ms slower; the first asks whose credentials these are";
    rows.extend([
        Row::new("AWS calls of a refresh, one stack", calls.len() as f64, "calls").at_most(14.0),
        Row::new("sequential round trips of one plan", rounds, "rounds").at_most(3.0).remark(remark),
        Row::new("one plan at 0 ms", at_once, "s"),
        Row::new("one plan at 50 ms", delayed, "s"),
        Row::new("what 50 ms cost", (delayed - at_once) * 1000.0, "ms").at_most(4.0 * 50.0),
    ]);

    println!("Building {MANY} stacks and planning them likewise ...");
    let many = Place::new(core, binary, MANY)?;
    many.project.apply(&[])?.succeeded()?;
    let (many_calls, _, many_delayed) = many.refresh()?;
    let (calls, many_calls) = (calls.len() as f64, of_the_stack(&many_calls).len() as f64);
    rows.extend([
        Row::new("AWS calls of a refresh, ten stacks", many_calls, "calls").at_most(10.0 * calls),
        Row::new("wall of ten stacks' plan against one's, at 50 ms", many_delayed / delayed, "times")
            .at_most(9.99),
    ]);
    Ok(rows)
}

impl Place {
    fn new(core: &Core, binary: &Path, count: u32) -> Result<Self> {
        let folder = tempfile::tempdir_in(workspace::target()).doing(|| "make a folder in target")?;
        let log = folder.path().join("sandbox.log");
        let sandbox = Sandbox::start(None, Messages::Kept(&log), Lifetime::Ours)?;
        let account = sandbox.account();
        let project = Project::new(folder.path(), core, binary, &account)?;
        project.write("main.tf", &root_module(count))?;
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
        let state = self.project.state("luneo_region_stack.many[\"0\"]")?;
        let objects = state["objects"].as_object().into_iter().flatten();
        let ids: BTreeMap<String, String> = objects
            .filter_map(|(address, object)| Some((address.clone(), object["id"].as_str()?.to_owned())))
            .collect();
        let critical = log::critical_path(&calls, &ids, settling);
        let remark = "from the call log: who names whose id, and how long the sandbox lets each state take";
        Ok(vec![
            Row::new("AWS objects of one stack", ids.len() as f64, "objects"),
            Row::new("AWS calls to build it", calls.len() as f64, "calls"),
            Row::new("terraform apply", run.took.as_secs_f64(), "s"),
            Row::new("makespan of the build", log::makespan(&calls), "s"),
            Row::new("critical path of the build", critical, "s").remark(remark),
            Row::new("makespan against critical path", log::makespan(&calls) / critical, "times")
                .at_most(1.05),
        ])
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

fn root_module(count: u32) -> String {
    format!(
        r#"
terraform {{
  required_providers {{
    luneo = {{ source = "luneo/luneo" }}
  }}
}}
provider "luneo" {{}}
# AWS allows five VPCs and five elastic addresses a region.
locals {{ regions = ["eu-west-1", "us-east-1", "eu-central-1", "us-west-2", "ap-southeast-1"] }}
resource "luneo_region_stack" "many" {{
  for_each = toset([for number in range({count}) : tostring(number)])
  name     = "bench-${{each.key}}"
  region   = local.regions[tonumber(each.key) % 5]
  network  = {{ cidr = "10.${{each.key}}.0.0/16", zone_count = 3, nat = "shared" }}
}}
"#
    )
}

/// Seconds until what a call makes can be used, as `luneo_sandbox/durations.py` has them.
fn settling(operation: &str) -> f64 {
    let in_aws = match operation {
        "CreateNatGateway" => 105.0,
        "CreateVpcEndpoint" => 5.0,
        "CreateRole" => 8.0,
        "CreateVpc" | "CreateSubnet" | "CreateFlowLogs" | "CreateKey" => 1.0,
        _ => 0.0,
    };
    in_aws * SCALE
}
