//! `cargo xtask bench`: what the product costs in calls, round trips, time and memory, as a table and as JSON.

mod log;
mod memory;
mod stacks;
mod start;
mod table;

use std::fs;

use serde_json::json;
use xtask::error::While;
use xtask::provider::{self, Profile};
use xtask::{Core, Error, Result, workspace};

use super::options::Options;

/// What hashicorp/aws with the usual modules (vpc 6.6, eks 21, rds-aurora 10, s3-bucket 5, iam 6, kms 4) calls for the same
/// platform. Counted from source text of several versions, not measured, each page of a listing once: lower bounds.
/// The network's 42: VPC 7, nine subnets and nine associations 18, three route tables and two routes 5, gateways 2,
/// address 2, endpoint 2, the VPC's three defaults 3, zones, endpoint service and account 3.
const PEER: [(&str, u32); 3] = [
    ("AWS calls of one refresh, the whole platform in two regions", 385),
    ("AWS calls of one refresh, one region's network without flow logs", 42),
    ("round trips one after another in one plan, the whole platform", 22),
];

/// Measures everything, prints the table, writes `target/bench.json`, and fails if a limit is not kept.
///
/// With `--dev` it measures the development build, which is there already: good for counts, not for times.
pub(crate) fn run(given: &[&str]) -> Result<()> {
    let options = Options::read(given, &["--dev"], &[])?;
    let core = Core::find()?;
    let (profile, build) = match options.has("--dev") {
        true => (Profile::Dev, "development build"),
        false => (Profile::Release, "release (some minutes the first time)"),
    };
    println!("Measuring with {core}. Building the {build} ...");
    let binary = provider::build(profile)?;
    let mut rows = start::rows(&binary)?;
    rows.extend(stacks::rows(&core, &binary)?);

    println!("\n{}", table::text(&rows));
    println!(
        "For comparison, hashicorp/aws 6.x with terraform-aws-modules, counted from its source and not measured:"
    );
    PEER.iter().for_each(|(what, count)| println!("  {what}: at least {count}"));

    let path = workspace::target().join("bench.json");
    let peer: Vec<_> = PEER.iter().map(|(what, count)| json!({ "what": what, "at_least": count })).collect();
    let all = json!({ "core": core.to_string(), "build": format!("{profile:?}").to_lowercase(), "rows": rows, "peer_counted_from_source": peer });
    fs::write(&path, format!("{all:#}\n")).doing(|| format!("write {}", path.display()))?;
    println!("\nWritten to {}.", path.display());
    let broken: Vec<_> = rows.iter().filter(|row| !row.is_kept()).map(|row| row.what.as_str()).collect();
    match broken.is_empty() {
        true => Ok(()),
        false => Err(Error::DoesNotHold(format!("Not within the limit: {}.", broken.join("; ")))),
    }
}
