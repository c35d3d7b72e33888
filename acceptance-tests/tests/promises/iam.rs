//! The promises of the kinds of IAM.

use super::{keeps_its_promises, site::Site};
use aws_objects::iam::{OidcProvider, Role};
use reconcile::{Late, Object};
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

/// In the sandbox as in AWS, IAM only takes an issuer that it reaches.
#[tokio::test]
async fn oidc_provider() {
    let site = Site::open().await;
    let cluster = site.cluster("promises-oidc").await;
    let url = site.output(&cluster, "oidc_issuer").await;
    let wanted = OidcProvider { url, audiences: vec!["sts.amazonaws.com".to_owned(), "vault".to_owned()] };
    let changed = OidcProvider {
        audiences: vec!["sts.amazonaws.com".to_owned(), "grafana".to_owned()],
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn an_issuer_is_the_same_with_and_without_its_scheme() {
    let site = Site::open().await;
    let cluster = site.cluster("promises-scheme").await;
    let issuer = site.output(&cluster, "oidc_issuer").await;
    let bare = issuer.known().trim_start_matches("https://").into();
    let wanted = OidcProvider { url: bare, audiences: vec!["sts.amazonaws.com".to_owned()] };
    let id = super::make(site.aws(), &wanted, &site.birth()).await;
    let found = wanted.find(site.aws()).await.unwrap().expect("it is found by its issuer");
    assert_eq!((found.id, found.spec.url), (id.clone(), issuer));
    super::delete(site.aws(), &id, &wanted).await;
    site.clear().await;
}
