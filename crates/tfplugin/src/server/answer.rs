//! The last look at a value before it is sent.

use super::registry::Typed;
use super::wire;
use crate::checks::{self, Violation};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6 as proto;
use crate::provider::IdentitySchema;
use crate::value::Value;

/// A value that has to be whole: of its type, known throughout, without the values of write-only attributes.
pub(crate) fn whole(typed: &Typed, mut value: Value, what: &str) -> Result<proto::DynamicValue, Diagnostics> {
    typed.schema.clear_write_only(&mut value);
    refuse(checks::read(&typed.schema, &value), what)?;
    Ok(wire::encode(&value, &typed.r#type, what)?)
}

/// An identity to be stored: of its type, and known throughout. One that is not given stays as it was in `before`.
pub(crate) fn identity(
    schema: Option<&IdentitySchema>,
    given: Option<Value>,
    before: Option<Value>,
) -> Result<Option<proto::ResourceIdentityData>, Diagnostics> {
    let Some(identity) = given.or_else(|| before.filter(Value::is_wholly_known)) else { return Ok(None) };
    if !identity.is_wholly_known() {
        return Err(wire::bug("identity", "parts of it are unknown").into());
    }
    Ok(wire::encode_identity(Some(&identity), schema)?)
}

/// Errors for `violations`, unless there are none.
pub(crate) fn refuse(violations: Vec<Violation>, what: &str) -> Result<(), Diagnostics> {
    if violations.is_empty() { Ok(()) } else { Err(broken(violations, what)) }
}

/// An error for each violation.
pub(crate) fn broken(violations: Vec<Violation>, what: &str) -> Diagnostics {
    let diagnostic = |violation: Violation| -> Diagnostic {
        let why = if violation.path.is_root() {
            violation.message
        } else {
            format!("{}: {}", violation.path, violation.message)
        };
        wire::bug(what, &why).at(violation.path)
    };
    Diagnostics(violations.into_iter().map(diagnostic).collect())
}
