//! Quotas of the account.

use super::look;
use crate::{Aws, faults};
use reconcile::{Fault, Sort};

/// How much of something the account may have in this region; `None` where Service Quotas knows no such quota.
///
/// A quota that nobody ever changed has no value of its own, only AWS's default.
pub async fn quota(aws: &Aws, service_code: &str, quota_code: &str) -> Result<Option<f64>, Fault> {
    let own = look(aws, "servicequotas", || async {
        let call = aws.servicequotas().get_service_quota().service_code(service_code).quota_code(quota_code);
        call.send().await.map_err(faults::of("GetServiceQuota"))
    });
    match own.await {
        Err(fault) if fault.sort == Sort::NotFound => {}
        own => return Ok(own?.quota().and_then(|quota| quota.value())),
    }
    let default = look(aws, "servicequotas", || async {
        let call = aws.servicequotas().get_aws_default_service_quota();
        let call = call.service_code(service_code).quota_code(quota_code);
        call.send().await.map_err(faults::of("GetAWSDefaultServiceQuota"))
    });
    match default.await {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        default => Ok(default?.quota().and_then(|quota| quota.value())),
    }
}
