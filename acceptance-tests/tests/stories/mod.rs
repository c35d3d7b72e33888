//! Stories of `luneo_region_stack`, as its users would tell them.

mod building;
mod changing;
mod clusters;
mod drift;
mod examples;
mod hcl;
mod importing;
mod provider_block;
mod refusing;
mod replacing;
mod resuming;
mod secrets;

use acceptance_tests::{Account, Change, Terraform};
use serde_json::Value;

/// The changes in one line each: `~ subnet.public.eu-west-1a: public_addresses: false -> true`.
pub(crate) fn told(changes: &[Change]) -> String {
    use acceptance_tests::Action;
    let line = |change: &Change| match &change.action {
        Action::Create => format!("+ {}", change.address),
        Action::Delete => format!("- {}", change.address),
        Action::Update(settings) => format!("~ {}: {}", change.address, settings.join("; ")),
    };
    changes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What the account holds in the region of the stories.
pub(crate) fn holds(account: &Account) -> Value {
    account.inventory(&["eu-west-1"]).expect("the account can be listed")
}

/// The identifier of one object of the stack.
pub(crate) fn id(terraform: &Terraform, address: &str) -> String {
    let state = terraform.state(hcl::MAIN);
    let id = state["objects"][address]["id"].as_str();
    id.unwrap_or_else(|| panic!("{address} is not in the state: {state}")).to_owned()
}

/// How often `operation` was called in the account.
pub(crate) fn count(account: &Account, operation: &str) -> usize {
    let calls = account.calls().expect("calls are logged");
    calls.iter().filter(|call| call["operation"] == operation).count()
}

/// Asks the sandbox again and again; each question takes its own time, so nothing sleeps.
pub(crate) fn until(happened: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !happened() {
        assert!(begun.elapsed().as_secs() < 120, "it did not happen within two minutes");
        std::thread::yield_now();
    }
}
