//! The way into a cluster: where its API is, and a client that it lets in.

use super::{Token, faults};
use crate::{Aws, eks::clusters};
use kube::config::{KubeConfigOptions, Kubeconfig};
use reconcile::Fault;
use serde_json::json;
use std::time::{Duration, SystemTime};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a cluster's API is and what it proves itself with.
pub(super) struct Door {
    pub(super) cluster: String,
    pub(super) arn: String,
    pub(super) endpoint: String,
    /// A certificate in PEM, base64.
    pub(super) certificate_authority: String,
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
        let config: Kubeconfig = serde_json::from_value(json!({
            "current-context": "it",
            "contexts": [{ "name": "it", "context": { "cluster": "it", "user": "it" } }],
            "clusters": [{ "name": "it", "cluster": {
                "server": self.endpoint, "certificate-authority-data": self.certificate_authority } }],
            "users": [{ "name": "it", "user": { "token": token.into_text() } }],
        }))
        .map_err(|error| unusable(&error))?;
        let config = kube::Config::from_custom_kubeconfig(config, &KubeConfigOptions::default()).await;
        let mut config = config.map_err(|error| unusable(&error))?;
        config.connect_timeout = Some(CONNECT_TIMEOUT);
        config.read_timeout = Some(ANSWER_TIMEOUT);
        // The engine alone retries.
        config.default_retry = false;
        let client = kube::Client::try_from(config).map_err(|error| unusable(&error))?;
        Ok(Kubernetes { client, name: self.cluster, endpoint: self.endpoint, caller: aws.caller.clone() })
    }
}

/// A cluster that calls can be made to.
pub(super) struct Kubernetes {
    pub(super) client: kube::Client,
    pub(super) name: String,
    pub(super) endpoint: String,
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
