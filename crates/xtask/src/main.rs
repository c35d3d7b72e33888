//! `cargo xtask <command>`: see `USAGE`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "these are commands: they talk to a person")]

mod commands;

use std::env;
use std::process::ExitCode;

use commands::{bench, demo, dist, docs, install, sandbox, test};
use xtask::{Error, Result};

const USAGE: &str = "\
cargo xtask <command>

  demo [--keep]              the newcomer's command: builds two regions in the sandbox, breaks and repairs them, and
                             takes them down; --keep leaves them and the sandbox
  test [--fast] [filter]     the whole test suite; --fast leaves out what needs terraform
  sandbox [--port N]         the local AWS alone, in the foreground, until Ctrl-C
  install [--plugin-dir DIR] a release build where terraform finds it
  bench [--dev]              calls, round trips, times and memory, against their limits; also target/bench.json
  docs [--check]             the registry's pages in docs/ from the provider's schema; --check only compares
  dist                       the archives of a release for this platform
  gen [--check]              the protocol's Rust code from proto/; --check only compares

TERRAFORM in the environment names another terraform binary (tofu, another version).";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match obey(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            ExitCode::FAILURE
        }
    }
}

fn obey(words: &[&str]) -> Result<()> {
    match words {
        ["demo", options @ ..] => demo::run(options),
        ["test", options @ ..] => test::run(options),
        ["sandbox", options @ ..] => sandbox::run(options),
        ["install", options @ ..] => install::run(options),
        ["bench", options @ ..] => bench::run(options),
        ["docs", options @ ..] => docs::run(options),
        ["dist", options @ ..] => dist::run(options),
        ["gen", options @ ..] => {
            let options: Vec<String> = options.iter().map(|option| option.to_string()).collect();
            Ok(xtask::r#gen::run(&options)?)
        }
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        [unknown, ..] => Err(Error::Missing(format!("There is no command `{unknown}`.\n\n{USAGE}"))),
    }
}
