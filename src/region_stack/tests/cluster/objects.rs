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

#[test]
fn the_control_plane() {
    let planned = plan(&north_star(), &Value::Null);
    let addresses = [
        "cluster",
        "cluster.leftovers",
        "cluster.load_balancers",
        "cluster.log_group",
        "oidc_provider",
        "cluster.key",
        "cluster.role",
    ];
    insta::assert_snapshot!(objects(&planned, &addresses), @r#"
    cluster (cluster) shop
      authentication: API
      deletion_protection: true
      leftovers: cluster.leftovers.id
      log_group: cluster.log_group.id
      log_types: [api, audit, authenticator]
      name: shop
      public_access_cidrs: [203.0.113.0/24]
      role: cluster.role.arn
      secrets_key: cluster.key.arn
      service_cidr: null
      subnets: [subnet.private.eu-west-1a.id, subnet.private.eu-west-1b.id, subnet.private.eu-west-1c.id]
      upgrade_policy: STANDARD
      version: 1.34
    cluster.leftovers (cluster_leftovers) shop-leftovers
      cluster: shop
      security_groups: []
      subnets: [subnet.public.eu-west-1a.id, subnet.public.eu-west-1b.id, subnet.public.eu-west-1c.id, subnet.private.eu-west-1a.id, subnet.private.eu-west-1b.id, subnet.private.eu-west-1c.id, subnet.database.eu-west-1a.id, subnet.database.eu-west-1b.id, subnet.database.eu-west-1c.id]
      volumes: keep
      vpc: vpc.id
    cluster.load_balancers (kubernetes_load_balancers) shop-load-balancers
      access: [access.admin.Admin.id]
      cluster: cluster.id
      nodes: [node_group.burst-d74535.id, node_group.general-79589d.id]
      releases: [chart.aws-load-balancer-controller.id]
    cluster.log_group (log_group) /aws/eks/shop/cluster
      kms_key_arn: null
      leftovers: cluster.leftovers.id
      name: /aws/eks/shop/cluster
      retention_days: 90
    oidc_provider (oidc_provider) shop
      audiences: [sts.amazonaws.com]
      url: cluster.oidc_issuer
    cluster.key (key) shop-cluster
      alias: alias/shop-cluster
      deletion_window_days: 30
      description: Secrets of the cluster shop
      policy: {
        "Statement": [
          {
            "Action": "kms:*",
            "Effect": "Allow",
            "Principal": {
              "AWS": "arn:aws:iam::111122223333:root"
            },
            "Resource": "*",
            "Sid": "AccountAdministers"
          }
        ],
        "Version": "2012-10-17"
      }
      rotation: true
    cluster.role (role) shop-eu-west-1-cluster
      description: Control plane of the cluster shop in eu-west-1
      inline_policies: {  }
      managed_policies: [arn:aws:iam::aws:policy/AmazonEKSClusterPolicy]
      name: shop-eu-west-1-cluster
      trust: {
        "Statement": [
          {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {
              "Service": "eks.amazonaws.com"
            }
          }
        ],
        "Version": "2012-10-17"
      }
    "#);
}

#[test]
fn nodes_and_what_they_stand_on() {
    let planned = plan(&north_star(), &Value::Null);
    let burst = planned.value.get("cluster").get("node_groups").get("burst").get("name");
    let burst = format!("node_group.{}", burst.as_str().unwrap());
    insta::assert_snapshot!(objects(&planned, &[&burst, "launch_template.burst", "node_role"]), @r#"
    node_group.burst-d74535 (node_group) shop-burst-d74535
      addons: [addon.eks-pod-identity-agent.id, addon.kube-proxy.id, addon.vpc-cni.id]
      ami_type: AL2023_x86_64_STANDARD
      associations: [route_table_association.public.eu-west-1a.id, route_table_association.public.eu-west-1b.id, route_table_association.public.eu-west-1c.id, route_table_association.private.eu-west-1a.id, route_table_association.private.eu-west-1b.id, route_table_association.private.eu-west-1c.id, route_table_association.database.eu-west-1a.id, route_table_association.database.eu-west-1b.id, route_table_association.database.eu-west-1c.id]
      capacity: SPOT
      cluster: cluster.id
      desired: 0
      endpoints: [endpoint.s3.id]
      instance_types: [m6i.large, m5.large, m5a.large]
      labels: {  }
      launch_template: launch_template.burst.id
      launch_template_version: launch_template.burst.latest_version
      max: 20
      max_unavailable_percent: 33
      min: 0
      name: burst-d74535
      role: node_role.arn
      routes: [route.public.internet.id, route.private.eu-west-1a.internet.id, route.private.eu-west-1b.internet.id, route.private.eu-west-1c.internet.id]
      subnets: [subnet.private.eu-west-1a.id, subnet.private.eu-west-1b.id, subnet.private.eu-west-1c.id]
      taints: []
      version: 1.34
    launch_template.burst (launch_template) shop-burst
      disk_key: null
      disks: [{ device: /dev/xvda, gib: 50 }]
      instance_tags: { Name: shop-burst, team: platform }
      metadata_hop_limit: 1
      name: shop-burst
    node_role (role) shop-eu-west-1-node
      description: Nodes of the cluster shop in eu-west-1
      inline_policies: {  }
      managed_policies: [arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy, arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly, arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy, arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore]
      name: shop-eu-west-1-node
      trust: {
        "Statement": [
          {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {
              "Service": "ec2.amazonaws.com"
            }
          }
        ],
        "Version": "2012-10-17"
      }
    "#);
}

#[test]
fn addons_before_and_after_nodes() {
    let planned = plan(&north_star(), &Value::Null);
    let addresses =
        ["addon.vpc-cni", "addon.coredns", "addon.aws-ebs-csi-driver", "ebs_csi.identity", "ebs_csi.role"];
    insta::assert_snapshot!(objects(&planned, &addresses), @r#"
    addon.vpc-cni (addon) shop-vpc-cni
      cluster: cluster.id
      configuration: {
        "env": {
          "ENABLE_PREFIX_DELEGATION": "true",
          "WARM_PREFIX_TARGET": "1"
        }
      }
      identities: []
      name: vpc-cni
      nodes: []
      role: null
      version: v1.4.0-eksbuild.2
    addon.coredns (addon) shop-coredns
      cluster: cluster.id
      configuration: {}
      identities: []
      name: coredns
      nodes: [node_group.burst-d74535.id, node_group.general-79589d.id]
      role: null
      version: v1.4.0-eksbuild.2
    addon.aws-ebs-csi-driver (addon) shop-aws-ebs-csi-driver
      cluster: cluster.id
      configuration: {}
      identities: [ebs_csi.identity.id]
      name: aws-ebs-csi-driver
      nodes: [node_group.burst-d74535.id, node_group.general-79589d.id]
      role: null
      version: v1.4.0-eksbuild.2
    ebs_csi.identity (pod_identity_association) shop-eu-west-1-ebs-csi
      cluster: cluster.id
      namespace: kube-system
      role: ebs_csi.role.arn
      service_account: ebs-csi-controller-sa
    ebs_csi.role (role) shop-eu-west-1-ebs-csi
      description: Volumes of the cluster shop in eu-west-1
      inline_policies: {  }
      managed_policies: [arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy]
      name: shop-eu-west-1-ebs-csi
      trust: {
        "Statement": [
          {
            "Action": [
              "sts:AssumeRole",
              "sts:TagSession"
            ],
            "Condition": {
              "StringEquals": {
                "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/shop",
                "aws:RequestTag/kubernetes-namespace": "kube-system",
                "aws:RequestTag/kubernetes-service-account": "ebs-csi-controller-sa"
              }
            },
            "Effect": "Allow",
            "Principal": {
              "Service": "pods.eks.amazonaws.com"
            }
          }
        ],
        "Version": "2012-10-17"
      }
    "#);
}

#[test]
fn what_the_user_says_of_addons_goes_over_what_they_are_set_to() {
    let planned = plan(
        &with_cluster(json!({ "addons": {
            "vpc-cni": { "configuration": r#"{"env":{"WARM_PREFIX_TARGET":"3","ENABLE_POD_ENI":"true"},"tolerations":[]}"# },
            "kube-proxy": { "version": "v1.4.0-eksbuild.1" },
            "coredns": { "enabled": false },
            "aws-ebs-csi-driver": { "role_arn": "arn:aws:iam::111122223333:role/volumes" },
            "metrics-server": {},
        } })),
        &Value::Null,
    );
    let addons: Vec<String> = addresses(&planned)
        .lines()
        .filter(|address| address.starts_with("addon.") || address.starts_with("ebs_csi"))
        .map(|address| {
            let spec = &planned.graph.nodes()[address].spec;
            let (configuration, role) = (&spec["configuration"], &spec["role"]);
            format!(
                "{address} {} {} {role}",
                spec["version"].as_str().unwrap(),
                configuration.as_str().unwrap()
            )
        })
        .collect();
    insta::assert_snapshot!(addons.join("\n"), @r#"
    addon.aws-ebs-csi-driver v1.4.0-eksbuild.2 {} "arn:aws:iam::111122223333:role/volumes"
    addon.eks-pod-identity-agent v1.4.0-eksbuild.2 {} null
    addon.kube-proxy v1.4.0-eksbuild.1 {} null
    addon.metrics-server v1.4.0-eksbuild.2 {} null
    addon.vpc-cni v1.4.0-eksbuild.2 {"env":{"ENABLE_POD_ENI":"true","ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"3"},"tolerations":[]} null
    "#);
}

#[test]
fn who_may_do_what() {
    let planned = plan(
        &with_cluster(json!({
            "admin_principal_arns": [
                ADMIN,
                "arn:aws:iam::111122223333:user/people/ann.smith",
                "arn:aws:iam::999900001111:role/Admin",
                "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef",
            ],
            "access": { "viewers": {
                "principal_arn": "arn:aws:iam::111122223333:role/Viewer",
                "groups": ["team-a"],
                "policies": { "AmazonEKSViewPolicy": [], "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy": ["a", "b-*"] },
            } },
        })),
        &Value::Null,
    );
    let all = addresses(&planned);
    let entries: Vec<&str> = all.lines().filter(|address| address.starts_with("access.")).collect();
    insta::assert_snapshot!(objects(&planned, &entries), @r"
    access.admin.999900001111/Admin (access_entry) arn:aws:iam::999900001111:role/Admin
      cluster: cluster.id
      groups: []
      policies: { arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy: cluster }
      principal: arn:aws:iam::999900001111:role/Admin
      username: null
    access.admin.AWSReservedSSO_Ops_0123456789abcdef (access_entry) arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef
      cluster: cluster.id
      groups: []
      policies: { arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy: cluster }
      principal: arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef
      username: null
    access.admin.Admin (access_entry) arn:aws:iam::111122223333:role/Admin
      cluster: cluster.id
      groups: []
      policies: { arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy: cluster }
      principal: arn:aws:iam::111122223333:role/Admin
      username: null
    access.admin.user/ann.smith (access_entry) arn:aws:iam::111122223333:user/people/ann.smith
      cluster: cluster.id
      groups: []
      policies: { arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy: cluster }
      principal: arn:aws:iam::111122223333:user/people/ann.smith
      username: null
    access.viewers (access_entry) arn:aws:iam::111122223333:role/Viewer
      cluster: cluster.id
      groups: [team-a]
      policies: { arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy: { namespaces: [a, b-*] }, arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy: cluster }
      principal: arn:aws:iam::111122223333:role/Viewer
      username: null
    ");
}

#[test]
fn roles_for_pods_by_either_way() {
    let planned = plan(
        &with_cluster(json!({ "service_accounts": {
            "dns": {
                "namespace": "dns", "name": "external-dns", "identity": "irsa",
                "policy_arns": ["arn:aws:iam::aws:policy/AmazonRoute53FullAccess"],
            },
            "certificates": {
                "namespace": "cert-manager", "name": "cert-manager",
                "policy": r#"{"Version":"2012-10-17","Statement":[]}"#,
            },
        } })),
        &Value::Null,
    );
    let all = addresses(&planned);
    let own: Vec<&str> = all.lines().filter(|address| address.starts_with("service_account.")).collect();
    let inventory = made(&planned.graph);
    let trust = inventory["service_account.dns.role"].spec["trust"].as_str().unwrap();
    let trust: serde_json::Value = serde_json::from_str(trust).unwrap();
    insta::assert_snapshot!(own.join("\n"), @r"
    service_account.certificates.identity
    service_account.certificates.role
    service_account.dns.role
    ");
    insta::assert_snapshot!(serde_json::to_string_pretty(&trust).unwrap(), @r#"
    {
      "Statement": [
        {
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {
            "StringEquals": {
              "issuer of oidc_provider:aud": "sts.amazonaws.com",
              "issuer of oidc_provider:sub": "system:serviceaccount:dns:external-dns"
            }
          },
          "Effect": "Allow",
          "Principal": {
            "Federated": "arn of oidc_provider"
          }
        }
      ],
      "Version": "2012-10-17"
    }
    "#);
    insta::assert_snapshot!(objects(&planned, &["service_account.certificates.role", "service_account.certificates.identity"]), @r#"
    service_account.certificates.role (role) shop-eu-west-1-sa-certificates
      description: cert-manager/cert-manager in the cluster shop in eu-west-1
      inline_policies: { pods: {
        "Statement": [],
        "Version": "2012-10-17"
      } }
      managed_policies: []
      name: shop-eu-west-1-sa-certificates
      trust: {
        "Statement": [
          {
            "Action": [
              "sts:AssumeRole",
              "sts:TagSession"
            ],
            "Condition": {
              "StringEquals": {
                "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/shop",
                "aws:RequestTag/kubernetes-namespace": "cert-manager",
                "aws:RequestTag/kubernetes-service-account": "cert-manager"
              }
            },
            "Effect": "Allow",
            "Principal": {
              "Service": "pods.eks.amazonaws.com"
            }
          }
        ],
        "Version": "2012-10-17"
      }
    service_account.certificates.identity (pod_identity_association) shop-eu-west-1-sa-certificates
      cluster: cluster.id
      namespace: cert-manager
      role: service_account.certificates.role.arn
      service_account: cert-manager
    "#);
    let arns = planned.value.get("service_account_role_arns");
    insta::assert_snapshot!(arns.to_string(), @r#"{ "certificates" = "arn of service_account.certificates.role", "dns" = "arn of service_account.dns.role" }"#);
}

/// Charts of every origin, with the controller.
fn charts() -> Value {
    with_cluster(json!({
        "charts": anything(json!({
            "hello": {
                "chart": "hello", "repository": "https://charts.example", "version": "1.1.0", "namespace": "hello",
                "values": { "replicas": 2, "share": 0.25, "hosts": ["a", 1, null], "on": true }, "sensitive_values_version": 3,
            },
            "registry": {
                "chart": "thing", "repository": "oci://registry.example/charts/", "version": "2.0.0", "namespace": "things",
                "name": "thing-one", "wait": false, "timeout_seconds": 60,
            },
            "local": { "chart": "./charts/own", "version": "0.1.0", "namespace": "own" },
        })),
        "charts_sensitive_values_wo": anything(json!({ "hello": { "password": "s3cret" } })),
        "load_balancer_controller": {
            "chart_version": "3.5.0", "replicas": 3,
            "values": anything(json!({ "logLevel": "debug", "serviceAccount": { "annotations": { "a": "b" } } })),
        },
    }))
}

#[test]
fn charts_from_everywhere() {
    let planned = plan(&charts(), &Value::Null);
    let addresses = ["chart.hello", "chart.registry", "chart.local", "chart.aws-load-balancer-controller"];
    insta::assert_snapshot!(objects(&planned, &addresses), @r#"
    chart.hello (release) hello
      access: [access.admin.Admin.id]
      addons: [addon.eks-pod-identity-agent.id, addon.kube-proxy.id, addon.vpc-cni.id, addon.aws-ebs-csi-driver.id, addon.coredns.id]
      chart: hello
      cluster: cluster.id
      identities: [load_balancer_controller.identity.id]
      name: hello
      namespace: hello
      nodes: [node_group.general-79589d.id]
      oidc_provider: oidc_provider.id
      releases: [chart.aws-load-balancer-controller.id]
      repository: https://charts.example
      roles: []
      sensitive: { key: shop/hello, version: 3 }
      timeout_seconds: 600
      values: {
        "hosts": [
          "a",
          1,
          null
        ],
        "on": true,
        "replicas": 2,
        "share": 0.25
      }
      version: 1.1.0
      wait: true
    chart.registry (release) thing-one
      access: [access.admin.Admin.id]
      addons: [addon.eks-pod-identity-agent.id, addon.kube-proxy.id, addon.vpc-cni.id, addon.aws-ebs-csi-driver.id, addon.coredns.id]
      chart: oci://registry.example/charts/thing
      cluster: cluster.id
      identities: [load_balancer_controller.identity.id]
      name: thing-one
      namespace: things
      nodes: [node_group.general-79589d.id]
      oidc_provider: oidc_provider.id
      releases: [chart.aws-load-balancer-controller.id]
      repository: null
      roles: []
      sensitive: null
      timeout_seconds: 60
      values: {}
      version: 2.0.0
      wait: false
    chart.local (release) local
      access: [access.admin.Admin.id]
      addons: [addon.eks-pod-identity-agent.id, addon.kube-proxy.id, addon.vpc-cni.id, addon.aws-ebs-csi-driver.id, addon.coredns.id]
      chart: ./charts/own
      cluster: cluster.id
      identities: [load_balancer_controller.identity.id]
      name: local
      namespace: own
      nodes: [node_group.general-79589d.id]
      oidc_provider: oidc_provider.id
      releases: [chart.aws-load-balancer-controller.id]
      repository: null
      roles: []
      sensitive: null
      timeout_seconds: 600
      values: {}
      version: 0.1.0
      wait: true
    chart.aws-load-balancer-controller (release) aws-load-balancer-controller
      access: [access.admin.Admin.id]
      addons: [addon.eks-pod-identity-agent.id, addon.kube-proxy.id, addon.vpc-cni.id, addon.aws-ebs-csi-driver.id, addon.coredns.id]
      chart: aws-load-balancer-controller
      cluster: cluster.id
      identities: [load_balancer_controller.identity.id]
      name: aws-load-balancer-controller
      namespace: kube-system
      nodes: [node_group.general-79589d.id]
      oidc_provider: oidc_provider.id
      releases: []
      repository: https://aws.github.io/eks-charts
      roles: []
      sensitive: null
      timeout_seconds: 600
      values: { $text: [{"clusterName":"shop","enableServiceMutatorWebhook":false,"logLevel":"debug","region":"eu-west-1","replicaCount":3,"serviceAccount":{"annotations":{"a":"b"},"create":true,"name":"aws-load-balancer-controller"},"vpcId":", vpc.id, "}] }
      version: 3.5.0
      wait: true
    "#);
    let inventory = made(&planned.graph);
    let values = inventory["chart.aws-load-balancer-controller"].spec["values"].as_str().unwrap();
    let values: serde_json::Value = serde_json::from_str(values).unwrap();
    assert_eq!(values["vpcId"], json!("id of vpc"));
}

#[test]
fn sensitive_values_are_in_no_plan() {
    let planned = plan(&charts(), &Value::Null);
    let graph: String = planned.graph.nodes().values().map(|node| node.spec.to_string()).collect();
    assert!(!graph.contains("s3cret") && !planned.value.to_string().contains("s3cret"));
    let handed_on = crate::region_stack::cluster::sensitive_values(&charts());
    assert_eq!(handed_on.keys().collect::<Vec<_>>(), ["shop/hello"]);
    assert!(handed_on["shop/hello"] == *r#"{"password":"s3cret"}"#);
}

#[test]
fn a_controller_gets_what_its_users_say_of_the_network() {
    let config = with_cluster(json!({ "load_balancer_controller": {
        "chart_version": "3.5.0", "repository": "oci://registry.example", "values": anything(json!({ "vpcId": "vpc-other" })),
    } }));
    let planned = plan(&config, &Value::Null);
    let spec = &planned.graph.nodes()["chart.aws-load-balancer-controller"].spec;
    assert!(spec["values"].to_string().contains("vpc-other"));
    assert_eq!(spec["chart"], json!("oci://registry.example/aws-load-balancer-controller"));
    assert_eq!(spec["repository"], json!(null));
}

#[test]
fn images_and_disks_follow_from_the_types() {
    let lines = [
        json!({ "instance_types": ["m6i.large", "m5a.large"] }),
        json!({ "instance_types": ["m7g.large"] }),
        json!({ "instance_types": ["g5.xlarge"] }),
        json!({ "instance_types": ["g5g.xlarge"] }),
        json!({ "instance_types": ["inf2.xlarge"] }),
        json!({ "ami_type": "BOTTLEROCKET_x86_64", "disk_gib": 80 }),
        json!({ "ami_type": "WINDOWS_CORE_2025_x86_64", "disk_gib": 100 }),
    ]
    .map(|more| {
        let planned = plan(&with_cluster(json!({ "node_groups": { "a": group(more) } })), &Value::Null);
        let image = planned.value.get("cluster").get("node_groups").get("a").get("ami_type").clone();
        let disks = planned.graph.nodes()["launch_template.a"].spec["disks"].clone();
        format!("{} {disks}", image.as_str().unwrap())
    });
    insta::assert_snapshot!(lines.join("\n"), @r#"
    AL2023_x86_64_STANDARD [{"device":"/dev/xvda","gib":50}]
    AL2023_ARM_64_STANDARD [{"device":"/dev/xvda","gib":50}]
    AL2023_x86_64_NVIDIA [{"device":"/dev/xvda","gib":50}]
    AL2023_ARM_64_NVIDIA [{"device":"/dev/xvda","gib":50}]
    AL2023_x86_64_NEURON [{"device":"/dev/xvda","gib":50}]
    BOTTLEROCKET_x86_64 [{"device":"/dev/xvda","gib":4},{"device":"/dev/xvdb","gib":80}]
    WINDOWS_CORE_2025_x86_64 [{"device":"/dev/sda1","gib":100}]
    "#);
}

#[test]
fn a_cluster_without_groups_of_nodes_has_no_addons_that_need_some() {
    let planned = plan(&with_cluster(json!({ "node_groups": {} })), &Value::Null);
    let all = addresses(&planned);
    let addons: Vec<&str> = all.lines().filter(|address| address.starts_with("addon.")).collect();
    assert_eq!(addons, ["addon.eks-pod-identity-agent", "addon.kube-proxy", "addon.vpc-cni"]);
}

#[test]
fn a_key_of_the_users_takes_the_place_of_ours() {
    let arn = "arn:aws:kms:eu-west-1:111122223333:key/1";
    let planned = plan(&with_cluster(json!({ "secrets_kms_key_arn": arn })), &Value::Null);
    assert_eq!(planned.graph.nodes()["cluster"].spec["secrets_key"], json!(arn));
    assert!(!planned.graph.nodes().contains_key("cluster.key"));
}

#[test]
fn without_a_way_out_nodes_wait_for_the_endpoints() {
    let services = ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"];
    let network = json!({ "nat": "none", "interface_endpoints": services });
    let mut region = region();
    let offer = |name: &str| EndpointService {
        name: format!("com.amazonaws.eu-west-1.{name}"),
        ..region.services[1].clone()
    };
    let more = [offer("eks"), offer("eks-auth")];
    region.services.extend(more);
    let planned = plan_in(&region, &with_both(network, json!({})), &Value::Null).unwrap();
    let name = planned.value.get("cluster").get("node_groups").get("general").get("name").clone();
    let node =
        &planned.graph.nodes()[&Address::from(format!("node_group.{}", name.as_str().unwrap()).as_str())];
    for service in services {
        assert!(node.needs.contains(format!("endpoint.{service}").as_str()), "{service}");
    }
}

/// Everything that can be asked for at once.
fn everything() -> Value {
    let mut config = charts();
    let accounts = with_cluster(json!({
        "service_accounts": {
            "a": { "namespace": "a", "name": "a", "policy_arns": ["arn:aws:iam::111122223333:policy/a"] },
            "b": { "namespace": "b", "name": "b", "policy_arns": ["arn:aws:iam::111122223333:policy/b"], "identity": "irsa" },
        },
        "access": { "viewers": { "principal_arn": "arn:aws:iam::111122223333:role/Viewer" } },
        "admin_principal_arns": [ADMIN, "arn:aws:iam::111122223333:user/ann.smith"],
    }));
    let mut cluster = config.get("cluster").clone();
    for name in ["service_accounts", "access", "admin_principal_arns"] {
        cluster.set(name, accounts.get("cluster").get(name).clone());
    }
    config.set("cluster", cluster);
    config
}

#[test]
fn every_address_has_the_kind_that_adoption_expects() {
    for (address, node) in plan(&everything(), &Value::Null).graph.nodes() {
        assert_eq!(RegionStack::kind_at(address), Some(node.kind.kind()), "{address}");
        assert!(RegionStack::kinds().contains_key(node.kind.kind()));
    }
    for nothing in ["cluster.secret", "addon", "access", "node_group.a.b", "service_account.a.key"] {
        assert_eq!(RegionStack::kind_at(&Address::from(nothing)), None, "{nothing}");
    }
}

#[test]
fn releases_come_after_the_roles_of_their_pods_and_go_before_them() {
    let planned = plan(&everything(), &Value::Null);
    let releases = planned.graph.nodes().values().filter(|node| node.kind.kind() == "release");
    let mut count = 0;
    for node in releases {
        count += 1;
        for before in ["service_account.a.identity", "service_account.b.role", "oidc_provider"] {
            assert!(node.needs.contains(before), "{before}");
        }
    }
    assert!(count > 0);
}

#[test]
fn another_partition_has_arns_of_its_own() {
    let planned = plan(&north_star(), &Value::Null);
    let config = RegionStack::config(&planned.value).unwrap();
    let (facts, _) = facts_in(&region(), &config, &planned.value).unwrap();
    let place =
        Place { partition: "aws-cn".to_owned(), dns_suffix: "amazonaws.com.cn".to_owned(), ..place() };
    let graph = RegionStack::desired(&config, &facts, &place, &BTreeMap::new()).unwrap();
    let of_aws = graph.nodes().iter().filter(|(_, node)| node.spec.to_string().contains("arn:aws:"));
    // Who it was that the user named.
    assert_eq!(of_aws.map(|(address, _)| address.as_str()).collect::<Vec<_>>(), ["access.admin.Admin"]);
}

#[test]
fn what_eks_finds_amiss_is_a_warning() {
    let mut inventory = made(&plan(&north_star(), &Value::Null).graph);
    for record in inventory.values_mut() {
        record.outputs["health"] = json!("");
        record.outputs["delivery_error"] = json!("");
    }
    assert!(RegionStack::warnings(&inventory).is_empty());
    inventory.get_mut("addon.coredns").unwrap().outputs["health"] =
        json!("InsufficientNumberOfReplicas: no nodes.");
    insta::assert_snapshot!(shown(&RegionStack::warnings(&inventory)), @r"
    Warning: The addon addon.coredns is not well
    EKS says of id of addon.coredns: InsufficientNumberOfReplicas: no nodes.
    ");
}

#[test]
fn what_comes_out() {
    let planned = plan(&charts(), &Value::Null);
    let names = crate::region_stack::cluster::COMPUTED;
    let outputs = names.map(|name| format!("{name} = {}", planned.value.get(name)));
    insta::assert_snapshot!(outputs.join("\n"), @r#"
    cluster_name = "shop"
    cluster_endpoint = "endpoint of cluster"
    cluster_certificate_authority = "certificate_authority of cluster"
    oidc_provider_arn = "arn of oidc_provider"
    oidc_issuer = "oidc_issuer of cluster"
    cluster_security_group_id = "security_group_id of cluster"
    node_role_arn = "arn of node_role"
    service_account_role_arns = { }
    addon_versions = { "aws-ebs-csi-driver" = "v1.4.0-eksbuild.2", "coredns" = "v1.4.0-eksbuild.2", "eks-pod-identity-agent" = "v1.4.0-eksbuild.2", "kube-proxy" = "v1.4.0-eksbuild.2", "vpc-cni" = "v1.4.0-eksbuild.2" }
    cluster_support = { extended_until = "2027-12-02", standard_until = "2026-12-02" }
    charts_status = { "aws-load-balancer-controller" = { app_version = "app_version of chart.aws-load-balancer-controller", revision = "revision of chart.aws-load-balancer-controller", status = "status of chart.aws-load-balancer-controller" }, "hello" = { app_version = "app_version of chart.hello", revision = "revision of chart.hello", status = "status of chart.hello" }, "local" = { app_version = "app_version of chart.local", revision = "revision of chart.local", status = "status of chart.local" }, "registry" = { app_version = "app_version of chart.registry", revision = "revision of chart.registry", status = "status of chart.registry" } }
    "#);
}

#[test]
fn protection_of_the_stack_is_protection_of_the_cluster() {
    let mut config = RegionStack::config(&plan(&north_star(), &Value::Null).value).unwrap();
    let (facts, _) = facts_in(&region(), &config, &plan(&north_star(), &Value::Null).value).unwrap();
    for protection in [true, false] {
        config.deletion_protection = protection;
        let graph = RegionStack::desired(&config, &facts, &place(), &BTreeMap::new()).unwrap();
        assert_eq!(graph.nodes()["cluster"].spec["deletion_protection"], json!(protection));
    }
}
