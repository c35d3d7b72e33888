//! A cluster with nodes, and who else is at work in it.

use super::super::site::{REGION, settings};
use acceptance_tests::{Account, provider_binary};
use aws_objects::{Aws, Connection, ConnectionSettings};
use kube::config::{KubeConfigOptions, Kubeconfig};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub(super) const CLUSTER: &str = "main";
const PATIENCE: Duration = Duration::from_secs(60);

/// A cluster `main` in an account of its own, two nodes in it, and a folder for what a test writes.
pub(super) struct Ground {
    pub(super) aws: Arc<Aws>,
    pub(super) account: Account,
    pub(super) folder: TempDir,
}

/// The helm that we release with, built first if need be.
pub(super) fn helm() -> &'static Path {
    static HELM: LazyLock<PathBuf> = LazyLock::new(|| xtask::kube::helm().unwrap());
    &HELM
}

/// How the account is reached, and what helm is run with.
pub(super) fn ways(account: &Account) -> ConnectionSettings {
    ConnectionSettings {
        helm_path: Some(helm().to_owned()),
        executable: Some(provider_binary().to_owned()),
        ..settings(account)
    }
}

impl Ground {
    pub(super) async fn open(account: Account) -> Ground {
        let connection = Connection::open(ways(&account)).await.unwrap();
        let aws = connection.region(REGION).unwrap();
        let ground = Ground { aws, account, folder: tempfile::tempdir().unwrap() };
        ground.make_cluster();
        ground
    }

    /// Does something in the account, as somebody else would.
    pub(super) fn world(&self, service: &str, operation: &str, parameters: Value) -> Value {
        self.account.world(service, operation, REGION, parameters).unwrap()
    }

    fn make_cluster(&self) {
        let vpc = self.world("ec2", "CreateVpc", json!({ "CidrBlock": "10.0.0.0/16" }));
        let vpc = vpc["Vpc"]["VpcId"].clone();
        let gateway = self.world("ec2", "CreateInternetGateway", json!({}));
        let gateway = gateway["InternetGateway"]["InternetGatewayId"].clone();
        self.world("ec2", "AttachInternetGateway", json!({ "VpcId": vpc, "InternetGatewayId": gateway }));
        let filter = json!([{ "Name": "vpc-id", "Values": [vpc] }]);
        let tables = self.world("ec2", "DescribeRouteTables", json!({ "Filters": filter }));
        let table = &tables["RouteTables"][0]["RouteTableId"];
        let way_out =
            json!({ "RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway });
        self.world("ec2", "CreateRoute", way_out);
        let subnets: Vec<Value> = ["a", "b"].map(|zone| self.make_subnet(&vpc, zone)).into();
        let role = self.make_role("cluster", "eks.amazonaws.com", &["AmazonEKSClusterPolicy"]);
        let node_policies =
            ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"];
        let node_role = self.make_role("node", "ec2.amazonaws.com", &node_policies);
        self.world("eks", "CreateCluster", json!({
            "name": CLUSTER, "roleArn": role, "version": "1.34", "resourcesVpcConfig": { "subnetIds": subnets },
            "accessConfig": { "authenticationMode": "API" },
        }));
        self.eventually("DescribeCluster", json!({ "name": CLUSTER }), |seen| {
            seen["cluster"]["status"] == "ACTIVE"
        });
        self.world(
            "eks",
            "CreateNodegroup",
            json!({
                "clusterName": CLUSTER, "nodegroupName": "nodes", "subnets": subnets, "nodeRole": node_role,
                "scalingConfig": { "minSize": 1, "maxSize": 3, "desiredSize": 2 },
            }),
        );
        let group = json!({ "clusterName": CLUSTER, "nodegroupName": "nodes" });
        self.eventually("DescribeNodegroup", group, |seen| seen["nodegroup"]["status"] == "ACTIVE");
    }

    fn make_subnet(&self, vpc: &Value, zone: &str) -> Value {
        let number = zone.as_bytes()[0] - b'a';
        let wanted = json!({ "VpcId": vpc, "CidrBlock": format!("10.0.{number}.0/24"), "AvailabilityZone": format!("{REGION}{zone}") });
        let subnet = self.world("ec2", "CreateSubnet", wanted)["Subnet"]["SubnetId"].clone();
        let public = json!({ "SubnetId": subnet, "MapPublicIpOnLaunch": { "Value": true } });
        self.world("ec2", "ModifySubnetAttribute", public);
        subnet
    }

    fn make_role(&self, name: &str, service: &str, policies: &[&str]) -> Value {
        let trust = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole" }] });
        let role = json!({ "RoleName": name, "AssumeRolePolicyDocument": trust.to_string() });
        let role = self.world("iam", "CreateRole", role);
        for policy in policies {
            let arn = format!("arn:aws:iam::aws:policy/{policy}");
            self.world("iam", "AttachRolePolicy", json!({ "RoleName": name, "PolicyArn": arn }));
        }
        role["Role"]["Arn"].clone()
    }

    fn eventually(&self, operation: &str, parameters: Value, holds: impl Fn(&Value) -> bool) {
        let start = Instant::now();
        loop {
            let seen = self.world("eks", operation, parameters.clone());
            if holds(&seen) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{seen}");
        }
    }

    /// Tells the sandbox how the cluster's API is to be, and gives how it is.
    pub(super) fn api(&self, change: Value) -> Value {
        let mut wish = json!({ "region": REGION, "name": CLUSTER });
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        self.account.control("kubernetes", wish).unwrap()
    }

    /// A kubeconfig with all rights, which nothing of ours had a hand in.
    fn kubeconfig(&self) -> PathBuf {
        let told = self.api(json!({}))["kubeconfig"].as_str().unwrap().to_owned();
        if told.starts_with('/') {
            return told.into();
        }
        let path = self.folder.path().join("admin.kubeconfig");
        std::fs::write(&path, told).unwrap();
        path
    }

    /// The cluster's API, for an administrator who has nothing to do with us.
    pub(super) async fn administrator(&self) -> kube::Client {
        // Nobody has connected before, and the first to do so starts it.
        let config = Kubeconfig::read_from(self.kubeconfig()).unwrap();
        let config =
            kube::Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await.unwrap();
        kube::Client::try_from(config).unwrap()
    }

    /// Runs helm by hand.
    pub(super) fn helm(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(helm());
        command.args(arguments).env("KUBECONFIG", self.kubeconfig());
        for (name, folder) in [("HELM_CACHE_HOME", "c"), ("HELM_CONFIG_HOME", "f"), ("HELM_DATA_HOME", "d")] {
            command.env(name, self.folder.path().join(folder));
        }
        command.output().unwrap()
    }
}
