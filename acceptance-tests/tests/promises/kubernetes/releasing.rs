//! Releases as they come, change and go.

use super::super::{bring, delete, make, read, settled};
use super::{
    chart::{hello, release, with_sensitive},
    ground::{CLUSTER, Ground},
};
use acceptance_tests::sandbox_account;
use aws_objects::kubernetes::{Release, check_chart};
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::Api;
use reconcile::{Birth, Depth, Late, Object, Sort, Tags};
use serde_json::json;
use std::{fs, time::Duration};

pub(super) fn birth() -> Birth {
    Birth { tags: Tags::new(), token: "promise".to_owned() }
}

#[tokio::test]
async fn a_release_comes_and_changes_and_goes() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let (aws, one, two) =
        (&*ground.aws, hello(ground.folder.path(), "1.0.0"), hello(ground.folder.path(), "1.1.0"));
    let odd = json!({ "none": null, "large": 12_345_678_901_u64, "part": 1.0, "text": "ä \u{7f}\u{2028} ~", "list": [1, null] });
    let wanted = release(CLUSTER, "web", &one, json!({ "message": "hello", "replicas": 1, "odd": odd }));
    assert!(wanted.find(aws).await.unwrap().is_none());
    let id = make(aws, &wanted, &birth()).await;
    let seen = settled(aws, &id, &wanted).await;
    assert_eq!(seen.spec, wanted, "it reads back what it was given");
    assert_eq!(seen.outputs["status"], "deployed");
    assert_eq!((&seen.outputs["revision"], &seen.outputs["app_version"]), (&json!("1"), &json!("7")));
    assert_eq!(wanted.find(aws).await.unwrap().unwrap().id, id);
    let by_helm = ground.helm(&["list", "--namespace", "web", "--short"]);
    assert_eq!(String::from_utf8_lossy(&by_helm.stdout).trim(), "web", "helm knows it too");

    let changed =
        Release { values: Late::Known("{}".to_owned()), ..release(CLUSTER, "web", &two, json!({})) };
    bring(aws, &id, &changed).await;
    assert_eq!(settled(aws, &id, &changed).await.spec, changed);
    let client = ground.administrator().await;
    let map = Api::<ConfigMap>::namespaced(client, "web").get("web").await.unwrap();
    assert_eq!(map.data.unwrap()["message"], "none", "values that are not given any more are gone");

    // By hand: another value, and one that nobody asked for.
    let path = two.to_string_lossy();
    let by_hand = ground.helm(&["upgrade", "web", &path, "--namespace", "web", "--set", "message=by hand"]);
    assert!(by_hand.status.success(), "{by_hand:?}");
    let seen = settled(aws, &id, &changed).await.spec;
    assert_ne!(seen.values, changed.values);
    assert!(!format!("{seen:?}").contains("by hand"), "what somebody else gave may be sensitive: {seen:?}");
    bring(aws, &id, &changed).await;

    let last = settled(aws, &id, &changed).await.spec;
    delete(aws, &id, &last).await;
    assert!(read(aws, &id, Depth::Whole).await.is_none());
    last.delete(aws, &id).await.unwrap();
}

#[tokio::test]
async fn sensitive_values_are_nowhere_but_in_the_cluster() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let (aws, chart) = (&*ground.aws, hello(ground.folder.path(), "1.0.0"));
    let public = release(CLUSTER, "safe", &chart, json!({ "message": "hello" }));
    let wanted = with_sensitive(&public, 1);
    let not_given = wanted.create(aws, &birth()).await.unwrap_err();
    assert!(not_given.message.contains("`charts_sensitive_values_wo`"), "{not_given}");

    aws.put_sensitive_values("safe", r#"{"password":"correct-horse"}"#.into());
    let id = make(aws, &wanted, &birth()).await;
    let seen = settled(aws, &id, &wanted).await;
    assert_eq!(seen.spec, wanted);
    assert!(!format!("{seen:?}").contains("correct-horse"));
    let client = ground.administrator().await;
    let secret = Api::<Secret>::namespaced(client, "safe").get("safe").await.unwrap();
    assert_eq!(secret.data.unwrap()["password"].0, b"correct-horse");

    // Changed by hand, nobody knows which of the values are sensitive.
    let path = chart.to_string_lossy();
    let by_hand = [
        "upgrade",
        "safe",
        &path,
        "--namespace",
        "safe",
        "--reuse-values",
        "--set",
        "password=battery-staple",
    ];
    assert!(ground.helm(&by_hand).status.success());
    let seen = settled(aws, &id, &wanted).await;
    assert_ne!(seen.spec.sensitive, wanted.sensitive);
    let shown = format!("{seen:?}");
    assert!(!shown.contains("battery-staple") && !shown.contains("correct-horse"), "{shown}");
    bring(aws, &id, &wanted).await;

    // One that does not render is not quoted, and one that is taken out of the configuration goes.
    aws.put_sensitive_values("safe", r#"{"replicas":"correct-horse"}"#.into());
    let fault = with_sensitive(&public, 2).update(aws, &id, &wanted, &Default::default()).await.unwrap_err();
    assert!(!fault.to_string().contains("correct-horse"), "{fault}");
    bring(aws, &id, &public).await;
    let client = ground.administrator().await;
    let secret = Api::<Secret>::namespaced(client, "safe").get("safe").await.unwrap();
    assert_eq!(secret.data.unwrap()["password"].0, b"none");
    delete(aws, &id, &public).await;
}

#[tokio::test]
async fn a_chart_of_a_repository_is_found_by_its_name_and_version() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let (aws, here) = (&*ground.aws, hello(ground.folder.path(), "1.0.0"));
    let repository = Some(format!("{}/charts", ground.account.url().unwrap()));
    let from = |chart: &str, version: &str, values: serde_json::Value| Release {
        chart: chart.to_owned(),
        version: version.to_owned(),
        repository: repository.clone(),
        ..release(CLUSTER, "shop", &here, values)
    };
    let wanted = from("hello", "1.0.0", json!({ "message": "open" }));
    check_chart(aws, &wanted, "1.34").await.unwrap();
    let id = make(aws, &wanted, &birth()).await;
    assert_eq!(settled(aws, &id, &wanted).await.spec, wanted);
    let newer = from("hello", "1.1.0", json!({ "message": "open" }));
    bring(aws, &id, &newer).await;
    assert_eq!(settled(aws, &id, &newer).await.spec, newer);
    let elsewhere = Release { repository: Some("http://127.0.0.1:9/charts".to_owned()), ..newer.clone() };
    let seen = settled(aws, &id, &elsewhere).await.spec;
    assert_eq!(seen.repository, repository, "which repository it came from is known, though helm forgets it");

    for (wrong, word) in [
        (from("absent", "1.0.0", json!({})), "`chart`"),
        (from("hello", "9.9.9", json!({})), "`version`"),
        (from("hello", "1.0.0", json!({ "replicas": "many" })), "`values`"),
    ] {
        let at_plan = check_chart(aws, &wrong, "1.34").await.unwrap_err();
        let at_apply = wrong.update(aws, &id, &newer, &Default::default()).await.unwrap_err();
        for fault in [at_plan, at_apply] {
            assert_eq!(fault.sort, Sort::Refused, "{fault}");
            assert!(fault.message.contains(word), "{fault}");
        }
    }
    assert_eq!(settled(aws, &id, &newer).await.spec, newer, "nothing was touched");
    delete(aws, &id, &newer).await;
}

/// Helm's arguments can be seen by everybody on the machine.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_secret_is_an_argument() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let (aws, chart) = (&*ground.aws, hello(ground.folder.path(), "1.0.0"));
    let never_ready = release(CLUSTER, "argv", &chart, json!({ "image": "does-not-exist" }));
    let wanted = Release { timeout_seconds: 5, ..with_sensitive(&never_ready, 1) };
    aws.put_sensitive_values("argv", r#"{"password":"correct-horse"}"#.into());
    let birth = birth();
    let running = wanted.create(aws, &birth);
    let watching = async {
        loop {
            let mine = arguments().into_iter().find(|line| line.contains("upgrade") && line.contains("argv"));
            match mine {
                Some(line) => return line,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    let (made, line) = futures_of(running, watching).await;
    assert!(made.is_err());
    assert!(line.contains("--values") && line.contains("/password"), "{line}");
    assert!(!line.contains("correct-horse") && !line.contains("k8s-aws-v1"), "{line}");
    let folder = line.split_whitespace().find(|word| word.ends_with("values.json")).unwrap();
    assert!(!fs::exists(folder).unwrap(), "what helm was given is gone");
}

async fn futures_of<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    tokio::join!(one, other)
}

fn arguments() -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ")).collect()
}

#[tokio::test]
async fn a_chart_that_cannot_be_installed_is_told_before_anything_is_done() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let (aws, chart) = (&*ground.aws, hello(ground.folder.path(), "1.0.0"));
    let good = release(CLUSTER, "plan", &chart, json!({}));
    check_chart(aws, &good, "1.34").await.unwrap();
    let later = reconcile::text([
        Late::Known(r#"{"message":""#.to_owned()),
        Late::From { object: "cluster".into(), output: "arn".to_owned() },
        Late::Known(r#""}"#.to_owned()),
    ]);
    check_chart(aws, &Release { values: later, ..good.clone() }, "1.34").await.unwrap();

    for (wrong, word) in [
        (Release { values: Late::Known(r#"{"image":null}"#.to_owned()), ..good.clone() }, "`values`"),
        (Release { chart: "/nowhere/hello".to_owned(), ..good.clone() }, "`chart`"),
        (Release { version: "9.9.9".to_owned(), ..good.clone() }, "`version`"),
        (
            Release {
                chart: "hello".to_owned(),
                repository: Some("http://127.0.0.1:9/charts".to_owned()),
                ..good.clone()
            },
            "`repository`",
        ),
        (Release { repository: Some("https://me:secret@charts".to_owned()), ..good.clone() }, "`repository`"),
    ] {
        let fault = check_chart(aws, &wrong, "1.34").await.unwrap_err();
        assert_eq!(fault.sort, Sort::Refused, "{fault}");
        assert!(fault.message.contains(word) && !fault.message.contains("secret"), "{fault}");
    }
}
