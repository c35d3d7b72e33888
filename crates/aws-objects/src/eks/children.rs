//! What stands in a cluster: its id is `<cluster>/<key>`, and it is found through its cluster.

use super::{clusters::clusters_with, tags::carries};
use crate::Aws;
use futures::future::try_join_all;
use reconcile::{Fault, Id, Object, Observed, Tags};
use std::collections::BTreeMap;

/// The id of what is called `key` in `cluster`.
pub(super) fn id<O>(cluster: &str, key: &str) -> Id<O> {
    Id::new(format!("{cluster}/{key}"))
}

/// The cluster and the key that `id` is made of. Keys may have slashes in them, clusters' names have none.
pub(super) fn parts<O>(id: &Id<O>) -> (&str, &str) {
    id.as_str().split_once('/').unwrap_or((id.as_str(), ""))
}

/// The keys of `ids`, by cluster.
pub(super) fn by_cluster<O>(ids: &[Id<O>]) -> BTreeMap<&str, Vec<&str>> {
    let mut keys: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (cluster, key) in ids.iter().map(parts) {
        keys.entry(cluster).or_default().push(key);
    }
    keys
}

/// The children that carry `wanted`, of the clusters that carry it too. `children` gives all of a cluster, whole.
pub(super) async fn owned<O, F>(
    aws: &Aws,
    wanted: &Tags,
    children: impl Fn(String) -> F,
) -> Result<Vec<Observed<O>>, Fault>
where
    O: Object,
    F: Future<Output = Result<Vec<Observed<O>>, Fault>>,
{
    let clusters = clusters_with(aws, wanted).await?;
    let found = try_join_all(clusters.into_keys().map(children)).await?;
    let is_ours = |child: &Observed<O>| child.tags.as_ref().is_some_and(|tags| carries(tags, wanted));
    Ok(found.into_iter().flatten().filter(is_ours).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_have_slashes_and_a_cluster_has_none() {
        let entry: Id<()> = id("main", "arn:aws:iam::1:role/path/name");
        assert_eq!(parts(&entry), ("main", "arn:aws:iam::1:role/path/name"));
        let ids = [entry, id("main", "b"), id("other", "c")];
        let expected: &[(&str, &[&str])] =
            &[("main", &["arn:aws:iam::1:role/path/name", "b"]), ("other", &["c"])];
        let found = by_cluster(&ids);
        assert_eq!(found.iter().map(|(k, v)| (*k, v.as_slice())).collect::<Vec<_>>(), expected);
    }
}
