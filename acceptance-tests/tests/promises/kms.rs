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

pub(super) fn key(aws: &Aws) -> Key {
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

/// KMS tells of an alias some seconds after it made it.
#[tokio::test]
async fn an_alias_that_is_taken_and_does_not_show_up_yet_is_waited_for() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let wanted = key(site.aws());
    let id = wanted.create(site.aws(), &site.birth()).await.unwrap();
    let taken = serde_json::json!({ "operation": "CreateAlias", "mode": "refused", "code": "AlreadyExistsException" });
    account.fault(taken).unwrap();
    let seen = super::read(site.aws(), &id, reconcile::Depth::Whole).await.unwrap().spec;
    let changes = super::differences(&seen, &wanted);
    let fault = wanted.update(site.aws(), &id, &seen, &changes).await.unwrap_err();
    assert_eq!(fault.sort, reconcile::Sort::NotYet);

    super::bring(site.aws(), &id, &wanted).await;
    let other = key(site.aws()).create(site.aws(), &site.birth()).await.unwrap();
    let seen = super::read(site.aws(), &other, reconcile::Depth::Whole).await.unwrap().spec;
    let fault = wanted.update(site.aws(), &other, &seen, &changes).await.unwrap_err();
    assert_eq!(fault.sort, reconcile::Sort::Refused, "the alias is another key's");
    super::delete(site.aws(), &other, &wanted).await;
    super::delete(site.aws(), &id, &wanted).await;
    site.clear().await;
}

#[tokio::test]
async fn the_alias_of_a_key_that_somebody_deleted_goes_to_the_new_key() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let wanted = key(site.aws());
    let old = super::make(site.aws(), &wanted, &site.birth()).await;
    let wish = serde_json::json!({ "KeyId": old.as_str(), "PendingWindowInDays": 7 });
    account.world("kms", "ScheduleKeyDeletion", super::site::REGION, wish).unwrap();

    let new = super::make(site.aws(), &wanted, &site.birth()).await;
    assert_eq!(wanted.find(site.aws()).await.unwrap().map(|key| key.id), Some(new.clone()));
    super::delete(site.aws(), &new, &wanted).await;
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
