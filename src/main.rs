//! The provider's program: Terraform starts it and speaks with it over a socket.

use std::process::ExitCode;
use terraform_provider_luneo::provider::Luneo;

fn main() -> ExitCode {
    let options = tfplugin::ServeOptions::new("registry.terraform.io/luneo/luneo", env!("CARGO_PKG_VERSION"));
    tfplugin::serve(Luneo::default(), options)
}
