//! What EKS says is wrong with a part of a cluster, and what usually causes it.

/// One thing that is wrong.
pub(super) struct Issue<'a> {
    /// EKS's code for it.
    pub(super) code: &'a str,
    /// EKS's own words.
    pub(super) message: &'a str,
    /// The objects it is about.
    pub(super) resources: &'a [String],
}

/// All of `issues` in sentences; nothing when there are none. A cause that several share is told once.
pub(super) fn told<'a>(issues: impl IntoIterator<Item = Issue<'a>>) -> String {
    let (mut said, mut causes) = (Vec::new(), Vec::new());
    for issue in issues {
        let about = if issue.resources.is_empty() {
            String::new()
        } else {
            format!(" ({})", shortened(issue.resources).join(", "))
        };
        let message = match issue.message.trim_end_matches('.') {
            "" => String::new(),
            message => format!(": {message}"),
        };
        said.push(format!("{}{message}{about}.", issue.code));
        causes.extend(usual_cause(issue.code).filter(|cause| !causes.contains(cause)));
    }
    said.extend(causes.into_iter().map(str::to_owned));
    said.join(" ")
}

/// How many objects an issue names.
const NAMED: usize = 5;

fn shortened(resources: &[String]) -> Vec<String> {
    let mut named: Vec<String> = resources.iter().take(NAMED).cloned().collect();
    if resources.len() > NAMED {
        named.push(format!("{} more", resources.len() - NAMED));
    }
    named
}

/// What usually causes an issue, and what to do about it.
fn usual_cause(code: &str) -> Option<&'static str> {
    let causes = CAUSES.iter().chain(CAUSES_OF_ADDONS);
    causes.filter(|(codes, _)| codes.contains(&code)).map(|(_, cause)| *cause).next()
}

/// By the codes of node groups and of their updates (aws-behaviours section 5.5).
const CAUSES: &[(&[&str], &str)] = &[
    (
        &["NodeCreationFailure"],
        "Nodes do not join when they have no way to EKS, ECR and S3 (a NAT gateway or endpoints), when their role lacks \
         a policy, or when the launch template keeps them from starting.",
    ),
    (
        &["AsgInstanceLaunchFailures"],
        "EC2 did not launch the instances: its message names the quota, the capacity or the permission that is missing.",
    ),
    (
        &["InstanceLimitExceeded"],
        "The account may not run that many vCPUs: ask AWS for more (quota L-1216C47A on demand, L-34B43A08 spot), or ask \
         for fewer or smaller nodes.",
    ),
    (
        &["InsufficientFreeAddresses", "IpNotAvailable"],
        "The subnets have too few free addresses: free some, or use larger subnets.",
    ),
    (
        &["EniLimitReached"],
        "The account may not have that many network interfaces: ask AWS for more (quota L-DF5E4CA3).",
    ),
    (
        &["PodEvictionFailure"],
        "A PodDisruptionBudget lets no pod go: loosen it or run more replicas, then apply again.",
    ),
    (
        &["NodeTerminationFailure"],
        "Instances could not be stopped: look for a protection from termination or a lifecycle hook on them.",
    ),
    (
        &["AccessDenied", "OperationNotPermitted"],
        "A role was changed: the cluster's role and the nodes' role need their policies, and the nodes' access entry.",
    ),
    (
        &["ClusterUnreachable"],
        "Nothing reaches the Kubernetes API: look at the rules of the cluster's security group, and at webhooks in the \
         cluster that do not answer.",
    ),
    (
        &["Ec2SubnetInvalidConfiguration"],
        "A public subnet gives its instances no public address: use private subnets, or switch public addresses on.",
    ),
    (
        &["IamNodeRoleNotFound", "IamInstanceProfileNotFound"],
        "Somebody deleted the nodes' role or its instance profile: the group must be made anew.",
    ),
    (
        &["Ec2LaunchTemplateNotFound", "SourceEc2LaunchTemplateNotFound"],
        "Somebody deleted the launch template: the group must be made anew.",
    ),
    (
        &["Ec2LaunchTemplateVersionMismatch", "AutoScalingGroupInvalidConfiguration"],
        "Somebody changed the group's Auto Scaling group or its launch template by hand: undo that.",
    ),
    (
        &["Ec2LaunchTemplateInvalidConfiguration", "AmiIdNotFound", "Ec2InstanceTypeDoesNotExist"],
        "The launch template asks for something that this region has not, or that does not go together.",
    ),
    (
        &[
            "Ec2LaunchTemplateMaxLimitExceeded",
            "Ec2LaunchTemplateVersionMaxLimitExceeded",
            "Ec2SubnetListTooLong",
            "IamLimitExceeded",
            "LimitExceeded",
        ],
        "A quota is full: delete what is not used any more, or ask AWS for more.",
    ),
    (
        &["Ec2SecurityGroupDeletionFailure", "Ec2LaunchTemplateDeletionFailure"],
        "Something still uses what EKS made for the group: the message names it.",
    ),
    (
        &["AutoScalingGroupNotFound", "Ec2SecurityGroupNotFound", "Ec2SubnetNotFound", "SubnetNotFound"],
        "Somebody deleted what EKS made or was given for it: it must be made anew.",
    ),
    (
        &["AutoScalingGroupRateLimitExceeded", "IamThrottling", "AutoScalingGroupInstanceRefreshActive"],
        "AWS was busy with other changes of this account: apply again.",
    ),
    (&["InternalFailure"], "EKS failed on its side: apply again, and ask AWS support if it stays so."),
];

/// By the codes that only add-ons have (section 5.6).
const CAUSES_OF_ADDONS: &[(&[&str], &str)] = &[
    (
        &["InsufficientNumberOfReplicas"],
        "Its pods have no nodes to run on, or do not become ready: look at their events in kube-system.",
    ),
    (
        &["ConfigurationConflict"],
        "Somebody changed the add-on's objects in Kubernetes, or installed it by other means: remove what is there.",
    ),
    (
        &["AdmissionRequestDenied"],
        "A webhook or policy in the cluster refuses the add-on's objects: exempt kube-system from it.",
    ),
    (
        &["UnsupportedAddonModification", "K8sResourceNotFound"],
        "Somebody changed or deleted the add-on's objects in Kubernetes: delete the add-on, and apply again.",
    ),
    (&["AddonSubscriptionNeeded"], "The add-on must be subscribed to in AWS Marketplace first."),
    (
        &["AddonPermissionFailure"],
        "The add-on's role lacks a permission, or its service account has no role.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_issue_is_quoted_and_a_common_cause_is_told_once() {
        let nodes = ["i-1".to_owned(), "i-2".to_owned()];
        let failed = || Issue {
            code: "NodeCreationFailure",
            message: "Instances failed to join the kubernetes cluster",
            resources: &nodes,
        };
        let said = told([failed(), Issue { code: "Unheard", message: "Of.", resources: &[] }, failed()]);
        assert!(said.starts_with(
            "NodeCreationFailure: Instances failed to join the kubernetes cluster (i-1, i-2). Unheard: Of. NodeCreation"
        ));
        assert_eq!(said.matches("Nodes do not join when").count(), 1);
        assert_eq!(told([]), "");
    }

    #[test]
    fn no_list_of_objects_is_endless() {
        let nodes: Vec<String> = (0..450).map(|number| format!("i-{number}")).collect();
        let said = told([Issue { code: "X", message: "", resources: &nodes }]);
        assert_eq!(said, "X (i-0, i-1, i-2, i-3, i-4, 445 more).");
    }

    #[test]
    fn a_code_has_one_cause() {
        let mut codes: Vec<&str> =
            CAUSES.iter().chain(CAUSES_OF_ADDONS).flat_map(|(codes, _)| codes.iter().copied()).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
