//! Reading a stored JSON object leniently: what the type does not know is left out.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::value::json;
use crate::value::{DecodeError, Type, Value};

/// The value of type `r#type` in `raw`, without the attributes that the type does not have; missing ones are null.
pub(super) fn decode_pruned(raw: &[u8], r#type: &Type) -> Result<Value, DecodeError> {
    // What cannot be pruned cannot be decoded either, and the decoder says why.
    match serde_json::from_slice::<&RawValue>(raw).and_then(|raw| prune(raw, r#type)) {
        Ok(pruned) => json::decode(pruned.as_bytes(), r#type),
        Err(_) => json::decode(raw, r#type),
    }
}

fn prune(raw: &RawValue, r#type: &Type) -> serde_json::Result<String> {
    match (r#type, raw.get().as_bytes().first()) {
        (Type::Object(attributes), Some(b'{')) => {
            let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get())?;
            members.retain(|name, _| attributes.contains_key(name));
            object(&members, |name| attributes.get(name).unwrap_or(&Type::Dynamic))
        }
        (Type::Map(element), Some(b'{')) => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get())?;
            object(&members, |_| element)
        }
        (Type::List(element) | Type::Set(element), Some(b'[')) => {
            let elements: Vec<&RawValue> = serde_json::from_str(raw.get())?;
            let pruned: Vec<String> =
                elements.iter().map(|it| prune(it, element)).collect::<serde_json::Result<_>>()?;
            Ok(format!("[{}]", pruned.join(",")))
        }
        _ => Ok(raw.get().to_owned()),
    }
}

fn object<'t>(
    members: &BTreeMap<String, &RawValue>,
    type_of: impl Fn(&str) -> &'t Type,
) -> serde_json::Result<String> {
    let mut pruned = Vec::with_capacity(members.len());
    for (name, member) in members {
        pruned.push(format!("{}:{}", serde_json::to_string(name)?, prune(member, type_of(name))?));
    }
    Ok(format!("{{{}}}", pruned.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_an_older_provider_loses_what_is_no_longer_known() {
        let r#type = Type::Object(BTreeMap::from([
            ("text".to_owned(), Type::String),
            ("new".to_owned(), Type::Bool),
            (
                "parts".to_owned(),
                Type::List(Box::new(Type::Object(BTreeMap::from([("size".to_owned(), Type::Number)])))),
            ),
        ]));
        let raw = br#"{"text": "a\nb", "gone": {"x": 1}, "parts": [{"size": 12345678901234567890123, "was": null}]}"#;

        let state = decode_pruned(raw, &r#type).unwrap();

        assert_eq!(state.get("text"), &Value::from("a\nb"));
        assert_eq!(state.get("new"), &Value::Null);
        let expected =
            json::decode(br#"[{"size": 12345678901234567890123}]"#, &type_of_parts(&r#type)).unwrap();
        assert_eq!(state.get("parts"), &expected);
    }

    fn type_of_parts(r#type: &Type) -> Type {
        match r#type {
            Type::Object(attributes) => attributes["parts"].clone(),
            _ => unreachable!("the type above is an object"),
        }
    }
}
