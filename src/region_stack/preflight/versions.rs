//! Whether a Kubernetes version can be had, and for how long.

use super::at;
use aws_objects::lookup::{ClusterVersion, Date};
use tfplugin::{Diagnostic, Diagnostics};

/// How many days before the end of support there are warnings.
const DAYS_OF_WARNING: i64 = 60;

/// What becomes of a cluster whose version's standard support has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::region_stack) enum UpgradePolicy {
    /// EKS upgrades it by itself.
    Standard,
    /// It stays for another year, at a price.
    Extended,
}

impl UpgradePolicy {
    /// The one that the configuration has this word for.
    pub(in crate::region_stack) fn of(word: &str) -> UpgradePolicy {
        if word == "extended" { UpgradePolicy::Extended } else { UpgradePolicy::Standard }
    }
}

/// When EKS ends its support of a version, as far as it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::region_stack) struct Support {
    pub(in crate::region_stack) standard_until: Option<Date>,
    pub(in crate::region_stack) extended_until: Option<Date>,
}

/// What speaks against a cluster of `version` that does not exist yet or has another one so far. EKS says itself which
/// support a version has; the dates are only told.
pub(super) fn judge(version: &str, policy: UpgradePolicy, offered: &[ClusterVersion]) -> Diagnostics {
    let Some(found) = offered.iter().find(|offered| offered.version == version) else {
        let supported = offered.iter().filter(|offered| offered.status != "UNSUPPORTED");
        let names: Vec<&str> = supported.map(|offered| offered.version.as_str()).collect();
        let detail = format!("EKS does not know Kubernetes {version:?}. It offers {}.", names.join(", "));
        return error("This Kubernetes version is not offered", detail);
    };
    let newest = offered.iter().find(|offered| offered.status == "STANDARD_SUPPORT");
    let newest = newest.map_or(String::new(), |newest| format!(" The newest one is {}.", newest.version));
    if found.status == "UNSUPPORTED" {
        let detail = format!("EKS no longer supports Kubernetes {version}. Ask for another one.{newest}");
        return error("The support of this Kubernetes version has ended", detail);
    }
    if policy == UpgradePolicy::Standard && found.status == "EXTENDED_SUPPORT" {
        let since = found.standard_support_ends.map_or(String::new(), |until| format!(" on {until}"));
        let detail = format!(
            "The standard support of Kubernetes {version} ended{since}: EKS would upgrade the cluster by itself. Ask for \
             a newer version, or set `upgrade_policy = \"extended\"` and pay for extended support.{newest}"
        );
        return error("The standard support of this Kubernetes version has ended", detail);
    }
    Diagnostics::default()
}

/// A warning when the support that `policy` counts on ends soon, or has ended.
pub(in crate::region_stack) fn remind(
    version: &str,
    policy: UpgradePolicy,
    support: Support,
    today: Date,
) -> Diagnostics {
    let (word, until) = match policy {
        UpgradePolicy::Standard => ("standard", support.standard_until),
        UpgradePolicy::Extended => ("extended", support.extended_until),
    };
    let Some(until) = until.filter(|until| until.days_after(today) <= DAYS_OF_WARNING) else {
        return Diagnostics::default();
    };
    let consequence = match policy {
        UpgradePolicy::Standard => {
            "From then on EKS upgrades the cluster by itself, or it costs more with `upgrade_policy = \"extended\"`"
        }
        UpgradePolicy::Extended => "From then on EKS upgrades the cluster by itself",
    };
    let days = until.days_after(today);
    let (summary, when) = match days {
        ..0 => {
            (format!("The {word} support of Kubernetes {version} has ended"), format!("It ended on {until}."))
        }
        0 => (format!("The {word} support of Kubernetes {version} ends today"), String::new()),
        _ => (
            format!("The {word} support of Kubernetes {version} ends soon"),
            format!("It ends on {until}, in {days} days."),
        ),
    };
    let detail = format!(
        "{when} {consequence}. Move on one minor version at a time: control plane, add-ons and nodes follow in one apply."
    );
    Diagnostic::warning(summary, detail.trim_start()).at(at("version")).into()
}

fn error(summary: &str, detail: String) -> Diagnostics {
    Diagnostic::error(summary, detail).at(at("version")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn offered() -> Vec<ClusterVersion> {
        let version = |version: &str, status: &str, standard: &str, extended: &str| ClusterVersion {
            version: version.to_owned(),
            status: status.to_owned(),
            is_default: false,
            standard_support_ends: Some(date(standard)),
            extended_support_ends: Some(date(extended)),
        };
        vec![
            version("1.35", "STANDARD_SUPPORT", "2027-03-27", "2028-03-27"),
            version("1.33", "EXTENDED_SUPPORT", "2026-07-29", "2027-07-29"),
            version("1.30", "UNSUPPORTED", "2025-07-23", "2026-07-23"),
        ]
    }

    fn told(found: &Diagnostics) -> String {
        found.iter().map(|one| format!("{}\n{}", one.summary, one.detail)).collect()
    }

    const TODAY: &str = "2026-11-23";

    #[test]
    fn a_version_that_is_not_offered_is_refused_with_those_that_are() {
        insta::assert_snapshot!(told(&judge("1.99", UpgradePolicy::Standard, &offered())), @r#"
        This Kubernetes version is not offered
        EKS does not know Kubernetes "1.99". It offers 1.35, 1.33.
        "#);
    }

    #[test]
    fn past_its_standard_support_a_version_needs_the_extended_policy() {
        insta::assert_snapshot!(told(&judge("1.33", UpgradePolicy::Standard, &offered())), @r#"
        The standard support of this Kubernetes version has ended
        The standard support of Kubernetes 1.33 ended on 2026-07-29: EKS would upgrade the cluster by itself. Ask for a newer version, or set `upgrade_policy = "extended"` and pay for extended support. The newest one is 1.35.
        "#);
        assert!(judge("1.33", UpgradePolicy::Extended, &offered()).is_empty());
        assert!(judge("1.30", UpgradePolicy::Extended, &offered()).has_errors());
        assert!(judge("1.35", UpgradePolicy::Standard, &offered()).is_empty());
    }

    #[test]
    fn the_end_of_support_is_told_sixty_days_before() {
        let support =
            Support { standard_until: Some(date("2027-01-22")), extended_until: Some(date("2028-01-22")) };
        let remind = |policy, today| remind("1.34", policy, support, date(today));
        assert!(remind(UpgradePolicy::Standard, "2026-11-22").is_empty());
        assert!(remind(UpgradePolicy::Extended, TODAY).is_empty());
        insta::assert_snapshot!(told(&remind(UpgradePolicy::Standard, TODAY)), @r#"
        The standard support of Kubernetes 1.34 ends soon
        It ends on 2027-01-22, in 60 days. From then on EKS upgrades the cluster by itself, or it costs more with `upgrade_policy = "extended"`. Move on one minor version at a time: control plane, add-ons and nodes follow in one apply.
        "#);
        assert!(told(&remind(UpgradePolicy::Extended, "2028-01-23")).contains("has ended"));
    }
}
