//! Nothing is left, whatever Kubernetes made, and nothing is swept that is not the cluster's.

use super::{super::holds, *};
use acceptance_tests::{Said, Terraform, sandbox_account};

const MAIN: &str = "luneo_region_stack.main";
const LOG_GROUP: &str = "/aws/eks/story/cluster";

/// A load balancer, its target group and its security group, as the controller of `cluster` would make them.
fn leave_behind(account: &Account, terraform: &Terraform, cluster: &str) {
    let state = terraform.state(MAIN);
    let vpc = state["vpc_id"].as_str().expect("it has a VPC");
    let subnets: Vec<&str> = state["subnets"]["public"]
        .as_object()
        .expect("by zone")
        .values()
        .filter_map(|subnet| subnet["id"].as_str())
        .collect();
    let tags = json!([{ "Key": "elbv2.k8s.aws/cluster", "Value": cluster }]);
    let name = format!("k8s-web-{cluster}");
    let group = json!({
        "GroupName": format!("k8s-traffic-{cluster}-1"), "Description": "[k8s] Shared Backend SecurityGroup",
        "VpcId": vpc, "TagSpecifications": [{ "ResourceType": "security-group", "Tags": tags }],
    });
    let group =
        account.world("ec2", "CreateSecurityGroup", REGION, group).expect("EC2 makes it")["GroupId"].clone();
    let balancer = json!({ "Name": name, "Subnets": subnets, "SecurityGroups": [group], "Tags": tags });
    account.world("elbv2", "CreateLoadBalancer", REGION, balancer).expect("ELB makes it");
    let target = json!({ "Name": name, "Protocol": "HTTP", "Port": 80, "VpcId": vpc, "Tags": tags });
    account.world("elbv2", "CreateTargetGroup", REGION, target).expect("ELB makes it");
}

#[test]
fn what_a_controller_left_behind_is_told_and_swept() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    leave_behind(&account, &terraform, "story");
    let left = json!({ "region": REGION, "cluster": "story", "what": "interfaces", "count": 2 });
    account.control("eks/leftovers", left).unwrap();
    let plan = terraform.run(&["plan", "-destroy", "-no-color"]).succeeds().normalised();
    assert!(plan.contains("k8s-web-story") && plan.contains("k8s-traffic-story-1"), "{plan}");
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

#[test]
fn what_is_another_clusters_is_left_alone() {
    let Some(account) = sandbox_account() else { return };
    let terraform = Terraform::new(&account, &cluster(&account, NODES));
    terraform.apply(&[]).succeeds();
    leave_behind(&account, &terraform, "other");
    let plan = terraform.run(&["plan", "-destroy", "-no-color"]).succeeds().normalised();
    assert!(!plan.contains("k8s-web-other"), "{plan}");
    let balancers = account.world("elbv2", "DescribeLoadBalancers", REGION, json!({})).unwrap();
    let arn = balancers["LoadBalancers"][0]["LoadBalancerArn"].clone();
    // It stands in the network's way, and AWS would say so for as long as we ask.
    let refusal = json!({
        "operation": "DetachInternetGateway|DeleteSubnet|DeleteSecurityGroup|DeleteVpc", "mode": "refused",
        "code": "Sandbox.InUse", "count": "always",
    });
    account.fault(refusal).unwrap();
    terraform.destroy(&[]).fails();
    let still = account.world("elbv2", "DescribeLoadBalancers", REGION, json!({ "LoadBalancerArns": [arn] }));
    assert!(still.is_ok());
    account.clear_faults().unwrap();
    account.world("elbv2", "DeleteLoadBalancer", REGION, json!({ "LoadBalancerArn": arn })).unwrap();
    let named = json!({ "Filters": [{ "Name": "group-name", "Values": ["k8s-traffic-other-1"] }] });
    let groups = account.world("ec2", "DescribeSecurityGroups", REGION, named).unwrap();
    let group = json!({ "GroupId": groups["SecurityGroups"][0]["GroupId"] });
    account.world("ec2", "DeleteSecurityGroup", REGION, group).unwrap();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn volumes_are_kept_unless_they_shall_go() {
    for (volumes, left) in [("keep", 1), ("delete", 0)] {
        let Some(account) = sandbox_account() else { return };
        let body = format!("{NODES}volumes_on_destroy = \"{volumes}\"");
        let terraform = Terraform::new(&account, &cluster(&account, &body));
        terraform.apply(&[]).succeeds();
        let tags = json!([
            { "Key": "kubernetes.io/created-for/pvc/name", "Value": "data" },
            { "Key": "kubernetes.io/cluster/story", "Value": "owned" },
            { "Key": "KubernetesCluster", "Value": "story" },
        ]);
        let volume = json!({
            "AvailabilityZone": "eu-west-1a", "Size": 8,
            "TagSpecifications": [{ "ResourceType": "volume", "Tags": tags }],
        });
        account.world("ec2", "CreateVolume", REGION, volume).unwrap();
        terraform.destroy(&[]).succeeds();
        let asked = json!({ "Filters": [{ "Name": "tag:KubernetesCluster", "Values": ["story"] }] });
        let volumes = account.world("ec2", "DescribeVolumes", REGION, asked).unwrap();
        assert_eq!(volumes["Volumes"].as_array().expect("a list").len(), left);
    }
}

/// Each delete of a cluster's destruction, refused once.
#[test]
fn a_destroy_that_breaks_off_anywhere_goes_on() {
    for operation in [
        "DeleteNodegroup",
        "DeleteAddon",
        "DeleteAccessEntry",
        "DeleteCluster",
        "DeleteOpenIDConnectProvider",
        "DeleteLaunchTemplate",
        "DeleteRole",
        "ScheduleKeyDeletion",
        "DeleteVpc",
    ] {
        let Some(account) = sandbox_account() else { return };
        let before = holds(&account);
        let terraform = Terraform::new(&account, &cluster(&account, NODES));
        terraform.apply(&[]).succeeds();
        let fault = json!({ "operation": operation, "mode": "refused", "code": "Sandbox.Refused" });
        account.fault(fault).unwrap();
        terraform.destroy(&[]).fails();
        account.clear_faults().unwrap();
        terraform.destroy(&[]).succeeds();
        assert_eq!(holds(&account), before, "{operation}");
    }
}

#[test]
fn load_balancers_go_while_their_controller_lives() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let body = format!("{NODES}{}", controller(&account));
    let terraform = Terraform::new(&account, &cluster(&account, &body));
    terraform.apply(&[]).succeeds();
    let kubernetes = kubernetes(&account);
    kubernetes.kubectl(&["create", "service", "loadbalancer", "shop", "--tcp=80:80"]);
    kubernetes.kubectl(&["create", "service", "clusterip", "inner", "--tcp=80:80"]);
    let plan = terraform.run(&["plan", "-destroy", "-no-color"]).succeeds().normalised();
    assert!(plan.contains("default/shop") && !plan.contains("default/inner"), "{plan}");
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

/// A control plane's last lines come as it goes, and EKS makes a log group for them if there is none.
#[test]
fn a_log_group_that_comes_back_as_its_cluster_goes_is_swept() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let terraform = Terraform::new(&account, &cluster(&account, ""));
    terraform.apply(&[]).succeeds();
    account.world("logs", "DeleteLogGroup", REGION, json!({ "logGroupName": LOG_GROUP })).unwrap();
    let left = json!({ "region": REGION, "cluster": "story", "what": "log-group" });
    account.control("eks/leftovers", left).unwrap();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}

/// They may also come later, when nobody looks any more.
#[test]
fn a_log_group_that_came_back_is_taken_over_by_the_next_cluster() {
    let Some(account) = sandbox_account() else { return };
    account.world("logs", "CreateLogGroup", REGION, json!({ "logGroupName": LOG_GROUP })).unwrap();
    let terraform = Terraform::new(&account, &cluster(&account, ""));
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
}

#[test]
fn somebody_whom_the_cluster_does_not_let_in_destroys_it_too() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "AWS": account.caller() },
    }] });
    let role = json!({ "RoleName": "others", "AssumeRolePolicyDocument": trust.to_string() });
    let other = account.world("iam", "CreateRole", REGION, role).unwrap()["Role"]["Arn"].clone();
    let hcl = cluster(&account, NODES);
    let hcl = hcl.replace(&account.caller(), other.as_str().expect("it has an ARN"));
    let terraform = Terraform::new(&account, &hcl);
    terraform.apply(&[]).succeeds();
    terraform.plan(&[]).plans_nothing();
    terraform.destroy(&[]).succeeds();
    account.world("iam", "DeleteRole", REGION, json!({ "RoleName": "others" })).unwrap();
    assert_eq!(holds(&account), before);
}

/// Releases go with the cluster that they are in.
#[test]
fn somebody_who_was_shut_out_destroys_a_cluster_with_charts_too() {
    let Some(account) = sandbox_account() else { return };
    let before = holds(&account);
    let body = format!("{NODES}{}", controller(&account));
    let terraform = Terraform::new(&account, &cluster(&account, &body));
    terraform.apply(&[]).succeeds();
    let entry = json!({ "clusterName": "story", "principalArn": account.caller() });
    account.world("eks", "DeleteAccessEntry", REGION, entry).unwrap();
    terraform.destroy(&[]).succeeds();
    assert_eq!(holds(&account), before);
}
