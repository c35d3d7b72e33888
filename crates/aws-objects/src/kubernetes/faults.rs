//! What went wrong with a call to a cluster's API, as the engine treats it. The one table of Kubernetes' own codes.

use super::Kubernetes;
use crate::http::causes;
use reconcile::{Fault, Sort};
use std::error::Error;

/// Sorts what came of `operation`.
pub(super) fn sorted(cluster: &Kubernetes, operation: &'static str, error: &kube::Error) -> Fault {
    let operation = format!("Kubernetes: {operation}");
    match error {
        kube::Error::Api(status) => {
            answered(cluster, operation, status.code, &status.reason, &status.message)
        }
        _ if failed_to_connect(error) => unreachable(cluster, operation, &root_cause(error)),
        kube::Error::Service(_) | kube::Error::HyperError(_) => {
            let message = format!("{} did not answer: {}", cluster.endpoint, root_cause(error));
            Fault::new(Sort::Busy, operation, "NoAnswer", message).outcome_unknown()
        }
        _ => Fault::refused(operation, "Unusable", root_cause(error)),
    }
}

fn answered(cluster: &Kubernetes, operation: String, status: u16, reason: &str, message: &str) -> Fault {
    let sort = match status {
        401 => return not_let_in(cluster, operation),
        403 => return denied(cluster, operation, message),
        404 => Sort::NotFound,
        409 | 429 => Sort::Busy,
        500.. => Sort::Busy,
        _ => Sort::Refused,
    };
    let code = if reason.is_empty() { format!("HTTP {status}") } else { reason.to_owned() };
    let fault = Fault::new(sort, operation, code, message);
    let fault = if status >= 500 { fault.outcome_unknown() } else { fault };
    Fault { throttled: status == 429, ..fault }
}

/// A cluster that could not be reached from here.
pub(super) fn unreachable(cluster: &Kubernetes, operation: String, cause: &str) -> Fault {
    let Kubernetes { name, endpoint, reach, .. } = cluster;
    let message = format!(
        "no connection to {endpoint}, the API of cluster {name}: {cause}. {reach}: add this machine's address to \
         cluster.endpoint_public_access.cidrs, or run terraform from inside the network"
    );
    Fault { unreachable: true, ..Fault::new(Sort::Busy, operation, "Unreachable", message) }
}

/// An entry takes up to a minute to be honoured (aws-behaviours section 5.7), which is how long this is waited out.
pub(super) fn not_let_in(cluster: &Kubernetes, operation: String) -> Fault {
    let Kubernetes { name, caller, .. } = cluster;
    let message = format!(
        "cluster {name} does not know {caller}: no access entry lets it in. Add its role or user to \
         cluster.admin_principal_arns, or use credentials that are named there"
    );
    Fault::new(Sort::NotYet, operation, "Unauthorized", message)
}

pub(super) fn denied(cluster: &Kubernetes, operation: String, said: &str) -> Fault {
    let Kubernetes { name, caller, .. } = cluster;
    let message = format!(
        "cluster {name} knows {caller} and does not allow it this: {}. Add its role or user to \
         cluster.admin_principal_arns, or use credentials that are named there",
        said.trim_end_matches('.')
    );
    Fault::new(Sort::Denied, operation, "Forbidden", message)
}

fn failed_to_connect(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>())
        .any(hyper_util::client::legacy::Error::is_connect)
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}
