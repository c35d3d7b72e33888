//! What EKS itself has found out about an upgrade.

use super::at;
use aws_objects::lookup::UpgradeInsight;
use tfplugin::{Diagnostic, Diagnostics};

/// What becomes of an insight that says ERROR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnError {
    /// It stops the plan.
    Stop,
    /// It is a warning, because the user said so.
    Warn,
}

/// The insights of a cluster that is to be upgraded to `version`, as findings.
pub(super) fn judge(version: &str, insights: &[UpgradeInsight], on_error: OnError) -> Diagnostics {
    let finding = |insight: &UpgradeInsight| {
        let UpgradeInsight { name, status, reason, recommendation } = insight;
        let mut detail = format!("EKS says {status} of {name:?} for Kubernetes {version}: {reason}");
        if !recommendation.is_empty() {
            detail.push_str(&format!("\n{recommendation}"));
        }
        if status != "ERROR" || on_error == OnError::Warn {
            return Diagnostic::warning("An upgrade insight speaks against this version", detail)
                .at(at("version"));
        }
        detail.push_str("\nMend it and wait for EKS to look again, or set `ignore_upgrade_insights = true`.");
        Diagnostic::error("An upgrade insight speaks against this version", detail).at(at("version"))
    };
    insights.iter().filter(|insight| insight.status != "PASSING").map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stops_and_may_be_overridden() {
        let insights = [UpgradeInsight {
            name: "Deprecated APIs removed in Kubernetes v1.36".to_owned(),
            status: "ERROR".to_owned(),
            reason: "Deprecated API usage detected.".to_owned(),
            recommendation: "Update manifests.".to_owned(),
        }];
        assert!(judge("1.36", &insights, OnError::Stop).has_errors());
        let found = judge("1.36", &insights, OnError::Warn);
        assert!(!found.has_errors() && !found.is_empty());
    }
}
