//! What has to be known before a graph can be drawn, or before its plan is worth showing.

mod addon_versions;
mod cluster_versions;
mod date;
mod endpoint_services;
mod free_addresses;
mod instance_type_zones;
mod instance_types;
mod quota;
mod regions;
mod upgrade_insights;
mod usage;
mod zones;

pub use addon_versions::{AddonVersion, AddonVersions, addon_versions};
pub use cluster_versions::{ClusterVersion, cluster_versions};
pub use date::Date;
pub use endpoint_services::{EndpointService, endpoint_services};
pub use free_addresses::free_addresses;
pub use instance_type_zones::instance_type_zones;
pub use instance_types::{InstanceType, InstanceTypes, instance_types};
pub use quota::quota;
pub use regions::{Region, regions};
pub use upgrade_insights::{UpgradeInsight, upgrade_insights};
pub use usage::{Counted, usage};
pub use zones::{Zone, zones};

use crate::Aws;
use reconcile::{Fault, patiently};

/// One look at a service, taken again while it is busy. The engine only does this for objects.
pub(crate) async fn look<T, F>(aws: &Aws, service: &str, call: impl Fn() -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    let reads = format!("{service}:read");
    patiently(aws.patience.reading(), || async {
        aws.limiter.admit(&reads).await;
        call().await
    })
    .await
}
