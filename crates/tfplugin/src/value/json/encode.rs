//! From values to JSON.

use std::collections::BTreeMap;

use crate::value::normal::nfc;
use crate::value::show::quoted;
use crate::value::{DEEPEST, EncodeError, Step, Type, Value};

/// The JSON that stands for `value` of type `r#type`. JSON has no unknown values.
pub fn encode(value: &Value, r#type: &Type) -> Result<Vec<u8>, EncodeError> {
    let mut out = String::new();
    write(value, r#type, DEEPEST, &mut out)?;
    Ok(out.into_bytes())
}

fn write(value: &Value, r#type: &Type, depth: usize, out: &mut String) -> Result<(), EncodeError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(EncodeError::new("the value nests too deep"));
    };
    match (value, r#type) {
        (Value::Null, _) => out.push_str("null"),
        (Value::Unknown(_), _) => return Err(EncodeError::new("an unknown value cannot be stored")),
        (Value::Bool(value), Type::Bool) => out.push_str(&value.to_string()),
        (Value::Number(number), Type::Number) => out.push_str(&number.to_string()),
        (Value::String(text), Type::String) => out.push_str(&quoted(&nfc(text))),
        (Value::List(values), Type::List(each)) | (Value::Set(values), Type::Set(each)) => {
            return elements(values.iter().map(|value| (value, &**each)), depth, out);
        }
        (Value::Tuple(values), Type::Tuple(types)) if values.len() == types.len() => {
            return elements(values.iter().zip(types), depth, out);
        }
        (Value::Map(members), Type::Map(each)) => {
            let members = members.iter().map(|(key, member)| (Step::Key(key.clone()), key, member, &**each));
            return pairs(members, depth, out);
        }
        (Value::Object(members), Type::Object(types)) => return object(members, types, depth, out),
        (Value::Dynamic(typed), Type::Dynamic) => {
            out.push_str(r#"{"value":"#);
            write(&typed.1, &typed.0, depth, out)?;
            out.push_str(r#","type":"#);
            out.push_str(&String::from_utf8_lossy(&typed.0.to_json()));
            out.push('}');
        }
        (_, Type::Dynamic) => {
            return Err(EncodeError::new("the value has to bring its type along, and does not"));
        }
        _ => return Err(EncodeError::new(format!("{type} is needed"))),
    }
    Ok(())
}

fn elements<'v>(
    values: impl Iterator<Item = (&'v Value, &'v Type)>,
    depth: usize,
    out: &mut String,
) -> Result<(), EncodeError> {
    out.push('[');
    for (index, (value, r#type)) in values.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(value, r#type, depth, out).map_err(|error| error.under(Step::Index(index as i64)))?;
    }
    out.push(']');
    Ok(())
}

fn object(
    members: &BTreeMap<String, Value>,
    types: &BTreeMap<String, Type>,
    depth: usize,
    out: &mut String,
) -> Result<(), EncodeError> {
    if let Some(extra) = members.keys().find(|name| !types.contains_key(*name)) {
        return Err(EncodeError::new("no such attribute").under(Step::Attribute(extra.clone())));
    }
    let members = types.iter().map(|(name, r#type)| {
        (Step::Attribute(name.clone()), name, members.get(name).unwrap_or(&Value::Null), r#type)
    });
    pairs(members, depth, out)
}

fn pairs<'v>(
    members: impl Iterator<Item = (Step, &'v String, &'v Value, &'v Type)>,
    depth: usize,
    out: &mut String,
) -> Result<(), EncodeError> {
    out.push('{');
    for (position, (step, name, member, r#type)) in members.enumerate() {
        if position > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&nfc(name)));
        out.push(':');
        write(member, r#type, depth, out).map_err(|error| error.under(step))?;
    }
    out.push('}');
    Ok(())
}
