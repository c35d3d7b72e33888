//! Between the messages of the wire and our own types.

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::proto::tfplugin6 as proto;
use crate::provider::{Capabilities, IdentitySchema};
use crate::value::{Path, Step, Type, Value, json, msgpack};

/// The value in `sent`; a missing one is null. `what` names it in the error.
pub(crate) fn decode(
    sent: Option<proto::DynamicValue>,
    r#type: &Type,
    what: &str,
) -> Result<Value, Diagnostic> {
    let Some(sent) = sent else { return Ok(Value::Null) };
    let decoded = if !sent.msgpack.is_empty() {
        msgpack::decode(&sent.msgpack, r#type).map_err(|error| error.to_string())
    } else if !sent.json.is_empty() {
        json::decode(&sent.json, r#type).map_err(|error| error.to_string())
    } else {
        return Ok(Value::Null);
    };
    decoded.map_err(|error| {
        Diagnostic::error(
            format!("The {what} cannot be read"),
            format!(
                "What Terraform sent as the {what} does not fit the provider's schema: {error}. This is a bug in the provider \
                 or in Terraform; please report it."
            ),
        )
    })
}

/// The bytes of `value`. `what` names it in the error.
pub(crate) fn encode(value: &Value, r#type: &Type, what: &str) -> Result<proto::DynamicValue, Diagnostic> {
    match msgpack::encode(value, r#type) {
        Ok(msgpack) => Ok(proto::DynamicValue { msgpack, json: Vec::new() }),
        Err(error) => Err(bug(what, &error.to_string())),
    }
}

/// The diagnostic for a value that breaks the rules.
pub(crate) fn bug(what: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The provider gave a wrong {what}"),
        format!("This is a bug in the provider, please report it: {why}."),
    )
}

/// The identity in `sent`.
pub(crate) fn decode_identity(
    sent: Option<proto::ResourceIdentityData>,
    schema: Option<&IdentitySchema>,
) -> Result<Option<Value>, Diagnostic> {
    let (Some(sent), Some(schema)) = (sent, schema) else { return Ok(None) };
    let value = decode(sent.identity_data, &schema.r#type(), "identity")?;
    Ok((!value.is_null()).then_some(value))
}

/// The bytes of an identity; a resource without an identity schema has none.
pub(crate) fn encode_identity(
    identity: Option<&Value>,
    schema: Option<&IdentitySchema>,
) -> Result<Option<proto::ResourceIdentityData>, Diagnostic> {
    let (Some(identity), Some(schema)) = (identity, schema) else { return Ok(None) };
    let encoded = encode(identity, &schema.r#type(), "identity")?;
    Ok(Some(proto::ResourceIdentityData { identity_data: Some(encoded) }))
}

pub(crate) fn capabilities(sent: Option<proto::ClientCapabilities>) -> Capabilities {
    let sent = sent.unwrap_or_default();
    Capabilities {
        deferral_allowed: sent.deferral_allowed,
        write_only_attributes_allowed: sent.write_only_attributes_allowed,
        store_planned_private: sent.store_planned_private,
    }
}

pub(crate) fn diagnostics(diagnostics: Diagnostics) -> Vec<proto::Diagnostic> {
    diagnostics.0.into_iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: Diagnostic) -> proto::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary,
        detail: located(diagnostic.detail, diagnostic.path.as_ref()),
        attribute: diagnostic.path.as_ref().map(path),
    }
}

/// `detail`, with the path where Terraform does not show it: of an attribute within another it shows the whole resource.
fn located(detail: String, path: Option<&Path>) -> String {
    let nested =
        |path: &&Path| path.steps().iter().filter(|step| matches!(step, Step::Attribute(_))).count() > 1;
    match path.filter(nested).map(Path::to_string) {
        Some(path) if !detail.contains(&path) => format!("{detail}\n\nThis is about {path}."),
        _ => detail,
    }
}

/// The path as far as the wire can say it: an element of a set has no name there, so the path ends before it.
pub(crate) fn path(path: &Path) -> proto::AttributePath {
    use proto::attribute_path::step::Selector;

    let steps = path.steps().iter().map_while(|step| match step {
        Step::Attribute(name) => Some(Selector::AttributeName(name.clone())),
        Step::Key(key) => Some(Selector::ElementKeyString(key.clone())),
        Step::Index(index) => Some(Selector::ElementKeyInt(*index)),
        Step::Element(_) => None,
    });
    let steps = steps.map(|selector| proto::attribute_path::Step { selector: Some(selector) }).collect();
    proto::AttributePath { steps }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: Path) -> String {
        diagnostic(Diagnostic::error("Wrong", "Write another.").at(path)).detail
    }

    #[test]
    fn an_attribute_within_another_is_named_in_words_as_terraform_shows_only_its_resource() {
        assert_eq!(told(Path::root("name")), "Write another.");
        assert_eq!(told(Path::root("tags").key("a")), "Write another.");
        let nested = Path::root("network").attribute("zones").index(1);
        assert_eq!(told(nested), "Write another.\n\nThis is about network.zones[1].");
    }
}
