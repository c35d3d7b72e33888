//! Roles, with their policies.

use super::{percent::decoded, tags::written};
use crate::{Aws, faults, policy, sets::in_order_of, tags};
use aws_sdk_iam::types;
use futures::future::{try_join, try_join_all};
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A role, whom it trusts and what it may do. Its id is its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Its name, unique in the account.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who may take it: a policy in JSON.
    pub trust: Late<String>,
    /// Policies of its own, by name, in JSON.
    pub inline_policies: BTreeMap<String, Late<String>>,
    /// The ARNs of policies that it shares.
    pub managed_policies: Vec<Late<String>>,
}

impl Role {
    /// Its ARN.
    pub const ARN: Output<Role, String> = Output::named("arn");
    /// What AWS knows it by: a role made again under the same name has another.
    pub const UNIQUE_ID: Output<Role, String> = Output::named("unique_id");
}

impl Object for Role {
    type Cloud = Aws;
    const KIND: &'static str = "role";
    const SERVICE: &'static str = "iam";
    const REPLACED_BY: &'static [&'static str] = &["name"];
    const OUTPUTS: &'static [&'static str] = &["arn", "unique_id"];
    const PACE: Pace = Pace::seconds(1, 120, 120);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let each = try_join_all(ids.iter().map(|id| one(aws, id.as_str(), depth))).await?;
        Ok(each.into_iter().flatten().collect())
    }

    /// IAM cannot search by tag, and roles are those of all regions: only those that have our name and the region in theirs
    /// are looked at.
    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let Some(name) = tags::name_searched_for(wanted) else { return Ok(Vec::new()) };
        let beginning = format!("{name}-{}-", aws.region);
        let pages = aws.iam().list_roles().into_paginator().items().send();
        let roles = match pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListRoles")) {
            // Whoever may not list them finds them by their names.
            Err(fault) if fault.sort == Sort::Denied => return Ok(Vec::new()),
            other => other?,
        };
        let ours = roles.iter().map(types::Role::role_name).filter(|role| role.starts_with(&beginning));
        let each = try_join_all(ours.map(|role| one(aws, role, Depth::Whole))).await?;
        let is_tagged = |role: &Observed<Self>| role.tags.as_ref().is_some_and(|on| tags::carry(on, wanted));
        Ok(each.into_iter().flatten().filter(is_tagged).collect())
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        one(aws, &self.name, Depth::Whole).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call =
            aws.iam().create_role().role_name(&self.name).assume_role_policy_document(self.trust.known());
        let call = call.set_description(Some(self.description.clone()).filter(|text| !text.is_empty()));
        let answer = call.set_tags(Some(written("CreateRole", &birth.tags)?)).send().await;
        let answer = answer.map_err(faults::of_dependent("CreateRole"))?;
        let name = answer.role().map(|role| role.role_name().to_owned());
        name.map(Id::new).ok_or_else(|| faults::unreadable("CreateRole", "name"))
    }

    async fn update(&self, aws: &Aws, _id: &Id<Self>, before: &Self, changes: &Changes) -> Result<(), Fault> {
        let (iam, name) = (aws.iam(), &self.name);
        if changes.contains("trust") {
            let call = iam.update_assume_role_policy().role_name(name).policy_document(self.trust.known());
            call.send().await.map_err(faults::of_dependent("UpdateAssumeRolePolicy"))?;
        }
        if changes.contains("description") {
            // UpdateRole would need the session duration as well.
            let call = iam.update_role_description().role_name(name).description(&self.description);
            call.send().await.map_err(faults::of_dependent("UpdateRoleDescription"))?;
        }
        if changes.contains("inline_policies") {
            self.change_inline_policies(aws, &before.inline_policies).await?;
        }
        if changes.contains("managed_policies") {
            self.change_managed_policies(aws, &before.managed_policies).await?;
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        let (put, remove) = (written("TagRole", put)?, tags::removable(remove));
        if !put.is_empty() {
            let call = aws.iam().tag_role().role_name(id.as_str()).set_tags(Some(put));
            call.send().await.map_err(faults::of_dependent("TagRole"))?;
        }
        if !remove.is_empty() {
            let call = aws.iam().untag_role().role_name(id.as_str()).set_tag_keys(Some(remove));
            call.send().await.map_err(faults::of_dependent("UntagRole"))?;
        }
        Ok(())
    }

    /// IAM deletes a role only once nothing hangs on it: instance profiles, managed policies, policies of its own.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let (iam, name) = (aws.iam(), id.as_str());
        let pages = iam.list_instance_profiles_for_role().role_name(name).into_paginator().items().send();
        let profiles =
            pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListInstanceProfilesForRole"))?;
        for profile in profiles {
            let call = iam.remove_role_from_instance_profile().role_name(name);
            let call = call.instance_profile_name(profile.instance_profile_name());
            gone(call.send().await.map_err(faults::of("RemoveRoleFromInstanceProfile")))?;
        }
        for arn in managed_policies(aws, name).await? {
            detach(aws, name, &arn).await?;
        }
        for policy in inline_policy_names(aws, name).await? {
            delete_inline_policy(aws, name, &policy).await?;
        }
        iam.delete_role().role_name(name).send().await.map(drop).map_err(faults::of("DeleteRole"))
    }

    fn align(observed: &mut Self, wanted: &Self) {
        policy::align(&mut observed.trust, &wanted.trust);
        for (name, seen) in &mut observed.inline_policies {
            if let Some(asked) = wanted.inline_policies.get(name) {
                policy::align(seen, asked);
            }
        }
        in_order_of(&mut observed.managed_policies, &wanted.managed_policies);
    }
}

impl Role {
    async fn change_inline_policies(
        &self,
        aws: &Aws,
        before: &BTreeMap<String, Late<String>>,
    ) -> Result<(), Fault> {
        for (policy, document) in
            self.inline_policies.iter().filter(|(name, text)| before.get(*name) != Some(*text))
        {
            let call = aws.iam().put_role_policy().role_name(&self.name).policy_name(policy);
            let call = call.policy_document(document.known());
            call.send().await.map_err(faults::of_dependent("PutRolePolicy"))?;
        }
        for policy in before.keys().filter(|name| !self.inline_policies.contains_key(*name)) {
            delete_inline_policy(aws, &self.name, policy).await?;
        }
        Ok(())
    }

    async fn change_managed_policies(&self, aws: &Aws, before: &[Late<String>]) -> Result<(), Fault> {
        for arn in self.managed_policies.iter().filter(|arn| !before.contains(arn)) {
            let call = aws.iam().attach_role_policy().role_name(&self.name).policy_arn(arn.known());
            call.send().await.map_err(faults::of_dependent("AttachRolePolicy"))?;
        }
        for arn in before.iter().filter(|arn| !self.managed_policies.contains(arn)) {
            detach(aws, &self.name, arn.known()).await?;
        }
        Ok(())
    }
}

/// Success also when what was to be taken away is not there.
fn gone<T>(result: Result<T, Fault>) -> Result<(), Fault> {
    match result {
        Err(fault) if fault.sort != Sort::NotFound => Err(fault),
        _ => Ok(()),
    }
}

async fn detach(aws: &Aws, role: &str, arn: &str) -> Result<(), Fault> {
    let call = aws.iam().detach_role_policy().role_name(role).policy_arn(arn);
    gone(call.send().await.map_err(faults::of("DetachRolePolicy")))
}

async fn delete_inline_policy(aws: &Aws, role: &str, policy: &str) -> Result<(), Fault> {
    let call = aws.iam().delete_role_policy().role_name(role).policy_name(policy);
    gone(call.send().await.map_err(faults::of("DeleteRolePolicy")))
}

async fn managed_policies(aws: &Aws, role: &str) -> Result<Vec<String>, Fault> {
    let pages = aws.iam().list_attached_role_policies().role_name(role).into_paginator().items().send();
    let attached =
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListAttachedRolePolicies"))?;
    let mut arns: Vec<String> = attached.into_iter().filter_map(|policy| policy.policy_arn).collect();
    arns.sort();
    Ok(arns)
}

async fn inline_policy_names(aws: &Aws, role: &str) -> Result<Vec<String>, Fault> {
    let pages = aws.iam().list_role_policies().role_name(role).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListRolePolicies"))
}

async fn inline_policies(aws: &Aws, role: &str) -> Result<BTreeMap<String, Late<String>>, Fault> {
    let documents = inline_policy_names(aws, role).await?.into_iter().map(|policy| async move {
        let answer = aws.iam().get_role_policy().role_name(role).policy_name(&policy).send().await;
        let document = decoded(answer.map_err(faults::of("GetRolePolicy"))?.policy_document());
        Ok((policy, Late::Known(document)))
    });
    Ok(try_join_all(documents).await?.into_iter().collect())
}

async fn one(aws: &Aws, name: &str, depth: Depth) -> Result<Option<Observed<Role>>, Fault> {
    match whole(aws, name, depth).await {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        other => other,
    }
}

async fn whole(aws: &Aws, name: &str, depth: Depth) -> Result<Option<Observed<Role>>, Fault> {
    let answer = aws.iam().get_role().role_name(name).send().await.map_err(faults::of("GetRole"))?;
    let Some(role) = answer.role().filter(|role| role.role_name() == name) else { return Ok(None) };
    let mut observed = surface(role);
    if depth == Depth::Whole {
        let (managed, inline) = try_join(managed_policies(aws, name), inline_policies(aws, name)).await?;
        observed.spec.managed_policies = managed.into_iter().map(Late::Known).collect();
        observed.spec.inline_policies = inline;
        observed.unread = &[];
    }
    Ok(Some(observed))
}

fn surface(role: &types::Role) -> Observed<Role> {
    let is_named = role.arn().starts_with("arn:");
    Observed {
        id: Id::new(role.role_name()),
        spec: Role {
            name: role.role_name().to_owned(),
            description: role.description().unwrap_or_default().to_owned(),
            trust: Late::Known(decoded(role.assume_role_policy_document().unwrap_or_default())),
            inline_policies: BTreeMap::new(),
            managed_policies: Vec::new(),
        },
        outputs: BTreeMap::from([("arn", role.arn().into()), ("unique_id", role.role_id().into())]),
        // For some moments IAM gives the unique id in place of the ARN (aws-behaviours section 2.1).
        settling: if is_named { Settling::Settled } else { Settling::Underway("without an ARN".to_owned()) },
        tags: Some(tags::read(role.tags().iter().map(|tag| (Some(tag.key()), Some(tag.value()))))),
        unread: &["inline_policies", "managed_policies"],
    }
}
