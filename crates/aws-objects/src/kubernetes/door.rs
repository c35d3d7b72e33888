//! The way into a cluster: where its API is, and a client that it lets in.

use super::{Token, faults};
use crate::{Aws, eks::clusters};
use aws_sdk_eks::types::VpcConfigResponse;
use base64::{DecodeError, Engine, prelude::BASE64_STANDARD};
use hyper_util::client::proxy::matcher::Matcher;
use reconcile::Fault;
use std::{
    env,
    time::{Duration, SystemTime},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a cluster's API is and what it proves itself with.
pub(super) struct Door {
    pub(super) cluster: String,
    pub(super) arn: String,
    pub(super) endpoint: String,
    /// A certificate in PEM, base64.
    pub(super) certificate_authority: String,
    /// From where it can be reached, in a sentence.
    reach: String,
}

impl Door {
    /// The way into `cluster`; none while there is no such cluster or it has no API.
    pub(super) async fn of(aws: &Aws, cluster: &str) -> Result<Option<Door>, Fault> {
        let described = clusters::cluster(aws, cluster).await?;
        Ok(described.and_then(|described| {
            let authority = described.certificate_authority()?.data()?;
            Some(Door {
                cluster: cluster.to_owned(),
                arn: described.arn()?.to_owned(),
                endpoint: described.endpoint()?.to_owned(),
                certificate_authority: authority.to_owned(),
                reach: reach(described.resources_vpc_config()),
            })
        }))
    }

    /// A client that the cluster lets in, with a token of its own.
    pub(super) async fn open(self, aws: &Aws) -> Result<Kubernetes, Fault> {
        let token = Token::signed(&aws.credentials().await?, &aws.region, &self.cluster, SystemTime::now())?;
        let unusable = |error: &dyn std::error::Error| {
            let message = format!("the answer about {} has no usable endpoint: {error}", self.cluster);
            Fault::refused("DescribeCluster", "UnreadableAnswer", message)
        };
        let address: http::Uri = self.endpoint.parse().map_err(|error| unusable(&error))?;
        let mut config = kube::Config::new(address);
        config.root_cert = Some(certificates(&self.certificate_authority).map_err(|error| unusable(&error))?);
        config.proxy_url = proxy(&config.cluster_url);
        config.auth_info.token = Some(token.into_text().into());
        config.connect_timeout = Some(CONNECT_TIMEOUT);
        config.read_timeout = Some(ANSWER_TIMEOUT);
        // The engine alone retries.
        config.default_retry = false;
        let client = kube::Client::try_from(config).map_err(|error| unusable(&error))?;
        let Door { cluster: name, endpoint, reach, .. } = self;
        Ok(Kubernetes { client, name, endpoint, reach, caller: aws.caller.clone() })
    }
}

fn reach(network: Option<&VpcConfigResponse>) -> String {
    match network.filter(|network| network.endpoint_public_access()) {
        Some(network) => {
            format!("Its public endpoint is open to {} only", network.public_access_cidrs().join(", "))
        }
        None => "Only its private endpoint is on, which answers inside its network alone".to_owned(),
    }
}

/// The certificates in `encoded`, which is PEM in base64.
fn certificates(encoded: &str) -> Result<Vec<Vec<u8>>, DecodeError> {
    let pem = String::from_utf8_lossy(&BASE64_STANDARD.decode(encoded)?).into_owned();
    let bodies = pem.split("-----BEGIN CERTIFICATE-----").skip(1);
    let bodies = bodies.map(|rest| rest.split("-----END").next().unwrap_or_default().split_whitespace());
    bodies.map(|lines| BASE64_STANDARD.decode(lines.collect::<String>())).collect()
}

/// The proxy that the environment wants `address` to be called by, as for AWS itself.
fn proxy(address: &http::Uri) -> Option<http::Uri> {
    Matcher::from_env().intercept(address)?;
    let said = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].map(env::var);
    let said = said.into_iter().flatten().find(|said| !said.is_empty())?;
    let whole = if said.contains("://") { said } else { format!("http://{said}") };
    whole.parse().ok()
}

/// A cluster that calls can be made to.
pub(super) struct Kubernetes {
    pub(super) client: kube::Client,
    pub(super) name: String,
    pub(super) endpoint: String,
    /// From where it can be reached, in a sentence.
    pub(super) reach: String,
    /// The ARN of whoever we are.
    pub(super) caller: String,
}

impl Kubernetes {
    /// The cluster called `name`; none while there is no such cluster or it has no API.
    pub(super) async fn enter(aws: &Aws, name: &str) -> Result<Option<Kubernetes>, Fault> {
        match Door::of(aws, name).await? {
            Some(door) => Ok(Some(door.open(aws).await?)),
            None => Ok(None),
        }
    }

    /// Sorts what came of `operation`, such as `list secrets`.
    pub(super) fn fault(&self, operation: &'static str) -> impl Fn(kube::Error) -> Fault + '_ {
        move |error| faults::sorted(self, operation, &error)
    }
}
