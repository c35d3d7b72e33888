//! Launch templates.

use super::{
    described::{self, filter, made, read_tags, tagged, text},
    launch_template_data::{self, ASKED},
};
use crate::{Aws, faults, sets::in_order_of};
use aws_sdk_ec2::types::{self, Filter, LaunchTemplateVersion, ResourceType};
use futures::future::try_join_all;
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What instances are made from.
///
/// A version of it never changes: each change makes another, which becomes the default one. Old ones stay, for instances
/// may still be made from them; EC2 keeps up to 10,000.
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
        let found = templates(aws, ids).await?;
        match depth {
            Depth::Surface => Ok(found.iter().map(surface).collect()),
            Depth::Whole => whole(aws, &found).await,
        }
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let filters = tags.iter().map(|(key, value)| filter(&format!("tag:{key}"), vec![value.clone()]));
        whole(aws, &matching(aws, filters.collect()).await?).await
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        let named = matching(aws, vec![filter("launch-template-name", vec![self.name.clone()])]).await?;
        Ok(whole(aws, &named).await?.pop())
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().create_launch_template().launch_template_name(&self.name);
        let call = call.launch_template_data(self.data()).client_token(&birth.token);
        let call = call.tag_specifications(tagged(ResourceType::LaunchTemplate, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateLaunchTemplate"))?;
        made(
            "CreateLaunchTemplate",
            answer.launch_template().and_then(|template| template.launch_template_id()),
        )
    }

    /// Makes another version, whole, and the default one.
    async fn update(
        &self,
        aws: &Aws,
        id: &Id<Self>,
        _before: &Self,
        _changes: &Changes,
    ) -> Result<(), Fault> {
        let call = aws.ec2().create_launch_template_version().launch_template_id(id.as_str());
        let answer = call.launch_template_data(self.data()).send().await;
        let answer = answer.map_err(faults::of_dependent("CreateLaunchTemplateVersion"))?;
        let version = answer.launch_template_version().and_then(LaunchTemplateVersion::version_number);
        let version = version.ok_or_else(|| faults::unreadable("CreateLaunchTemplateVersion", "version"))?;
        let call = aws.ec2().modify_launch_template().launch_template_id(id.as_str());
        let answer = call.default_version(version.to_string()).send().await;
        answer.map(drop).map_err(faults::of_dependent("ModifyLaunchTemplate"))
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.ec2().delete_launch_template().launch_template_id(id.as_str());
        call.send().await.map(drop).map_err(faults::of("DeleteLaunchTemplate"))
    }

    /// A key where none is asked for is shown with the disks: a field that is not asked for would count as not managed.
    fn align(observed: &mut Self, wanted: &Self) {
        if let (Some(key), None) = (observed.disk_key.as_ref().and_then(Late::if_known), &wanted.disk_key) {
            observed.disks.iter_mut().for_each(|disk| disk.device += &format!(" (encrypted with {key})"));
        }
        in_order_of(&mut observed.disks, &wanted.disks);
    }
}

/// The templates of `ids`, in one call. There is no filter for ids, and one absent id fails the whole call: then each is
/// asked for by itself.
async fn templates(aws: &Aws, ids: &[Id<LaunchTemplate>]) -> Result<Vec<types::LaunchTemplate>, Fault> {
    let together = try_join_all(ids.chunks(IDS_AT_ONCE).map(|ids| described(aws, ids))).await;
    let found = match together {
        Err(fault) if fault.sort == Sort::NotFound && ids.len() > 1 => {
            let each =
                ids.iter().map(|id| async move { absent(described(aws, std::slice::from_ref(id)).await) });
            try_join_all(each).await?
        }
        Err(fault) if fault.sort == Sort::NotFound => Vec::new(),
        found => found?,
    };
    Ok(found.into_iter().flatten().collect())
}

/// The most ids that one call takes.
const IDS_AT_ONCE: usize = 200;

fn absent<T>(found: Result<Vec<T>, Fault>) -> Result<Vec<T>, Fault> {
    match found {
        Err(fault) if fault.sort == Sort::NotFound => Ok(Vec::new()),
        found => found,
    }
}

async fn described(aws: &Aws, ids: &[Id<LaunchTemplate>]) -> Result<Vec<types::LaunchTemplate>, Fault> {
    let ids = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let call = aws.ec2().describe_launch_templates().set_launch_template_ids(Some(ids));
    let pages = call.into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeLaunchTemplates"))
}

async fn matching(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<types::LaunchTemplate>, Fault> {
    let call = aws.ec2().describe_launch_templates().set_filters(Some(filters));
    let pages = call.into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeLaunchTemplates"))
}

async fn whole(aws: &Aws, found: &[types::LaunchTemplate]) -> Result<Vec<Observed<LaunchTemplate>>, Fault> {
    let each = try_join_all(found.iter().map(|template| with_data(aws, template))).await?;
    Ok(each.into_iter().flatten().collect())
}

async fn with_data(
    aws: &Aws,
    template: &types::LaunchTemplate,
) -> Result<Option<Observed<LaunchTemplate>>, Fault> {
    let call = aws.ec2().describe_launch_template_versions().versions("$Latest");
    let call = call.launch_template_id(template.launch_template_id().unwrap_or_default());
    let answer = match call.send().await.map_err(faults::of("DescribeLaunchTemplateVersions")) {
        Err(fault) if fault.sort == Sort::NotFound => return Ok(None),
        answer => answer?,
    };
    let Some(latest) = answer.launch_template_versions().first() else { return Ok(None) };
    let mut seen = surface(template);
    if let Some(data) = latest.launch_template_data() {
        launch_template_data::read(data, &mut seen.spec);
    }
    // Of two answers the one that also says what is in the version counts.
    seen.outputs.insert("latest_version", number(latest.version_number()).into());
    seen.unread = &[];
    Ok(Some(seen))
}

/// What a description shows: which versions there are, and not what is in them.
fn surface(template: &types::LaunchTemplate) -> Observed<LaunchTemplate> {
    Observed {
        id: Id::new(text(template.launch_template_id())),
        spec: LaunchTemplate {
            name: text(template.launch_template_name()),
            metadata_hop_limit: 0,
            disks: Vec::new(),
            disk_key: None,
            instance_tags: BTreeMap::new(),
        },
        outputs: BTreeMap::from([("latest_version", number(template.latest_version_number()).into())]),
        settling: Settling::Settled,
        tags: read_tags(template.tags()),
        unread: ASKED,
    }
}

fn number(version: Option<i64>) -> String {
    version.map(|version| version.to_string()).unwrap_or_default()
}
