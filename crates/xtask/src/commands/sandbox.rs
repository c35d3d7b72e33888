//! `cargo xtask sandbox`: the local AWS alone, in the foreground.

use xtask::sandbox::{Lifetime, Messages, Sandbox};
use xtask::{Error, Result};

use super::options::Options;

/// Prints one line when it answers, and goes on until Ctrl-C.
pub(crate) fn run(given: &[&str]) -> Result<()> {
    let options = Options::read(given, &[], &["--port"])?;
    let port = match options.value("--port").map(str::parse) {
        None => None,
        Some(Ok(port)) => Some(port),
        Some(Err(_)) => return Err(Error::Missing("--port takes a number up to 65535.".into())),
    };
    let sandbox = Sandbox::start(port, Messages::Shown, Lifetime::Ours)?;
    println!("sandbox ready {}", sandbox.url());
    sandbox.wait()
}
