//! What somebody reads whose credentials, region or endpoint is wrong.

use super::site::{REGION, settings};
use acceptance_tests::{account, sandbox_account};
use aws_objects::{AssumeRole, ConnectError, Connection, ConnectionSettings, lookup};
use std::{io::Write, time::Duration};
use tokio::time::Instant;

async fn refused(settings: ConnectionSettings) -> ConnectError {
    Connection::open(settings).await.err().expect("there is no connection")
}

#[tokio::test]
async fn says_whose_the_credentials_are() {
    let account = account();
    let connection = Connection::open(settings(&account)).await.unwrap();
    assert_eq!(connection.identity().account, account.id());
    assert!(connection.identity().arn.starts_with(&format!("arn:{}:", connection.identity().partition)));
    let aws = connection.region(REGION).unwrap();
    assert!(
        std::sync::Arc::ptr_eq(&aws, &connection.region(REGION).unwrap()),
        "a region is the same for all"
    );
}

#[tokio::test]
async fn takes_a_role() {
    let Some(account) = sandbox_account() else { return };
    let role_arn = format!("arn:aws:iam::{}:role/deployer", account.id());
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}"#;
    let role = serde_json::json!({ "RoleName": "deployer", "AssumeRolePolicyDocument": trust });
    account.world("iam", "CreateRole", REGION, role).unwrap();
    let assume_role = Some(AssumeRole {
        role_arn,
        session_name: Some("promise".to_owned()),
        external_id: None,
        duration: Some(Duration::from_secs(900)),
    });
    let connection =
        Connection::open(ConnectionSettings { assume_role, ..settings(&account) }).await.unwrap();
    assert!(
        connection.identity().arn.ends_with(":assumed-role/deployer/promise"),
        "{}",
        connection.identity().arn
    );
}

#[tokio::test]
async fn an_endpoint_that_nobody_listens_on_is_named_at_once() {
    let Some(account) = sandbox_account() else { return };
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let mut settings = settings(&account);
    settings.endpoints.insert("sts".to_owned(), nobody.clone());
    let start = Instant::now();
    let error = refused(settings).await;
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&nobody), "{error}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_named_within_seconds() {
    let Some(account) = sandbox_account() else { return };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", listener.local_addr().unwrap());
    let mut settings = settings(&account);
    settings.endpoints.insert("sts".to_owned(), silent.clone());
    let start = Instant::now();
    let error = refused(settings).await;
    assert!(error.to_string().contains(&silent), "{error}");
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}

#[tokio::test]
async fn no_credentials_lists_what_was_tried() {
    let Some(account) = sandbox_account() else { return };
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "[profile empty]\nregion = eu-west-1").unwrap();
    let error = refused(ConnectionSettings {
        access_key: None,
        secret_key: None,
        profile: Some("empty".to_owned()),
        shared_config_files: vec![file.path().to_owned()],
        shared_credentials_files: vec![file.path().to_owned()],
        ..settings(&account)
    })
    .await;
    let ConnectError::NoCredentials { tried } = &error else { panic!("{error}") };
    assert_eq!(tried.len(), 1);
    assert_eq!(tried[0].source, "the profile \"empty\"");
    assert!(!tried[0].said.is_empty());
}

#[tokio::test]
async fn expired_credentials_are_told_from_wrong_ones() {
    let Some(account) = sandbox_account() else { return };
    let rule = |code: &str| {
        serde_json::json!({ "service": "sts", "operation": "GetCallerIdentity", "mode": "refused",
        "code": code, "message": "The security token included in the request is not good", "status": 403, "count": 1 })
    };
    account.fault(rule("ExpiredToken")).unwrap();
    assert!(matches!(refused(settings(&account)).await, ConnectError::Expired(_)));
    account.fault(rule("InvalidClientTokenId")).unwrap();
    assert!(matches!(refused(settings(&account)).await, ConnectError::Denied(_)));
}

#[tokio::test]
async fn a_region_that_does_not_exist_or_is_not_enabled_is_no_region() {
    let account = account();
    let connection = Connection::open(settings(&account)).await.unwrap();
    connection.check_region(REGION).await.unwrap();
    assert!(matches!(connection.region("Ireland"), Err(ConnectError::NoRegionName { .. })));
    let error = connection.check_region("eu-west-9").await.unwrap_err();
    assert!(
        matches!(&error, ConnectError::UnknownRegion { known, .. } if known.contains(&REGION.to_owned())),
        "{error}"
    );
}

#[tokio::test]
async fn endpoints_are_only_set_for_services_that_are_called() {
    let account = account();
    let mut wrong = settings(&account);
    wrong.endpoints.insert("s4".to_owned(), "http://127.0.0.1".to_owned());
    assert!(matches!(refused(wrong).await, ConnectError::UnknownService { .. }));
    let mut wrong = settings(&account);
    wrong.endpoints.insert("ec2".to_owned(), "127.0.0.1:80".to_owned());
    assert!(matches!(refused(wrong).await, ConnectError::NoUrl { .. }));
}

#[tokio::test]
async fn looks_up_what_a_region_has() {
    let connection = Connection::open(settings(&account())).await.unwrap();
    let aws = connection.region(REGION).unwrap();
    let zones = lookup::zones(&aws).await.unwrap();
    let usable = zones.iter().filter(|zone| zone.is_availability_zone() && zone.is_available());
    assert!(usable.count() >= 3, "{zones:?}");
    let services = lookup::endpoint_services(&aws).await.unwrap();
    let s3 = services.iter().filter(|service| service.name.ends_with(".s3"));
    assert!(s3.flat_map(|service| &service.types).any(|sort| sort == "Gateway"));
}
