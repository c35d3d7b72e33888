//! Releases of charts: made by the real helm, seen by it, repaired, and out of reach.

use super::{
    super::{holds, told},
    *,
};
use acceptance_tests::{Said, Terraform, errors, reachable, sandbox_account};

const MAIN: &str = "luneo_region_stack.main";

#[test]
fn a_chart_is_installed_seen_by_helm_and_changed() {
    let Some(account) = sandbox_account() else { return };
    let body = |values: &str| format!("{NODES}{}\n{}", controller(&account), hello(&account, values));
    let terraform = Terraform::new(&account, &cluster(&account, &body("values = { replicas = 2 }")));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    let kubernetes = kubernetes(&account);
    let listed = kubernetes.helm(&["list", "--all-namespaces", "--output", "json"]);
    assert!(
        listed.contains("\"hello-1.1.0\"") && listed.contains("\"aws-load-balancer-controller-3.5.0\""),
        "{listed}"
    );
    let available = kubernetes.kubectl(&[
        "get",
        "deployment",
        "hello",
        "-n",
        "web",
        "-o",
        "jsonpath={.status.availableReplicas}",
    ]);
    assert_eq!(available, "2");

    terraform.rewrite(&cluster(&account, &body("values = { replicas = 3 }")));
    let planned = told(&terraform.planned(&[]));
    assert!(
        planned.starts_with("~ chart.hello: values: sha256:") && planned.lines().count() == 1,
        "{planned}"
    );
    terraform.apply(&["planned"]).succeeds();
    let available = kubernetes.kubectl(&[
        "get",
        "deployment",
        "hello",
        "-n",
        "web",
        "-o",
        "jsonpath={.status.availableReplicas}",
    ]);
    assert_eq!(available, "3");
    terraform.rewrite(&cluster(&account, &format!("{NODES}{}", controller(&account))));
    assert_eq!(told(&terraform.planned(&[])), "- chart.hello");
    terraform.apply(&["planned"]).succeeds();
    assert!(!kubernetes.helm(&["list", "--all-namespaces", "--output", "json"]).contains("hello"));
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_chart_uninstalled_or_changed_by_hand_comes_back() {
    let Some(account) = sandbox_account() else { return };
    let hcl = cluster(&account, &format!("{NODES}{}", hello(&account, "values = { replicas = 2 }")));
    let terraform = Terraform::new(&account, &hcl);
    terraform.apply(&[]).succeeds();
    let kubernetes = kubernetes(&account);
    kubernetes.helm(&["uninstall", "hello", "--namespace", "web"]);
    assert_eq!(told(&terraform.planned(&[])), "+ chart.hello");
    terraform.apply(&["planned"]).succeeds();
    terraform.plan(&[]).plans_nothing();

    let repository = repository(&account);
    kubernetes.helm(&[
        "upgrade",
        "hello",
        "hello",
        "--repo",
        &repository,
        "--version",
        "1.0.0",
        "--namespace",
        "web",
        "--set",
        "replicas=1",
    ]);
    let planned = told(&terraform.planned(&[]));
    assert!(planned.contains("version: 1.0.0 -> 1.1.0") && planned.contains("values: sha256:"), "{planned}");
    terraform.apply(&["planned"]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_failing_chart_is_told_with_what_its_pods_say_and_mended_by_the_next_apply() {
    let Some(account) = sandbox_account() else { return };
    let with = |image: &str| {
        let more = format!("values = {{ image = \"{image}\" }}, timeout_seconds = 5");
        cluster(&account, &format!("{NODES}{}", hello(&account, &more)))
    };
    let terraform = Terraform::new(&account, &with("registry.example/does-not-exist:1"));
    let said = errors(&terraform.apply(&[]).fails());
    assert!(said.contains("ImagePullBackOff") && said.contains("chart.hello"), "{said}");
    terraform.rewrite(&with("registry.example/hello:1"));
    terraform.run(&["untaint", MAIN]).succeeds();
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn charts_that_cannot_be_rendered_are_refused_while_planning() {
    let Some(account) = sandbox_account() else { return };
    let repository = repository(&account);
    let chart = |text: &str| cluster(&account, &format!("{NODES}charts = {{ hello = {{ {text} }} }}"));
    let usual = format!("repository = \"{repository}\", namespace = \"web\"");
    let cases = [
        ("unknown chart", chart(&format!("chart = \"helo\", version = \"1.1.0\", {usual}"))),
        ("unknown version", chart(&format!("chart = \"hello\", version = \"9.9.9\", {usual}"))),
        (
            "bad values",
            chart(&format!(
                "chart = \"hello\", version = \"1.1.0\", {usual}, values = {{ replicas = \"many\" }}"
            )),
        ),
    ];
    for (name, hcl) in cases {
        let said = errors(&Terraform::new(&account, &hcl).plan(&[]).fails());
        insta::assert_snapshot!(name, said.replace(&repository, "http://charts"));
    }
}

#[test]
fn a_release_stuck_by_a_killed_helm_is_recovered() {
    let Some(account) = sandbox_account() else { return };
    let hcl = cluster(
        &account,
        &format!("{NODES}{}", hello(&account, "values = { replicas = 2 }, timeout_seconds = 5")),
    );
    let terraform = Terraform::new(&account, &hcl);
    terraform.apply(&[]).succeeds();
    let kubernetes = kubernetes(&account);
    let repository = repository(&account);
    let mut helm = kubernetes.start_helm(&[
        "upgrade",
        "hello",
        "hello",
        "--repo",
        &repository,
        "--version",
        "1.1.0",
        "--namespace",
        "web",
        "--wait",
        "--set",
        "image=registry.example/does-not-exist:1",
    ]);
    let pending = || kubernetes.helm(&["list", "--pending", "--namespace", "web", "--short"]);
    while !pending().contains("hello") {}
    helm.kill().expect("it waits for its pods");
    helm.wait().expect("it ends");
    let planned = told(&terraform.planned(&[]));
    assert!(planned.contains("chart.hello"), "{planned}");
    terraform.apply(&["planned"]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn secrets_of_a_release_are_written_nowhere() {
    let Some(account) = sandbox_account() else { return };
    let secret = "swordfish-is-the-word";
    let body = |version: u8, secret: &str| {
        let more = format!("sensitive_values_version = {version}");
        let secrets = format!("charts_sensitive_values_wo = {{ hello = {{ secret = \"{secret}\" }} }}");
        cluster(&account, &format!("{NODES}{}\n{secrets}", hello(&account, &more)))
    };
    let mut terraform = Terraform::new(&account, &body(1, secret));
    terraform.set("TF_LOG", "TRACE");
    let log = terraform.project().folder().join("trace.log");
    terraform.set("TF_LOG_PATH", &log.to_string_lossy());
    terraform.plan(&["-out=saved"]).plans_changes();
    let run = terraform.apply(&["saved"]).succeeds();
    terraform.plan(&[]).plans_nothing();
    let kubernetes = kubernetes(&account);
    let kept = kubernetes.kubectl(&["get", "secret", "hello", "-n", "web", "-o", "jsonpath={.data.secret}"]);
    assert_eq!(kept, "c3dvcmRmaXNoLWlzLXRoZS13b3Jk");

    let state = std::fs::read_to_string(terraform.project().folder().join("terraform.tfstate")).unwrap();
    // The configuration itself is in the plan as it is written.
    let mut plan = terraform.show_json(&["saved"]);
    plan.as_object_mut().expect("a plan is an object").remove("configuration");
    let plan = plan.to_string();
    // Terraform's own log of the configuration it reads is its own; what our program writes is marked with its name.
    let log = std::fs::read_to_string(&log).unwrap();
    let ours: String =
        log.lines().filter(|line| line.contains("provider.terraform-provider-luneo")).collect();
    for (where_, text) in [("state", &state), ("plan", &plan), ("log", &ours), ("output", &run.stdout)] {
        assert!(!text.contains(secret), "the secret is in the {where_}");
    }
    // Another one counts once its number is raised.
    terraform.rewrite(&body(1, "another-word"));
    terraform.plan(&[]).plans_nothing();
    terraform.rewrite(&body(2, "another-word"));
    let planned = told(&terraform.planned(&[]));
    assert!(planned.starts_with("~ chart.hello: sensitive: "), "{planned}");
    terraform.apply(&["planned"]).succeeds();
    let kept = kubernetes.kubectl(&["get", "secret", "hello", "-n", "web", "-o", "jsonpath={.data.secret}"]);
    assert_eq!(kept, "YW5vdGhlci13b3Jk");
    terraform.destroy(&[]).succeeds();
}

#[test]
fn an_api_out_of_reach_is_a_warning_at_plan_and_an_error_at_apply_and_the_rest_is_done() {
    let Some(account) = sandbox_account() else { return };
    let hcl = |max: u8, replicas: u8| {
        let nodes = NODES.replace("max = 4", &format!("max = {max}"));
        cluster(
            &account,
            &format!("{nodes}{}", hello(&account, &format!("values = {{ replicas = {replicas} }}"))),
        )
    };
    let terraform = Terraform::new(&account, &hcl(4, 1));
    terraform.apply(&[]).succeeds();
    let state = terraform.state(MAIN)["charts_status"].clone();
    reachable(&account, REGION, "story", false);
    let run = terraform.plan(&[]).plans_nothing();
    assert!(run.normalised().contains("could not be looked at"), "{}", run.normalised());
    terraform.run(&["apply", "-refresh-only", "-auto-approve"]).succeeds();
    assert_eq!(terraform.state(MAIN)["charts_status"], state);

    terraform.rewrite(&hcl(5, 2));
    let run = terraform.apply(&[]);
    let said = errors(&run.fails());
    assert!(said.contains("https://127.0.0.1:") && said.contains("endpoint_public_access"), "{said}");
    assert_eq!(node_group(&account, "general")["scalingConfig"]["maxSize"], 5);
    reachable(&account, REGION, "story", true);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn a_stack_whose_kubernetes_is_out_of_reach_is_destroyed_to_nothing() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let body = format!("{NODES}{}\n{}", controller(&account), hello(&account, ""));
    let terraform = Terraform::new(&account, &cluster(&account, &body));
    terraform.apply(&[]).succeeds();
    reachable(&account, REGION, "story", false);
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}
