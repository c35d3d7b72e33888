//! The promises of the kinds of IAM.

use super::{keeps_its_promises, site::Site};
use aws_objects::iam::Role;
use reconcile::Late;
use std::collections::BTreeMap;

fn trust(service: &str) -> Late<String> {
    let trust = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": [service] } }],
    });
    Late::Known(trust.to_string())
}

fn allowing(action: &str) -> Late<String> {
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Action": [action], "Resource": "*" },
    });
    Late::Known(policy.to_string())
}

#[tokio::test]
async fn role() {
    let site = Site::open().await;
    let partition = &site.aws().partition;
    let managed = |name: &str| Late::Known(format!("arn:{partition}:iam::aws:policy/{name}"));
    let wanted = Role {
        name: "promises-role".to_owned(),
        description: "100 % of what it may do".to_owned(),
        trust: trust("vpc-flow-logs.amazonaws.com"),
        inline_policies: BTreeMap::from([
            ("write".to_owned(), allowing("logs:PutLogEvents")),
            ("read".to_owned(), allowing("logs:DescribeLogGroups")),
        ]),
        managed_policies: vec![managed("ReadOnlyAccess"), managed("AmazonVPCReadOnlyAccess")],
    };
    let changed = Role {
        description: "less".to_owned(),
        trust: trust("ec2.amazonaws.com"),
        inline_policies: BTreeMap::from([("write".to_owned(), allowing("logs:CreateLogStream"))]),
        managed_policies: vec![managed("AmazonVPCReadOnlyAccess")],
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}
