//! From JSON to values.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::value::normal::nfc;
use crate::value::{DEEPEST, DecodeError, Number, Step, Type, Value};

/// The value of type `r#type` that `json` stands for.
///
/// An attribute that is not there is null: a stored state may be older than the schema. One that the schema does not
/// have is refused.
pub fn decode(json: &[u8], r#type: &Type) -> Result<Value, DecodeError> {
    value(part(json)?, r#type, DEEPEST)
}

fn value(raw: &RawValue, r#type: &Type, depth: usize) -> Result<Value, DecodeError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(DecodeError::new("the value nests too deep"));
    };
    let text = raw.get();
    if text == "null" {
        return Ok(Value::Null);
    }
    match r#type {
        Type::String => string(text).map(Value::String),
        Type::Number => number(text).map(Value::Number),
        Type::Bool => bool(text).map(Value::Bool),
        Type::List(each) => elements(text, each, depth).map(Value::List),
        Type::Set(each) => elements(text, each, depth).map(Value::Set),
        Type::Tuple(types) => tuple(text, types, depth).map(Value::Tuple),
        Type::Map(each) => map(text, each, depth).map(Value::Map),
        Type::Object(types) => object(text, types, depth).map(Value::Object),
        Type::Dynamic => dynamic(text, depth),
    }
}

/// Numbers and booleans become text, as Terraform has it: an attribute's type may have changed since.
fn string(text: &str) -> Result<String, DecodeError> {
    match text.as_bytes().first() {
        Some(b'"') => part::<String>(text.as_bytes()).map(|text| nfc(&text).into_owned()),
        Some(b'{' | b'[') | None => Err(DecodeError::new("a string is needed")),
        Some(_) => Ok(text.to_owned()),
    }
}

fn number(text: &str) -> Result<Number, DecodeError> {
    let digits = if text.starts_with('"') { part(text.as_bytes())? } else { text.to_owned() };
    digits.parse().map_err(|_| DecodeError::new("a number is needed"))
}

fn bool(text: &str) -> Result<bool, DecodeError> {
    match text {
        "true" | r#""true""# | r#""1""# => Ok(true),
        "false" | r#""false""# | r#""0""# => Ok(false),
        _ => Err(DecodeError::new("a bool is needed")),
    }
}

fn elements(text: &str, each: &Type, depth: usize) -> Result<Vec<Value>, DecodeError> {
    let parts: Vec<&RawValue> = part(text.as_bytes())?;
    let element = |(index, raw)| value(raw, each, depth).map_err(|error| error.under(Step::Index(index)));
    (0..).zip(parts).map(element).collect()
}

fn tuple(text: &str, types: &[Type], depth: usize) -> Result<Vec<Value>, DecodeError> {
    let parts: Vec<&RawValue> = part(text.as_bytes())?;
    if parts.len() != types.len() {
        let reason = format!("a tuple of {} elements is needed, and there are {}", types.len(), parts.len());
        return Err(DecodeError::new(reason));
    }
    let element =
        |(index, (raw, r#type))| value(raw, r#type, depth).map_err(|error| error.under(Step::Index(index)));
    (0..).zip(parts.into_iter().zip(types)).map(element).collect()
}

fn map(text: &str, each: &Type, depth: usize) -> Result<BTreeMap<String, Value>, DecodeError> {
    let parts: BTreeMap<String, &RawValue> = part(text.as_bytes())?;
    let member = |(key, raw): (String, _)| {
        let key = nfc(&key).into_owned();
        let member = value(raw, each, depth).map_err(|error| error.under(Step::Key(key.clone())))?;
        Ok((key, member))
    };
    parts.into_iter().map(member).collect()
}

fn object(
    text: &str,
    types: &BTreeMap<String, Type>,
    depth: usize,
) -> Result<BTreeMap<String, Value>, DecodeError> {
    let parts: BTreeMap<String, &RawValue> = part(text.as_bytes())?;
    if let Some(extra) = parts.keys().find(|name| !types.contains_key(*name)) {
        return Err(DecodeError::new("no such attribute").under(Step::Attribute(extra.clone())));
    }
    let member = |(name, r#type): (&String, _)| {
        let member = match parts.get(name) {
            Some(raw) => {
                value(raw, r#type, depth).map_err(|error| error.under(Step::Attribute(name.clone())))?
            }
            None => Value::Null,
        };
        Ok((name.clone(), member))
    };
    types.iter().map(member).collect()
}

fn dynamic(text: &str, depth: usize) -> Result<Value, DecodeError> {
    #[derive(Deserialize)]
    struct Typed<'j> {
        #[serde(borrow)]
        r#type: &'j RawValue,
        #[serde(borrow)]
        value: &'j RawValue,
    }

    let typed: Typed<'_> = part(text.as_bytes())?;
    let r#type = Type::from_json(typed.r#type.get().as_bytes())?;
    let value = value(typed.value, &r#type, depth)?;
    Ok(Value::dynamic(r#type, value))
}

fn part<'j, T: Deserialize<'j>>(json: &'j [u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(json).map_err(|error| DecodeError::new(error.to_string()))
}
