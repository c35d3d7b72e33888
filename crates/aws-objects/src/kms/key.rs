//! Keys, with their alias.

use crate::{Aws, faults, policy, tags};
use aws_sdk_kms::types::{AliasListEntry, KeyMetadata, KeyState, Tag};
use futures::{
    StreamExt, TryStreamExt,
    future::{try_join, try_join_all, try_join4},
    stream,
};
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A symmetric key of one region and the alias by which it is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// What it is called: `alias/...`. Several aliases of one key are read as one text, with commas.
    pub alias: String,
    /// What it is for.
    pub description: String,
    /// Who may use it: a policy in JSON.
    pub policy: Late<String>,
    /// Whether AWS renews its material each year.
    pub rotation: bool,
    /// How long it can still be saved after it was deleted: 7 to 30. KMS does not keep this, it is said on deletion.
    pub deletion_window_days: i32,
}

impl Key {
    /// Its ARN.
    pub const ARN: Output<Key, String> = Output::named("arn");
}

impl Object for Key {
    type Cloud = Aws;
    const KIND: &'static str = "key";
    const SERVICE: &'static str = "kms";
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const STATEFUL: bool = true;
    const PACE: Pace = Pace::seconds(2, 600, 1_200);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let each = try_join_all(ids.iter().map(|id| one(aws, id.as_str(), depth))).await?;
        Ok(each.into_iter().flatten().filter(|key| ids.contains(&key.id)).collect())
    }

    /// KMS cannot search by tag. Keys that already have their alias are found by it; here are those that never got one,
    /// because whoever made them was stopped. KMS's own keys all have one.
    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let (keys, aliases) = try_join(all_keys(aws), aliases(aws, None)).await?;
        let ours = tags::name_searched_for(wanted).map(|name| format!("alias/{name}-"));
        let is_foreign = |alias: &&AliasListEntry| {
            let name = alias.alias_name().unwrap_or_default();
            !ours.as_ref().is_some_and(|ours| name.starts_with(ours.as_str()))
        };
        let foreign: BTreeSet<&str> =
            aliases.iter().filter(is_foreign).filter_map(AliasListEntry::target_key_id).collect();
        let perhaps_ours = keys.iter().filter(|id| !foreign.contains(id.as_str()));
        let asked: Vec<_> = perhaps_ours.map(|id| is_tagged(aws, id, wanted)).collect();
        let ours: Vec<Option<Id<Key>>> =
            stream::iter(asked).buffer_unordered(READS_AT_ONCE).try_collect().await?;
        Self::read(aws, &ours.into_iter().flatten().collect::<Vec<_>>(), Depth::Whole).await
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        one(aws, &self.alias, Depth::Whole).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.kms().create_key().policy(self.policy.known()).description(&self.description);
        let answer = call.set_tags(Some(written("CreateKey", &birth.tags)?)).send().await;
        let answer = answer.map_err(faults::of_dependent("CreateKey"))?;
        let id = answer.key_metadata().map(|key| Id::new(key.key_id()));
        id.ok_or_else(|| faults::unreadable("CreateKey", "identifier"))
    }

    async fn update(&self, aws: &Aws, id: &Id<Self>, before: &Self, changes: &Changes) -> Result<(), Fault> {
        let (kms, key) = (aws.kms(), id.as_str());
        if changes.contains("alias") {
            self.rename(aws, key, &before.alias).await?;
        }
        if changes.contains("policy") {
            let call = kms.put_key_policy().key_id(key).policy_name(POLICY_NAME).policy(self.policy.known());
            call.send().await.map_err(faults::of_dependent("PutKeyPolicy"))?;
        }
        if changes.contains("description") {
            let call = kms.update_key_description().key_id(key).description(&self.description);
            call.send().await.map_err(faults::of_dependent("UpdateKeyDescription"))?;
        }
        if changes.contains("rotation") && self.rotation {
            let call = kms.enable_key_rotation().key_id(key);
            call.send().await.map_err(faults::of_dependent("EnableKeyRotation"))?;
        }
        if changes.contains("rotation") && !self.rotation {
            let call = kms.disable_key_rotation().key_id(key);
            call.send().await.map_err(faults::of_dependent("DisableKeyRotation"))?;
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        let (put, remove) = (written("TagResource", put)?, tags::removable(remove));
        if !put.is_empty() {
            let call = aws.kms().tag_resource().key_id(id.as_str()).set_tags(Some(put));
            call.send().await.map_err(faults::of_dependent("TagResource"))?;
        }
        if !remove.is_empty() {
            let call = aws.kms().untag_resource().key_id(id.as_str()).set_tag_keys(Some(remove));
            call.send().await.map_err(faults::of_dependent("UntagResource"))?;
        }
        Ok(())
    }

    /// Aliases go first: those of a key that waits for its deletion would keep their names taken.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        for alias in aliases(aws, Some(id.as_str())).await? {
            delete_alias(aws, alias.alias_name().unwrap_or_default()).await?;
        }
        let call = aws.kms().schedule_key_deletion().key_id(id.as_str());
        let call = call.pending_window_in_days(self.deletion_window_days);
        call.send().await.map(drop).map_err(faults::of("ScheduleKeyDeletion"))
    }

    fn align(observed: &mut Self, wanted: &Self) {
        policy::align(&mut observed.policy, &wanted.policy);
        observed.deletion_window_days = wanted.deletion_window_days;
        if observed.alias.split(',').any(|alias| alias == wanted.alias) {
            observed.alias.clone_from(&wanted.alias);
        }
    }
}

/// The only name that KMS knows for a key's policy.
const POLICY_NAME: &str = "default";

/// How many keys are asked for their tags at a time.
const READS_AT_ONCE: usize = 8;

/// What KMS takes when nothing is said.
const DEFAULT_DELETION_WINDOW_DAYS: i32 = 30;

impl Key {
    /// Gives the key its new alias before the old one goes. Where a key has several, others are left alone: somebody
    /// else calls it by them.
    async fn rename(&self, aws: &Aws, key: &str, before: &str) -> Result<(), Fault> {
        let call = aws.kms().create_alias().alias_name(&self.alias).target_key_id(key);
        match call.send().await.map_err(faults::of_dependent("CreateAlias")) {
            Err(fault) if !faults::is_there_already(&fault) => return Err(fault),
            Err(taken) => match called(aws, &self.alias).await? {
                Some(other) if other.key_id() == key => {}
                // Somebody deleted the key and left it its alias: nobody can call it any more.
                Some(other) if is_leaving(&other) => {
                    let call = aws.kms().update_alias().alias_name(&self.alias).target_key_id(key);
                    call.send().await.map_err(faults::of_dependent("UpdateAlias"))?;
                }
                Some(_) => return Err(taken),
                // It exists and does not show up yet, so that nobody can say whose it is.
                None => return Err(Fault { sort: Sort::NotYet, ..taken }),
            },
            Ok(_) => {}
        }
        match before.is_empty() || before.contains(',') {
            true => Ok(()),
            false => delete_alias(aws, before).await,
        }
    }
}

/// The key that is called `alias`.
async fn called(aws: &Aws, alias: &str) -> Result<Option<KeyMetadata>, Fault> {
    match aws.kms().describe_key().key_id(alias).send().await.map_err(faults::of("DescribeKey")) {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        answer => Ok(answer?.key_metadata),
    }
}

async fn delete_alias(aws: &Aws, alias: &str) -> Result<(), Fault> {
    let deleted = aws.kms().delete_alias().alias_name(alias).send().await;
    match deleted.map_err(faults::of("DeleteAlias")) {
        Err(fault) if fault.sort != Sort::NotFound => Err(fault),
        _ => Ok(()),
    }
}

async fn all_keys(aws: &Aws) -> Result<Vec<String>, Fault> {
    let pages = aws.kms().list_keys().into_paginator().items().send();
    let keys = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListKeys"))?;
    Ok(keys.into_iter().filter_map(|key| key.key_id).collect())
}

/// The aliases of `key`, or of all keys.
async fn aliases(aws: &Aws, key: Option<&str>) -> Result<Vec<AliasListEntry>, Fault> {
    let pages = aws.kms().list_aliases().set_key_id(key.map(str::to_owned)).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListAliases"))
}

async fn tags_of(aws: &Aws, key: &str) -> Result<Tags, Fault> {
    let pages = aws.kms().list_resource_tags().key_id(key).into_paginator().items().send();
    let tags = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListResourceTags"))?;
    Ok(tags::read(tags.iter().map(|tag| (Some(tag.tag_key()), Some(tag.tag_value())))))
}

/// `key`, if it carries `wanted`. A key whose policy hides its tags from us is not ours.
async fn is_tagged(aws: &Aws, key: &str, wanted: &Tags) -> Result<Option<Id<Key>>, Fault> {
    match tags_of(aws, key).await {
        Ok(tags) => Ok(wanted.iter().all(|(key, value)| tags.get(key) == Some(value)).then(|| Id::new(key))),
        Err(fault) if matches!(fault.sort, Sort::Denied | Sort::NotFound) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// The key called `name`, which is an id or an alias; `None` once it waits for its deletion.
async fn one(aws: &Aws, name: &str, depth: Depth) -> Result<Option<Observed<Key>>, Fault> {
    let described = aws.kms().describe_key().key_id(name).send().await.map_err(faults::of("DescribeKey"));
    let answer = match described {
        Err(fault) if fault.sort == Sort::NotFound => return Ok(None),
        other => other?,
    };
    let Some(mut observed) = answer.key_metadata().and_then(surface) else { return Ok(None) };
    if depth == Depth::Whole {
        let key = observed.id.clone();
        let read = try_join4(
            policy_of(aws, key.as_str()),
            rotation_of(aws, key.as_str()),
            tags_of(aws, key.as_str()),
            aliases(aws, Some(key.as_str())),
        );
        let (policy, rotation, tags, aliases) = match read.await {
            Err(fault) if fault.sort == Sort::NotFound => return Ok(None),
            other => other?,
        };
        let mut names: Vec<&str> = aliases.iter().filter_map(AliasListEntry::alias_name).collect();
        names.sort_unstable();
        observed.spec.alias = names.join(",");
        observed.spec.policy = Late::Known(policy);
        observed.spec.rotation = rotation;
        observed.tags = Some(tags);
        observed.unread = &[];
    }
    Ok(Some(observed))
}

async fn policy_of(aws: &Aws, key: &str) -> Result<String, Fault> {
    let answer = aws.kms().get_key_policy().key_id(key).policy_name(POLICY_NAME).send().await;
    Ok(answer.map_err(faults::of("GetKeyPolicy"))?.policy.unwrap_or_default())
}

async fn rotation_of(aws: &Aws, key: &str) -> Result<bool, Fault> {
    let answer = aws.kms().get_key_rotation_status().key_id(key).send().await;
    Ok(answer.map_err(faults::of("GetKeyRotationStatus"))?.key_rotation_enabled())
}

/// Whether the key waits for its deletion.
fn is_leaving(key: &KeyMetadata) -> bool {
    matches!(key.key_state(), Some(KeyState::PendingDeletion | KeyState::PendingReplicaDeletion))
}

fn surface(key: &KeyMetadata) -> Option<Observed<Key>> {
    if is_leaving(key) {
        return None;
    }
    let settling = match key.key_state() {
        None | Some(KeyState::Enabled | KeyState::Disabled) => Settling::Settled,
        Some(state) => Settling::Underway(state.as_str().to_owned()),
    };
    Some(Observed {
        id: Id::new(key.key_id()),
        spec: Key {
            alias: String::new(),
            description: key.description().unwrap_or_default().to_owned(),
            policy: Late::Known(String::new()),
            rotation: false,
            deletion_window_days: DEFAULT_DELETION_WINDOW_DAYS,
        },
        outputs: BTreeMap::from([("arn", key.arn().unwrap_or_default().into())]),
        settling,
        tags: None,
        unread: &["alias", "policy", "rotation"],
    })
}

fn written(operation: &'static str, put: &Tags) -> Result<Vec<Tag>, Fault> {
    let tag = |(key, value)| Tag::builder().tag_key(key).tag_value(value).build();
    let refused =
        |error: aws_sdk_kms::error::BuildError| Fault::refused(operation, "InvalidTag", error.to_string());
    tags::writable(put).map(tag).collect::<Result<_, _>>().map_err(refused)
}
