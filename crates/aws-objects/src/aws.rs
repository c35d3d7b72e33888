//! One account and region of AWS, and the calls that reads of several kinds share.

use crate::{
    Identity, Secret,
    eks::updates::Updated,
    faults,
    gather::Gather,
    kubernetes::{Failures, Helm, HelmError, Tools},
    limits,
};
use aws_config::SdkConfig;
use aws_credential_types::{Credentials, provider::ProvideCredentials};
use aws_sdk_ec2::types::{RouteTable, SecurityGroup};
use aws_sdk_eks::types::Cluster;
use aws_types::region::Region;
use futures::FutureExt;
use reconcile::{Fault, Limiter, PatienceSettings};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock},
};

/// One account and region. Clients are made when they are first used and share one HTTP client and one cache of
/// credentials.
pub struct Aws {
    /// The region, such as `eu-west-1`.
    pub region: String,
    /// The partition, as ARNs write it: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// The twelve digits of the account.
    pub account: String,
    /// The ARN of whoever calls: a user, or a role's session.
    pub caller: String,
    /// The limits of this account and region, for all who work there.
    pub limiter: Arc<Limiter>,
    /// How patiently calls are made again.
    pub patience: PatienceSettings,
    config: SdkConfig,
    endpoints: BTreeMap<String, String>,
    ec2: OnceLock<aws_sdk_ec2::Client>,
    eks: OnceLock<aws_sdk_eks::Client>,
    elasticloadbalancing: OnceLock<aws_sdk_elasticloadbalancing::Client>,
    elasticloadbalancingv2: OnceLock<aws_sdk_elasticloadbalancingv2::Client>,
    iam: OnceLock<aws_sdk_iam::Client>,
    kms: OnceLock<aws_sdk_kms::Client>,
    logs: OnceLock<aws_sdk_cloudwatchlogs::Client>,
    servicequotas: OnceLock<aws_sdk_servicequotas::Client>,
    pub(crate) route_tables: Gather<RouteTableKey, Vec<RouteTable>>,
    pub(crate) security_groups: Gather<String, Vec<SecurityGroup>>,
    pub(crate) clusters: Gather<String, BTreeMap<String, Cluster>>,
    pub(crate) all_clusters: Gather<(), BTreeMap<String, Cluster>>,
    /// The update of EKS that was begun last for each thing that has some.
    pub(crate) updates: Mutex<BTreeMap<Updated, String>>,
    pub(crate) tools: Arc<Tools>,
    sensitive_values: Mutex<BTreeMap<String, Secret>>,
    /// Releases that were made and came to nothing, until that is told.
    pub(crate) release_failures: Failures,
}

/// What a route table may be asked for by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RouteTableKey {
    /// Its own id.
    Table(String),
    /// The id of a subnet that it is associated with.
    Subnet(String),
}

/// A client of `$sdk`, with the endpoint that is set for `$service`, if one is.
macro_rules! client {
    ($aws:expr, $slot:ident, $sdk:ident) => {
        $aws.$slot.get_or_init(|| {
            let mut config = $sdk::config::Builder::from(&$aws.config);
            if let Some(endpoint) = $aws.endpoints.get(stringify!($slot)) {
                config = config.endpoint_url(endpoint);
            }
            $sdk::Client::from_conf(config.build())
        })
    };
}

impl Aws {
    pub(crate) fn new(
        config: &SdkConfig,
        endpoints: &BTreeMap<String, String>,
        patience: PatienceSettings,
        region: &str,
        identity: &Identity,
        tools: &Arc<Tools>,
    ) -> Aws {
        Aws {
            region: region.to_owned(),
            partition: identity.partition.clone(),
            account: identity.account.clone(),
            caller: identity.arn.clone(),
            limiter: Arc::new(limits::limiter()),
            patience,
            config: config.to_builder().region(Region::new(region.to_owned())).build(),
            endpoints: endpoints.clone(),
            ec2: OnceLock::new(),
            eks: OnceLock::new(),
            elasticloadbalancing: OnceLock::new(),
            elasticloadbalancingv2: OnceLock::new(),
            iam: OnceLock::new(),
            kms: OnceLock::new(),
            logs: OnceLock::new(),
            servicequotas: OnceLock::new(),
            route_tables: Gather::default(),
            security_groups: Gather::default(),
            clusters: Gather::default(),
            all_clusters: Gather::default(),
            updates: Mutex::default(),
            tools: Arc::clone(tools),
            sensitive_values: Mutex::default(),
            release_failures: Failures::default(),
        }
    }

    /// The helm program, looked for at the first call and kept.
    pub async fn helm(&self) -> Result<&Helm, HelmError> {
        self.tools.helm().await
    }

    /// Keeps values that are written nowhere, as a JSON object, for the releases of this process that name `key`.
    pub fn put_sensitive_values(&self, key: &str, values: Secret) {
        let mut kept = self.sensitive_values.lock().expect("nothing panics while it holds the values");
        kept.insert(key.to_owned(), values);
    }

    /// The values kept for `key`.
    pub fn sensitive_values(&self, key: &str) -> Option<Secret> {
        let kept = self.sensitive_values.lock().expect("nothing panics while it holds the values");
        kept.get(key).cloned()
    }

    /// The credentials that calls are signed with.
    pub(crate) async fn credentials(&self) -> Result<Credentials, Fault> {
        let source = self.config.credentials_provider().ok_or_else(faults::without_credentials)?;
        source.provide_credentials().await.map_err(|error| faults::of_credentials(&error))
    }

    /// The ARN of `resource` of `service` in this account and region.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Aws { partition, region, account, .. } = self;
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }

    /// The ARN of `resource` of IAM, which has no regions.
    pub fn iam_arn(&self, resource: &str) -> String {
        format!("arn:{}:iam::{}:{resource}", self.partition, self.account)
    }

    /// What the names of this partition's endpoints end in, such as `amazonaws.com`, as the SDK knows it.
    pub fn dns_suffix(&self) -> String {
        dns_suffix(&self.region)
    }

    pub(crate) fn ec2(&self) -> &aws_sdk_ec2::Client {
        client!(self, ec2, aws_sdk_ec2)
    }

    pub(crate) fn eks(&self) -> &aws_sdk_eks::Client {
        client!(self, eks, aws_sdk_eks)
    }

    /// Classic load balancers.
    pub(crate) fn elasticloadbalancing(&self) -> &aws_sdk_elasticloadbalancing::Client {
        client!(self, elasticloadbalancing, aws_sdk_elasticloadbalancing)
    }

    /// Application and network load balancers.
    pub(crate) fn elasticloadbalancingv2(&self) -> &aws_sdk_elasticloadbalancingv2::Client {
        client!(self, elasticloadbalancingv2, aws_sdk_elasticloadbalancingv2)
    }

    pub(crate) fn servicequotas(&self) -> &aws_sdk_servicequotas::Client {
        client!(self, servicequotas, aws_sdk_servicequotas)
    }

    pub(crate) fn iam(&self) -> &aws_sdk_iam::Client {
        client!(self, iam, aws_sdk_iam)
    }

    pub(crate) fn kms(&self) -> &aws_sdk_kms::Client {
        client!(self, kms, aws_sdk_kms)
    }

    pub(crate) fn logs(&self) -> &aws_sdk_cloudwatchlogs::Client {
        client!(self, logs, aws_sdk_cloudwatchlogs)
    }
}

/// Asks the SDK's own endpoint rules, so that no list of partitions is kept here.
pub(crate) fn dns_suffix(region: &str) -> String {
    use aws_sdk_ec2::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
    let params =
        Params::builder().region(region.to_owned()).build().expect("a region is all that the rules need");
    let resolved = ResolveEndpoint::resolve_endpoint(&DefaultResolver::new(), &params).now_or_never();
    let prefix = format!("https://ec2.{region}.");
    let suffix = resolved
        .and_then(Result::ok)
        .and_then(|endpoint| Some(endpoint.url().strip_prefix(&prefix)?.to_owned()));
    suffix.unwrap_or_else(|| "amazonaws.com".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_endpoints_end_in_from_the_sdk() {
        assert_eq!(dns_suffix("eu-west-1"), "amazonaws.com");
        assert_eq!(dns_suffix("cn-north-1"), "amazonaws.com.cn");
    }
}
