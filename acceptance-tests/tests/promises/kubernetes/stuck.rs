//! Releases that failed, and those whose helm was cut short.

use super::super::{bring, delete, make, read, settled};
use super::{
    chart::{hello, release},
    ground::{CLUSTER, Ground},
    releasing::birth,
};
use acceptance_tests::sandbox_account;
use aws_objects::kubernetes::Release;
use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use k8s_openapi::{ByteString, api::core::v1::Secret};
use kube::{Api, api::PostParams};
use reconcile::{Depth, Late, Object, Settling, Sort};
use serde_json::{Value, json};
use std::io::{Read, Write};

const LONG_AGO: &str = "2020-01-01T00:00:00Z";

/// Makes revision `number` of the release `name` look as a helm leaves it that is killed while it is `status`.
async fn cut_short(ground: &Ground, name: &str, number: u32, status: &str, since: Option<&str>) {
    let secrets = Api::<Secret>::namespaced(ground.administrator().await, name);
    let mut secret = secrets.get(&format!("sh.helm.release.v1.{name}.v{number}")).await.unwrap();
    let data = secret.data.as_mut().unwrap();
    let mut packed = Vec::new();
    let unpacked = BASE64_STANDARD.decode(&data["release"].0).unwrap();
    GzDecoder::new(unpacked.as_slice()).read_to_end(&mut packed).unwrap();
    let mut record: Value = serde_json::from_slice(&packed).unwrap();
    record["info"]["status"] = status.into();
    record["info"]["description"] = "Initial install underway".into();
    if let Some(since) = since {
        record["info"]["last_deployed"] = since.into();
    }
    let mut zip = GzEncoder::new(Vec::new(), Compression::default());
    zip.write_all(record.to_string().as_bytes()).unwrap();
    let packed = BASE64_STANDARD.encode(zip.finish().unwrap());
    data.insert("release".to_owned(), ByteString(packed.into_bytes()));
    secret.metadata.labels.as_mut().unwrap().insert("status".to_owned(), status.to_owned());
    secrets.replace(&secret.metadata.name.clone().unwrap(), &PostParams::default(), &secret).await.unwrap();
}

#[tokio::test]
async fn an_installation_or_a_change_that_was_cut_short_is_taken_up_again() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let (aws, chart) = (&*ground.aws, hello(ground.folder.path(), "1.0.0"));
    let wanted = release(CLUSTER, "stuck", &chart, json!({ "message": "one" }));
    let id = make(aws, &wanted, &birth()).await;

    for status in ["pending-install", "uninstalling", "pending-upgrade", "pending-rollback"] {
        let number = settled(aws, &id, &wanted).await.outputs["revision"].as_str().unwrap().parse().unwrap();
        cut_short(&ground, "stuck", number, status, Some(LONG_AGO)).await;
        let seen = settled(aws, &id, &wanted).await.spec;
        assert_eq!(seen.version, format!("1.0.0 ({status})"), "the plan says why it is changed");
        bring(aws, &id, &wanted).await;
        assert_eq!(settled(aws, &id, &wanted).await.spec, wanted, "after {status}");
    }

    // With an earlier revision in place, that is what it goes back to first.
    let changed = release(CLUSTER, "stuck", &chart, json!({ "message": "two" }));
    bring(aws, &id, &changed).await;
    bring(aws, &id, &wanted).await;
    let before: u32 = settled(aws, &id, &wanted).await.outputs["revision"].as_str().unwrap().parse().unwrap();
    let by_hand = chart.to_string_lossy();
    assert!(
        ground
            .helm(&["upgrade", "stuck", &by_hand, "--namespace", "stuck", "--reuse-values"])
            .status
            .success()
    );
    cut_short(&ground, "stuck", before, "deployed", None).await;
    cut_short(&ground, "stuck", before + 1, "pending-upgrade", Some(LONG_AGO)).await;
    bring(aws, &id, &wanted).await;
    let after: u32 = settled(aws, &id, &wanted).await.outputs["revision"].as_str().unwrap().parse().unwrap();
    assert_eq!(after, before + 3, "one revision goes back, and one goes on");

    // What somebody may still be working on is left to them.
    cut_short(&ground, "stuck", after, "pending-upgrade", None).await;
    let seen = read(aws, &id, Depth::Whole).await.unwrap();
    assert_eq!(seen.settling, Settling::Underway("pending-upgrade".to_owned()));
    let fault = wanted.update(aws, &id, &wanted, &Default::default()).await.unwrap_err();
    assert_eq!(fault.sort, Sort::Busy, "{fault}");
    cut_short(&ground, "stuck", after, "uninstalling", None).await;
    assert!(read(aws, &id, Depth::Whole).await.unwrap().settling.is_leaving());
    delete(aws, &id, &wanted).await;
}

#[tokio::test]
async fn a_chart_that_fails_says_what_its_pods_say_and_is_mended_by_the_next_change() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let (aws, chart) = (&*ground.aws, hello(ground.folder.path(), "1.0.0"));
    let failing = release(CLUSTER, "failing", &chart, json!({ "image": "does-not-exist" }));
    let failing = Release { timeout_seconds: 5, ..failing };
    let fault = failing.create(aws, &birth()).await.unwrap_err();
    assert_eq!(fault.sort, Sort::Refused);
    assert!(fault.message.contains("ImagePullBackOff") && fault.message.contains("pod failing-"), "{fault}");
    assert!(fault.message.lines().count() < 20, "{fault}");

    let seen = failing.find(aws).await.unwrap().expect("it is there all the same");
    assert_eq!((&*seen.spec.version, &seen.settling), ("1.0.0 (failed)", &Settling::Settled));
    let told_again = failing.update(aws, &seen.id, &seen.spec, &Default::default()).await.unwrap_err();
    assert_eq!(told_again.message, fault.message, "the same run does not try it a second time");

    let mended = Release { values: Late::Known("{}".to_owned()), timeout_seconds: 60, ..failing };
    bring(aws, &seen.id, &mended).await;
    let seen = settled(aws, &seen.id, &mended).await;
    assert_eq!((&seen.spec, &seen.outputs["revision"]), (&mended, &json!("2")), "nothing was uninstalled");
    delete(aws, &seen.id, &mended).await;
}
