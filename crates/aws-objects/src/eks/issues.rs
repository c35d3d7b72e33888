//! Why something of EKS is ill or a change of it failed: EKS's own words, and what they usually mean.

/// What usually causes what EKS calls `code`, and what helps (aws-behaviours sections 5.1 and 5.2).
fn usual_cause(code: &str) -> Option<&'static str> {
    Some(match code {
        "AccessDenied" => {
            "EKS may not do its work as the role that it was given: a policy is detached from it, or a policy of the \
             organization denies it"
        }
        "ClusterUnreachable" => {
            "Kubernetes does not answer EKS: look for admission webhooks that do not answer and for security groups \
             that keep EKS out"
        }
        "ConfigurationConflict" => "something else in the cluster has set the same fields",
        "InternalFailure" => "AWS failed: try again, and if it stays, ask AWS support",
        "ResourceLimitExceeded" => "a quota of the account is full: raise it in Service Quotas",
        "ResourceNotFound" => "something that it stands on was deleted",
        "IamRoleNotFound" => "its role was deleted: make one again under the same name",
        "VpcNotFound" | "VpcIdNotFound" => "its VPC was deleted, and it cannot live in another",
        "InsufficientFreeAddresses" | "IpNotAvailable" => {
            "its subnets are full: free addresses in them, or give it further subnets; an update of a control plane \
             takes up to five addresses more"
        }
        "EniLimitReached" => "the quota of network interfaces is full: raise it in Service Quotas",
        "Ec2ServiceNotSubscribed" => "the account cannot use EC2 yet: finish its registration",
        "Ec2SubnetNotFound" | "SubnetNotFound" => {
            "a subnet of it was deleted: give it others of the same VPC"
        }
        "Ec2SecurityGroupNotFound" | "SecurityGroupNotFound" => "a security group of it was deleted",
        "KmsGrantRevoked" => {
            "EKS's grant on the key of its secrets was revoked: only AWS support can mend this"
        }
        "KmsKeyNotFound" => "the key of its secrets is gone, and its secrets with it",
        "KmsKeyMarkedForDeletion" => {
            "the key of its secrets is about to be deleted: cancel that, or nobody will ever read the secrets again"
        }
        "KmsKeyDisabled" => "the key of its secrets is disabled: enable it",
        "StsRegionalEndpointDisabled" => "STS is switched off for this region in IAM's account settings",
        "UnsupportedVersion" => "AWS has ended the support of its Kubernetes version: update it",
        "OperationNotPermitted" => "what was asked for is not allowed in this state or by this role",
        "AdmissionRequestDenied" => "an admission webhook in the cluster denies it",
        _ => return usual_cause_in_node_groups(code).or_else(|| usual_cause_in_addons(code)),
    })
}

/// Of what only node groups and their updates have (section 5.5).
fn usual_cause_in_node_groups(code: &str) -> Option<&'static str> {
    Some(match code {
        "NodeCreationFailure" => {
            "nodes do not join when they have no way to EKS, ECR and S3 (a NAT gateway or endpoints), when their role \
             lacks a policy, or when the launch template keeps them from starting"
        }
        "AsgInstanceLaunchFailures" => {
            "EC2 did not launch the instances: its message names the quota, the capacity or the permission that is \
             missing"
        }
        "InstanceLimitExceeded" => {
            "the account may not run that many vCPUs: raise the quota (L-1216C47A on demand, L-34B43A08 spot), or ask \
             for fewer or smaller nodes"
        }
        "PodEvictionFailure" => {
            "a PodDisruptionBudget lets no pod go: loosen it or run more replicas, then apply again"
        }
        "NodeTerminationFailure" => {
            "instances could not be stopped: look for a protection from termination or a lifecycle hook on them"
        }
        "Ec2SubnetInvalidConfiguration" => {
            "a public subnet gives its instances no public address: use private subnets, or switch public addresses on"
        }
        "IamNodeRoleNotFound" | "IamInstanceProfileNotFound" => {
            "somebody deleted the nodes' role or its instance profile: the group must be made anew"
        }
        "Ec2LaunchTemplateNotFound" | "SourceEc2LaunchTemplateNotFound" => {
            "somebody deleted the launch template: the group must be made anew"
        }
        "Ec2LaunchTemplateVersionMismatch" | "AutoScalingGroupInvalidConfiguration" => {
            "somebody changed its Auto Scaling group or launch template by hand: undo that"
        }
        "Ec2LaunchTemplateInvalidConfiguration" | "AmiIdNotFound" | "Ec2InstanceTypeDoesNotExist" => {
            "the launch template asks for something that this region has not, or that does not go together"
        }
        "Ec2LaunchTemplateMaxLimitExceeded"
        | "Ec2LaunchTemplateVersionMaxLimitExceeded"
        | "Ec2SubnetListTooLong"
        | "IamLimitExceeded"
        | "LimitExceeded" => {
            "a quota is full: delete what is not used any more, or raise it in Service Quotas"
        }
        "Ec2SecurityGroupDeletionFailure" | "Ec2LaunchTemplateDeletionFailure" => {
            "something still uses what EKS made for the group: the message names it"
        }
        "AutoScalingGroupNotFound" => "somebody deleted its Auto Scaling group: the group must be made anew",
        "AutoScalingGroupRateLimitExceeded" | "IamThrottling" | "AutoScalingGroupInstanceRefreshActive" => {
            "AWS was busy with other changes of this account: apply again"
        }
        _ => return None,
    })
}

/// Of what only add-ons and their updates have (section 5.6).
fn usual_cause_in_addons(code: &str) -> Option<&'static str> {
    Some(match code {
        "InsufficientNumberOfReplicas" => {
            "its pods have no nodes to run on, or do not become ready: look at their events in kube-system"
        }
        "UnsupportedAddonModification" | "K8sResourceNotFound" => {
            "somebody changed or deleted the add-on's objects in Kubernetes: delete the add-on, and apply again"
        }
        "AddonSubscriptionNeeded" => "the add-on must be subscribed to in AWS Marketplace first",
        "AddonPermissionFailure" => {
            "the add-on's role lacks a permission, or its service account has no role"
        }
        _ => return None,
    })
}

/// How many objects an issue names: one of a node group may be about hundreds.
const NAMED: usize = 5;

/// One issue: its code, EKS's message, what it is about, and what usually causes it.
pub(super) fn issue(code: &str, message: Option<&str>, resource_ids: &[String]) -> String {
    let message = message.filter(|message| !message.is_empty()).unwrap_or("EKS gives no reason");
    let about = match resource_ids {
        [] => String::new(),
        ids if ids.len() > NAMED => format!(" ({}, {} more)", ids[..NAMED].join(", "), ids.len() - NAMED),
        ids => format!(" ({})", ids.join(", ")),
    };
    let said = format!("{code}: {}{about}", message.trim_end_matches('.'));
    match usual_cause(code) {
        Some(cause) => format!("{said}; usually {cause}"),
        None => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_names_what_it_is_about_and_what_helps() {
        let said = issue("KmsKeyDisabled", Some("The key is disabled."), &["key-1".to_owned()]);
        assert_eq!(
            said,
            "KmsKeyDisabled: The key is disabled (key-1); usually the key of its secrets is disabled: enable it"
        );
        assert_eq!(issue("Other", None, &[]), "Other: EKS gives no reason");
        let nodes: Vec<String> = (0..450).map(|number| format!("i-{number}")).collect();
        let said = issue("NodeCreationFailure", Some("Instances failed to join"), &nodes);
        assert!(
            said.contains("Instances failed to join (i-0, i-1, i-2, i-3, i-4, 445 more); usually nodes do"),
            "{said}"
        );
    }
}
