//! Log groups.

use crate::{Aws, eks::Leftovers, faults, tags};
use aws_sdk_cloudwatchlogs::types;
use futures::future::try_join_all;
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Logs searches for no shorter part of a name.
const SHORTEST_PATTERN: usize = 3;

/// A log group. Its id is its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogGroup {
    /// Its name, unique in the account and region.
    pub name: String,
    /// How long it keeps what it is told; 0 is for ever.
    pub retention_days: i32,
    /// The ARN of the key that it is encrypted with.
    pub kms_key_arn: Option<Late<String>>,
    /// The sweep that finds it again when a control plane writes its last lines late. Only gives the order.
    pub leftovers: Option<Late<Id<Leftovers>>>,
}

impl LogGroup {
    /// Its ARN, without the `:*` that means everything in it.
    pub const ARN: Output<LogGroup, String> = Output::named("arn");
}

impl Object for LogGroup {
    type Cloud = Aws;
    const KIND: &'static str = "log_group";
    const SERVICE: &'static str = "logs";
    const REPLACED_BY: &'static [&'static str] = &["name"];
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const ONLY_ORDERS: &'static [&'static str] = &["leftovers"];
    const PACE: Pace = Pace::AT_ONCE;

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let names: Vec<&str> = ids.iter().map(Id::as_str).collect();
        let mut groups = groups(aws, &names).await?;
        if depth == Depth::Whole {
            let tags = try_join_all(groups.iter().map(|group| tags_of(aws, group.id.as_str()))).await?;
            for (group, tags) in groups.iter_mut().zip(tags) {
                group.tags = tags;
            }
            groups.retain(|group| group.tags.is_some());
        }
        Ok(groups)
    }

    /// Logs cannot search by tag: only groups that have our name in theirs are looked at.
    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let Some(name) = tags::name_searched_for(wanted) else { return Ok(Vec::new()) };
        let pattern = Some(name.to_owned()).filter(|name| name.len() >= SHORTEST_PATTERN);
        let call = aws.logs().describe_log_groups().set_log_group_name_pattern(pattern);
        let pages = call.into_paginator().items().send();
        let groups = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeLogGroups"))?;
        let names = groups.iter().filter_map(|group| group.log_group_name());
        let ours = names.filter(|group| group.split('/').any(|part| part == name));
        let ids: Vec<Id<Self>> = ours.map(Id::new).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = Self::read(aws, &ids, Depth::Whole).await?;
        let is_tagged =
            |group: &Observed<Self>| group.tags.as_ref().is_some_and(|on| tags::carry(on, wanted));
        Ok(found.into_iter().filter(is_tagged).collect())
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        Ok(Self::read(aws, &[Id::new(&self.name)], Depth::Whole).await?.pop())
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.logs().create_log_group().log_group_name(&self.name);
        let call = call.set_kms_key_id(self.kms_key_arn.as_ref().map(|arn| arn.known().clone()));
        let call = call.set_tags(Some(written(&birth.tags)));
        call.send().await.map_err(faults::of_dependent("CreateLogGroup"))?;
        Ok(Id::new(&self.name))
    }

    async fn update(
        &self,
        aws: &Aws,
        _id: &Id<Self>,
        _before: &Self,
        changes: &Changes,
    ) -> Result<(), Fault> {
        let (logs, name) = (aws.logs(), &self.name);
        if changes.contains("retention_days") && self.retention_days > 0 {
            let call =
                logs.put_retention_policy().log_group_name(name).retention_in_days(self.retention_days);
            call.send().await.map_err(faults::of_dependent("PutRetentionPolicy"))?;
        }
        if changes.contains("retention_days") && self.retention_days == 0 {
            let call = logs.delete_retention_policy().log_group_name(name);
            match call.send().await.map_err(faults::of("DeleteRetentionPolicy")) {
                Err(fault) if fault.sort != Sort::NotFound => return Err(fault),
                _ => {}
            }
        }
        if let Some(key) = self.kms_key_arn.as_ref().filter(|_| changes.contains("kms_key_arn")) {
            let call = logs.associate_kms_key().log_group_name(name).kms_key_id(key.known());
            call.send().await.map_err(faults::of_dependent("AssociateKmsKey"))?;
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        let (arn, put, remove) = (arn(aws, id.as_str()), written(put), tags::removable(remove));
        if !put.is_empty() {
            let call = aws.logs().tag_resource().resource_arn(&arn).set_tags(Some(put));
            call.send().await.map_err(faults::of_dependent("TagResource"))?;
        }
        if !remove.is_empty() {
            let call = aws.logs().untag_resource().resource_arn(&arn).set_tag_keys(Some(remove));
            call.send().await.map_err(faults::of_dependent("UntagResource"))?;
        }
        Ok(())
    }

    /// A service of AWS that still writes when its log group is deleted makes it again, without tags and for ever.
    fn is_stray(observed: &Self) -> bool {
        observed.name.starts_with("/aws/") && observed.retention_days == 0 && observed.kms_key_arn.is_none()
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.logs().delete_log_group().log_group_name(id.as_str());
        call.send().await.map(drop).map_err(faults::of("DeleteLogGroup"))
    }

    fn align(observed: &mut Self, wanted: &Self) {
        observed.leftovers.clone_from(&wanted.leftovers);
    }
}

fn arn(aws: &Aws, name: &str) -> String {
    aws.arn("logs", &format!("log-group:{name}"))
}

/// The groups of exactly these names. Logs only searches by the beginning of a name, so what all have in common is
/// searched for and the rest thrown away.
async fn groups(aws: &Aws, names: &[&str]) -> Result<Vec<Observed<LogGroup>>, Fault> {
    let call = aws.logs().describe_log_groups().set_log_group_name_prefix(common_beginning(names));
    let pages = call.into_paginator().items().send();
    let groups = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeLogGroups"))?;
    let asked =
        groups.iter().filter(|group| group.log_group_name().is_some_and(|name| names.contains(&name)));
    Ok(asked.map(|group| seen(aws, group)).collect())
}

fn common_beginning(names: &[&str]) -> Option<String> {
    let (first, others) = names.split_first()?;
    let is_common = |end: &usize| others.iter().all(|name| name.starts_with(&first[..*end]));
    let longest = (0..=first.len()).rev().filter(|end| first.is_char_boundary(*end)).find(is_common)?;
    (longest > 0).then(|| first[..longest].to_owned())
}

fn seen(aws: &Aws, group: &types::LogGroup) -> Observed<LogGroup> {
    let name = group.log_group_name().unwrap_or_default();
    Observed {
        id: Id::new(name),
        spec: LogGroup {
            name: name.to_owned(),
            retention_days: group.retention_in_days().unwrap_or_default(),
            kms_key_arn: group.kms_key_id().map(Late::from),
            leftovers: None,
        },
        outputs: BTreeMap::from([(
            "arn",
            group.arn().map_or_else(|| arn(aws, name), |arn| arn.trim_end_matches(":*").to_owned()).into(),
        )]),
        settling: Settling::Settled,
        tags: None,
        unread: &[],
    }
}

/// The tags of a group; `None` when it is gone.
async fn tags_of(aws: &Aws, name: &str) -> Result<Option<Tags>, Fault> {
    let answer = aws.logs().list_tags_for_resource().resource_arn(arn(aws, name)).send().await;
    match answer.map_err(faults::of("ListTagsForResource")) {
        Ok(answer) => Ok(Some(answer.tags.unwrap_or_default().into_iter().collect())),
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn written(put: &Tags) -> HashMap<String, String> {
    tags::writable(put).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_groups_are_searched_for_by_what_their_names_begin_with() {
        assert_eq!(common_beginning(&["/luneo/a/flow", "/luneo/b/flow"]).as_deref(), Some("/luneo/"));
        assert_eq!(common_beginning(&["/luneo/a"]).as_deref(), Some("/luneo/a"));
        assert_eq!(common_beginning(&["a", "b"]), None);
    }
}
