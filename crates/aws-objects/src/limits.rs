//! How many calls the services take (aws-behaviours section 17.1).

use reconcile::{Bucket, Limiter};

const fn bucket(name: &'static str, burst: f64, per_second: f64) -> Bucket {
    Bucket { name, burst, per_second }
}

/// The limits of one account and region, by the names that the engine asks for.
///
/// EC2 has a bucket for each operation, 100 and 20 a second for those that describe and 50 and 5 a second for those
/// that change. A composite spreads its changes over a dozen operations, so that what they share here is wider than
/// one bucket and narrower than all; what is left is throttled now and then, and retried.
const BUCKETS: &[Bucket] = &[
    bucket("ec2:read", 100.0, 20.0),
    bucket("ec2:write", 200.0, 20.0),
    bucket("iam:read", 40.0, 20.0),
    bucket("iam:write", 20.0, 10.0),
    bucket("kms:read", 100.0, 50.0),
    bucket("kms:write", 10.0, 5.0),
    // EKS describes about ten times a second and changes about twice, with bursts.
    bucket("eks:read", 40.0, 10.0),
    bucket("eks:write", 15.0, 2.0),
    bucket("elasticloadbalancing:read", 40.0, 10.0),
    bucket("elasticloadbalancing:write", 20.0, 5.0),
    bucket("servicequotas:read", 20.0, 5.0),
    bucket("kubernetes:read", 100.0, 50.0),
    bucket("kubernetes:write", 100.0, 50.0),
    bucket("logs:read", 10.0, 5.0),
    bucket("logs:write", 10.0, 5.0),
];

/// CreateNatGateway takes 10 at once and one more each second.
pub(crate) const CREATE_NAT_GATEWAY: Bucket = bucket("ec2:CreateNatGateway", 10.0, 1.0);

/// CreateVpcEndpoint takes 4 at once and one more each three seconds: ten endpoints take 20 seconds even alone.
pub(crate) const CREATE_VPC_ENDPOINT: Bucket = bucket("ec2:CreateVpcEndpoint", 4.0, 0.3);

/// Full buckets for one account and region.
pub(crate) fn limiter() -> Limiter {
    Limiter::new(BUCKETS.iter().copied())
}
