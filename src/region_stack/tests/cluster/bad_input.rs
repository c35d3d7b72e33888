//! What is refused of a cluster, and what the user reads then.

use super::*;

/// What is wrong with `cluster`, in the plan or before it; warnings when nothing is.
fn refused(cluster: serde_json::Value) -> String {
    told(&with_cluster(cluster))
}

fn told(config: &Value) -> String {
    match refusal(config).as_str() {
        "nothing" => match shown(&RegionStack::validate(config)) {
            warnings if warnings.is_empty() => "nothing".to_owned(),
            warnings => warnings,
        },
        refusal => refusal.to_owned(),
    }
}

fn refused_group(more: serde_json::Value) -> String {
    refused(json!({ "node_groups": { "general": group(more) } }))
}

fn refused_chart(more: serde_json::Value) -> String {
    let mut chart = json!({ "chart": "hello", "repository": "https://charts.example", "version": "1.0.0", "namespace": "hello" });
    for (name, value) in more.as_object().unwrap() {
        chart[name] = value.clone();
    }
    refused(json!({ "charts": anything(json!({ "hello": chart })) }))
}

#[test]
fn versions_of_kubernetes() {
    let lines =
        ["1.34.2", "v1.34", "34", "latest", "", "1.99"].map(|version| refused(json!({ "version": version })));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This is not a version of Kubernetes (cluster.version)
    "1.34.2" is none. EKS has minor versions only: write one such as "1.34".
    Error: This is not a version of Kubernetes (cluster.version)
    "v1.34" is none. EKS has minor versions only: write one such as "1.34".
    Error: This is not a version of Kubernetes (cluster.version)
    "34" is none. EKS has minor versions only: write one such as "1.34".
    Error: This is not a version of Kubernetes (cluster.version)
    "latest" is none. EKS has minor versions only: write one such as "1.34".
    Error: This is not a version of Kubernetes (cluster.version)
    "" is none. EKS has minor versions only: write one such as "1.34".
    Error: This version of Kubernetes is not offered (cluster.version)
    EKS has no Kubernetes "1.99" here. It has 1.35, 1.34.
    "#);
}

#[test]
fn names_choices_and_keys() {
    let lines = [
        refused(json!({ "name": "-shop" })),
        refused(json!({ "name": "x".repeat(101) })),
        refused(json!({ "upgrade_policy": "EXTENDED" })),
        refused(json!({ "log_types": ["api", "kubelet"] })),
        refused(json!({ "log_retention_days": 91 })),
        refused(json!({ "volumes_on_destroy": "snapshot" })),
        refused(json!({ "secrets_kms_key_arn": "arn:aws:kms:us-east-1:111122223333:key/1" })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This is not the name of a cluster (cluster.name)
    "-shop" cannot be one. Use at most 100 letters, digits, hyphens and underscores, no sign first.
    Error: This is not the name of a cluster (cluster.name)
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" cannot be one. Use at most 100 letters, digits, hyphens and underscores, no sign first.
    Error: This is not one of the choices (cluster.upgrade_policy)
    "EXTENDED" is none of them. Write one of "standard", "extended".
    Error: This is not one of the choices (cluster.log_types["kubelet"])
    "kubelet" is none of them. Write one of "api", "audit", "authenticator", "controllerManager", "scheduler".
    Error: This is not one of the choices (cluster.log_retention_days)
    AWS does not take 91 here. Write one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.
    Error: This is not one of the choices (cluster.volumes_on_destroy)
    "snapshot" is none of them. Write one of "keep", "delete".
    Error: This is not the ARN of a usable key (cluster.secrets_kms_key_arn)
    The key is in us-east-1, and EKS takes keys of its own region only. Use one in eu-west-1.
    "#);
}

#[test]
fn ranges_of_addresses() {
    let public = |cidrs: serde_json::Value| refused(json!({ "endpoint_public_access": { "cidrs": cidrs } }));
    let services = |cidr: &str| refused(json!({ "service_cidr": cidr }));
    let lines = [
        public(json!([])),
        public(json!(["203.0.113.7"])),
        public(json!(["203.0.113.7/24"])),
        public(json!(["office"])),
        public(json!(["203.0.113.0/24", "203.0.113.0/24"])),
        services("172.20.0.0/25"),
        services("100.64.0.0/16"),
        services("10.0.128.0/20"),
        services("172.20.0.0/16"),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: The public endpoint is open to nobody (cluster.endpoint_public_access.cidrs)
    List the ranges from which the API is reached, or leave endpoint_public_access out to have no public endpoint.
    Error: This is not a range of IPv4 addresses (cluster.endpoint_public_access.cidrs[0])
    "203.0.113.7" cannot be read. Write an address and a prefix, such as "203.0.113.7/32" for a single address.
    Error: The range does not begin where it says (cluster.endpoint_public_access.cidrs[0])
    203.0.113.7/24 names an address within 203.0.113.0/24, not the range. Write "203.0.113.0/24".
    Error: This is not a range of IPv4 addresses (cluster.endpoint_public_access.cidrs[0])
    "office" cannot be read. Write an address and a prefix, such as "203.0.113.7/32" for a single address.
    Error: A range of addresses is listed twice (cluster.endpoint_public_access.cidrs[1])
    List "203.0.113.0/24" once.
    Error: The range of the services has a size that EKS does not take (cluster.service_cidr)
    EKS takes ranges from /12 to /24, and this is a /25.
    Error: The range of the services is not a private one (cluster.service_cidr)
    EKS takes ranges within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, and 100.64.0.0/16 is none.
    Error: The services would have addresses of the network (cluster.service_cidr)
    10.0.128.0/20 overlaps with 10.0.0.0/16, the network of the stack. Choose a range outside of it.
    nothing
    "#);
}

#[test]
fn principals() {
    let admins = |admins: serde_json::Value| refused(json!({ "admin_principal_arns": admins }));
    let lines = [
        admins(json!([])),
        admins(json!(["Admin"])),
        admins(json!(["arn:aws:sts::111122223333:assumed-role/Admin/me"])),
        admins(json!(["arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/me"])),
        admins(json!(["arn:aws:iam::111122223333:role/AWSReservedSSO_Ops_0123456789abcdef"])),
        admins(json!(["arn:aws:iam::111122223333:root"])),
        admins(json!(["arn:aws:iam::111122223333:role/*"])),
        admins(json!(["arn:aws:iam::111122223333:group/admins"])),
        admins(json!([ADMIN, ADMIN])),
        admins(json!([ADMIN, "arn:aws:iam::111122223333:role/shop-eu-west-1-node"])),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: The cluster has no administrator (cluster.admin_principal_arns)
    Nobody could do anything in the cluster, not even Terraform. List the role that Terraform runs as, and those of the people who look after the cluster.
    Error: This is not the ARN of a role or user (cluster.admin_principal_arns[0])
    "Admin" is none. It looks like "arn:aws:iam::111122223333:role/name" or "arn:aws:iam::111122223333:user/name".
    Error: This is not the ARN of a role or user (cluster.admin_principal_arns[0])
    "arn:aws:sts::111122223333:assumed-role/Admin/me" is a session of a role, and names nobody for long. Write the role: "arn:aws:iam::111122223333:role/Admin".
    Error: This is not the ARN of a role or user (cluster.admin_principal_arns[0])
    "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/me" is a session of a role, and names nobody for long. Write the role: "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/<region of IAM Identity Center>/AWSReservedSSO_Ops_0123456789abcdef".
    Error: This is not the ARN of a role or user (cluster.admin_principal_arns[0])
    "arn:aws:iam::111122223333:role/AWSReservedSSO_Ops_0123456789abcdef" lacks the path that roles of IAM Identity Center have. Write "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/<region of IAM Identity Center>/AWSReservedSSO_Ops_0123456789abcdef".
    Error: This is not the ARN of a role or user (cluster.admin_principal_arns[0])
    "arn:aws:iam::111122223333:root" is a whole account, which EKS does not let in. Write a role or user of it.
    Error: This is not the ARN of a role or user (cluster.admin_principal_arns[0])
    "arn:aws:iam::111122223333:role/*" is none. It looks like "arn:aws:iam::111122223333:role/name" or "arn:aws:iam::111122223333:user/name".
    Error: This is not the ARN of a role or user (cluster.admin_principal_arns[0])
    "arn:aws:iam::111122223333:group/admins" is none. It looks like "arn:aws:iam::111122223333:role/name" or "arn:aws:iam::111122223333:user/name".
    Error: A principal is named twice (cluster.admin_principal_arns[1])
    arn:aws:iam::111122223333:role/Admin is in cluster.admin_principal_arns[0] already, and a principal has one entry in a cluster. Take it out here, or there.
    Error: This is the role of the stack's own nodes (cluster.admin_principal_arns[1])
    EKS itself lets the nodes in, and an entry of its own for their role would shut them out. Take it out.
    "#);
}

#[test]
fn access() {
    let access = |key: &str, access: serde_json::Value| {
        let mut access = access;
        if access.get("principal_arn").is_none() {
            access["principal_arn"] = json!("arn:aws:iam::111122223333:role/Viewer");
        }
        refused(json!({ "access": { key: access } }))
    };
    let lines = [
        access("view.ers", json!({})),
        access("viewers", json!({ "principal_arn": ADMIN })),
        access("viewers", json!({ "groups": ["system:masters"], "username": "aws:me" })),
        access(
            "viewers",
            json!({ "policies": { "arn:aws:iam::aws:policy/ReadOnlyAccess": [], "AmazonEKSViewPolicy": ["Team_A", "a-*", "*"] } }),
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This key cannot be used (cluster.access["view.ers"])
    "view.ers" becomes part of names. Use letters, digits, hyphens and underscores, no sign first.
    Error: A principal is named twice (cluster.access["viewers"].principal_arn)
    arn:aws:iam::111122223333:role/Admin is in cluster.admin_principal_arns[0] already, and a principal has one entry in a cluster. Take it out here, or there.
    Error: This name is Kubernetes' or AWS's own (cluster.access["viewers"].username)
    "aws:me" begins with "aws:", and EKS refuses such names. Choose another one.
    Error: This name is Kubernetes' or AWS's own (cluster.access["viewers"].groups["system:masters"])
    "system:masters" begins with "system:", and EKS refuses such names. Choose another one.
    Error: This is not a name in Kubernetes (cluster.access["viewers"].policies["AmazonEKSViewPolicy"][0])
    "Team_A" cannot be one. Use at most 63 lower-case letters, digits and hyphens, no hyphen first or last.
    Error: This is not an access policy of EKS (cluster.access["viewers"].policies["arn:aws:iam::aws:policy/ReadOnlyAccess"])
    "arn:aws:iam::aws:policy/ReadOnlyAccess" is none. Write a name such as "AmazonEKSViewPolicy"; policies of IAM do not count here.
    "#);
}

#[test]
fn addons() {
    let addon = |name: &str, addon: serde_json::Value| refused(json!({ "addons": { name: addon } }));
    let lines = [
        addon("core-dns", json!({})),
        addon("quantum", json!({})),
        addon("needy", json!({})),
        addon("coredns", json!({ "version": "v1.9.0" })),
        addon("coredns", json!({ "configuration": "replicas: 2" })),
        addon("coredns", json!({ "configuration": "[]" })),
        addon("coredns", json!({ "role_arn": "role" })),
        addon("vpc-cni:v1", json!({})),
        addon("vpc-cni", json!({ "enabled": false })),
        addon("eks-pod-identity-agent", json!({ "enabled": false })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: There is no such add-on (cluster.addons["core-dns"])
    EKS has no add-on "core-dns" for Kubernetes 1.34. Is one of these meant: "coredns"?
    Error: There is no such add-on (cluster.addons["quantum"])
    EKS has no add-on "quantum" for Kubernetes 1.34. Leave it out, or install it as a chart.
    Error: This add-on needs a configuration (cluster.addons["needy"].configuration)
    needy cannot be installed without one. Write its configuration.
    Error: This version of the add-on does not fit (cluster.addons["coredns"].version)
    coredns "v1.9.0" does not go with Kubernetes 1.34. The newest that do are v1.4.0-eksbuild.3, v1.4.0-eksbuild.2, v1.4.0-eksbuild.1. Write one of those, or leave version out.
    Error: The configuration is not a JSON object (cluster.addons["coredns"].configuration)
    It cannot be read: expected value at line 1 column 1. Write it as jsonencode({ ... }).
    Error: The configuration is not a JSON object (cluster.addons["coredns"].configuration)
    It is JSON, but no object. Write it as jsonencode({ ... }).
    Error: This is not the ARN of a role (cluster.addons["coredns"].role_arn)
    "role" is none. It looks like "arn:aws:iam::111122223333:role/name".
    Error: This is not the name of an add-on (cluster.addons["vpc-cni:v1"])
    "vpc-cni:v1" is none. Names look like "vpc-cni"; write the version beside, not in it.
    Warning: Nodes need this add-on (cluster.addons["vpc-cni"])
    Nodes do not become ready without what vpc-cni does. Make sure that something else does it before the first node starts.
    Error: The add-on "eks-pod-identity-agent" is needed (cluster.addons["eks-pod-identity-agent"])
    It is switched off, and needed by the add-on aws-ebs-csi-driver. Leave it on, or give them their roles by IRSA.
    "#);
}

#[test]
fn types_of_instances() {
    let types = |types: serde_json::Value| refused_group(json!({ "instance_types": types }));
    let lines = [
        types(json!([])),
        types(json!(["m6i"])),
        types(json!(["m6i.large", "m6i.large"])),
        types(json!(["m6i.large", "m7g.large", "g5.xlarge"])),
        types(json!(["z9.huge"])),
        refused_group(json!({ "capacity": "ON_DEMAND" })),
        refused_group(json!({ "capacity": "spot" })),
        refused_group(json!({ "ami_type": "CUSTOM" })),
        refused_group(json!({ "ami_type": "AL2_x86_64" })),
        refused_group(json!({ "ami_type": "AL2023 x86" })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This group has no types of instances (cluster.node_groups["general"].instance_types)
    List the types that its nodes may have, such as "m7i.large", those preferred first.
    Error: This is not a type of instance (cluster.node_groups["general"].instance_types[0])
    "m6i" is none. Types are called like "m7i.large".
    Error: A type of instance is listed twice (cluster.node_groups["general"].instance_types[1])
    List "m6i.large" once.
    Error: The types of instances do not go together (cluster.node_groups["general"].instance_types)
    A group has one image, and these types need several: x86 (m6i.large); ARM (m7g.large); x86 with NVIDIA's GPUs (g5.xlarge). Make a group for each.
    Error: There is no such type of instance here (cluster.node_groups["general"].instance_types)
    The region has no "z9.huge". Write types that it has.
    Error: This is not one of the choices (cluster.node_groups["general"].capacity)
    "ON_DEMAND" is none of them. Write one of "on_demand", "spot".
    Warning: A group of spot instances has a single type (cluster.node_groups["general"].instance_types)
    Spot instances of one type are often all taken away at once, and may not be had again. List several types of about the same size.
    Error: This is not a usable image (cluster.node_groups["general"].ami_type)
    Images of your own are not possible here. Leave ami_type out, or name one of EKS's images.
    Error: This is not a usable image (cluster.node_groups["general"].ami_type)
    "AL2_x86_64" is Amazon Linux 2, which EKS has given up. Write "AL2023_x86_64_STANDARD" or leave ami_type out.
    Error: This is not a usable image (cluster.node_groups["general"].ami_type)
    "AL2023 x86" is none. Write one such as "AL2023_x86_64_STANDARD" or "BOTTLEROCKET_ARM_64".
    "#);
}

#[test]
fn numbers_of_nodes() {
    let lines = [
        refused_group(json!({ "min": 4 })),
        refused_group(json!({ "desired": 4 })),
        refused_group(json!({ "desired": 0 })),
        refused_group(json!({ "min": 0, "max": 0 })),
        refused_group(json!({ "min": -1 })),
        refused_group(json!({ "max": 2.5 })),
        refused_group(json!({ "disk_gib": 10, "max_unavailable_percent": 0 })),
        refused_group(json!({ "min": 0 })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: The fewest nodes are more than the most (cluster.node_groups["general"].min)
    min is 4 and max is 3. Lower min, or raise max.
    Error: The desired nodes are out of range (cluster.node_groups["general"].desired)
    desired is 4, and this group has from 1 to 3 nodes. Choose one of these.
    Error: The desired nodes are out of range (cluster.node_groups["general"].desired)
    desired is 0, and this group has from 1 to 3 nodes. Choose one of these.
    Warning: The cluster begins without nodes (cluster.node_groups)
    All groups begin with no node. Add-ons such as coredns, and charts, wait for nodes to run on and fail when none comes. Set desired to 1 or more for one of them.
    Error: This number is out of range (cluster.node_groups["general"].max)
    0 is not possible. Write a whole number from 1 to 100000.
    Warning: The cluster begins without nodes (cluster.node_groups)
    All groups begin with no node. Add-ons such as coredns, and charts, wait for nodes to run on and fail when none comes. Set desired to 1 or more for one of them.
    Error: This number is out of range (cluster.node_groups["general"].min)
    -1 is not possible. Write a whole number from 0 to 100000.
    Error: This number is out of range (cluster.node_groups["general"].max)
    2.5 is not possible. Write a whole number from 1 to 100000.
    Error: This number is out of range (cluster.node_groups["general"].disk_gib)
    10 is not possible. Write a whole number from 20 to 16384.
    Error: This number is out of range (cluster.node_groups["general"].max_unavailable_percent)
    0 is not possible. Write a whole number from 1 to 100.
    Warning: The cluster begins without nodes (cluster.node_groups)
    All groups begin with no node. Add-ons such as coredns, and charts, wait for nodes to run on and fail when none comes. Set desired to 1 or more for one of them.
    "#);
}

#[test]
fn labels_and_taints() {
    let label = |key: &str, value: &str| refused_group(json!({ "labels": { key: value } }));
    let taint = |taint: serde_json::Value| refused_group(json!({ "taints": taint }));
    let lines = [
        label("-a", "b"),
        label("a", "b c"),
        label("eks.amazonaws.com/nodegroup", "a"),
        label("node-role.kubernetes.io/worker", ""),
        label("node.kubernetes.io/role", "a"),
        label("example.com/a", "b"),
        taint(json!([{ "key": "a", "effect": "NoSchedule" }])),
        taint(json!([{ "key": "a", "effect": "never" }])),
        taint(
            json!([{ "key": "a", "effect": "NO_EXECUTE" }, { "key": "a", "value": "b", "effect": "NO_EXECUTE" }]),
        ),
        taint(json!([{ "key": "", "effect": "NO_EXECUTE" }])),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This is not a key in Kubernetes (cluster.node_groups["general"].labels["-a"])
    "-a" cannot be one. Use at most 63 letters, digits and - _ . with a letter or digit first and last, after a domain and a slash if you like.
    Error: This is not a value in Kubernetes (cluster.node_groups["general"].labels["a"])
    "b c" cannot be one. Use at most 63 letters, digits and - _ . with a letter or digit first and last, or "".
    Error: This key is Kubernetes' or AWS's own (cluster.node_groups["general"].labels["eks.amazonaws.com/nodegroup"])
    "eks.amazonaws.com/nodegroup" begins with a domain of AWS's or Kubernetes' own, and nodes may not give themselves such keys. Use a domain of yours, or none.
    Error: This key is Kubernetes' or AWS's own (cluster.node_groups["general"].labels["node-role.kubernetes.io/worker"])
    "node-role.kubernetes.io/worker" begins with a domain of AWS's or Kubernetes' own, and nodes may not give themselves such keys. Use a domain of yours, or none.
    nothing
    nothing
    Error: This is not one of the choices (cluster.node_groups["general"].taints[0].effect)
    EKS writes "NoSchedule" as "NO_SCHEDULE". Write that.
    Error: This is not one of the choices (cluster.node_groups["general"].taints[0].effect)
    "never" is none of them. Write one of "NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE".
    Error: Two taints are the same (cluster.node_groups["general"].taints[1])
    A key has one value for each effect. Leave one of the two out.
    Error: This is not a key in Kubernetes (cluster.node_groups["general"].taints[0].key)
    "" cannot be one. Use at most 63 letters, digits and - _ . with a letter or digit first and last, after a domain and a slash if you like.
    "#);
}

#[test]
fn names_of_groups() {
    let key = "a".repeat(57);
    let lines = [
        refused(json!({ "node_groups": { key: group(json!({})) } })),
        refused(json!({ "node_groups": { "a.b": group(json!({})) } })),
        refused_group(json!({ "name": "a b" })),
        refused(
            json!({ "node_groups": { "a": group(json!({ "name": "x" })), "b": group(json!({ "name": "x" })) } }),
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This key cannot be used (cluster.node_groups["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"])
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" has 57 characters, and names made of it would be too long. Use at most 56.
    Error: This key cannot be used (cluster.node_groups["a.b"])
    "a.b" becomes part of names. Use letters, digits, hyphens and underscores, no sign first.
    Error: This is not the name of a group of nodes (cluster.node_groups["general"].name)
    "a b" cannot be one. Use at most 63 letters, digits, hyphens and underscores, no sign first.
    Error: Two groups of nodes have one name (cluster.node_groups["b"].name)
    The groups "a" and "b" are both called "x". Rename one.
    "#);
}

#[test]
fn nodes_without_a_way_out() {
    let lines = [
        told(&with_both(json!({ "nat": "none" }), json!({}))),
        told(&with_both(
            json!({ "nat": "none", "gateway_endpoints": [], "interface_endpoints": ["ec2", "ecr.api", "ecr.dkr", "sts"] }),
            json!({ "load_balancer_controller": { "chart_version": "3.5.0" } }),
        )),
        told(&with_both(json!({ "nat": "none" }), json!({ "node_groups": {} }))),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: The nodes could not join the cluster (cluster.node_groups)
    network.nat is "none", and without endpoints nodes reach none of the services they join the cluster through. Add "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts" to network.interface_endpoints, or choose another nat.
    Error: The nodes could not join the cluster (cluster.node_groups)
    network.nat is "none", and without endpoints nodes reach none of the services they join the cluster through. Add "s3" to network.gateway_endpoints and "eks", "eks-auth", "elasticloadbalancing" to network.interface_endpoints, or choose another nat.
    nothing
    "#);
}

#[test]
fn service_accounts() {
    let account = |key: &str, more: serde_json::Value| {
        let mut account = json!({ "namespace": "dns", "name": "external-dns" });
        for (name, value) in more.as_object().unwrap() {
            account[name] = value.clone();
        }
        refused(json!({ "service_accounts": { key: account } }))
    };
    let arns = json!(["arn:aws:iam::aws:policy/AmazonRoute53FullAccess"]);
    let lines = [
        account("dns", json!({})),
        account("dns", json!({ "policy": r#"{"Statement":[]}"#, "policy_arns": arns })),
        account("dns", json!({ "policy": "{}" })),
        account("dns", json!({ "policy": "allow everything" })),
        account("dns", json!({ "policy_arns": ["AmazonRoute53FullAccess"] })),
        account("dns", json!({ "policy_arns": arns, "identity": "token" })),
        account("dns", json!({ "policy_arns": arns, "namespace": "DNS", "name": "" })),
        account("a-key-of-a-service-account-that-goes-on-and-on-and-on", json!({ "policy_arns": arns })),
        account(
            "volumes",
            json!({ "policy_arns": arns, "namespace": "kube-system", "name": "ebs-csi-controller-sa" }),
        ),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: This service account may do nothing (cluster.service_accounts["dns"])
    What its pods may do is said once: by a document in policy, or by the ARNs of policies in policy_arns.
    Error: This service account has its policies twice (cluster.service_accounts["dns"])
    What its pods may do is said once: by a document in policy, or by the ARNs of policies in policy_arns.
    Error: This is not a policy (cluster.service_accounts["dns"].policy)
    It is JSON, but has no "Statement". Write it as jsonencode({ Version = "2012-10-17", Statement = [...] }).
    Error: This is not a policy (cluster.service_accounts["dns"].policy)
    It is not JSON: expected value at line 1 column 1. Write it as jsonencode({ ... }).
    Error: This is not the ARN of a policy (cluster.service_accounts["dns"].policy_arns["AmazonRoute53FullAccess"])
    "AmazonRoute53FullAccess" is none. It looks like "arn:aws:iam::111122223333:policy/name".
    Error: This is not one of the choices (cluster.service_accounts["dns"].identity)
    "token" is none of them. Write one of "pod_identity", "irsa".
    Error: This is not a name in Kubernetes (cluster.service_accounts["dns"].namespace)
    "DNS" cannot be one. Use at most 63 lower-case letters, digits and hyphens, no hyphen first or last.
    Error: This is not a name in Kubernetes (cluster.service_accounts["dns"].name)
    "" cannot be one. Use at most 63 lower-case letters, digits and hyphens, no hyphen first or last.
    Error: This key cannot be used (cluster.service_accounts["a-key-of-a-service-account-that-goes-on-and-on-and-on"])
    "a-key-of-a-service-account-that-goes-on-and-on-and-on" has 53 characters, and names made of it would be too long. Use at most 46.
    Error: A service account has two roles (cluster.service_accounts["volumes"])
    kube-system/ebs-csi-controller-sa has a role by the add-on aws-ebs-csi-driver. Leave one of the two out.
    "#);
}

#[test]
fn charts() {
    let lines = [
        refused(json!({ "charts": anything(json!("hello")) })),
        refused(json!({ "charts": anything(json!({ "hello": "hello" })) })),
        refused(json!({ "charts": anything(json!({ "hello": {} })) })),
        refused_chart(json!({ "value": {}, "colour": "red" })),
        refused_chart(json!({ "repository": null })),
        refused_chart(json!({ "repository": "charts.example" })),
        refused_chart(json!({ "chart": "oci://registry.example/hello" })),
        refused_chart(json!({ "name": "Hello", "namespace": "hello_world" })),
        refused_chart(json!({ "values": "replicas: 2", "wait": "yes", "timeout_seconds": 0, "version": 1 })),
        refused_chart(json!({ "timeout_seconds": "10m", "sensitive_values_version": 1.5 })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: The charts are not an object (cluster.charts)
    Write an object with one object for each release: charts = { key = { chart = "...", ... } }.
    Error: This chart is not an object (cluster.charts.hello)
    Write hello = { chart = "...", version = "...", namespace = "..." }.
    Error: This chart has no chart (cluster.charts.hello.chart)
    Write its name in the repository, an oci:// reference, or a path.
    Error: This chart has no version (cluster.charts.hello.version)
    Without it, each plan could find another one. Of a local chart, write what its Chart.yaml says.
    Error: This chart has no namespace (cluster.charts.hello.namespace)
    Write the namespace of the release. It is made if it does not exist.
    Error: This is not an argument of a chart (cluster.charts.hello.colour)
    "colour" is none. A chart has chart, repository, version, namespace, name, values, sensitive_values_version, wait, timeout_seconds. What the chart itself takes goes into values.
    Error: This is not an argument of a chart (cluster.charts.hello.value)
    "value" is none. Is "values" meant? What the chart itself takes goes into values.
    Error: This chart has no repository (cluster.charts.hello.repository)
    "hello" is looked up in a repository. Write its URL, or an oci:// reference or a path as the chart.
    Error: This is not the URL of a repository (cluster.charts.hello.repository)
    "charts.example" is none. It begins with https:// or oci://.
    Error: This chart needs no repository (cluster.charts.hello.repository)
    "oci://registry.example/hello" says where the chart is. Leave repository out.
    Error: This is not a name in Kubernetes (cluster.charts.hello.namespace)
    "hello_world" cannot be one. Use at most 63 lower-case letters, digits and hyphens, no hyphen first or last.
    Error: This is not a name in Kubernetes (cluster.charts.hello.name)
    "Hello" cannot be one. Use at most 53 lower-case letters, digits and hyphens, no hyphen first or last.
    Error: The version of a chart is a text (cluster.charts.hello.version)
    Write it as text, in quotation marks.
    Error: This number is out of range (cluster.charts.hello.timeout_seconds)
    0 is not possible. Write a whole number from 1 to 3600.
    Error: This is not what wait takes (cluster.charts.hello.wait)
    Write true or false.
    Error: This is not what values takes (cluster.charts.hello.values)
    Write an object, such as { replicas = 2 }, or yamldecode(file(...)).
    Error: This number is out of range (cluster.charts.hello.sensitive_values_version)
    1.5 is not possible. Write a whole number from 0 to 9223372036854775807.
    Error: This is not what timeout_seconds takes (cluster.charts.hello.timeout_seconds)
    Write a number.
    "#);
}

#[test]
fn ranges_of_versions_of_charts() {
    for good in ["1.2.3", "v1.2.3", "0.0.0", "1.2.3-rc.1", "1.2.3-rc-1.0+build.5", "1.2.3+20260101"] {
        assert_eq!(refused_chart(json!({ "version": good })), "nothing", "{good}");
    }
    for range in [
        ">=1.2.3",
        "^1.2.3",
        "~1.2.3",
        "1.2",
        "1",
        "1.2.x",
        "1.2.*",
        "*",
        "1.2.3 || 2.0.0",
        "1.2.3 - 2.0.0",
        "latest",
        "01.2.3",
        "1.2.3-",
        "1.2.3+",
        " 1.2.3",
        "v",
        "1..3",
    ] {
        let told = refused_chart(json!({ "version": range }));
        assert!(told.contains("This is not the version of a chart"), "{range}: {told}");
    }
    insta::assert_snapshot!(refused_chart(json!({ "version": "^1.2" })), @r#"
    Error: This is not the version of a chart (cluster.charts.hello.version)
    "^1.2" is none. Write all three numbers, such as "1.2.3" or "v1.2.3-rc.1"; a range could be another version with each plan.
    "#);
}

#[test]
fn releases_of_one_name() {
    let chart = |name: &str, namespace: &str| json!({ "chart": "./c", "version": "1.0.0", "namespace": namespace, "name": name });
    let controller = json!({ "chart_version": "3.5.0" });
    let lines = [
        refused(
            json!({ "charts": anything(json!({ "a": chart("x", "n"), "b": chart("x", "n"), "c": chart("x", "m") })) }),
        ),
        refused(json!({
            "charts": anything(json!({ "own": chart("aws-load-balancer-controller", "kube-system") })),
            "load_balancer_controller": controller,
        })),
        refused(json!({
            "charts": anything(json!({ "aws-load-balancer-controller": chart("other", "n") })),
            "load_balancer_controller": controller,
        })),
        refused(json!({ "charts": anything(json!({ "a": chart("x", "n") })), "node_groups": {} })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: Two releases have one name (cluster.charts.b)
    n/x is the release of cluster.charts.a already. Give this one another name or namespace.
    Error: Two releases have one name (cluster.charts.own)
    kube-system/aws-load-balancer-controller is the release of cluster.load_balancer_controller already. Give this one another name or namespace.
    Error: This key cannot be used (cluster.charts.aws-load-balancer-controller)
    "aws-load-balancer-controller" is the key of load_balancer_controller's own chart. Choose another one.
    Warning: The charts have no nodes to run on (cluster.node_groups)
    Charts wait until their pods run, and nothing here runs them. Add a group of nodes.
    "#);
}

#[test]
fn sensitive_values() {
    let sensitive = |values: serde_json::Value| {
        let chart = json!({ "hello": { "chart": "./c", "version": "1.0.0", "namespace": "n" } });
        refused(json!({ "charts": anything(chart), "charts_sensitive_values_wo": anything(values) }))
    };
    let lines = [
        sensitive(json!("s3cret")),
        sensitive(json!({ "hello": "s3cret" })),
        sensitive(json!({ "hello": { "password": "s3cret" } })),
        sensitive(json!({ "other": { "password": "s3cret" } })),
    ];
    assert!(!lines.join("").contains("s3cret"));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: The sensitive values are not an object (cluster.charts_sensitive_values_wo)
    Write an object with an object of values for each key of charts.
    Error: The sensitive values of a chart are not an object (cluster.charts_sensitive_values_wo.hello)
    Write hello = { ... }, as in the values of the chart.
    Error: These sensitive values have no version (cluster.charts_sensitive_values_wo.hello)
    They are stored nowhere, so that a change of them does not show. Write sensitive_values_version = 1 in the chart "hello", and raise it whenever they change.
    Error: These sensitive values have no version (cluster.charts_sensitive_values_wo.hello)
    They are stored nowhere, so that a change of them does not show. Write sensitive_values_version = 1 in the chart "hello", and raise it whenever they change.
    Error: These sensitive values belong to no chart (cluster.charts_sensitive_values_wo.other)
    There is no chart "other" in charts. Add it, or leave these values out.
    "#);
}

#[test]
fn sensitive_values_that_are_not_given() {
    let given = |values: serde_json::Value| {
        let mut chart = json!({ "chart": "./c", "version": "1.0.0", "namespace": "n" });
        chart["sensitive_values_version"] = json!(1);
        let charts = anything(json!({ "hello": chart }));
        let config = with_cluster(json!({ "charts": charts, "charts_sensitive_values_wo": values }));
        shown(&RegionStack::validate(&config))
    };
    assert_eq!(given(json!("(unknown)")), "");
    assert_eq!(given(anything(json!({ "hello": { "password": "s3cret" } }))), "");
    assert_eq!(given(json!(null)), given(anything(json!({}))));
    insta::assert_snapshot!(given(json!(null)), @r#"
    Error: The sensitive values of this chart are not given (cluster.charts.hello.sensitive_values_version)
    The chart "hello" has a sensitive_values_version, and they are kept nowhere. Write hello = { ... } in charts_sensitive_values_wo, or leave sensitive_values_version out.
    "#);
}

#[test]
fn the_load_balancer_controller() {
    let controller = |more: serde_json::Value| {
        let mut controller = json!({ "chart_version": "3.5.0" });
        for (name, value) in more.as_object().unwrap() {
            controller[name] = value.clone();
        }
        refused(json!({ "load_balancer_controller": controller }))
    };
    let lines = [
        controller(json!({ "chart_version": "1.2.0" })),
        controller(json!({ "chart_version": "2.13.0" })),
        controller(json!({ "chart_version": ">= 3" })),
        controller(json!({ "chart_version": "3.99.0" })),
        controller(json!({ "replicas": 0, "values": anything(json!([1])) })),
        controller(json!({ "chart_version": "nonsense", "enabled": false })),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    Error: The permissions of this controller are not known (cluster.load_balancer_controller.chart_version)
    No IAM policy is known for chart version "1.2.0". Use "1.5.0" or newer, best "3.5.0".
    Error: The permissions of this controller are not known (cluster.load_balancer_controller.chart_version)
    "2.13.0" is a version of the controller, not of its chart: controller 2.13 comes with chart 1.13, and only from 3.0 on are both numbered alike. Use chart "1.13.0".
    Error: The permissions of this controller are not known (cluster.load_balancer_controller.chart_version)
    The controller's IAM policy follows from its exact version, and ">= 3" is not one version of the chart. Write all three numbers, such as "3.5.0".
    Warning: The permissions of this controller are not known for sure (cluster.load_balancer_controller.chart_version)
    The chart 3.99.0 is newer than this provider. Its controller gets the permissions of the newest one that is known, and may lack some. See what its release notes say of its IAM policy, or upgrade the provider.
    Error: This number is out of range (cluster.load_balancer_controller.replicas)
    0 is not possible. Write a whole number from 1 to 100.
    Error: The values are not an object (cluster.load_balancer_controller.values)
    Write an object, such as { logLevel = "debug" }.
    nothing
    "#);
}

#[test]
fn everything_unknown_is_accepted_while_validating() {
    let unknown = "(unknown)";
    for cluster in [
        json!({ "name": unknown, "version": unknown, "upgrade_policy": unknown, "admin_principal_arns": unknown, "access": unknown,
            "endpoint_public_access": unknown, "log_types": unknown, "log_retention_days": unknown, "secrets_kms_key_arn": unknown,
            "service_cidr": unknown, "addons": unknown, "node_groups": unknown, "service_accounts": unknown, "charts": unknown,
            "charts_sensitive_values_wo": unknown, "load_balancer_controller": unknown, "volumes_on_destroy": unknown,
            "preflight": unknown, "ignore_upgrade_insights": unknown }),
        json!({ "access": { "a": unknown }, "addons": { "a": unknown }, "node_groups": { "a": unknown }, "service_accounts": { "a": unknown } }),
        json!({
            "admin_principal_arns": [unknown],
            "access": { "a": { "principal_arn": unknown, "groups": [unknown], "policies": { "A": [unknown] } } },
            "node_groups": { "a": { "instance_types": [unknown], "min": unknown, "max": unknown, "labels": { "a": unknown }, "taints": unknown } },
            "service_accounts": { "a": { "namespace": unknown, "name": unknown, "policy": unknown } },
            "load_balancer_controller": { "chart_version": unknown, "values": unknown },
        }),
    ] {
        assert_eq!(shown(&RegionStack::validate(&with_cluster(cluster))), "");
    }
}

/// What may be written at the edges of what AWS counts.
mod names {
    use crate::region_stack::names::{
        self, LONGEST, LONGEST_NODE_GROUP, LONGEST_NODE_GROUP_KEY, LONGEST_ROLE,
    };
    use proptest::prelude::*;

    /// What AWS counts for launch templates, aliases and log groups.
    const LONGEST_LAUNCH_TEMPLATE: usize = 128;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn stay_within_what_aws_takes(
            stack in 1..=LONGEST,
            key in 1..=LONGEST_NODE_GROUP_KEY,
            region in proptest::sample::select(vec!["eu-west-1", "ap-southeast-5", "us-isof-southeast-1"]),
        ) {
            let name = "x".repeat(stack);
            let account = "k".repeat(names::longest_service_account_key(&name, region));
            prop_assert!(!account.is_empty());
            for what in ["cluster", "node", "ebs-csi", "balancers", "flow-logs", &names::of_service_account(&account)] {
                prop_assert!(names::global(&name, region, what).len() <= LONGEST_ROLE, "{what}");
            }
            let key = "k".repeat(key);
            prop_assert!(names::node_group(&key, "fixed").len() <= LONGEST_NODE_GROUP);
            prop_assert!(names::regional(&name, &key).len() <= LONGEST_LAUNCH_TEMPLATE);
        }
    }
}
