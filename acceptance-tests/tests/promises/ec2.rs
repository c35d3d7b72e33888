//! The promises of the kinds of EC2.

use super::{keeps_its_promises, site::Site};
use aws_objects::{
    ec2::{
        DefaultSecurityGroup, ElasticIp, FlowLog, InternetGateway, NatGateway, Route, RouteTable,
        RouteTableAssociation, Rule, SecurityGroup, Subnet, Vpc, VpcEndpoint,
    },
    iam::Role,
    logs::LogGroup,
};
use reconcile::{Late, Object};
use std::collections::BTreeMap;

pub(super) fn rule(protocol: &str, port: Option<i32>, peer: &str, description: Option<&str>) -> Rule {
    Rule {
        protocol: protocol.to_owned(),
        from_port: port,
        to_port: port,
        peer: peer.into(),
        description: description.map(str::to_owned),
    }
}

#[tokio::test]
async fn vpc() {
    let site = Site::open().await;
    let plain = Vpc { cidr: "10.20.0.0/20".parse().unwrap(), dns_support: true, dns_hostnames: true };
    let mute = Vpc { dns_support: false, dns_hostnames: false, ..plain.clone() };
    keeps_its_promises(&site, plain.clone(), mute.clone()).await;
    keeps_its_promises(&site, mute, plain).await;
    site.clear().await;
}

#[tokio::test]
async fn default_security_group() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let emptied = DefaultSecurityGroup { vpc, ingress: Vec::new(), egress: Vec::new() };
    let used =
        DefaultSecurityGroup { egress: vec![rule("tcp", Some(443), "10.0.0.0/8", None)], ..emptied.clone() };
    keeps_its_promises(&site, emptied, used).await;
    site.clear().await;
}

#[tokio::test]
async fn subnet() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let cidr = "10.0.16.0/20".parse().unwrap();
    let private = Subnet { vpc, cidr, zone: "eu-west-1b".to_owned(), public_addresses: false };
    let public = Subnet { public_addresses: true, ..private.clone() };
    keeps_its_promises(&site, public.clone(), private.clone()).await;
    keeps_its_promises(&site, private, public).await;
    site.clear().await;
}

#[tokio::test]
async fn internet_gateway() {
    internet_gateway_in(Site::open().await).await;
}

async fn internet_gateway_in(site: Site) {
    let (vpc, other) = (site.vpc().await, site.vpc().await);
    keeps_its_promises(&site, InternetGateway { vpc: Some(vpc) }, InternetGateway { vpc: Some(other) }).await;
    site.clear().await;
}

/// EC2 tells of an attachment some seconds after it made it.
#[tokio::test]
async fn an_attachment_that_is_there_and_does_not_show_up_yet_is_waited_for() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let vpc = site.vpc().await;
    let wanted = InternetGateway { vpc: Some(vpc.clone()) };
    let id = wanted.create(site.aws(), &site.birth()).await.unwrap();
    let detached = InternetGateway { vpc: None };
    let changes = super::differences(&detached, &wanted);
    let refusal = serde_json::json!({
        "operation": "AttachInternetGateway", "mode": "refused", "code": "Resource.AlreadyAssociated",
    });
    account.fault(refusal).unwrap();
    let fault = wanted.update(site.aws(), &id, &detached, &changes).await.unwrap_err();
    assert_eq!(fault.sort, reconcile::Sort::NotYet);

    super::bring(site.aws(), &id, &wanted).await;
    let other = site.with(detached.clone()).await;
    let fault = wanted.update(site.aws(), other.known(), &detached, &changes).await.unwrap_err();
    assert_eq!(fault.sort, reconcile::Sort::Refused, "the VPC has another gateway: {fault}");
    super::delete(site.aws(), &id, &wanted).await;
    site.clear().await;
}

#[tokio::test]
async fn elastic_ip() {
    let site = Site::open().await;
    keeps_its_promises(&site, ElasticIp {}, ElasticIp {}).await;
    site.clear().await;
}

#[tokio::test]
async fn nat_gateway() {
    nat_gateway_in(Site::open().await).await;
}

async fn nat_gateway_in(site: Site) {
    let vpc = site.vpc().await;
    let internet_gateway = Some(site.internet_gateway(&vpc).await);
    let (subnet, address) = (site.subnet(&vpc, 0).await, site.with(ElasticIp {}).await);
    let gateway = NatGateway { subnet, address, internet_gateway };
    keeps_its_promises(&site, gateway.clone(), gateway).await;
    site.clear().await;
}

#[tokio::test]
async fn route_table() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let table = RouteTable { vpc, destinations: vec!["0.0.0.0/0".to_owned()] };
    keeps_its_promises(&site, table.clone(), table).await;
    site.clear().await;
}

#[tokio::test]
async fn a_route_table_loses_the_routes_that_nobody_asked_for() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let gateway = site.internet_gateway(&vpc).await;
    let table = site.table(&vpc).await;
    let destination = "192.0.2.0/24".parse().unwrap();
    let foreign = site
        .with(Route { table: table.clone(), destination, internet_gateway: Some(gateway), nat_gateway: None })
        .await;

    let wanted = RouteTable { vpc, destinations: Vec::new() };
    super::bring(site.aws(), table.known(), &wanted).await;
    assert!(super::read(site.aws(), foreign.known(), reconcile::Depth::Whole).await.is_none());
    site.clear().await;
}

#[tokio::test]
async fn route() {
    route_in(Site::open().await).await;
}

async fn route_in(site: Site) {
    let vpc = site.vpc().await;
    let gateway = site.internet_gateway(&vpc).await;
    let (subnet, address) = (site.subnet(&vpc, 0).await, site.with(ElasticIp {}).await);
    let nat = site.with(NatGateway { subnet, address, internet_gateway: Some(gateway.clone()) }).await;
    let table = site.table(&vpc).await;
    let destination = "0.0.0.0/0".parse().expect("it is a block");
    let public =
        Route { table: table.clone(), destination, internet_gateway: Some(gateway), nat_gateway: None };
    let private = Route { table, destination, internet_gateway: None, nat_gateway: Some(nat) };
    keeps_its_promises(&site, public, private).await;
    site.clear().await;
}

#[tokio::test]
async fn route_table_association() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let (table, other, subnet) = (site.table(&vpc).await, site.table(&vpc).await, site.subnet(&vpc, 0).await);
    let one = RouteTableAssociation { table, subnet: subnet.clone() };
    keeps_its_promises(&site, one, RouteTableAssociation { table: other, subnet }).await;
    site.clear().await;
}

#[tokio::test]
async fn security_group() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let peer = site
        .with(SecurityGroup {
            vpc: vpc.clone(),
            name: "peer".to_owned(),
            description: "somebody else".to_owned(),
            ingress: Vec::new(),
            egress: Vec::new(),
        })
        .await;
    let wanted = SecurityGroup {
        vpc,
        name: "endpoints".to_owned(),
        description: "what may use the endpoints".to_owned(),
        ingress: vec![
            rule("tcp", Some(443), "10.1.0.0/16", Some("office")),
            rule("tcp", Some(443), "10.0.0.0/16", None),
            rule("-1", None, peer.known().as_str(), None),
        ],
        egress: vec![rule("-1", None, "0.0.0.0/0", None)],
    };
    let changed = SecurityGroup {
        ingress: vec![
            rule("tcp", Some(443), "10.1.0.0/16", Some("the new office")),
            rule("udp", Some(53), "10.0.0.0/16", None),
        ],
        egress: Vec::new(),
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn gateway_endpoint() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let (table, other) = (site.table(&vpc).await, site.table(&vpc).await);
    let wanted = VpcEndpoint {
        vpc,
        service: format!("com.amazonaws.{}.s3", site.aws().region),
        endpoint_type: "Gateway".to_owned(),
        route_tables: vec![other.clone(), table.clone()],
        subnets: Vec::new(),
        security_groups: Vec::new(),
        private_dns: None,
    };
    let changed = VpcEndpoint { route_tables: vec![table], ..wanted.clone() };
    let read_back = |endpoint: VpcEndpoint| VpcEndpoint { private_dns: Some(false), ..endpoint };
    keeps_its_promises(&site, read_back(wanted), read_back(changed)).await;
    site.clear().await;
}

#[tokio::test]
async fn interface_endpoint() {
    interface_endpoint_in(Site::open().await).await;
}

async fn interface_endpoint_in(site: Site) {
    let vpc = site.vpc().await;
    let (subnet, other) = (site.subnet(&vpc, 0).await, site.subnet(&vpc, 1).await);
    let group = |name: &str| SecurityGroup {
        vpc: vpc.clone(),
        name: name.to_owned(),
        description: "who may use the endpoint".to_owned(),
        ingress: Vec::new(),
        egress: Vec::new(),
    };
    let (users, guests) = (site.with(group("users")).await, site.with(group("guests")).await);
    let wanted = VpcEndpoint {
        vpc: vpc.clone(),
        service: format!("com.amazonaws.{}.ec2", site.aws().region),
        endpoint_type: "Interface".to_owned(),
        route_tables: Vec::new(),
        subnets: vec![subnet.clone()],
        security_groups: vec![users],
        private_dns: Some(true),
    };
    let changed = VpcEndpoint {
        subnets: vec![other, subnet],
        security_groups: vec![guests],
        private_dns: Some(false),
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn flow_log() {
    flow_log_in(Site::open().await).await;
}

async fn flow_log_in(site: Site) {
    let vpc = site.vpc().await;
    let group =
        LogGroup { name: "/promises/flow".to_owned(), retention_days: 1, kms_key_arn: None, leftovers: None };
    let group = site.with(group).await;
    let role = site
        .with(Role {
            name: "promises-flow-log".to_owned(),
            description: String::new(),
            trust: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                "Principal":{"Service":"vpc-flow-logs.amazonaws.com"}}]}"#
                .into(),
            inline_policies: BTreeMap::new(),
            managed_policies: Vec::new(),
        })
        .await;
    let log = FlowLog {
        vpc,
        log_group_arn: site.output(&group, "arn").await,
        role_arn: site.output(&role, "arn").await,
        traffic: "REJECT".to_owned(),
        aggregation_seconds: 60,
    };
    keeps_its_promises(&site, log.clone(), log).await;
    site.clear().await;
}

#[tokio::test]
async fn groups_that_name_each_other_can_be_deleted() {
    let site = Site::open().await;
    let vpc = site.vpc().await;
    let group = |name: &str, ingress| SecurityGroup {
        vpc: vpc.clone(),
        name: name.to_owned(),
        description: "half of a pair".to_owned(),
        ingress,
        egress: Vec::new(),
    };
    let one = super::make(site.aws(), &group("one", Vec::new()), &site.birth()).await;
    let from_one = group("other", vec![rule("-1", None, one.as_str(), None)]);
    let other = super::make(site.aws(), &from_one, &site.birth()).await;
    let from_other = group("one", vec![rule("-1", None, other.as_str(), None)]);
    super::bring(site.aws(), &one, &from_other).await;

    tokio::join!(super::delete(site.aws(), &one, &from_other), super::delete(site.aws(), &other, &from_one));
    site.clear().await;
}

#[tokio::test]
async fn tables_routes_and_associations_are_read_in_one_call() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let vpc = site.vpc().await;
    let gateway = site.internet_gateway(&vpc).await;
    let (table, subnet) = (site.table(&vpc).await, site.subnet(&vpc, 0).await);
    let destination = "0.0.0.0/0".parse().unwrap();
    let route =
        Route { table: table.clone(), destination, internet_gateway: Some(gateway), nat_gateway: None };
    let route = site.with(route).await;
    let association = site.with(RouteTableAssociation { table: table.clone(), subnet }).await;

    let described =
        || account.calls().unwrap().iter().filter(|call| call["operation"] == "DescribeRouteTables").count();
    let before = described();
    let depth = reconcile::Depth::Surface;
    let (tables, routes, associations) =
        ([Late::known(&table).clone()], [Late::known(&route).clone()], [Late::known(&association).clone()]);
    let (tables, routes, associations) = tokio::join!(
        RouteTable::read(site.aws(), &tables, depth),
        Route::read(site.aws(), &routes, depth),
        RouteTableAssociation::read(site.aws(), &associations, depth),
    );
    assert_eq!((tables.unwrap().len(), routes.unwrap().len(), associations.unwrap().len()), (1, 1, 1));
    assert_eq!(described() - before, 1);
    site.clear().await;
}

/// States that pass in no time elsewhere are seen here: pending, deleting, a role that is not known everywhere.
#[tokio::test]
async fn promises_are_kept_when_aws_takes_its_time() {
    let Some((sandbox, _folder)) = acceptance_tests::sandbox_of_its_own() else { return };
    let account = sandbox.account();
    account.clock(serde_json::json!({ "scale": 0.01 })).unwrap();
    tokio::join!(
        flow_log_in(Site::open_in(sandbox.account()).await),
        interface_endpoint_in(Site::open_in(sandbox.account()).await),
        internet_gateway_in(Site::open_in(sandbox.account()).await),
        nat_gateway_in(Site::open_in(sandbox.account()).await),
        route_in(Site::open_in(sandbox.account()).await),
    );
}
