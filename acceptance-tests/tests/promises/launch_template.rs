//! The promises of launch templates.

use super::{keeps_its_promises, kms, site::Site};
use aws_objects::ec2::{Disk, LaunchTemplate};
use reconcile::{Depth, Id, Late, Object};
use std::collections::BTreeMap;

fn disk(device: &str, gib: i32) -> Disk {
    Disk { device: device.to_owned(), gib }
}

fn template(name: &str) -> LaunchTemplate {
    LaunchTemplate {
        name: name.to_owned(),
        metadata_hop_limit: 1,
        disks: vec![disk("/dev/xvda", 4), disk("/dev/xvdb", 50)],
        disk_key: None,
        instance_tags: BTreeMap::from([("Name".to_owned(), "node".to_owned())]),
    }
}

#[tokio::test]
async fn launch_template() {
    let site = Site::open().await;
    let key = site.with(kms::key(site.aws())).await;
    let wanted = LaunchTemplate { disk_key: Some(site.output(&key, "arn").await), ..template("promises") };
    let changed = LaunchTemplate {
        metadata_hop_limit: 2,
        disks: vec![disk("/dev/xvda", 30)],
        instance_tags: BTreeMap::from([("team".to_owned(), "sky+sea".to_owned())]),
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn each_change_of_a_launch_template_is_another_version() {
    let site = Site::open().await;
    let first = template("promises-versions");
    let id = super::make(site.aws(), &first, &site.birth()).await;
    let version = || async {
        let seen = super::read(site.aws(), &id, Depth::Surface).await.expect("it is there");
        seen.outputs["latest_version"].as_str().map(str::to_owned)
    };
    assert_eq!(version().await.as_deref(), Some("1"));
    super::bring(site.aws(), &id, &LaunchTemplate { metadata_hop_limit: 2, ..first.clone() }).await;
    assert_eq!(version().await.as_deref(), Some("2"));
    super::delete(site.aws(), &id, &first).await;
    site.clear().await;
}

/// What instances of the newest version would be, for whoever looks at the template.
async fn shown(site: &Site, id: &Id<LaunchTemplate>, wanted: &LaunchTemplate) -> LaunchTemplate {
    let mut seen = super::read(site.aws(), id, Depth::Whole).await.expect("it is there").spec;
    LaunchTemplate::align(&mut seen, wanted);
    seen
}

#[tokio::test]
async fn what_somebody_else_made_less_safe_shows_and_is_put_right() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let wanted = template("promises-unsafe");
    let id = super::make(site.aws(), &wanted, &site.birth()).await;
    let disk = serde_json::json!({ "VolumeType": "gp2", "VolumeSize": 50, "KmsKeyId": "alias/theirs" });
    let wish = serde_json::json!({ "LaunchTemplateId": id.as_str(), "LaunchTemplateData": {
        "UserData": "aGVsbG8=",
        "MetadataOptions": { "HttpTokens": "optional", "HttpPutResponseHopLimit": 1 },
        "BlockDeviceMappings": [{ "DeviceName": "/dev/xvda", "Ebs": disk }],
    } });
    account.world("ec2", "CreateLaunchTemplateVersion", "eu-west-1", wish).unwrap();

    let seen = shown(&site, &id, &wanted).await;
    assert_eq!(seen.metadata_hop_limit, 0, "no hop limit makes version 1 of the protocol safe");
    let disks: Vec<&str> = seen.disks.iter().map(|disk| disk.device.as_str()).collect();
    assert!(disks[0].starts_with("/dev/xvda (gp2, not encrypted, kept) (encrypted with "), "{disks:?}");
    assert!(disks[1].starts_with("(and user data)"), "{disks:?}");
    assert!(seen.instance_tags.is_empty());

    super::bring(site.aws(), &id, &wanted).await;
    assert_eq!(shown(&site, &id, &wanted).await, wanted);
    super::delete(site.aws(), &id, &wanted).await;
    site.clear().await;
}

/// A key that is asked for by another name than an ARN would never read back.
#[tokio::test]
async fn a_key_that_is_no_longer_asked_for_shows() {
    let site = Site::open().await;
    let key = site.with(kms::key(site.aws())).await;
    let arn: Late<String> = site.output(&key, "arn").await;
    let with_key = LaunchTemplate { disk_key: Some(arn), ..template("promises-key") };
    let id = super::make(site.aws(), &with_key, &site.birth()).await;
    let without = LaunchTemplate { disk_key: None, ..with_key.clone() };
    assert!(!super::differences(&shown(&site, &id, &without).await, &without).0.is_empty());
    super::bring(site.aws(), &id, &without).await;
    assert_eq!(shown(&site, &id, &without).await, without);
    super::delete(site.aws(), &id, &without).await;
    site.clear().await;
}
