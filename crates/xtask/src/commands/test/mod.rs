//! `cargo xtask test`: the whole test suite, quick parts first.

mod bans;
mod direction;
mod steps;
mod tree;

use std::time::Instant;

use xtask::{Core, Error, Result};

use super::options::Options;
use steps::{Needs, Step};

/// Runs the steps in order and stops at the first that fails, saying how to run it alone.
///
/// With a filter only the tests whose names contain it are run, without the checks of the source.
pub(crate) fn run(given: &[&str]) -> Result<()> {
    let options = Options::read(given, &["--fast"], &["--only"])?;
    let filter = options.words.first().copied();
    let steps = chosen(&options, filter)?;
    let began = Instant::now();

    if steps.iter().any(|step| step.needs == Needs::Terraform) {
        let core = Core::find()?;
        println!("The stories use {core}: {}\n", core.program.display());
    }
    for (number, step) in steps.iter().enumerate() {
        println!("[{}/{}] {}", number + 1, steps.len(), step.title);
        let began = Instant::now();
        if let Err(error) = (step.run)(filter) {
            eprintln!("\n{error}\n");
            let again = format!("cargo xtask test --only {}", step.name);
            return Err(Error::DoesNotHold(format!(
                "Failed: {}. To run just this again: {}",
                step.title,
                filter.map_or(again.clone(), |filter| format!("{again} {filter}"))
            )));
        }
        println!("      done in {:.1} s", began.elapsed().as_secs_f32());
    }
    println!("\nEverything passed in {} s.", began.elapsed().as_secs());
    Ok(())
}

fn chosen(options: &Options<'_>, filter: Option<&str>) -> Result<Vec<Step>> {
    let all = steps::all();
    if let Some(name) = options.value("--only") {
        let names: Vec<_> = all.iter().map(|step| step.name).collect();
        let named: Vec<_> = all.into_iter().filter(|step| step.name == name).collect();
        return match named.is_empty() {
            false => Ok(named),
            true => {
                Err(Error::Missing(format!("There is no step `{name}`; there are {}.", names.join(", "))))
            }
        };
    }
    let wanted = |step: &Step| {
        let fast_enough = !options.has("--fast") || step.needs != Needs::Terraform;
        fast_enough && (filter.is_none() || step.takes_filter)
    };
    Ok(all.into_iter().filter(wanted).collect())
}
