//! What cannot be deleted says what holds it.

use super::{ec2::rule, site::Site};
use aws_objects::ec2::{ElasticIp, InternetGateway, SecurityGroup, Subnet, Vpc};
use reconcile::{Id, Object};

async fn subnet_to_be_held(site: &Site) -> (Subnet, Id<Subnet>) {
    let cidr = "10.0.7.0/24".parse().expect("it is a block");
    let zone = "eu-west-1a".to_owned();
    let subnet = Subnet { vpc: site.vpc().await, cidr, zone, public_addresses: false };
    let id = super::make(site.aws(), &subnet, &site.birth()).await;
    (subnet, id)
}

#[tokio::test]
async fn a_subnet_that_is_still_used_says_by_what() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let (subnet, id) = subnet_to_be_held(&site).await;
    let interface = |description: &str| {
        let wish = serde_json::json!({ "SubnetId": id.as_str(), "Description": description });
        let made = account.world("ec2", "CreateNetworkInterface", "eu-west-1", wish).unwrap();
        made["NetworkInterface"]["NetworkInterfaceId"].as_str().unwrap().to_owned()
    };
    let (database, lambda) = (interface("RDSNetworkInterface"), interface("AWS Lambda VPC ENI-report"));

    let fault = subnet.delete(site.aws(), &id).await.unwrap_err();
    assert_eq!(fault.sort, reconcile::Sort::Busy);
    assert!(fault.message.contains(&format!("Held by {database} (RDSNetworkInterface).")), "{fault}");
    assert!(!fault.message.contains(&lambda), "what Lambda forgot is swept: {fault}");

    let wish = serde_json::json!({ "NetworkInterfaceId": database });
    account.world("ec2", "DeleteNetworkInterface", "eu-west-1", wish).unwrap();
    super::delete(site.aws(), &id, &subnet).await;
    site.clear().await;
}

#[tokio::test]
async fn a_subnet_says_what_holds_it_also_when_that_cannot_be_swept() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let (subnet, id) = subnet_to_be_held(&site).await;
    let wish = serde_json::json!({ "SubnetId": id.as_str(), "Description": "AWS Lambda VPC ENI-report" });
    account.world("ec2", "CreateNetworkInterface", "eu-west-1", wish).unwrap();
    let refusal = serde_json::json!({
        "operation": "DeleteNetworkInterface", "mode": "refused", "code": "OperationNotPermitted",
    });
    account.fault(refusal).unwrap();

    let fault = subnet.delete(site.aws(), &id).await.unwrap_err();
    assert_eq!((fault.sort, fault.code.as_str()), (reconcile::Sort::Busy, "DependencyViolation"));
    assert!(fault.message.contains("(AWS Lambda VPC ENI-report)"), "{fault}");
    super::delete(site.aws(), &id, &subnet).await;
    site.clear().await;
}

#[tokio::test]
async fn an_address_and_the_way_out_say_who_is_reached_under_public_addresses() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let vpc = site.vpc().await;
    let gateway = InternetGateway { vpc: Some(vpc.clone()) };
    let id = super::make(site.aws(), &gateway, &site.birth()).await;
    let (subnet, address) = (site.subnet(&vpc, 0).await, site.with(ElasticIp {}).await);
    let call = |operation: &str, wish| account.world("ec2", operation, "eu-west-1", wish).unwrap();
    let interface = |description: &str| {
        let wish = serde_json::json!({ "SubnetId": subnet.known().as_str(), "Description": description });
        let made = call("CreateNetworkInterface", wish);
        made["NetworkInterface"]["NetworkInterfaceId"].as_str().unwrap().to_owned()
    };
    let (server, inner) = (interface("server"), interface("inner"));
    let wish = serde_json::json!({ "AllocationId": address.known().as_str(), "NetworkInterfaceId": server });
    let association = call("AssociateAddress", wish)["AssociationId"].clone();
    let held = format!("Held by {server} (server).");

    let fault = gateway.delete(site.aws(), &id).await.unwrap_err();
    assert!(fault.message.contains(&held), "{fault}");
    let fault = ElasticIp {}.delete(site.aws(), address.known()).await.unwrap_err();
    assert!(fault.message.contains(&held), "{fault}");

    call("DisassociateAddress", serde_json::json!({ "AssociationId": association }));
    for interface in [server, inner] {
        call("DeleteNetworkInterface", serde_json::json!({ "NetworkInterfaceId": interface }));
    }
    super::delete(site.aws(), &id, &gateway).await;
    site.clear().await;
}

#[tokio::test]
async fn a_vpc_and_a_group_say_which_groups_still_hold_them() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let wanted = Vpc { cidr: "10.20.0.0/20".parse().unwrap(), dns_support: true, dns_hostnames: true };
    let vpc = super::make(site.aws(), &wanted, &site.birth()).await;
    let group = |name: &str, ingress| SecurityGroup {
        vpc: vpc.clone().into(),
        name: name.to_owned(),
        description: "made by somebody else".to_owned(),
        ingress,
        egress: Vec::new(),
    };
    let ours = group("ours", Vec::new());
    let named = super::make(site.aws(), &ours, &site.birth()).await;
    let theirs = group("k8s-elb-1", vec![rule("-1", None, named.as_str(), None)]);
    let naming = super::make(site.aws(), &theirs, &site.birth()).await;
    let held = format!("Held by {naming} (k8s-elb-1).");

    let fault = ours.delete(site.aws(), &named).await.unwrap_err();
    assert!(fault.message.contains(&held), "{fault}");
    let wish = serde_json::json!({ "GroupId": naming.as_str(), "IpPermissions": [
        { "IpProtocol": "-1", "UserIdGroupPairs": [{ "GroupId": named.as_str() }] },
    ] });
    account.world("ec2", "RevokeSecurityGroupIngress", "eu-west-1", wish).unwrap();
    super::delete(site.aws(), &named, &ours).await;

    let fault = wanted.delete(site.aws(), &vpc).await.unwrap_err();
    assert!(fault.message.contains(&held), "{fault}");
    super::delete(site.aws(), &naming, &theirs).await;
    super::delete(site.aws(), &vpc, &wanted).await;
    site.clear().await;
}
