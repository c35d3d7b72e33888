//! The objects that a cluster is made of, and what comes out of them.

use super::*;
use crate::region_stack::tests::objects::{addresses, objects};

#[test]
fn the_stack_of_the_north_star() {
    let planned = plan(&north_star(), &Value::Null);
    let of_the_network = first_plan(json!({}));
    let own = |address: &&str| !addresses(&of_the_network).lines().any(|line| line == *address);
    let all = addresses(&planned);
    insta::assert_snapshot!(all.lines().filter(own).collect::<Vec<_>>().join("\n"), @r"
    access.admin.Admin
    addon.aws-ebs-csi-driver
    addon.coredns
    addon.eks-pod-identity-agent
    addon.kube-proxy
    addon.vpc-cni
    chart.aws-load-balancer-controller
    cluster
    cluster.key
    cluster.leftovers
    cluster.load_balancers
    cluster.log_group
    cluster.role
    ebs_csi.identity
    ebs_csi.role
    launch_template.burst
    launch_template.general
    load_balancer_controller.identity
    load_balancer_controller.role
    node_group.burst-d74535
    node_group.general-79589d
    node_role
    oidc_provider
    ");
}
