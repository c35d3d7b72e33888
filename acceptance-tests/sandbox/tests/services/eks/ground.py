"""What the stories about EKS stand on: a network with a way out, roles with their policies, and how things are made."""

import json

from .. import aws

CLUSTER = ("AmazonEKSClusterPolicy",)
NODE = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy")


def trust(service, *actions):
    """A trust policy for a service."""
    allow = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions) or "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [allow]}


def role(iam, name, service, policies=(), actions=()):
    """The ARN of a new role that a service can assume."""
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust(service, *actions)))["Role"]["Arn"]
    for policy in policies:
        iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    return arn


class Ground:
    """Two subnets of one VPC that lead out, and the two roles."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.eks, self.ec2, self.iam = (sandbox.client(name) for name in ("eks", "ec2", "iam"))
        self.vpc, first, self.gateway = aws.open_vpc(self.ec2)
        second = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.64.0/20", AvailabilityZone="eu-west-1b")
        self.subnets = [first, second["Subnet"]["SubnetId"]]
        self.table = self.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [self.vpc]}])["RouteTables"][
            0
        ]["RouteTableId"]
        self.lead_out()
        self.role = role(self.iam, "cluster", "eks.amazonaws.com", CLUSTER)
        self.node_role = role(self.iam, "node", "ec2.amazonaws.com", NODE)

    def lead_out(self):
        """The main route table leads to the internet, and who starts there has an address of its own."""
        self.ec2.create_route(RouteTableId=self.table, DestinationCidrBlock="0.0.0.0/0", GatewayId=self.gateway)
        for subnet in self.subnets:
            self.ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})

    def shut(self):
        """There is no way out any more."""
        self.ec2.delete_route(RouteTableId=self.table, DestinationCidrBlock="0.0.0.0/0")

    def cluster(self, **more):
        """A new cluster `main`."""
        wanted = {
            "name": "main",
            "roleArn": self.role,
            "version": "1.34",
            "resourcesVpcConfig": {"subnetIds": self.subnets},
            "accessConfig": {"authenticationMode": "API"},
        }
        return self.eks.create_cluster(**{**wanted, **more})["cluster"]

    def nodes(self, **more):
        """A new node group `nodes` of it."""
        wanted = {
            "clusterName": "main",
            "nodegroupName": "nodes",
            "subnets": self.subnets,
            "nodeRole": self.node_role,
            "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2},
        }
        wanted = {name: value for name, value in {**wanted, **more}.items() if value is not None}
        return self.eks.create_nodegroup(**wanted)["nodegroup"]

    def shown(self):
        """The cluster as it is."""
        return self.eks.describe_cluster(name="main")["cluster"]

    def group(self, name="nodes"):
        """A node group as it is."""
        return self.eks.describe_nodegroup(clusterName="main", nodegroupName=name)["nodegroup"]

    def addon(self, name):
        """An add-on as it is."""
        return self.eks.describe_addon(clusterName="main", addonName=name)["addon"]

    def update(self, update, **whose):
        """An update as it is."""
        return self.eks.describe_update(name="main", updateId=update["id"], **whose)["update"]

    def instances(self):
        """The instances that are up."""
        running = [{"Name": "instance-state-name", "Values": ["running"]}]
        found = self.ec2.describe_instances(Filters=running)["Reservations"]
        return [instance for reservation in found for instance in reservation["Instances"]]

    def wish(self, route, **body):
        """Asks the sandbox for something that goes wrong in the cluster."""
        place = {"account": "123456789012", "region": "eu-west-1", "cluster": "main"}
        said = self.sandbox.control("POST", f"eks/{route}", {**place, **body})
        assert "error" not in said, said
        return said
