//! What a cluster leaves behind is swept, and nothing else.

use super::site::Site;
use acceptance_tests::Account;
use aws_objects::{
    ec2::Vpc,
    eks::{LeftoverKind, Leftovers, leftovers},
};
use reconcile::{Fault, Id, Late, Object, Patience, Sort, patiently};
use serde_json::{Value, json};
use std::time::Duration;

const REGION: &str = "eu-west-1";

fn call(account: &Account, service: &str, operation: &str, wish: Value) -> Value {
    account.world(service, operation, REGION, wish).expect("the world does as it is told")
}

fn tags(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

fn group(account: &Account, vpc: &str, name: &str, pairs: &[(&str, &str)]) -> String {
    let mut wish = json!({ "VpcId": vpc, "GroupName": name, "Description": "made by Kubernetes" });
    if !pairs.is_empty() {
        wish["TagSpecifications"] = json!([{ "ResourceType": "security-group", "Tags": tags(pairs) }]);
    }
    call(account, "ec2", "CreateSecurityGroup", wish)["GroupId"].as_str().expect("it has an id").to_owned()
}

fn volume(account: &Account, pairs: &[(&str, &str)]) -> String {
    let tags = json!([{ "ResourceType": "volume", "Tags": tags(pairs) }]);
    let wish = json!({ "AvailabilityZone": "eu-west-1a", "Size": 4, "TagSpecifications": tags });
    call(account, "ec2", "CreateVolume", wish)["VolumeId"].as_str().expect("it has an id").to_owned()
}

fn interface(account: &Account, subnet: &str, description: &str, pairs: &[(&str, &str)]) -> String {
    let tags = json!([{ "ResourceType": "network-interface", "Tags": tags(pairs) }]);
    let wish = json!({ "SubnetId": subnet, "Description": description, "TagSpecifications": tags });
    let made = call(account, "ec2", "CreateNetworkInterface", wish);
    made["NetworkInterface"]["NetworkInterfaceId"].as_str().expect("it has an id").to_owned()
}

fn swept(vpc: &Late<Id<Vpc>>, volumes: &str) -> Leftovers {
    Leftovers {
        cluster: "main".to_owned(),
        vpc: vpc.clone(),
        volumes: volumes.to_owned(),
        subnets: Vec::new(),
        security_groups: Vec::new(),
    }
}

/// Comes again as the engine does, as long as something is left.
async fn sweep(site: &Site, wanted: &Leftovers) -> Result<(), Fault> {
    let working = Patience::working(Duration::from_secs(60));
    let id = wanted.create(site.aws(), &site.birth()).await?;
    patiently(working, || wanted.delete(site.aws(), &id)).await
}

const OWNED: (&str, &str) = ("kubernetes.io/cluster/main", "owned");

#[tokio::test]
async fn what_a_cluster_left_behind_is_swept_and_what_is_anothers_stays() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return site.clear().await };
    let vpc = site.vpc().await;
    let subnets = [site.subnet(&vpc, 0).await, site.subnet(&vpc, 1).await];
    let subnets: Vec<&str> = subnets.iter().map(|subnet| subnet.known().as_str()).collect();
    let network = vpc.known().as_str();

    let balanced = group(account, network, "k8s-traffic-main", &[("elbv2.k8s.aws/cluster", "main")]);
    let classic_group = group(account, network, "k8s-elb-1", &[OWNED]);
    let others = group(account, network, "k8s-traffic-other", &[("elbv2.k8s.aws/cluster", "other")]);
    let nodes = group(account, network, "nodes", &[]);
    let permission = |group: &str| json!({ "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{ "GroupId": group }] });
    let rules = json!({ "GroupId": nodes, "IpPermissions": [permission(&balanced), permission(&others)] });
    call(account, "ec2", "AuthorizeSecurityGroupIngress", rules);

    let balancer = json!({
        "Name": "k8s-web", "Scheme": "internal", "Subnets": subnets, "SecurityGroups": [balanced], "Type": "application",
        "Tags": tags(&[("elbv2.k8s.aws/cluster", "main")]),
    });
    let balancer = call(account, "elbv2", "CreateLoadBalancer", balancer);
    let arn = balancer["LoadBalancers"][0]["LoadBalancerArn"].clone();
    let targets = json!({
        "Name": "k8s-web", "Protocol": "HTTP", "Port": 80, "VpcId": network,
        "Tags": tags(&[("elbv2.k8s.aws/cluster", "main")]),
    });
    let targets = call(account, "elbv2", "CreateTargetGroup", targets);
    let targets = targets["TargetGroups"][0]["TargetGroupArn"].clone();
    let listener = json!({
        "LoadBalancerArn": arn, "Protocol": "HTTP", "Port": 80,
        "DefaultActions": [{ "Type": "forward", "TargetGroupArn": targets }],
    });
    call(account, "elbv2", "CreateListener", listener);
    let foreign = json!({
        "Name": "somebodys", "Scheme": "internal", "Subnets": subnets, "Type": "network", "Tags": tags(&[("team", "sky")]),
    });
    let foreign = call(account, "elbv2", "CreateLoadBalancer", foreign);
    let foreign = foreign["LoadBalancers"][0]["LoadBalancerArn"].clone();
    let classic = json!({
        "LoadBalancerName": "a1b2c3", "Scheme": "internal", "Subnets": subnets, "SecurityGroups": [classic_group],
        "Listeners": [{ "Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 80 }], "Tags": tags(&[OWNED]),
    });
    call(account, "elb", "CreateLoadBalancer", classic);

    let cni = [("cluster.k8s.amazonaws.com/name", "main")];
    let left = interface(account, subnets[0], "aws-K8S-i-1", &cni);
    let unnamed =
        interface(account, subnets[0], "aws-K8S-i-2", &[("node.k8s.amazonaws.com/instance_id", "i-2")]);
    let claim = ("kubernetes.io/created-for/pvc/name", "data-0");
    let claimed = volume(account, &[claim, OWNED]);
    let others_volume = volume(account, &[claim, ("kubernetes.io/cluster/other", "owned")]);

    let listed = leftovers(site.aws(), "main", network).await.unwrap();
    let kinds: Vec<LeftoverKind> = listed.iter().map(|leftover| leftover.kind).collect();
    let expected = [
        LeftoverKind::LoadBalancer,
        LeftoverKind::ClassicLoadBalancer,
        LeftoverKind::TargetGroup,
        LeftoverKind::Interface,
        LeftoverKind::SecurityGroup,
        LeftoverKind::SecurityGroup,
        LeftoverKind::Volume,
    ];
    assert_eq!(kinds, expected, "{listed:?}");

    sweep(&site, &swept(&vpc, "keep")).await.unwrap();
    let kept = leftovers(site.aws(), "main", network).await.unwrap();
    assert_eq!(kept.iter().map(|leftover| leftover.id.as_str()).collect::<Vec<_>>(), [claimed.as_str()]);
    sweep(&site, &swept(&vpc, "delete")).await.unwrap();
    assert_eq!(leftovers(site.aws(), "main", network).await.unwrap(), []);
    sweep(&site, &swept(&vpc, "delete")).await.expect("doing it twice is no error");

    let groups = call(account, "ec2", "DescribeSecurityGroups", json!({ "GroupIds": [nodes, others] }));
    let rules = groups["SecurityGroups"].as_array().unwrap().iter().find(|group| group["GroupId"] == nodes);
    let pairs = &rules.unwrap()["IpPermissions"][0]["UserIdGroupPairs"];
    assert_eq!(pairs.as_array().unwrap().len(), 1, "{pairs}");
    assert_eq!(pairs[0]["GroupId"], others, "only the rule that held a group that went is revoked");
    let interfaces =
        call(account, "ec2", "DescribeNetworkInterfaces", json!({ "NetworkInterfaceIds": [unnamed] }));
    assert_eq!(interfaces["NetworkInterfaces"].as_array().unwrap().len(), 1);
    assert!(
        account
            .world("ec2", "DescribeNetworkInterfaces", REGION, json!({ "NetworkInterfaceIds": [left] }))
            .is_err()
    );
    call(account, "elbv2", "DescribeLoadBalancers", json!({ "LoadBalancerArns": [foreign] }));
    call(account, "ec2", "DescribeVolumes", json!({ "VolumeIds": [others_volume] }));

    call(account, "elbv2", "DeleteLoadBalancer", json!({ "LoadBalancerArn": foreign }));
    call(account, "ec2", "DeleteVolume", json!({ "VolumeId": others_volume }));
    call(account, "ec2", "DeleteNetworkInterface", json!({ "NetworkInterfaceId": unnamed }));
    for group in [nodes, others] {
        call(account, "ec2", "DeleteSecurityGroup", json!({ "GroupId": group }));
    }
    site.clear().await;
}

#[tokio::test]
async fn a_load_balancer_that_is_protected_is_named_and_stays() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return site.clear().await };
    let vpc = site.vpc().await;
    let subnets = [site.subnet(&vpc, 0).await, site.subnet(&vpc, 1).await];
    let subnets: Vec<&str> = subnets.iter().map(|subnet| subnet.known().as_str()).collect();
    let balancer = json!({ "Name": "k8s-shop", "Scheme": "internal", "Subnets": subnets, "Type": "network", "Tags": tags(&[OWNED]) });
    let balancer = call(account, "elbv2", "CreateLoadBalancer", balancer);
    let arn = balancer["LoadBalancers"][0]["LoadBalancerArn"].clone();
    let protected = |value: &str| {
        let attributes = json!([{ "Key": "deletion_protection.enabled", "Value": value }]);
        let wish = json!({ "LoadBalancerArn": arn, "Attributes": attributes });
        call(account, "elbv2", "ModifyLoadBalancerAttributes", wish);
    };
    protected("true");
    let fault = sweep(&site, &swept(&vpc, "keep")).await.unwrap_err();
    assert_eq!(fault.sort, Sort::Refused);
    assert!(fault.message.contains("k8s-shop is protected from deletion. Switch"), "{fault}");
    protected("false");
    sweep(&site, &swept(&vpc, "keep")).await.unwrap();
    site.clear().await;
}

#[tokio::test]
async fn nothing_is_swept_while_the_cluster_lives() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return site.clear().await };
    let planned = site.planned_cluster("main").await;
    let subnets: Vec<&str> = planned.subnets.iter().map(|subnet| subnet.known().as_str()).collect();
    let described = call(account, "ec2", "DescribeSubnets", json!({ "SubnetIds": subnets }));
    let vpc = described["Subnets"][0]["VpcId"].as_str().unwrap();
    let network: Late<Id<Vpc>> = Id::new(vpc).into();
    let id = super::make(site.aws(), &planned, &site.birth()).await;
    let used = group(account, vpc, "k8s-elb-2", &[OWNED]);
    sweep(&site, &swept(&network, "delete")).await.unwrap();
    call(account, "ec2", "DescribeSecurityGroups", json!({ "GroupIds": [used] }));

    super::delete(site.aws(), &id, &planned).await;
    sweep(&site, &swept(&network, "delete")).await.unwrap();
    assert!(account.world("ec2", "DescribeSecurityGroups", REGION, json!({ "GroupIds": [used] })).is_err());
    site.clear().await;
}
