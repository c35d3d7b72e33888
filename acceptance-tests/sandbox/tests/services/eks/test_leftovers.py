"""What the account has: everything that a cluster brings shows, and nothing is left once all of it is deleted."""

from .ground import role


def inventory(ground):
    return ground.sandbox.control("GET", "inventory?regions=eu-west-1")


def test_all_that_a_cluster_brings_is_in_the_inventory_and_goes_again(sandbox, ground):
    pods = role(ground.iam, "pods", "pods.eks.amazonaws.com", (), ("sts:AssumeRole", "sts:TagSession"))
    elb, classic = sandbox.client("elbv2"), sandbox.client("elb")
    before = inventory(ground)

    ground.cluster()
    issuer = ground.shown()["identity"]["oidc"]["issuer"]
    provider = ground.iam.create_open_id_connect_provider(Url=issuer)["OpenIDConnectProviderArn"]
    mine = ground.ec2.create_launch_template(
        LaunchTemplateName="mine", LaunchTemplateData={"InstanceType": "t3.small"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    ground.nodes(launchTemplate={"id": mine})
    ground.group()
    ground.eks.create_addon(clusterName="main", addonName="coredns")
    ground.eks.create_pod_identity_association(clusterName="main", namespace="shop", serviceAccount="api", roleArn=pods)
    balancer = elb.create_load_balancer(Name="k8s-shop", Subnets=ground.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    target = elb.create_target_group(Name="k8s-shop", Protocol="HTTP", Port=80, VpcId=ground.vpc)["TargetGroups"][0]
    ports = [{"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 30000}]
    classic.create_load_balancer(LoadBalancerName="old", Listeners=ports, Subnets=ground.subnets)
    volume = ground.ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1)["VolumeId"]

    brought = {" ".join(line.split()[1:3]) for line in set(inventory(ground)) - set(before)}
    assert brought >= {
        "eks cluster", "eks nodegroup", "eks addon", "eks access-entry", "eks pod-identity", "ec2 instance",
        "ec2 network-interface", "ec2 security-group", "ec2 launch-template", "ec2 volume", "autoscaling group",
        "elb load-balancer", "elbv2 load-balancer", "elbv2 target-group", "iam oidc-provider",
    }  # fmt: skip

    elb.delete_load_balancer(LoadBalancerArn=balancer)
    elb.delete_target_group(TargetGroupArn=target["TargetGroupArn"])
    classic.delete_load_balancer(LoadBalancerName="old")
    ground.ec2.delete_volume(VolumeId=volume)
    ground.eks.delete_nodegroup(clusterName="main", nodegroupName="nodes")
    ground.eks.list_nodegroups(clusterName="main")
    ground.eks.delete_cluster(name="main")
    ground.ec2.delete_launch_template(LaunchTemplateId=mine)
    ground.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert inventory(ground) == before


def test_nothing_moves_by_itself_in_the_inventory(sandbox, ground):
    ground.cluster()
    ground.nodes()
    ground.eks.create_addon(clusterName="main", addonName="coredns")
    ground.addon("coredns")
    assert inventory(ground) == inventory(ground)
