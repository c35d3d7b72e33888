//! Tags, between the engine's form and that of each service.

use reconcile::Tags;

/// Tags that belong to AWS: they are read and never written (aws-behaviours section 1.14).
fn is_ours_to_write(key: &str) -> bool {
    !key.starts_with("aws:")
}

/// The tags of `put` that may be written.
pub(crate) fn writable(put: &Tags) -> impl Iterator<Item = (&str, &str)> {
    put.iter().map(|(key, value)| (key.as_str(), value.as_str())).filter(|(key, _)| is_ours_to_write(key))
}

/// The keys of `remove` that may be removed.
pub(crate) fn removable(remove: &[String]) -> Vec<String> {
    remove.iter().filter(|key| is_ours_to_write(key)).cloned().collect()
}

/// Tags from pairs of which either half may be missing, as the SDKs give them.
pub(crate) fn read<'a>(pairs: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>) -> Tags {
    pairs
        .into_iter()
        .filter_map(|(key, value)| Some((key?.to_owned(), value.unwrap_or_default().to_owned())))
        .collect()
}

/// The name of the composite that `wanted` searches for. Where a service cannot search by tag, it narrows down what is
/// asked for its tags: what we name begins with it.
pub(crate) fn name_searched_for(wanted: &Tags) -> Option<&str> {
    wanted.iter().find(|(key, _)| key.ends_with(":name")).map(|(_, name)| name.as_str())
}

/// Whether `tags` says all that `wanted` says.
pub(crate) fn carry(tags: &Tags, wanted: &Tags) -> bool {
    wanted.iter().all(|(key, value)| tags.get(key) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_the_tags_of_aws_alone() {
        let put = Tags::from([("aws:x".into(), "1".into()), ("Name".into(), "a".into())]);
        assert_eq!(writable(&put).collect::<Vec<_>>(), [("Name", "a")]);
        assert_eq!(removable(&["aws:y".to_owned(), "z".to_owned()]), ["z"]);
    }
}
