//! The promises of the kinds of KMS.

use super::{keeps_its_promises, site::Site};
use aws_objects::{Aws, kms::Key};
use reconcile::{Late, Object, Tags};

fn policy(aws: &Aws, sid: &str) -> Late<String> {
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": sid, "Effect": "Allow", "Action": "kms:*", "Resource": "*",
            "Principal": { "AWS": aws.iam_arn("root") },
        }],
    });
    Late::Known(policy.to_string())
}

fn key(aws: &Aws) -> Key {
    Key {
        alias: "alias/promises/one".to_owned(),
        description: "for a promise".to_owned(),
        policy: policy(aws, "Owner"),
        rotation: true,
        deletion_window_days: 7,
    }
}

#[tokio::test]
async fn key_of_one_region() {
    let site = Site::open().await;
    let wanted = key(site.aws());
    let changed = Key {
        alias: "alias/promises/another".to_owned(),
        description: "for another promise".to_owned(),
        policy: policy(site.aws(), "TheOwner"),
        rotation: false,
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn a_key_that_never_got_its_alias_is_found_by_its_tags() {
    let site = Site::open().await;
    let wanted = Key { alias: "alias/promises/interrupted".to_owned(), ..key(site.aws()) };
    let birth = site.birth();
    let id = wanted.create(site.aws(), &birth).await.unwrap();

    let owner: Tags = birth.tags.into_iter().filter(|(key, _)| key.starts_with("luneo:")).collect();
    let found = Key::owned(site.aws(), &owner).await.unwrap();
    assert_eq!(found.iter().map(|key| &key.id).collect::<Vec<_>>(), [&id]);
    super::delete(site.aws(), &id, &wanted).await;
    assert!(
        Key::owned(site.aws(), &owner).await.unwrap().is_empty(),
        "a key that waits for its deletion is gone"
    );
    site.clear().await;
}
