//! The attribute `cluster`, and the computed attributes that tell of it.

use tfplugin::{Attribute, Kind, Nested, SchemaBuilder, Type};

/// The computed attributes that tell of a cluster.
pub(in crate::region_stack) const COMPUTED: [&str; 11] = [
    "cluster_name",
    "cluster_endpoint",
    "cluster_certificate_authority",
    "oidc_provider_arn",
    "oidc_issuer",
    "cluster_security_group_id",
    "node_role_arn",
    "service_account_role_arns",
    "addon_versions",
    "cluster_support",
    "charts_status",
];

pub(in crate::region_stack) fn add(schema: SchemaBuilder) -> SchemaBuilder {
    let text = |text: &str| Attribute::computed(Kind::string()).describe(text);
    schema
        .attribute("cluster", Attribute::optional(Kind::Single(cluster())).describe(
            "A Kubernetes cluster of EKS in the private subnets, from its roles to its charts. Without it there is none.",
        ))
        .attribute("cluster_name", text("The name of the cluster."))
        .attribute("cluster_endpoint", text("The URL of its Kubernetes API."))
        .attribute(
            "cluster_certificate_authority",
            text("The certificate that its API proves itself with: PEM in base64, as a kubeconfig takes it."),
        )
        .attribute("oidc_provider_arn", text("The ARN of the OIDC provider for roles of service accounts (IRSA)."))
        .attribute("oidc_issuer", text("The URL of the issuer of its service accounts' tokens."))
        .attribute(
            "cluster_security_group_id",
            text("The id of the security group that EKS makes for the control plane and the nodes."),
        )
        .attribute("node_role_arn", text("The ARN of the role of all nodes."))
        .attribute(
            "service_account_role_arns",
            Attribute::computed(Kind::map(Type::String))
                .describe("The ARNs of the roles of `service_accounts`, by their keys."),
        )
        .attribute(
            "addon_versions",
            Attribute::computed(Kind::map(Type::String)).describe(
                "The version of each add-on. Chosen once for a Kubernetes version and kept, whatever AWS offers later.",
            ),
        )
        .attribute(
            "cluster_support",
            Attribute::computed(Type::object([
                ("standard_until", Type::String),
                ("extended_until", Type::String),
            ]))
            .describe("Until which days AWS supports the Kubernetes version, as `2026-12-02`, where AWS says so."),
        )
        .attribute(
            "charts_status",
            Attribute::computed(Kind::map(Type::object(
                ["revision", "app_version", "status"].map(|name| (name, Type::String)),
            )))
            .describe("How the releases of `charts` and of the load balancer controller stand, by their keys."),
        )
}

/// What fills in a default.
fn defaulted(kind: impl Into<Kind>, text: &str) -> Attribute {
    Attribute::optional_computed(kind).describe(text)
}

fn optional(kind: impl Into<Kind>, text: &str) -> Attribute {
    Attribute::optional(kind).describe(text)
}

fn required(kind: impl Into<Kind>, text: &str) -> Attribute {
    Attribute::required(kind).describe(text)
}

fn cluster() -> Nested {
    let nested = Nested::new()
        .attribute(
            "name",
            defaulted(Kind::string(), "Its name, which it keeps. Defaults to the stack's; needed to adopt another."),
        )
        .attribute(
            "version",
            required(
                Kind::string(),
                "The Kubernetes version, such as `1.34`. It goes up one minor version at a time, and never down.",
            ),
        )
        .attribute(
            "upgrade_policy",
            defaulted(
                Kind::string(),
                "What follows the end of standard support: `standard` (AWS upgrades the cluster) or `extended` (it is \
                 supported for another year, at a higher price). Defaults to `standard`.",
            ),
        )
        .attribute(
            "admin_principal_arns",
            required(
                Type::list(Type::String),
                "The IAM roles and users that may do everything in the cluster. The one that Terraform runs as must be \
                 among them if there are charts.",
            ),
        )
        .attribute("access", optional(Kind::Map(access()), "Who else may do what in the cluster, by a key of your own."))
        .attribute(
            "endpoint_public_access",
            optional(
                Kind::Single(Nested::new().attribute(
                    "cidrs",
                    required(Type::list(Type::String), "From which ranges of IPv4 addresses."),
                )),
                "From where the Kubernetes API is reached over the internet. Where it is not written, only from within \
                 the network.",
            ),
        )
        .attribute(
            "log_types",
            defaulted(
                Type::set(Type::String),
                "Which logs of the control plane are kept: `api`, `audit`, `authenticator`, `controllerManager`, \
                 `scheduler`. Defaults to the first three.",
            ),
        )
        .attribute(
            "log_retention_days",
            defaulted(Kind::number(), "For how many days, of those that CloudWatch offers. Defaults to 90."),
        )
        .attribute(
            "secrets_kms_key_arn",
            optional(
                Kind::string(),
                "The key that encrypts Kubernetes' secrets. A key of its own is made where this is not written. It \
                 cannot change.",
            ),
        )
        .attribute(
            "service_cidr",
            optional(
                Kind::string(),
                "The addresses of Kubernetes' services, outside of the network, /12 to /24. EKS chooses them where this \
                 is not written. They cannot change.",
            ),
        );
    workloads(nested)
}

fn workloads(nested: Nested) -> Nested {
    nested
        .attribute(
            "addons",
            optional(
                Kind::Map(addon()),
                "Add-ons of EKS by name. `vpc-cni`, `kube-proxy`, `eks-pod-identity-agent`, `coredns` and \
                 `aws-ebs-csi-driver` are there without being written.",
            ),
        )
        .attribute("node_groups", optional(Kind::Map(node_group()), "Nodes of one sort, by a key of your own."))
        .attribute(
            "service_accounts",
            optional(Kind::Map(service_account()), "Roles of IAM for pods, by a key of your own."),
        )
        .attribute(
            "charts",
            optional(
                Kind::dynamic(),
                "Helm releases by a key of your own: objects of `chart` (a name in `repository`, an `oci://` reference or \
                 a local path), `repository`, `version`, `namespace`, `name` (defaults to the key), `values` (an \
                 object), `sensitive_values_version` (a number, to be raised when `charts_sensitive_values_wo` \
                 changes), `wait` (until everything is ready; defaults to true) and `timeout_seconds` (defaults to \
                 600).",
            ),
        )
        .attribute(
            "charts_sensitive_values_wo",
            Attribute::optional(Kind::dynamic()).write_only().describe(
                "Values of `charts` that are in no plan and no state: an object for each key. Needs Terraform 1.11.",
            ),
        )
        .attribute(
            "load_balancer_controller",
            optional(
                Kind::Single(load_balancer_controller()),
                "The AWS Load Balancer Controller: its chart, with the role that its version needs.",
            ),
        )
        .attribute(
            "volumes_on_destroy",
            defaulted(
                Kind::string(),
                "What becomes of the volumes that pods asked for when the cluster goes: `keep` or `delete`. Defaults \
                 to `keep`.",
            ),
        )
        .attribute(
            "preflight",
            defaulted(
                Kind::bool(),
                "Whether plans check with AWS that what they show can be made. Defaults to true.",
            ),
        )
        .attribute(
            "ignore_upgrade_insights",
            defaulted(Kind::bool(), "Whether to upgrade although EKS finds that something would break. Defaults to false."),
        )
}

fn access() -> Nested {
    Nested::new()
        .attribute("principal_arn", required(Kind::string(), "The IAM role or user."))
        .attribute("username", optional(Kind::string(), "Its name in Kubernetes. EKS chooses one otherwise."))
        .attribute("groups", optional(Type::set(Type::String), "Its groups in Kubernetes, for bindings of your own."))
        .attribute(
            "policies",
            optional(
                Type::map(Type::list(Type::String)),
                "EKS's access policies by name or ARN, such as `AmazonEKSViewPolicy`, each with the namespaces it holds \
                 in. `[]` is the whole cluster.",
            ),
        )
}

fn addon() -> Nested {
    Nested::new()
        .attribute("enabled", defaulted(Kind::bool(), "Whether it is there. Defaults to true."))
        .attribute(
            "version",
            optional(
                Kind::string(),
                "Its version. Defaults to the one that EKS prefers, see `addon_versions`.",
            ),
        )
        .attribute("configuration", optional(Kind::string(), "Its configuration, a JSON object as text."))
        .attribute(
            "role_arn",
            optional(Kind::string(), "A role for its pods by IRSA, in place of one of the stack's."),
        )
}

fn node_group() -> Nested {
    let taint = Nested::new()
        .attribute("key", required(Kind::string(), "Its key."))
        .attribute("value", optional(Kind::string(), "Its value."))
        .attribute(
            "effect",
            required(Kind::string(), "`NO_SCHEDULE`, `NO_EXECUTE` or `PREFER_NO_SCHEDULE`."),
        );
    Nested::new()
        .attribute(
            "capacity",
            defaulted(
                Kind::string(),
                "`on_demand`, or `spot`: cheaper, and taken away at two minutes' notice. Defaults to `on_demand`.",
            ),
        )
        .attribute(
            "instance_types",
            required(Type::list(Type::String), "Types of instances of one architecture, those preferred first."),
        )
        .attribute(
            "ami_type",
            defaulted(
                Kind::string(),
                "The image, in EKS's word for it. Defaults to Amazon Linux 2023 for the types: x86, ARM, or with the \
                 drivers of their GPUs.",
            ),
        )
        .attribute("min", required(Kind::number(), "The fewest nodes."))
        .attribute("max", required(Kind::number(), "The most nodes."))
        .attribute(
            "desired",
            defaulted(
                Kind::number(),
                "How many nodes there are to begin with, and again when this changes; in between it is the \
                 autoscaler's. Defaults to `min`.",
            ),
        )
        .attribute("labels", optional(Type::map(Type::String), "Labels of the nodes."))
        .attribute("taints", optional(Kind::List(taint), "What keeps pods away that do not tolerate it."))
        .attribute("disk_gib", defaulted(Kind::number(), "The size of the nodes' disks, 20 or more. Defaults to 50."))
        .attribute(
            "max_unavailable_percent",
            defaulted(Kind::number(), "How many nodes may be away at once in an update, 1 to 100. Defaults to 33."),
        )
        .attribute(
            "name",
            defaulted(
                Kind::string(),
                "Its name in EKS. Defaults to the key and six characters that change with what a group cannot change, \
                 so that another group is there before the old one goes. A name that is written stays, and such a \
                 change is refused; needed to adopt a group.",
            ),
        )
}

fn service_account() -> Nested {
    Nested::new()
        .attribute("namespace", required(Kind::string(), "The namespace of the service account."))
        .attribute("name", required(Kind::string(), "The name of the service account."))
        .attribute("policy", optional(Kind::string(), "What its pods may do: a policy in JSON."))
        .attribute("policy_arns", optional(Type::set(Type::String), "The same as ARNs of policies that exist."))
        .attribute(
            "identity",
            defaulted(
                Kind::string(),
                "How pods get the role: `pod_identity`, or `irsa` (the service account then names the role, see \
                 `service_account_role_arns`). Defaults to `pod_identity`.",
            ),
        )
}

fn load_balancer_controller() -> Nested {
    Nested::new()
        .attribute("chart_version", required(Kind::string(), "The version of its chart, such as `3.5.0`."))
        .attribute(
            "repository",
            optional(
                Kind::string(),
                "Where its chart comes from. Defaults to `https://aws.github.io/eks-charts`.",
            ),
        )
        .attribute(
            "values",
            optional(Kind::dynamic(), "Values of the chart, over those that are set here: an object."),
        )
        .attribute("replicas", defaulted(Kind::number(), "How many pods it has. Defaults to 2."))
        .attribute("enabled", defaulted(Kind::bool(), "Whether it is there. Defaults to true."))
}
