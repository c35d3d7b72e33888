//! Tags, in the form of EKS.

use crate::{Aws, faults, tags};
use reconcile::{Fault, Tags};
use std::collections::HashMap;

/// Tags as an answer has them, if it has any.
pub(super) fn read(answered: Option<&HashMap<String, String>>) -> Tags {
    answered.into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Tags as a call takes them.
pub(super) fn written(put: &Tags) -> Option<HashMap<String, String>> {
    Some(tags::writable(put).map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
}

/// Whether all of `wanted` is in `tags`.
pub(super) fn carries(tags: &Tags, wanted: &Tags) -> bool {
    wanted.iter().all(|(key, value)| tags.get(key) == Some(value))
}

/// Writes the tags `put` on what `arn` names and removes the keys `remove`.
pub(super) async fn retag(aws: &Aws, arn: &str, put: &Tags, remove: &[String]) -> Result<(), Fault> {
    let (put, remove) = (written(put).filter(|put| !put.is_empty()), tags::removable(remove));
    if put.is_some() {
        let call = aws.eks().tag_resource().resource_arn(arn).set_tags(put);
        call.send().await.map_err(faults::of_dependent("TagResource"))?;
    }
    if !remove.is_empty() {
        let call = aws.eks().untag_resource().resource_arn(arn).set_tag_keys(Some(remove));
        call.send().await.map_err(faults::of_dependent("UntagResource"))?;
    }
    Ok(())
}
