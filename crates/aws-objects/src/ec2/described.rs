//! What the kinds of EC2 have in common: describing by filters, and tags.

use crate::{Aws, faults, tags};
use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use futures::future::try_join_all;
use reconcile::{Birth, Fault, Id, Object, Observed, Tags};
use std::str::FromStr;

/// A kind that is looked at by describing it.
///
/// Rule: ids go into filters and never into the list of ids, where a single absent one fails the whole call.
pub(super) trait Described: Object<Cloud = Aws> {
    /// The operation.
    const DESCRIBE: &'static str;
    /// The filter that takes ids.
    const ID_FILTER: &'static str;
    /// One object as the SDK gives it.
    type Answer: Send;

    /// Everything that passes `filters`, all pages of it.
    fn describe(
        aws: &Aws,
        filters: Vec<Filter>,
    ) -> impl Future<Output = Result<Vec<Self::Answer>, Fault>> + Send;

    /// What an answer says; `None` for an object that is gone and only still listed.
    fn observed(aws: &Aws, answer: &Self::Answer) -> Result<Option<Observed<Self>>, Fault>;
}

/// The objects of `ids`, in one call for each 200 of them.
pub(super) async fn read<O: Described>(aws: &Aws, ids: &[Id<O>]) -> Result<Vec<Observed<O>>, Fault> {
    let names: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
    let batches = in_batches(names).map(|batch| O::describe(aws, vec![filter(O::ID_FILTER, batch)]));
    let answers: Vec<O::Answer> = try_join_all(batches).await?.into_iter().flatten().collect();
    let mut seen = observed_of::<O>(aws, &answers)?;
    // EC2 has been seen to answer with another object than the one asked for.
    seen.retain(|object| ids.contains(&object.id));
    Ok(seen)
}

/// The objects that carry all of `wanted`.
pub(super) async fn owned<O: Described>(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<O>>, Fault> {
    let filters =
        wanted.iter().map(|(key, value)| filter(&format!("tag:{key}"), vec![value.clone()])).collect();
    observed_of::<O>(aws, &O::describe(aws, filters).await?)
}

fn observed_of<O: Described>(aws: &Aws, answers: &[O::Answer]) -> Result<Vec<Observed<O>>, Fault> {
    answers.iter().filter_map(|answer| O::observed(aws, answer).transpose()).collect()
}

/// The most values that one filter takes.
const FILTER_VALUES: usize = 200;

/// `values`, cut into what one filter takes.
pub(super) fn in_batches(values: Vec<String>) -> impl Iterator<Item = Vec<String>> {
    let mut values = values.into_iter().peekable();
    std::iter::from_fn(move || {
        values.peek()?;
        Some(values.by_ref().take(FILTER_VALUES).collect())
    })
}

/// The filter `name` for any of `values`.
pub(super) fn filter(name: &str, values: Vec<String>) -> Filter {
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// The tags of a new object.
pub(super) fn tagged(kind: ResourceType, birth: &Birth) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).set_tags(Some(written(&birth.tags))).build()
}

/// Tags as the SDK gives them.
pub(super) fn read_tags(tags: &[Tag]) -> Option<Tags> {
    Some(tags::read(tags.iter().map(|tag| (tag.key(), tag.value()))))
}

fn written(put: &Tags) -> Vec<Tag> {
    tags::writable(put).map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// Writes the tags `put` and removes the keys `remove`.
pub(super) async fn retag(aws: &Aws, id: &str, put: &Tags, remove: &[String]) -> Result<(), Fault> {
    let (put, remove) = (written(put), tags::removable(remove));
    if !put.is_empty() {
        let call = aws.ec2().create_tags().resources(id).set_tags(Some(put));
        call.send().await.map_err(faults::of_dependent("CreateTags"))?;
    }
    if !remove.is_empty() {
        let keys = remove.into_iter().map(|key| Tag::builder().key(key).build()).collect();
        let call = aws.ec2().delete_tags().resources(id).set_tags(Some(keys));
        call.send().await.map_err(faults::of_dependent("DeleteTags"))?;
    }
    Ok(())
}

/// The id in the answer of a creating call.
pub(super) fn made<O>(operation: &'static str, id: Option<&str>) -> Result<Id<O>, Fault> {
    id.filter(|id| !id.is_empty()).map(Id::new).ok_or_else(|| faults::unreadable(operation, "identifier"))
}

/// A required part of an answer, as text.
pub(super) fn text(part: Option<&str>) -> String {
    part.unwrap_or_default().to_owned()
}

/// A required part of an answer, as what it means.
pub(super) fn parsed<T: FromStr>(
    operation: &'static str,
    what: &str,
    part: Option<&str>,
) -> Result<T, Fault> {
    part.and_then(|part| part.parse().ok()).ok_or_else(|| faults::unreadable(operation, what))
}

/// `observed` in the order of `wanted` where both hold the same, so that lists compare as sets.
pub(crate) fn in_order_of<T: PartialEq + Clone>(observed: &mut Vec<T>, wanted: &[T]) {
    let mut ordered: Vec<T> = wanted.iter().filter(|item| observed.contains(item)).cloned().collect();
    ordered.extend(observed.iter().filter(|item| !wanted.contains(item)).cloned());
    *observed = ordered;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compare_as_sets() {
        let mut same = vec![3, 1, 2];
        in_order_of(&mut same, &[1, 2, 3]);
        assert_eq!(same, [1, 2, 3]);
        let mut with_a_stranger = vec![9, 2];
        in_order_of(&mut with_a_stranger, &[1, 2]);
        assert_eq!(with_a_stranger, [2, 9]);
    }

    #[test]
    fn a_filter_is_never_given_more_than_it_takes() {
        let sizes =
            |n: usize| in_batches(vec![String::new(); n]).map(|batch| batch.len()).collect::<Vec<_>>();
        assert_eq!(sizes(450), [200, 200, 50]);
        assert!(sizes(0).is_empty());
    }
}
