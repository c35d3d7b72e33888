//! Why there is no connection.

use crate::Tried;
use reconcile::Fault;

/// Why there is no connection to an account or region. No variant carries a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// No source has credentials.
    #[error("no source has credentials; tried, in this order:{}", listed(.tried))]
    NoCredentials {
        /// What was tried, in order.
        tried: Vec<Tried>,
    },
    /// The credentials were good once.
    #[error("the credentials have expired: {0}")]
    Expired(Box<Fault>),
    /// AWS does not accept the credentials.
    #[error("the credentials are not accepted: {0}")]
    Denied(Box<Fault>),
    /// The role cannot be taken.
    #[error("the role {role_arn} cannot be assumed: {fault}")]
    RoleRefused {
        /// Its ARN.
        role_arn: String,
        /// What STS said.
        fault: Box<Fault>,
    },
    /// An endpoint does not answer. The message names it.
    #[error("{}{}", .fault.message, doubt(.region, .fault))]
    Unreachable {
        /// The region whose endpoint it should be.
        region: String,
        /// What was tried and what the network said.
        fault: Box<Fault>,
    },
    /// Anything else that AWS said.
    #[error("{0}")]
    Refused(Box<Fault>),
    /// No region is said anywhere.
    #[error(
        "no region is set: not in the configuration, not in AWS_REGION or AWS_DEFAULT_REGION, not in the profile"
    )]
    NoRegion,
    /// Not even the form of a region's name.
    #[error("{name:?} is not the name of a region")]
    NoRegionName {
        /// What was given.
        name: String,
    },
    /// The form of a name, but the partition has no such region.
    #[error("there is no region called {name:?}; this account can use {}", .known.join(", "))]
    UnknownRegion {
        /// What was given.
        name: String,
        /// The regions that the account can use.
        known: Vec<String>,
    },
    /// The account has not opted into the region.
    #[error("the region {name} is not enabled for this account")]
    RegionNotEnabled {
        /// The region.
        name: String,
    },
    /// An endpoint is set for a service that no call is made to.
    #[error("no call is made to a service called {service:?}; endpoints can be set for {}", crate::SERVICES.join(", "))]
    UnknownService {
        /// The service.
        service: String,
    },
    /// An endpoint that is no address.
    #[error("the endpoint of {service} is no URL: {url:?}")]
    NoUrl {
        /// The service.
        service: String,
        /// What was given.
        url: String,
    },
}

/// A region that does not exist has no endpoint, which is all that the network can say of it.
fn doubt(region: &str, fault: &Fault) -> String {
    let is_in_endpoint = !region.is_empty() && fault.message.contains(&format!(".{region}."));
    if is_in_endpoint { format!(" (is {region:?} a region?)") } else { String::new() }
}

fn listed(tried: &[Tried]) -> String {
    tried.iter().map(|Tried { source, said }| format!("\n  - {source}: {said}")).collect()
}
