//! What can be changed of a cluster, how, and what cannot.

use super::{
    Cluster,
    clusters::cluster,
    updates::{self, Updated},
};
use crate::{Aws, ec2::Subnet, faults};
use aws_sdk_eks::types::{
    AuthenticationMode, EncryptionConfig, LogSetup, LogType, Logging, Provider, SupportType, Update,
    UpdateAccessConfigRequest, UpgradePolicyRequest, VpcConfigRequest, builders::VpcConfigRequestBuilder,
};
use reconcile::{Changes, Fault, Id, Late, Object, Sort};

/// What an update can be about, in the order in which updates are made (aws-behaviours section 5.2).
const ORDER: [&str; 8] = [
    "version",
    "authentication",
    "secrets_key",
    "log_types",
    "upgrade_policy",
    "public_access_cidrs",
    "subnets",
    "deletion_protection",
];

/// The modes of authentication. A cluster goes up one at a time and never down.
const LADDER: [&str; 3] = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

/// All there are: what is not to be written has to be said as well.
const LOG_TYPES: [&str; 5] = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

impl Cluster {
    /// Begins the first update that `changes` ask for. EKS takes one sort of change at a time.
    pub(super) async fn begin_update(
        &self,
        aws: &Aws,
        before: &Cluster,
        changes: &Changes,
    ) -> Result<(), Fault> {
        let Some(field) = ORDER.into_iter().find(|field| changes.contains(field)) else { return Ok(()) };
        let begun = match self.send(aws, field, before).await {
            Err(fault) if faults::is_nothing_to_do(&fault) => None,
            // The answer to an earlier try may have been lost.
            Err(fault) if fault.sort == Sort::Refused && self.has_already(aws, field).await => None,
            answer => answer?,
        };
        updates::remember(aws, Updated::Cluster(self.name.clone()), begun.as_ref());
        Ok(())
    }

    async fn send(&self, aws: &Aws, field: &str, before: &Cluster) -> Result<Option<Update>, Fault> {
        let (eks, name) = (aws.eks(), &self.name);
        let config = eks.update_cluster_config().name(name);
        let call = match field {
            "version" => {
                let answer = eks.update_cluster_version().name(name).version(&self.version).send().await;
                return answer.map(|answer| answer.update).map_err(faults::of("UpdateClusterVersion"));
            }
            "secrets_key" => {
                let call = eks.associate_encryption_config().cluster_name(name);
                let answer = call.set_encryption_config(self.encryption()).send().await;
                return answer.map(|answer| answer.update).map_err(faults::of("AssociateEncryptionConfig"));
            }
            "authentication" => {
                let mode = next_rung(&before.authentication, &self.authentication);
                let mode = AuthenticationMode::from(mode);
                config.access_config(UpdateAccessConfigRequest::builder().authentication_mode(mode).build())
            }
            "log_types" => config.logging(self.logging()),
            "upgrade_policy" => config.upgrade_policy(self.support()),
            "public_access_cidrs" => config.resources_vpc_config(self.endpoint_access().build()),
            "subnets" => {
                let subnets = subnets_to_keep(&before.subnets, &self.subnets);
                let subnets = subnets.iter().map(|subnet| subnet.known().as_str().to_owned()).collect();
                let network = VpcConfigRequest::builder().set_subnet_ids(Some(subnets)).build();
                config.resources_vpc_config(network)
            }
            _ => config.deletion_protection(self.deletion_protection),
        };
        let answer = call.send().await.map_err(faults::of("UpdateClusterConfig"))?;
        Ok(answer.update)
    }

    /// Whether the cluster reads back as asked by now, as far as `field` goes.
    async fn has_already(&self, aws: &Aws, field: &str) -> bool {
        let Ok(Some(found)) = cluster(aws, &self.name).await else { return false };
        let mut seen = super::cluster::observed(&found).spec;
        Cluster::align(&mut seen, self);
        let part = |cluster: &Cluster| serde_json::to_value(cluster).ok()?.get(field).cloned();
        part(&seen) == part(self)
    }

    /// The private endpoint is on, and the public one is if anybody may reach it. Both are always sent.
    pub(super) fn endpoint_access(&self) -> VpcConfigRequestBuilder {
        let is_public = !self.public_access_cidrs.is_empty();
        let access =
            VpcConfigRequest::builder().endpoint_private_access(true).endpoint_public_access(is_public);
        access.set_public_access_cidrs(is_public.then(|| self.public_access_cidrs.clone()))
    }

    #[expect(deprecated, reason = "EKS encrypts everything by now and still wants to be told what")]
    pub(super) fn encryption(&self) -> Option<Vec<EncryptionConfig>> {
        let provider = Provider::builder().key_arn(self.secrets_key.as_ref()?.known()).build();
        Some(vec![EncryptionConfig::builder().resources("secrets").provider(provider).build()])
    }

    /// What is written and what is not are two setups.
    pub(super) fn logging(&self) -> Logging {
        let (on, off): (Vec<&str>, Vec<&str>) =
            LOG_TYPES.into_iter().partition(|kind| self.log_types.iter().any(|asked| asked == kind));
        let setups = [(true, on), (false, off)].into_iter().filter(|(_, types)| !types.is_empty());
        let setup = |(enabled, types): (bool, Vec<&str>)| {
            let types = types.into_iter().map(LogType::from).collect();
            LogSetup::builder().enabled(enabled).set_types(Some(types)).build()
        };
        Logging::builder().set_cluster_logging(Some(setups.map(setup).collect())).build()
    }

    pub(super) fn support(&self) -> UpgradePolicyRequest {
        let support = SupportType::from(self.upgrade_policy.as_str());
        UpgradePolicyRequest::builder().support_type(support).build()
    }
}

/// The subnets that the control plane can be told to have: it stays in the zones that it was made in, so that only its own
/// can be among them.
fn subnets_to_keep(own: &[Late<Id<Subnet>>], wanted: &[Late<Id<Subnet>>]) -> Vec<Late<Id<Subnet>>> {
    let kept: Vec<_> = wanted.iter().filter(|subnet| own.contains(subnet)).cloned().collect();
    // It needs two, and EKS says what is wrong with others.
    if kept.len() < 2 { wanted.to_vec() } else { kept }
}

/// Makes `observed` read like `wanted` where a network only got more zones: the control plane is not in those.
pub(super) fn align_subnets(observed: &mut Vec<Late<Id<Subnet>>>, wanted: &[Late<Id<Subnet>>]) {
    if !observed.is_empty() && observed.iter().all(|subnet| wanted.contains(subnet)) {
        *observed = wanted.to_vec();
    }
}

/// The mode to go to next on the way to `wanted`.
fn next_rung<'a>(before: &str, wanted: &'a str) -> &'a str {
    match (before, wanted) {
        ("CONFIG_MAP", "API") => LADDER[1],
        _ => wanted,
    }
}

/// Why `wanted` cannot be made of `observed`, and what to do instead.
pub(super) fn refusal(observed: &Cluster, wanted: &Cluster) -> Option<String> {
    version_refusal(&observed.version, &wanted.version)
        .or_else(|| key_refusal(observed.secrets_key.as_ref(), wanted.secrets_key.as_ref()))
        .or_else(|| mode_refusal(&observed.authentication, &wanted.authentication))
}

fn version_refusal(from: &str, to: &str) -> Option<String> {
    let ((major, minor), (to_major, to_minor)) = (numbers(from)?, numbers(to)?);
    if (to_major, to_minor) < (major, minor) {
        return Some(format!("Kubernetes {from} cannot go back to {to}. Ask for {from} or later."));
    }
    let is_next = to_major == major && to_minor <= minor + 1;
    (!is_next).then(|| {
        let next = format!("{major}.{}", minor + 1);
        format!("Kubernetes goes up one minor version at a time. Update to {next} first, then to {to}.")
    })
}

fn numbers(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// A key can be given to a cluster without one, once and for ever. Where none is asked for, none is managed.
fn key_refusal(before: Option<&Late<String>>, wanted: Option<&Late<String>>) -> Option<String> {
    let (before, wanted) = (before?, wanted?);
    (before != wanted).then(|| {
        let key = before.if_known().map_or("a key", String::as_str);
        format!("The cluster's secrets are encrypted with {key} for ever. Ask for this key, or make another cluster.")
    })
}

fn mode_refusal(from: &str, to: &str) -> Option<String> {
    let rung = |mode: &str| LADDER.iter().position(|rung| *rung == mode);
    (rung(to)? < rung(from)?)
        .then(|| format!("Authentication by {from} cannot go back to {to}. Ask for {from}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnets(ids: &[&str]) -> Vec<Late<Id<Subnet>>> {
        ids.iter().map(|id| Late::Known(Id::new(*id))).collect()
    }

    #[test]
    fn a_control_plane_stays_in_the_zones_it_was_made_in() {
        let mut seen = subnets(&["a", "b"]);
        align_subnets(&mut seen, &subnets(&["a", "b", "c"]));
        assert_eq!(seen, subnets(&["a", "b", "c"]), "a new zone is none of its");
        let mut seen = subnets(&["a", "b", "c"]);
        align_subnets(&mut seen, &subnets(&["a", "b"]));
        assert_eq!(seen, subnets(&["a", "b", "c"]), "it has to leave one");
        assert_eq!(
            subnets_to_keep(&subnets(&["a", "b", "c"]), &subnets(&["b", "c", "d"])),
            subnets(&["b", "c"])
        );
    }

    #[test]
    fn a_version_goes_up_one_minor_at_a_time() {
        assert_eq!(version_refusal("1.33", "1.33"), None);
        assert_eq!(version_refusal("1.33", "1.34"), None);
        assert_eq!(
            version_refusal("1.32", "1.34").as_deref(),
            Some("Kubernetes goes up one minor version at a time. Update to 1.33 first, then to 1.34.")
        );
        assert_eq!(
            version_refusal("1.34", "1.33").as_deref(),
            Some("Kubernetes 1.34 cannot go back to 1.33. Ask for 1.34 or later.")
        );
        assert_eq!(version_refusal("1.9", "1.10"), None);
    }

    #[test]
    fn a_key_is_given_once() {
        let (one, other) = (Late::from("arn:1"), Late::from("arn:2"));
        assert_eq!(key_refusal(None, Some(&one)), None);
        assert_eq!(key_refusal(Some(&one), Some(&one)), None);
        assert_eq!(key_refusal(Some(&one), None), None);
        assert!(key_refusal(Some(&one), Some(&other)).unwrap().contains("arn:1"));
    }

    #[test]
    fn authentication_goes_up_one_rung_at_a_time() {
        assert_eq!(next_rung("CONFIG_MAP", "API"), "API_AND_CONFIG_MAP");
        assert_eq!(next_rung("API_AND_CONFIG_MAP", "API"), "API");
        assert_eq!(mode_refusal("CONFIG_MAP", "API"), None);
        assert!(mode_refusal("API", "API_AND_CONFIG_MAP").is_some());
    }
}
