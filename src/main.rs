//! The provider's program: Terraform starts it and speaks with it over a socket; people, kubectl and helm give it commands.

use std::{env, process::ExitCode};
use terraform_provider_luneo::{commands, provider::Luneo};

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    if let Some(ended) = commands::run(&arguments) {
        return ended;
    }
    let options = tfplugin::ServeOptions::new("registry.terraform.io/luneo/luneo", env!("CARGO_PKG_VERSION"));
    tfplugin::serve(Luneo::default(), options)
}
