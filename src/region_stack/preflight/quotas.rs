//! Whether what is new stays within the account's quotas.

use super::at;
use aws_objects::lookup::Counted;
use tfplugin::{Diagnostic, Diagnostics, Path};

/// Something new that counts against a quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// What it counts as.
    pub(super) counted: Counted,
    /// How much of it is new.
    pub(super) more: usize,
}

/// What is known of a quota.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// How much there may be.
    pub(super) limit: f64,
    /// How much there is.
    pub(super) used: usize,
}

/// An error where `need` exceeds what `measure` leaves.
pub(super) fn judge(need: &Need, measure: Measure) -> Diagnostics {
    let total = measure.used + need.more;
    #[expect(
        clippy::cast_precision_loss,
        reason = "quotas are far below the numbers that a float cannot tell apart"
    )]
    if total as f64 <= measure.limit {
        return Diagnostics::default();
    }
    let (service, code) = need.counted.quota();
    let (what, path) = described(need.counted);
    let detail = format!(
        "{} {what} are in use in this region, this plan adds {}, and the quota is {}. Ask for more in Service Quotas \
         ({service}, {code}), or ask for less here.",
        measure.used, need.more, measure.limit
    );
    Diagnostic::error("A quota of the account would be exceeded", detail).at(path).into()
}

fn described(counted: Counted) -> (&'static str, Path) {
    match counted {
        Counted::Clusters => ("EKS clusters", Path::root("cluster")),
        Counted::ElasticIps => ("Elastic IP addresses", Path::root("network").attribute("nat")),
        Counted::Vpcs => ("VPCs", Path::root("network")),
        Counted::OnDemandVcpus => ("virtual processors of on-demand standard instances", at("node_groups")),
        Counted::SpotVcpus => ("virtual processors of spot standard instances", at("node_groups")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_exceed_a_quota_is_told_in_numbers() {
        let need = Need { counted: Counted::OnDemandVcpus, more: 6 };
        assert!(judge(&need, Measure { limit: 32.0, used: 26 }).is_empty());
        let found = judge(&need, Measure { limit: 32.0, used: 28 });
        let told: String = found.iter().map(|one| one.detail.clone()).collect();
        insta::assert_snapshot!(told, @"28 virtual processors of on-demand standard instances are in use in this region, this plan adds 6, and the quota is 32. Ask for more in Service Quotas (ec2, L-1216C47A), or ask for less here.");
    }
}
