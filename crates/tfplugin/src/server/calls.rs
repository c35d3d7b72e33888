//! The calls of the protocol, each in the file named after it.

pub(super) mod apply;
pub(super) mod data_source;
pub(super) mod function;
pub(super) mod identity;
pub(super) mod import;
pub(super) mod metadata;
pub(super) mod move_state;
pub(super) mod plan;
pub(super) mod provider;
pub(super) mod read;
pub(super) mod schema;
pub(super) mod upgrade;
pub(super) mod validate;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;

/// The one called `name`, or what to tell a caller who asks for something that was never offered.
fn find<T>(all: &BTreeMap<String, Arc<T>>, what: &str, name: &str) -> Result<Arc<T>, Diagnostic> {
    all.get(name).cloned().ok_or_else(|| {
        Diagnostic::error(
            format!("This provider has no {what} {name}"),
            format!(
                "Terraform asked for the {what} {name}, which this version of the provider does not have."
            ),
        )
    })
}
