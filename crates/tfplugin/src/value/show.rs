//! Values as a user would write them.

use std::fmt;

use super::Value;

/// Written like an expression in a configuration, unknown parts as `(known after apply)`. Nothing is left out: where
/// values can be secret use [`crate::schema::Schema::redact`].
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Unknown(_) => formatter.write_str("(known after apply)"),
            Self::Bool(value) => write!(formatter, "{value}"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::String(text) => formatter.write_str(&quoted(text)),
            Self::List(elements) | Self::Set(elements) | Self::Tuple(elements) => {
                formatter.write_str("[")?;
                for (position, element) in elements.iter().enumerate() {
                    write!(formatter, "{}{element}", if position == 0 { "" } else { ", " })?;
                }
                formatter.write_str("]")
            }
            Self::Map(members) => members_of(formatter, members.iter().map(|(key, it)| (quoted(key), it))),
            Self::Object(members) => {
                members_of(formatter, members.iter().map(|(name, it)| (name.clone(), it)))
            }
            Self::Dynamic(typed) => write!(formatter, "{}", typed.1),
        }
    }
}

fn members_of<'v>(
    formatter: &mut fmt::Formatter<'_>,
    members: impl Iterator<Item = (String, &'v Value)>,
) -> fmt::Result {
    formatter.write_str("{")?;
    for (position, (name, value)) in members.enumerate() {
        write!(formatter, "{}{name} = {value}", if position == 0 { " " } else { ", " })?;
    }
    formatter.write_str(" }")
}

/// `text` in quotes, with escapes.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| format!("{text:?}"))
}
