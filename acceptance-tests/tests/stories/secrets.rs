//! Secrets of the provider block are nowhere but in the configuration.

use super::hcl::*;
use acceptance_tests::{Said, Terraform, sandbox_account};

const SECRET: &str = "sandbox-Secret/Key+0123456789";
const TOKEN: &str = "sandbox-Token/0123456789";

#[test]
fn keys_are_in_no_plan_state_or_log_of_the_provider() {
    let Some(account) = sandbox_account() else { return };
    let keys = format!("access_key = {:?}\nsecret_key = {SECRET:?}\ntoken = {TOKEN:?}", account.id());
    let hcl = stack(SMALL, "") + &format!("provider \"luneo\" {{\n{keys}\n}}\n");
    let mut terraform = Terraform::new(&account, &hcl);
    terraform.unset("AWS_ACCESS_KEY_ID");
    terraform.unset("AWS_SECRET_ACCESS_KEY");
    terraform.set("TF_LOG_PROVIDER", "trace");

    let plan = terraform.plan(&[]).plans_changes();
    let apply = terraform.apply(&[]).succeeds();
    let state = terraform.show_json(&[]).to_string();
    let destroy = terraform.destroy(&[]).succeeds();

    assert!(apply.stderr.contains("terraform-provider-luneo"), "the provider's log is on stderr");
    for text in [&plan.stdout, &plan.stderr, &apply.stdout, &apply.stderr, &destroy.stderr, &state] {
        assert!(!text.contains(SECRET) && !text.contains(TOKEN), "a secret is in what was printed");
    }
}
