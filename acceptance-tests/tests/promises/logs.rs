//! The promises of the kinds of CloudWatch Logs.

use super::{keeps_its_promises, site::Site};
use aws_objects::{kms::Key, logs::LogGroup};
use reconcile::Late;

#[tokio::test]
async fn log_group() {
    let site = Site::open().await;
    let wanted = LogGroup {
        name: "/promises/group".to_owned(),
        retention_days: 30,
        kms_key_arn: None,
        leftovers: None,
    };
    keeps_its_promises(&site, wanted.clone(), LogGroup { retention_days: 0, ..wanted.clone() }).await;
    let neighbour = LogGroup { name: "/promises/group/longer".to_owned(), ..wanted.clone() };
    site.with(neighbour).await;
    keeps_its_promises(&site, wanted.clone(), LogGroup { retention_days: 365, ..wanted }).await;
    site.clear().await;
}

#[tokio::test]
async fn encrypted_log_group() {
    let site = Site::open().await;
    let aws = site.aws();
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [
            { "Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": { "AWS": aws.iam_arn("root") } },
            { "Effect": "Allow", "Resource": "*",
              "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
              "Principal": { "Service": format!("logs.{}.{}", aws.region, aws.dns_suffix()) } },
        ],
    });
    let key = |alias: &str| Key {
        alias: alias.to_owned(),
        description: "for logs".to_owned(),
        policy: Late::Known(policy.to_string()),
        rotation: false,
        deletion_window_days: 7,
    };
    let (one, other) =
        (site.with(key("alias/promises/logs")).await, site.with(key("alias/promises/new")).await);
    let encrypted = |arn| LogGroup {
        name: "/promises/secret".to_owned(),
        retention_days: 7,
        kms_key_arn: Some(arn),
        leftovers: None,
    };
    let (one, other) = (site.output(&one, "arn").await, site.output(&other, "arn").await);
    keeps_its_promises(&site, encrypted(one), encrypted(other)).await;
    site.clear().await;
}
