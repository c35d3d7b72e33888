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
        _ => return None,
    })
}

/// One issue: its code, EKS's message, what it is about, and what usually causes it.
pub(super) fn issue(code: &str, message: Option<&str>, resource_ids: &[String]) -> String {
    let message = message.filter(|message| !message.is_empty()).unwrap_or("EKS gives no reason");
    let about = match resource_ids {
        [] => String::new(),
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
    }
}
