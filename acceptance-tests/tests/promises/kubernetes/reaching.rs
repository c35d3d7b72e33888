//! Who gets into a cluster, and what somebody reads who does not.

use super::super::site::REGION;
use super::{
    chart::{hello, release},
    ground::{CLUSTER, Ground, ways},
    releasing::birth,
};
use acceptance_tests::{provider_binary, sandbox_account};
use aws_objects::{
    Connection, ConnectionSettings,
    kubernetes::{LoadBalancers, Release},
};
use reconcile::{Depth, Fault, Id, Late, Object, Sort};
use serde_json::{Value, json};
use std::process::{Command, Output};

async fn refused(ground: &Ground, wanted: &Release) -> Fault {
    let id = Id::new(format!("{CLUSTER}/{}/{}", wanted.namespace, wanted.name));
    let to_read = Release::read(&ground.aws, std::slice::from_ref(&id), Depth::Whole).await.unwrap_err();
    let to_make = wanted.create(&ground.aws, &birth()).await.unwrap_err();
    let to_delete = wanted.delete(&ground.aws, &id).await.unwrap_err();
    for fault in [&to_make, &to_delete] {
        assert_eq!((fault.sort, fault.unreachable), (to_read.sort, to_read.unreachable), "{fault}");
    }
    to_read
}

#[tokio::test]
async fn what_keeps_us_out_is_told_with_what_to_do() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let wanted = release(CLUSTER, "web", &hello(ground.folder.path(), "1.0.0"), json!({}));
    let endpoint = ground.world("eks", "DescribeCluster", json!({ "name": CLUSTER }));
    let endpoint = endpoint["cluster"]["endpoint"].as_str().unwrap().to_owned();

    ground.api(json!({ "reachable": false }));
    let fault = refused(&ground, &wanted).await;
    assert!(fault.unreachable && fault.message.contains(&endpoint), "{fault}");
    assert!(fault.message.contains("cluster.endpoint_public_access.cidrs"), "{fault}");
    assert!(fault.message.contains("open to 0.0.0.0/0 only"), "{fault}");
    let cluster = Late::Known(Id::new(CLUSTER));
    let all = LoadBalancers { cluster, releases: Vec::new(), nodes: Vec::new(), access: Vec::new() };
    assert!(all.delete(&ground.aws, &Id::new(CLUSTER)).await.unwrap_err().unreachable);
    ground.api(json!({ "reachable": true }));

    let principal = ground.account.caller();
    ground.world("eks", "DeleteAccessEntry", json!({ "clusterName": CLUSTER, "principalArn": principal }));
    let fault = refused(&ground, &wanted).await;
    assert_eq!(fault.sort, Sort::NotYet, "an entry may take a minute to be honoured");
    assert!(fault.message.contains(&principal), "{fault}");
    assert!(fault.message.contains("cluster.admin_principal_arns"), "{fault}");

    let (_, user) = principal.rsplit_once('/').unwrap();
    ground.world("iam", "CreateUser", json!({ "UserName": user }));
    ground.world("eks", "CreateAccessEntry", json!({ "clusterName": CLUSTER, "principalArn": principal }));
    let fault = refused(&ground, &wanted).await;
    assert_eq!(fault.sort, Sort::Denied, "{fault}");
    assert!(fault.message.contains("cluster.admin_principal_arns"), "{fault}");
}

#[tokio::test]
async fn of_a_cluster_that_is_gone_nothing_is_left() {
    let Some(account) = sandbox_account() else { return };
    let connection = Connection::open(ways(&account)).await.unwrap();
    let aws = connection.region(REGION).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let wanted = release("gone", "web", &hello(folder.path(), "1.0.0"), json!({}));
    let id = Id::new("gone/web/web");
    assert!(Release::read(&aws, std::slice::from_ref(&id), Depth::Surface).await.unwrap().is_empty());
    wanted.delete(&aws, &id).await.unwrap();
    assert_eq!(wanted.create(&aws, &birth()).await.unwrap_err().sort, Sort::Refused);
    let cluster = Late::Known(Id::new("gone"));
    let all = LoadBalancers { cluster, releases: Vec::new(), nodes: Vec::new(), access: Vec::new() };
    all.delete(&aws, &Id::new("gone")).await.unwrap();
}

#[tokio::test]
async fn a_helm_that_is_not_there_is_missed_before_anything_is_done() {
    let Some(account) = sandbox_account() else { return };
    let nowhere = Some("/nowhere/helm".into());
    let connection =
        Connection::open(ConnectionSettings { helm_path: nowhere, ..ways(&account) }).await.unwrap();
    let aws = connection.region(REGION).unwrap();
    let error = aws.helm().await.unwrap_err().to_string();
    assert!(error.contains("/nowhere/helm") && error.contains("`helm_path`"), "{error}");
}

fn luneo(ground: &Ground, arguments: &[&str]) -> Output {
    let mut command = Command::new(provider_binary());
    command.args(arguments).envs(ground.account.environment());
    command.output().unwrap()
}

#[tokio::test]
async fn our_own_program_lets_people_and_their_kubectl_in() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let written = luneo(&ground, &["kubeconfig", "--name", CLUSTER, "--region", REGION]);
    assert!(written.status.success(), "{written:?}");
    let path = ground.folder.path().join("kubeconfig");
    std::fs::write(&path, &written.stdout).unwrap();
    let mut helm = Command::new(super::ground::helm());
    helm.args(["list", "--all-namespaces"]).env("KUBECONFIG", &path).envs(ground.account.environment());
    let listed = helm.output().unwrap();
    assert!(listed.status.success(), "{listed:?}");

    let token = luneo(&ground, &["eks-token", "--cluster", CLUSTER, "--region", REGION]);
    let token: Value = serde_json::from_slice(&token.stdout).unwrap();
    assert_eq!(token["kind"], "ExecCredential");
    for wrong in
        [&["kubeconfig", "--name", "absent", "--region", REGION][..], &["eks-token", "--cluster", CLUSTER]]
    {
        let said = luneo(&ground, wrong);
        assert_eq!((said.status.code(), said.stdout.len()), (Some(1), 0), "{said:?}");
        assert!(!said.stderr.is_empty());
    }
}
