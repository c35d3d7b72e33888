//! Tags, in the form of IAM.

use crate::tags;
use aws_sdk_iam::{error::BuildError, types::Tag};
use reconcile::{Fault, Tags};

/// Tags as `operation` takes them.
pub(super) fn written(operation: &'static str, put: &Tags) -> Result<Vec<Tag>, Fault> {
    let tag = |(key, value)| Tag::builder().key(key).value(value).build();
    let refused = |error: BuildError| Fault::refused(operation, "InvalidTag", error.to_string());
    tags::writable(put).map(tag).collect::<Result<_, _>>().map_err(refused)
}
