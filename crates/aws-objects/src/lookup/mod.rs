//! What has to be known before a graph can be drawn.

mod endpoint_services;
mod regions;
mod zones;

pub use endpoint_services::{EndpointService, endpoint_services};
pub use regions::{Region, regions};
pub use zones::{Zone, zones};

use crate::Aws;
use reconcile::{Fault, patiently};

/// One look at EC2, taken again while it is busy. The engine only does this for objects.
async fn look<T, F>(aws: &Aws, call: impl Fn() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    patiently(aws.patience.reading(), || async {
        aws.limiter.admit("ec2:read").await;
        call().await
    })
    .await
}
