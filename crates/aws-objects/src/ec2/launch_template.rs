//! Launch templates.

use crate::Aws;
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What instances are made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaunchTemplate {
    /// Its name, unique in the account and region.
    pub name: String,
    /// How many network hops away an instance's metadata can be asked for; version 2 of the protocol only.
    pub metadata_hop_limit: i32,
    /// Its disks: gp3, encrypted, gone with the instance.
    pub disks: Vec<Disk>,
    /// The ARN of the key of its disks; EBS's own key where there is none.
    pub disk_key: Option<Late<String>>,
    /// Tags of the instances, and of their volumes and interfaces.
    pub instance_tags: BTreeMap<String, String>,
}

/// A disk of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Its name to the image, such as `/dev/xvda`.
    pub device: String,
    /// Its size.
    pub gib: i32,
}

impl LaunchTemplate {
    /// Its newest version, a number as text.
    pub const LATEST_VERSION: Output<LaunchTemplate, String> = Output::named("latest_version");
}

impl Object for LaunchTemplate {
    type Cloud = Aws;
    const KIND: &'static str = "launch_template";
    const SERVICE: &'static str = "ec2";
    const OUTPUTS: &'static [&'static str] = &["latest_version"];
    const REPLACED_BY: &'static [&'static str] = &["name"];
    const RENEWED_OUTPUTS: &'static [&'static str] = &["latest_version"];
    const PACE: Pace = Pace::seconds(2, 120, 120);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let _ = (aws, ids, depth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let _ = (aws, birth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let _ = (aws, id);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }
}
