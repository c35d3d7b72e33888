//! The promises of node groups and add-ons, and of what a cluster leaves behind.

use super::{bring, delete, keeps_its_promises, make, read, settled, site::Site};
use acceptance_tests::Account;
use aws_objects::{
    ec2::{self, Disk, LaunchTemplate},
    eks::{Addon, Cluster, NodeGroup, Taint},
    lookup,
};
use reconcile::{Depth, Id, Late, Object, Patience, Settling, patiently};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// A cluster whose nodes find their way: subnets with a route out, and the network's add-on.
struct Place {
    site: Site,
    cluster: Late<Id<Cluster>>,
    subnets: Vec<Late<Id<ec2::Subnet>>>,
    template: Late<Id<LaunchTemplate>>,
    role: Late<String>,
}

async fn place(name: &str) -> Place {
    let site = Site::open().await;
    let planned = site.planned_cluster(name).await;
    let subnet = ec2::Subnet::read(site.aws(), &[planned.subnets[0].known().clone()], Depth::Whole)
        .await
        .expect("the account answers");
    let vpc = subnet[0].spec.vpc.clone();
    let gateway = site.internet_gateway(&vpc).await;
    let table = site.table(&vpc).await;
    let destination = "0.0.0.0/0".parse().expect("it is a block");
    let route =
        ec2::Route { table: table.clone(), destination, internet_gateway: Some(gateway), nat_gateway: None };
    site.with(route).await;
    let mut subnets = Vec::new();
    for number in 3..5_u8 {
        let subnet = ec2::Subnet {
            vpc: vpc.clone(),
            cidr: format!("10.0.{number}.0/24").parse().expect("it is a block"),
            zone: format!("eu-west-1{}", char::from(b'a' + number % 3)),
            public_addresses: true,
        };
        let subnet = site.with(subnet).await;
        let association = ec2::RouteTableAssociation { table: table.clone(), subnet: subnet.clone() };
        site.with(association).await;
        subnets.push(subnet);
    }
    let cluster = site.with(planned).await;
    let role = site
        .role(
            &format!("{name}-nodes"),
            "ec2.amazonaws.com",
            &["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"],
        )
        .await;
    let template = LaunchTemplate {
        name: format!("{name}-nodes"),
        metadata_hop_limit: 1,
        disks: vec![Disk { device: "/dev/xvda".to_owned(), gib: 50 }],
        disk_key: None,
        instance_tags: BTreeMap::from([("Name".to_owned(), "node".to_owned())]),
    };
    let template = site.with(template).await;
    Place { site, cluster, subnets, template, role }
}

impl Place {
    fn name(&self) -> &str {
        self.cluster.known().as_str()
    }

    fn addon(&self, name: &str, version: &str) -> Addon {
        Addon {
            cluster: self.cluster.clone(),
            name: name.to_owned(),
            version: version.to_owned(),
            configuration: "{}".to_owned(),
            role: None,
            nodes: Vec::new(),
            identities: Vec::new(),
        }
    }

    async fn versions(&self, name: &str) -> Vec<String> {
        let offered = lookup::addon_versions(self.site.aws(), "1.34").await.expect("the account answers");
        let addon = offered.iter().find(|addon| addon.addon == name).expect("there is such an add-on");
        assert!(addon.default_version().is_some());
        addon.versions.iter().map(|version| version.version.clone()).collect()
    }

    async fn with_network(&self) {
        let version = &self.versions("vpc-cni").await[0];
        self.site.with(self.addon("vpc-cni", version)).await;
    }

    fn group(&self, name: &str) -> NodeGroup {
        NodeGroup {
            cluster: self.cluster.clone(),
            name: name.to_owned(),
            role: self.role.clone(),
            subnets: self.subnets.clone(),
            instance_types: vec!["m6i.large".to_owned(), "m5.large".to_owned()],
            ami_type: "AL2023_x86_64_STANDARD".to_owned(),
            capacity: "ON_DEMAND".to_owned(),
            version: "1.34".to_owned(),
            launch_template: self.template.clone(),
            launch_template_version: "1".into(),
            min: 1,
            max: 3,
            desired: 2,
            labels: labels(&[("role", "web"), ("tier", "front")]),
            taints: vec![taint("only", "web", "NO_SCHEDULE"), taint("slow", "", "PREFER_NO_SCHEDULE")],
            max_unavailable_percent: 33,
            addons: Vec::new(),
            routes: Vec::new(),
            associations: Vec::new(),
            endpoints: Vec::new(),
        }
    }

    fn account(&self) -> &Account {
        self.site.sandbox().expect("it is only asked for in the sandbox")
    }

    /// Does what only the sandbox can.
    fn control(&self, name: &str, mut wish: Value) {
        wish["region"] = json!("eu-west-1");
        wish["cluster"] = json!(self.name());
        self.account().control(name, wish).expect("the sandbox takes the wish");
    }

    fn size(&self, group: &str) -> i64 {
        let wish = json!({ "clusterName": self.name(), "nodegroupName": group });
        let group =
            self.account().world("eks", "DescribeNodegroup", "eu-west-1", wish).expect("the account answers");
        group["nodegroup"]["scalingConfig"]["desiredSize"].as_i64().expect("it has a size")
    }
}

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn taint(key: &str, value: &str, effect: &str) -> Taint {
    Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() }
}

/// Makes it, and gives what its failure says.
async fn failure<O: Object<Cloud = aws_objects::Aws>>(site: &Site, wanted: &O) -> (Id<O>, String) {
    let birth = site.birth();
    let working = Patience::working(O::PACE.settles_within);
    let id = patiently(working, || wanted.create(site.aws(), &birth)).await.expect("EKS takes it at first");
    loop {
        match read(site.aws(), &id, Depth::Whole).await.expect("it is there").settling {
            Settling::Failed(reason) => return (id, reason),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

#[tokio::test]
async fn node_group() {
    let place = place("groups").await;
    place.with_network().await;
    let wanted = place.group("general");
    let changed = NodeGroup {
        min: 2,
        max: 4,
        desired: 3,
        labels: labels(&[("role", "api"), ("zone", "any")]),
        taints: vec![taint("only", "api", "NO_SCHEDULE"), taint("slow", "", "NO_EXECUTE")],
        max_unavailable_percent: 50,
        ..wanted.clone()
    };
    keeps_its_promises(&place.site, wanted, changed).await;
    place.site.clear().await;
}

#[tokio::test]
async fn a_group_takes_another_version_of_its_launch_template_and_labels_in_one_go() {
    let place = place("rolling").await;
    place.with_network().await;
    let group = place.group("general");
    let id = make(place.site.aws(), &group, &place.site.birth()).await;
    let template = LaunchTemplate {
        name: "rolling-nodes".to_owned(),
        metadata_hop_limit: 2,
        disks: vec![Disk { device: "/dev/xvda".to_owned(), gib: 60 }],
        disk_key: None,
        instance_tags: BTreeMap::new(),
    };
    bring(place.site.aws(), place.template.known(), &template).await;
    let latest = place.site.output(&place.template, "latest_version").await;
    assert_ne!(latest, "1".into());
    let changed = NodeGroup { launch_template_version: latest, labels: BTreeMap::new(), ..group };
    bring(place.site.aws(), &id, &changed).await;
    assert_eq!(settled(place.site.aws(), &id, &changed).await.spec, changed);
    delete(place.site.aws(), &id, &changed).await;
    place.site.clear().await;
}

#[tokio::test]
async fn the_number_of_nodes_is_left_to_the_autoscaler() {
    let place = place("scaled").await;
    if place.site.sandbox().is_none() {
        return place.site.clear().await;
    }
    place.with_network().await;
    let group = place.group("general");
    let id = make(place.site.aws(), &group, &place.site.birth()).await;
    place.control("eks/nodes", json!({ "nodegroup": "general", "desired_size": 3 }));
    assert_eq!(settled(place.site.aws(), &id, &group).await.spec, group, "it is no drift");

    let wider = NodeGroup { max: 5, labels: BTreeMap::new(), ..group };
    bring(place.site.aws(), &id, &wider).await;
    settled(place.site.aws(), &id, &wider).await;
    assert_eq!(place.size("general"), 3, "what the autoscaler did stays");

    let narrow = NodeGroup { max: 2, ..wider };
    bring(place.site.aws(), &id, &narrow).await;
    settled(place.site.aws(), &id, &narrow).await;
    assert_eq!(place.size("general"), 2, "as far as it is allowed");

    let asked = NodeGroup { max: 4, desired: 4, ..narrow };
    bring(place.site.aws(), &id, &asked).await;
    settled(place.site.aws(), &id, &asked).await;
    assert_eq!(place.size("general"), 4, "another number is what is asked for");
    delete(place.site.aws(), &id, &asked).await;
    place.site.clear().await;
}

#[tokio::test]
async fn a_group_that_others_made_keeps_its_nodes_when_its_number_is_noted() {
    let place = place("adopted").await;
    let Some(account) = place.site.sandbox() else { return place.site.clear().await };
    place.with_network().await;
    let group = place.group("general");
    let id = make(place.site.aws(), &group, &place.site.birth()).await;
    let seen = settled(place.site.aws(), &id, &group).await;
    let arn = seen.outputs["arn"].as_str().unwrap();
    let wish = json!({ "resourceArn": arn, "tagKeys": ["luneo:desired"] });
    account.world("eks", "UntagResource", "eu-west-1", wish).unwrap();
    let adopted = settled(place.site.aws(), &id, &group).await.spec;
    assert_eq!(serde_json::to_value(&adopted).unwrap()["desired"], Value::Null);

    let wanted = NodeGroup { desired: 3, ..group };
    bring(place.site.aws(), &id, &wanted).await;
    assert_eq!(settled(place.site.aws(), &id, &wanted).await.spec, wanted);
    assert_eq!(place.size("general"), 2);
    delete(place.site.aws(), &id, &wanted).await;
    place.site.clear().await;
}

#[tokio::test]
async fn a_group_that_failed_quotes_its_issues_and_is_made_again_under_its_name() {
    let place = place("unjoined").await;
    if place.site.sandbox().is_none() {
        return place.site.clear().await;
    }
    place.with_network().await;
    place.control(
        "eks/health",
        json!({
            "nodegroup": "general", "status": "CREATE_FAILED", "when": "next-create", "code": "NodeCreationFailure",
            "message": "Instances failed to join the kubernetes cluster", "resource_ids": ["i-1", "i-2"],
        }),
    );
    let group = place.group("general");
    let (id, reason) = failure(&place.site, &group).await;
    assert!(
        reason.starts_with(
            "CREATE_FAILED: NodeCreationFailure: Instances failed to join the kubernetes cluster (i-1, i-2); usually \
             nodes do not join when they have no way to EKS, ECR and S3"
        ),
        "{reason}"
    );
    delete(place.site.aws(), &id, &group).await;
    let id = make(place.site.aws(), &group, &place.site.birth()).await;
    delete(place.site.aws(), &id, &group).await;
    place.site.clear().await;
}

#[tokio::test]
async fn a_degraded_group_is_told_of_and_an_update_that_failed_says_why() {
    let place = place("degraded").await;
    if place.site.sandbox().is_none() {
        return place.site.clear().await;
    }
    place.with_network().await;
    let group = place.group("general");
    let id = make(place.site.aws(), &group, &place.site.birth()).await;
    let code = "InsufficientFreeAddresses";
    let wish = json!({
        "nodegroup": "general", "status": "DEGRADED", "when": "now", "code": code, "message": "The subnets are full.",
    });
    place.control("eks/health", wish);
    let seen = settled(place.site.aws(), &id, &group).await;
    assert!(
        seen.outputs["health"]
            .as_str()
            .unwrap()
            .starts_with("InsufficientFreeAddresses: The subnets are full")
    );
    place.control("eks/health", json!({ "nodegroup": "general", "status": "ACTIVE" }));

    let message = "Reached max retries while trying to evict pods from nodes";
    place.control(
        "eks/updates",
        json!({ "nodegroup": "general", "code": "PodEvictionFailure", "message": message }),
    );
    let wanted = NodeGroup { max_unavailable_percent: 20, ..group };
    let changes = super::differences(&settled(place.site.aws(), &id, &wanted).await.spec, &wanted);
    wanted.update(place.site.aws(), &id, &wanted, &changes).await.unwrap();
    settled(place.site.aws(), &id, &wanted).await;
    let why = NodeGroup::why_not_taken(place.site.aws(), &id).await.unwrap().expect("it failed");
    assert!(why.contains(message) && why.contains("usually a PodDisruptionBudget lets no pod go"), "{why}");
    delete(place.site.aws(), &id, &wanted).await;
    place.site.clear().await;
}

#[tokio::test]
async fn addon() {
    let place = place("addons").await;
    let versions = place.versions("vpc-cni").await;
    let role = place.site.role("addons-cni", "ec2.amazonaws.com", &["AmazonEKS_CNI_Policy"]).await;
    let wanted = Addon {
        configuration: r#"{"env":{"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"}}"#.to_owned(),
        role: Some(role),
        ..place.addon("vpc-cni", &versions[1])
    };
    let changed =
        Addon { configuration: "{}".to_owned(), ..Addon { version: versions[0].clone(), ..wanted.clone() } };
    keeps_its_promises(&place.site, wanted, changed).await;
    place.site.clear().await;
}

#[tokio::test]
async fn an_addon_waits_for_the_nodes_that_its_pods_run_on() {
    let place = place("dns").await;
    place.with_network().await;
    let dns = place.addon("coredns", &place.versions("coredns").await[0]);
    let birth = place.site.birth();
    let working = Patience::working(Duration::from_secs(60));
    let id = patiently(working, || dns.create(place.site.aws(), &birth)).await.unwrap();
    loop {
        match read(place.site.aws(), &id, Depth::Whole).await.expect("it is there").settling {
            Settling::Underway(state) if state.starts_with("DEGRADED: InsufficientNumberOfReplicas") => break,
            Settling::Underway(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            other => panic!("without nodes it is not {other:?}"),
        }
    }
    let group = place.site.with(place.group("general")).await;
    let seen = settled(place.site.aws(), &id, &dns).await;
    assert_eq!(seen.outputs["health"], "");
    assert!(!group.known().as_str().is_empty());
    delete(place.site.aws(), &id, &dns).await;
    place.site.clear().await;
}

#[tokio::test]
async fn an_addon_that_failed_says_why_and_can_be_made_again() {
    let place = place("conflict").await;
    if place.site.sandbox().is_none() {
        return place.site.clear().await;
    }
    let wish = json!({
        "addon": "kube-proxy", "status": "CREATE_FAILED", "when": "next-create", "code": "ConfigurationConflict",
        "message": "Conflicts found when trying to apply",
    });
    place.control("eks/health", wish);
    let proxy = place.addon("kube-proxy", &place.versions("kube-proxy").await[0]);
    let (id, reason) = failure(&place.site, &proxy).await;
    assert!(
        reason.starts_with(
            "CREATE_FAILED: ConfigurationConflict: Conflicts found when trying to apply; usually"
        ),
        "{reason}"
    );
    delete(place.site.aws(), &id, &proxy).await;
    let id = make(place.site.aws(), &proxy, &place.site.birth()).await;
    delete(place.site.aws(), &id, &proxy).await;
    place.site.clear().await;
}
