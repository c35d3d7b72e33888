//! What is in a version of a launch template.

use super::{Disk, LaunchTemplate};
use aws_sdk_ec2::types::{
    LaunchTemplateBlockDeviceMapping, LaunchTemplateBlockDeviceMappingRequest,
    LaunchTemplateEbsBlockDeviceRequest, LaunchTemplateHttpTokensState,
    LaunchTemplateInstanceMetadataEndpointState, LaunchTemplateInstanceMetadataOptionsRequest,
    LaunchTemplateTagSpecificationRequest, RequestLaunchTemplateData, ResourceType,
    ResponseLaunchTemplateData, Tag, VolumeType,
};
use reconcile::Late;
use std::collections::{BTreeMap, BTreeSet};

/// The fields that are in a version.
pub(super) const ASKED: &[&str] = &["metadata_hop_limit", "disks", "disk_key", "instance_tags"];

/// What an instance comes with and what its tags are put on.
const TAGGED: [ResourceType; 3] =
    [ResourceType::Instance, ResourceType::Volume, ResourceType::NetworkInterface];

impl LaunchTemplate {
    /// A version, whole.
    pub(super) fn data(&self) -> RequestLaunchTemplateData {
        let metadata = LaunchTemplateInstanceMetadataOptionsRequest::builder()
            .http_endpoint(LaunchTemplateInstanceMetadataEndpointState::Enabled)
            .http_tokens(LaunchTemplateHttpTokensState::Required)
            .http_put_response_hop_limit(self.metadata_hop_limit);
        let disks = self.disks.iter().map(|disk| self.disk(disk)).collect();
        RequestLaunchTemplateData::builder()
            .metadata_options(metadata.build())
            .set_block_device_mappings(Some(disks))
            .set_tag_specifications(self.tag_specifications())
            .build()
    }

    fn disk(&self, disk: &Disk) -> LaunchTemplateBlockDeviceMappingRequest {
        let volume = LaunchTemplateEbsBlockDeviceRequest::builder()
            .volume_type(VolumeType::Gp3)
            .volume_size(disk.gib)
            .encrypted(true)
            .set_kms_key_id(self.disk_key.as_ref().map(|key| key.known().clone()))
            .delete_on_termination(true);
        LaunchTemplateBlockDeviceMappingRequest::builder()
            .device_name(&disk.device)
            .ebs(volume.build())
            .build()
    }

    fn tag_specifications(&self) -> Option<Vec<LaunchTemplateTagSpecificationRequest>> {
        let tags: Vec<Tag> = self
            .instance_tags
            .iter()
            .map(|(key, value)| Tag::builder().key(key).value(value).build())
            .collect();
        let of = |kind| {
            LaunchTemplateTagSpecificationRequest::builder()
                .resource_type(kind)
                .set_tags(Some(tags.clone()))
                .build()
        };
        (!tags.is_empty()).then(|| TAGGED.into_iter().map(of).collect())
    }
}

/// Puts what is in `data` into `spec`. What is otherwise than we ever ask for shows with the disks, so that it makes a
/// difference.
pub(super) fn read(data: &ResponseLaunchTemplateData, spec: &mut LaunchTemplate) {
    let metadata = data.metadata_options();
    let is_by_token = metadata.and_then(|metadata| metadata.http_tokens())
        == Some(&LaunchTemplateHttpTokensState::Required);
    let hops = metadata.and_then(|metadata| metadata.http_put_response_hop_limit()).unwrap_or(1);
    // Whoever may ask without a token asks by version 1 of the protocol, which no hop limit makes safe.
    spec.metadata_hop_limit = if is_by_token { hops } else { 0 };
    spec.disks = data.block_device_mappings().iter().map(disk).collect();
    let foreign = foreign_parts(data);
    if !foreign.is_empty() {
        spec.disks.push(Disk { device: format!("(and {})", foreign.join(", ")), gib: 0 });
    }
    let volumes = data.block_device_mappings().iter().filter_map(LaunchTemplateBlockDeviceMapping::ebs);
    let keys: BTreeSet<&str> = volumes.filter_map(|volume| volume.kms_key_id()).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    spec.disk_key = Some(keys.join(",")).filter(|keys| !keys.is_empty()).map(Late::Known);
    spec.instance_tags = common_tags(data);
}

fn disk(mapping: &LaunchTemplateBlockDeviceMapping) -> Disk {
    let device = mapping.device_name().unwrap_or_default();
    let Some(volume) = mapping.ebs() else {
        return Disk { device: format!("{device} (no volume)"), gib: 0 };
    };
    let mut odd = Vec::new();
    if volume.volume_type() != Some(&VolumeType::Gp3) {
        odd.push(volume.volume_type().map_or("of no type", VolumeType::as_str));
    }
    if volume.encrypted() != Some(true) {
        odd.push("not encrypted");
    }
    if volume.delete_on_termination() != Some(true) {
        odd.push("kept");
    }
    let device = if odd.is_empty() { device.to_owned() } else { format!("{device} ({})", odd.join(", ")) };
    Disk { device, gib: volume.volume_size().unwrap_or_default() }
}

/// What others have put into a version and EKS or we choose elsewhere.
fn foreign_parts(data: &ResponseLaunchTemplateData) -> Vec<&'static str> {
    [
        ("an image", data.image_id().is_some()),
        ("user data", data.user_data().is_some_and(|text| !text.is_empty())),
        ("an instance type", data.instance_type().is_some()),
        ("instance requirements", data.instance_requirements().is_some()),
        ("a key pair", data.key_name().is_some()),
        ("an instance profile", data.iam_instance_profile().is_some()),
        ("network interfaces", !data.network_interfaces().is_empty()),
        ("security groups", !data.security_group_ids().is_empty() || !data.security_groups().is_empty()),
        ("market options", data.instance_market_options().is_some()),
    ]
    .into_iter()
    .filter_map(|(part, is_there)| is_there.then_some(part))
    .collect()
}

/// The tags that an instance and all that comes with it have.
fn common_tags(data: &ResponseLaunchTemplateData) -> BTreeMap<String, String> {
    let of = |kind: &ResourceType| -> BTreeMap<String, String> {
        let specifications = data.tag_specifications().iter().filter(|one| one.resource_type() == Some(kind));
        let tags = specifications.flat_map(|one| one.tags());
        let pairs = tags.filter_map(|tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned())));
        pairs.filter(|(key, _)| !key.starts_with("aws:")).collect()
    };
    let [mut common, volume, interface] = TAGGED.map(|kind| of(&kind));
    common.retain(|key, value| volume.get(key) == Some(value) && interface.get(key) == Some(value));
    common
}
