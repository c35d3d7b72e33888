//! The one table that sorts every code of AWS (aws-behaviours sections 1.6, 1.7, 4.1 and 14).

use reconcile::{Fault, Sort};

/// Codes by which services ask for fewer calls, mostly with HTTP 400. `LimitExceeded` is a full quota and not one.
pub(super) const THROTTLING: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "Throttled",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "PriorRequestNotComplete",
    "TransactionInProgressException",
    "BandwidthLimitExceeded",
    "ProvisionedThroughputExceededException",
    "EC2ThrottledException",
];

/// The credentials were good once.
pub(super) const EXPIRED: &[&str] = &["ExpiredToken", "ExpiredTokenException", "RequestExpired"];

/// A rule, an attachment, an alias is not made twice.
const THERE_ALREADY: &[Rule] = &[
    rule("InvalidPermission.Duplicate", Sort::Refused),
    rule("Resource.AlreadyAssociated", Sort::Refused),
    rule("AlreadyExistsException", Sort::Refused),
    rule("ResourceInUseException", Sort::Refused).saying("already exists"),
    rule("ResourceInUseException", Sort::Refused).saying("already in use"),
];

/// EKS refuses a change to what is as asked already.
const NOTHING_TO_DO: &[Rule] = &[
    rule("InvalidParameterException", Sort::Refused).saying("No changes needed"),
    rule("InvalidParameterException", Sort::Refused).saying("already at the desired"),
    rule("InvalidRequestException", Sort::Refused).saying("No changes needed"),
    rule("InvalidRequestException", Sort::Refused).saying("already at the desired"),
];

const PROTECTED: &[Rule] =
    &[rule("InvalidRequestException", Sort::Refused).of("Delete").saying("deletion protection")];

const ATTACHED: &[Rule] = &[rule("ResourceInUseException", Sort::Busy).of("Delete").saying("attached")];

/// What a rule asks of a fault. An empty text asks nothing.
struct Rule {
    operation: &'static str,
    code: Code,
    message: &'static str,
    sort: Sort,
}

enum Code {
    Is(&'static str),
    EndsWith(&'static str),
}

const fn rule(code: &'static str, sort: Sort) -> Rule {
    Rule { operation: "", code: Code::Is(code), message: "", sort }
}

const fn ending(code: &'static str, sort: Sort) -> Rule {
    Rule { operation: "", code: Code::EndsWith(code), message: "", sort }
}

impl Rule {
    /// Only where the message has `fragment` in it.
    const fn saying(mut self, fragment: &'static str) -> Rule {
        self.message = fragment;
        self
    }

    /// Only for operations with `fragment` in their name.
    const fn of(mut self, fragment: &'static str) -> Rule {
        self.operation = fragment;
        self
    }

    fn covers(&self, operation: &str, code: &str, message: &str) -> bool {
        let code_fits = match self.code {
            Code::Is(whole) => code == whole,
            Code::EndsWith(end) => code.ends_with(end),
        };
        code_fits && operation.contains(self.operation) && message.contains(self.message)
    }
}

/// The first rule that covers a fault decides; what none covers is `Refused`.
const RULES: &[Rule] = &[
    // EC2. `NatGatewayNotFound` comes from Describe and Delete, `InvalidNatGatewayID.NotFound` as a route's target.
    ending(".NotFound", Sort::NotFound),
    ending(".NotFoundException", Sort::NotFound),
    rule("NatGatewayNotFound", Sort::NotFound),
    rule("Gateway.NotAttached", Sort::NotFound).of("Detach"),
    rule("DependencyViolation", Sort::Busy),
    rule("InvalidGroup.InUse", Sort::Busy),
    rule("InvalidIPAddress.InUse", Sort::Busy),
    rule("IncorrectState", Sort::Busy),
    rule("IncorrectInstanceState", Sort::Busy),
    rule("ConcurrentTagAccess", Sort::Busy),
    rule("OperationInProgress", Sort::Busy),
    // An address still mapped by a NAT gateway on its way out answers as if it were somebody else's.
    rule("AuthFailure", Sort::Denied).saying("validate the provided access credentials"),
    rule("AuthFailure", Sort::Busy).of("ReleaseAddress"),
    rule("InvalidParameterException", Sort::NotYet).of("Route"),
    // EC2's parts learn of an attached gateway, of a VPC's names, and of a name that was given back, one after another.
    rule("InvalidParameterValue", Sort::NotYet).of("Route").saying("belong to different networks"),
    rule("InvalidParameter", Sort::NotYet).of("VpcEndpoint").saying("enableDnsHostnames"),
    rule("InvalidParameter", Sort::NotYet).of("VpcEndpoint").saying("conflicting DNS domain"),
    rule("InvalidParameter", Sort::NotYet).saying("Unable to assume given IAM role"),
    // IAM.
    rule("NoSuchEntity", Sort::NotFound),
    rule("NoSuchEntityException", Sort::NotFound),
    rule("MalformedPolicyDocument", Sort::NotYet).saying("Invalid principal in policy"),
    rule("DeleteConflict", Sort::Busy),
    rule("ConcurrentModification", Sort::Busy),
    rule("EntityTemporarilyUnmodifiable", Sort::Busy),
    // The issuer of a new cluster does not answer in its first minute.
    rule("OpenIdIdpCommunicationError", Sort::NotYet),
    rule("OpenIdIdpCommunicationErrorException", Sort::NotYet),
    // KMS.
    rule("NotFoundException", Sort::NotFound),
    rule("KMSInvalidStateException", Sort::NotFound).saying("pending deletion"),
    rule("KMSInvalidStateException", Sort::NotFound).saying("pending replica deletion"),
    rule("KMSInvalidStateException", Sort::Busy),
    rule("DisabledException", Sort::Busy),
    rule("DependencyTimeoutException", Sort::Busy),
    rule("MalformedPolicyDocumentException", Sort::NotYet).saying("invalid principals"),
    // An access entry that was made a moment ago.
    rule("ResourceNotFoundException", Sort::NotYet)
        .of("AssociateAccessPolicy")
        .saying("principalArn could not be found"),
    // CloudWatch Logs.
    rule("ResourceNotFoundException", Sort::NotFound),
    rule("OperationAbortedException", Sort::Busy),
    rule("InvalidParameterException", Sort::NotYet).saying("not allowed to be used"),
    // Service Quotas: a quota that was never changed, and one that there is not.
    rule("NoSuchResourceException", Sort::NotFound),
    // A permission that depends on tags follows the tags by some seconds.
    rule("AccessDeniedException", Sort::NotYet)
        .of("RetentionPolicy")
        .saying("no identity-based policy allows"),
    // EKS. One code says that a name is taken, that a change is under way, and that something still stands on it.
    rule("ResourceInUseException", Sort::Refused).saying("already exists"),
    rule("ResourceInUseException", Sort::Refused).saying("already in use"),
    rule("ResourceInUseException", Sort::Busy).saying("in progress"),
    rule("ResourceInUseException", Sort::Busy).saying("currently in"),
    rule("ResourceInUseException", Sort::Busy).saying("attached"),
    rule("ClientException", Sort::NotFound).saying("No cluster found for name"),
    // A cluster whose authentication knows no access entries has none.
    rule("InvalidRequestException", Sort::NotFound).saying("authentication mode must be set"),
    rule("ResourcePropagationDelayException", Sort::NotYet),
    // What EKS says of roles, subnets and keys that IAM and EC2 have not told it of yet.
    rule("InvalidParameterException", Sort::NotYet).of("Create").saying("does not exist"),
    rule("InvalidParameterException", Sort::NotYet).of("Create").saying("Error in role params"),
    rule("InvalidParameterException", Sort::NotYet).of("Create").saying("could not be assumed because"),
    rule("InvalidParameterException", Sort::NotYet).of("Create").saying("EKS Managed Policies"),
    rule("InvalidParameterException", Sort::NotYet).of("Create").saying("role's policy must include"),
    rule("InvalidParameterException", Sort::NotYet).of("ClusterConfig").saying("does not exist"),
    rule("InvalidParameterException", Sort::NotYet).of("EncryptionConfig").saying("does not exist"),
    rule("InvalidParameterException", Sort::NotYet).of("UpdatePodIdentity").saying("does not exist"),
    rule("InvalidParameterException", Sort::NotYet).of("AccessEntry").saying("invalid principal"),
    // Node groups and add-ons: their roles as well; an add-on that failed goes before another is made.
    rule("InvalidParameterException", Sort::NotYet).of("CreateAddon").saying("CREATE_FAILED"),
    rule("InvalidParameterException", Sort::NotYet).of("UpdateAddon").saying("does not exist"),
    rule("InvalidParameterException", Sort::NotYet)
        .of("CreateNodegroup")
        .saying("service principals in the trust"),
    rule("InvalidParameterException", Sort::NotYet).of("CreateNodegroup").saying("cannot be found"),
    rule("InvalidParameterException", Sort::NotYet).of("Nodegroup").saying("could not be found"),
    rule("InvalidRequestException", Sort::Busy).of("Create").saying("not in ACTIVE"),
    // Elastic Load Balancing, of both generations.
    rule("LoadBalancerNotFound", Sort::NotFound),
    rule("AccessPointNotFound", Sort::NotFound),
    rule("TargetGroupNotFound", Sort::NotFound),
    rule("ResourceInUse", Sort::Busy),
    rule("DependencyThrottle", Sort::Busy),
    rule("OperationNotPermitted", Sort::Refused).of("DeleteLoadBalancer"),
    // What EKS and Elastic Load Balancing leave in EC2.
    rule("VolumeInUse", Sort::Busy),
    rule("InvalidNetworkInterface.InUse", Sort::Busy),
    // Every service.
    rule("AccessDenied", Sort::Denied),
    rule("AccessDeniedException", Sort::Denied),
    rule("UnauthorizedOperation", Sort::Denied),
    rule("AuthFailure", Sort::Denied),
    rule("AuthorizationError", Sort::Denied),
    rule("OperationNotPermitted", Sort::Denied),
    rule("ExpiredToken", Sort::Denied),
    rule("ExpiredTokenException", Sort::Denied),
    rule("RequestExpired", Sort::Denied),
    rule("RequestTimeTooSkewed", Sort::Denied),
    rule("InvalidClientTokenId", Sort::Denied),
    rule("UnrecognizedClientException", Sort::Denied),
    rule("MissingAuthenticationToken", Sort::Denied),
    rule("IncompleteSignature", Sort::Denied),
    rule("SignatureDoesNotMatch", Sort::Denied),
    rule("InvalidSignatureException", Sort::Denied),
    rule("OptInRequired", Sort::Denied),
    rule("RequestTimeout", Sort::Busy),
];

/// Whether what was to be added is there already.
pub(super) fn is_there_already(fault: &Fault) -> bool {
    THERE_ALREADY.iter().any(|rule| rule.covers(&fault.operation, &fault.code, &fault.message))
}

/// Whether a change was refused because there is nothing to change.
pub(super) fn is_nothing_to_do(fault: &Fault) -> bool {
    NOTHING_TO_DO.iter().any(|rule| rule.covers(&fault.operation, &fault.code, &fault.message))
}

/// Whether a deletion was refused because it is switched off.
pub(super) fn is_protected(fault: &Fault) -> bool {
    PROTECTED.iter().any(|rule| rule.covers(&fault.operation, &fault.code, &fault.message))
}

/// Whether a deletion was refused because of what is attached.
pub(super) fn has_something_attached(fault: &Fault) -> bool {
    ATTACHED.iter().any(|rule| rule.covers(&fault.operation, &fault.code, &fault.message))
}

/// What the table says of a fault, if anything.
pub(super) fn sort(operation: &str, code: &str, message: &str) -> Option<Sort> {
    RULES.iter().find(|rule| rule.covers(operation, code, message)).map(|rule| rule.sort)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(operation: &str, code: &str, message: &str) -> Sort {
        sort(operation, code, message).unwrap_or(Sort::Refused)
    }

    #[test]
    fn sorts_codes_as_the_services_mean_them() {
        for (operation, code, message, expected) in [
            ("DescribeVpcs", "InvalidVpcID.NotFound", "", Sort::NotFound),
            ("DescribeNatGateways", "NatGatewayNotFound", "", Sort::NotFound),
            ("DetachInternetGateway", "Gateway.NotAttached", "", Sort::NotFound),
            ("CreateNatGateway", "Gateway.NotAttached", "", Sort::Refused),
            ("DeleteSubnet", "DependencyViolation", "", Sort::Busy),
            ("ReleaseAddress", "AuthFailure", "", Sort::Busy),
            (
                "ReleaseAddress",
                "AuthFailure",
                "AWS was not able to validate the provided access credentials",
                Sort::Denied,
            ),
            ("DescribeVpcs", "AuthFailure", "", Sort::Denied),
            ("CreateTags", "ConcurrentTagAccess", "", Sort::Busy),
            ("ModifyVpcEndpoint", "OperationInProgress", "", Sort::Busy),
            (
                "CreateRoute",
                "InvalidParameterValue",
                "route table rtb-1 and network gateway igw-1 belong to different networks",
                Sort::NotYet,
            ),
            (
                "CreateVpcEndpoint",
                "InvalidParameter",
                "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true",
                Sort::NotYet,
            ),
            (
                "CreateVpcEndpoint",
                "InvalidParameter",
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for sts",
                Sort::NotYet,
            ),
            ("CreateVpcEndpoint", "InvalidParameter", "Duplicate subnet", Sort::Refused),
            ("CreateVpc", "VpcLimitExceeded", "", Sort::Refused),
            ("CreateRole", "LimitExceeded", "", Sort::Refused),
            ("CreateRole", "EntityAlreadyExists", "", Sort::Refused),
            (
                "CreateRole",
                "MalformedPolicyDocument",
                "Invalid principal in policy: \"AWS\":\"x\"",
                Sort::NotYet,
            ),
            ("CreateRole", "MalformedPolicyDocument", "Syntax errors in policy.", Sort::Refused),
            ("CreateKey", "MalformedPolicyDocumentException", "one or more invalid principals", Sort::NotYet),
            ("CreateKey", "MalformedPolicyDocumentException", "will not allow you to update", Sort::Refused),
            ("ScheduleKeyDeletion", "KMSInvalidStateException", "arn:x is pending deletion.", Sort::NotFound),
            ("PutKeyPolicy", "KMSInvalidStateException", "arn:x is creating", Sort::Busy),
            ("CreateLogGroup", "OperationAbortedException", "", Sort::Busy),
            (
                "UpdateAddon",
                "ResourceInUseException",
                "Addon coredns cannot be updated as it is currently in CREATING state",
                Sort::Busy,
            ),
            (
                "CreateAddon",
                "InvalidParameterException",
                "Addon with name vpc-cni is in CREATE_FAILED state",
                Sort::NotYet,
            ),
            (
                "CreateAddon",
                "InvalidParameterException",
                "Role arn:aws:iam::1:role/x does not exist",
                Sort::NotYet,
            ),
            ("CreateAddon", "InvalidParameterException", "Addon x specified is not supported", Sort::Refused),
            (
                "UpdateNodegroupConfig",
                "ResourceInUseException",
                "Nodegroup cannot be updated as it is currently in UPDATING state",
                Sort::Busy,
            ),
            (
                "CreateNodegroup",
                "ResourceInUseException",
                "NodeGroup already exists with name x",
                Sort::Refused,
            ),
            ("CreateNodegroup", "InvalidParameterException", "Subnets are required", Sort::Refused),
            ("CreateNodegroup", "ResourceLimitExceededException", "", Sort::Refused),
            ("DeleteLoadBalancer", "OperationNotPermitted", "deletion protection is enabled", Sort::Refused),
            ("DeleteNetworkInterface", "OperationNotPermitted", "", Sort::Denied),
            ("DeleteTargetGroup", "ResourceInUse", "is currently in use by a listener or a rule", Sort::Busy),
            ("DescribeTags", "LoadBalancerNotFound", "", Sort::NotFound),
            ("DeleteVolume", "VolumeInUse", "vol-1 is currently attached to i-1", Sort::Busy),
            ("GetServiceQuota", "NoSuchResourceException", "", Sort::NotFound),
            ("AssociateKmsKey", "InvalidParameterException", "is not allowed to be used with", Sort::NotYet),
            ("CreateLogGroup", "InvalidParameterException", "bad name", Sort::Refused),
            ("CreateRoute", "InvalidParameterException", "", Sort::NotYet),
            ("CreateFlowLogs", "InvalidParameter", "Unable to assume given IAM role", Sort::NotYet),
            (
                "CreateCluster",
                "ResourceInUseException",
                "Cluster already exists with name: main",
                Sort::Refused,
            ),
            (
                "CreateAccessEntry",
                "ResourceInUseException",
                "The specified access entry resource is already in use on this cluster.",
                Sort::Refused,
            ),
            (
                "UpdateClusterConfig",
                "ResourceInUseException",
                "Cannot LoggingUpdate because cluster main currently has update 1 in progress",
                Sort::Busy,
            ),
            (
                "UpdateAddon",
                "ResourceInUseException",
                "Addon coredns cannot be updated as it is currently in UPDATING state",
                Sort::Busy,
            ),
            ("DeleteCluster", "ResourceInUseException", "Cluster has nodegroups attached", Sort::Busy),
            ("DeleteCluster", "InvalidRequestException", "deletion protection is enabled", Sort::Refused),
            (
                "ListAccessEntries",
                "InvalidRequestException",
                "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP].",
                Sort::NotFound,
            ),
            ("DescribeCluster", "ClientException", "No cluster found for name: main.", Sort::NotFound),
            (
                "DescribeCluster",
                "ResourceNotFoundException",
                "No cluster found for name: main.",
                Sort::NotFound,
            ),
            ("CreateCluster", "ClientException", "Unable to delegate", Sort::Refused),
            ("CreateCluster", "ResourcePropagationDelayException", "", Sort::NotYet),
            ("CreateCluster", "ResourceLimitExceededException", "", Sort::Refused),
            ("CreateCluster", "UnsupportedAvailabilityZoneException", "", Sort::Refused),
            (
                "CreateCluster",
                "InvalidParameterException",
                "Role with arn: x, could not be assumed because it does not exist or the trusted entity is not correct",
                Sort::NotYet,
            ),
            (
                "CreateCluster",
                "InvalidParameterException",
                "Role could not be assumed because the trusted entity is not correct",
                Sort::NotYet,
            ),
            (
                "CreateCluster",
                "InvalidParameterException",
                "The provided role doesn't have the Amazon EKS Managed Policies associated with it.",
                Sort::NotYet,
            ),
            (
                "CreateCluster",
                "InvalidParameterException",
                "IAM role's policy must include the `ec2:DescribeSubnets` action",
                Sort::NotYet,
            ),
            ("CreateCluster", "InvalidParameterException", "Error in role params", Sort::NotYet),
            ("CreateCluster", "InvalidParameterException", "unsupported Kubernetes version", Sort::Refused),
            (
                "UpdateClusterConfig",
                "InvalidParameterException",
                "The subnet ID 'x' does not exist",
                Sort::NotYet,
            ),
            ("UpdateClusterConfig", "InvalidParameterException", "No changes needed", Sort::Refused),
            (
                "CreateAccessEntry",
                "InvalidParameterException",
                "The specified principalArn is invalid: invalid principal.",
                Sort::NotYet,
            ),
            (
                "AssociateAccessPolicy",
                "ResourceNotFoundException",
                "The specified principalArn could not be found.",
                Sort::NotYet,
            ),
            (
                "DisassociateAccessPolicy",
                "ResourceNotFoundException",
                "The specified principalArn could not be found.",
                Sort::NotFound,
            ),
            ("CreateOpenIDConnectProvider", "OpenIdIdpCommunicationError", "", Sort::NotYet),
            ("CreateOpenIDConnectProvider", "EntityAlreadyExists", "", Sort::Refused),
            ("CreateLaunchTemplate", "InvalidLaunchTemplateName.AlreadyExistsException", "", Sort::Refused),
            ("DescribeLaunchTemplates", "InvalidLaunchTemplateId.NotFound", "", Sort::NotFound),
        ] {
            assert_eq!(sorted(operation, code, message), expected, "{operation} {code} {message}");
        }
    }

    #[test]
    fn tells_what_is_so_already_from_what_is_wrong() {
        let fault = |operation: &str, code: &str, message: &str| Fault::refused(operation, code, message);
        let taken = "Cluster already exists with name: main";
        assert!(is_there_already(&fault("CreateCluster", "ResourceInUseException", taken)));
        assert!(!is_there_already(&fault("CreateCluster", "ResourceInUseException", "in progress")));
        for said in [
            "No changes needed for the logging config provided",
            "Cluster is already at the desired configuration with endpointPrivateAccess: true",
            "Cluster is already at the desired version",
        ] {
            assert!(is_nothing_to_do(&fault("UpdateClusterConfig", "InvalidParameterException", said)));
        }
        let wrong = "Unsupported Kubernetes minor version update from 1.32 to 1.34";
        assert!(!is_nothing_to_do(&fault("UpdateClusterVersion", "InvalidParameterException", wrong)));
        let protected = "Cannot delete cluster main because deletion protection is enabled on it";
        assert!(is_protected(&fault("DeleteCluster", "InvalidRequestException", protected)));
    }
}
