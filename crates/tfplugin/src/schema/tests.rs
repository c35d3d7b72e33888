//! Schemas that exist and schemas that cannot.

mod legal;
mod uses;

use super::*;

/// A schema with something of everything.
fn network() -> Schema {
    let rule = Body::new()
        .attribute("port", Attribute::required(Kind::number()).describe("The port."))
        .attribute("secret", Attribute::optional(Kind::string()).sensitive());
    let endpoint = Nested::new()
        .attribute("service", Attribute::required(Kind::string()).validate(no_spaces))
        .attribute("token", Attribute::optional(Kind::string()).write_only());
    Schema::new(2)
        .describe("A network.")
        .attribute("cidr", Attribute::required(Kind::string()).describe("The range.").validate(no_spaces))
        .attribute("id", Attribute::computed(Kind::string()))
        .attribute(
            "zones",
            Attribute::optional_computed(Kind::set(Type::String)).deprecated("Use zone_count."),
        )
        .attribute("password", Attribute::optional(Kind::string()).write_only())
        .attribute("endpoints", Attribute::optional(Kind::Map(endpoint)))
        .block("rule", Block::list(rule, 0, 3).describe("A rule."))
        .build()
        .unwrap()
}

fn no_spaces(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.contains(' ') => Err(format!("{text:?} has a space in it. Take it out.")),
        _ => Ok(()),
    }
}

fn configured() -> Value {
    Value::object([
        ("cidr", Value::from("10.0.0.0/16")),
        ("id", Value::Null),
        ("zones", Value::set_of(["a"])),
        ("password", Value::from("hunter2")),
        (
            "endpoints",
            Value::map([(
                "s3",
                Value::object([("service", Value::from("s 3")), ("token", Value::from("t0k"))]),
            )]),
        ),
        ("rule", Value::list([Value::object([("port", Value::from(443)), ("secret", Value::from("psst"))])])),
    ])
}
