//! From values to MessagePack.

use std::collections::BTreeMap;

use rmp::encode::{
    write_array_len, write_bin, write_bool, write_f64, write_map_len, write_nil, write_sint, write_str,
    write_uint,
};

use super::unknown;
use crate::value::normal::nfc;
use crate::value::{DEEPEST, EncodeError, Number, Step, Type, Value};

/// The bytes that stand for `value` of type `r#type`. Attributes that an object lacks are written as null.
pub fn encode(value: &Value, r#type: &Type) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    write(value, r#type, DEEPEST, &mut out)?;
    Ok(out)
}

fn write(value: &Value, r#type: &Type, depth: usize, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(EncodeError::new("the value nests too deep"));
    };
    match (value, r#type) {
        (Value::Null, _) => write_nil(out).map_err(broken),
        (Value::Unknown(known), _) => unknown::write(known, r#type, out),
        (Value::Bool(value), Type::Bool) => write_bool(out, *value).map_err(broken),
        (Value::Number(value), Type::Number) => number(value, out),
        (Value::String(text), Type::String) => write_str(out, &nfc(text)).map_err(broken),
        (Value::List(values), Type::List(each)) | (Value::Set(values), Type::Set(each)) => {
            write_array_len(out, length(values.len())?).map_err(broken)?;
            elements(values.iter().map(|value| (value, &**each)), depth, out)
        }
        (Value::Tuple(values), Type::Tuple(types)) if values.len() == types.len() => {
            write_array_len(out, length(values.len())?).map_err(broken)?;
            elements(values.iter().zip(types), depth, out)
        }
        (Value::Map(members), Type::Map(each)) => {
            write_map_len(out, length(members.len())?).map_err(broken)?;
            members.iter().try_for_each(|(key, member)| {
                write_str(out, &nfc(key)).map_err(broken)?;
                write(member, each, depth, out).map_err(|error| error.under(Step::Key(key.clone())))
            })
        }
        (Value::Object(members), Type::Object(types)) => object(members, types, depth, out),
        (Value::Dynamic(typed), Type::Dynamic) => {
            write_array_len(out, 2).map_err(broken)?;
            write_bin(out, &typed.0.to_json()).map_err(broken)?;
            write(&typed.1, &typed.0, depth, out)
        }
        (_, Type::Dynamic) => Err(EncodeError::new("the value has to bring its type along, and does not")),
        _ => Err(EncodeError::new(format!("{type} is needed"))),
    }
}

/// Terraform's own choice: integers as such, floats where they are exact, else decimal text.
pub(super) fn number(number: &Number, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    if let Some(number) = number.as_i64() {
        return write_sint(out, number).map(|_| ()).map_err(broken);
    }
    if let Some(number) = number.as_u64() {
        return write_uint(out, number).map(|_| ()).map_err(broken);
    }
    match number.as_exact_f64() {
        Some(float) if !number.is_integer() => write_f64(out, float).map_err(broken),
        _ => write_str(out, &number.to_string()).map_err(broken),
    }
}

fn elements<'v>(
    values: impl Iterator<Item = (&'v Value, &'v Type)>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    for (index, (value, r#type)) in values.enumerate() {
        write(value, r#type, depth, out).map_err(|error| error.under(Step::Index(index as i64)))?;
    }
    Ok(())
}

fn object(
    members: &BTreeMap<String, Value>,
    types: &BTreeMap<String, Type>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    if let Some(extra) = members.keys().find(|name| !types.contains_key(*name)) {
        return Err(EncodeError::new("no such attribute").under(Step::Attribute(extra.clone())));
    }
    write_map_len(out, length(types.len())?).map_err(broken)?;
    for (name, r#type) in types {
        write_str(out, name).map_err(broken)?;
        let member = members.get(name).unwrap_or(&Value::Null);
        write(member, r#type, depth, out).map_err(|error| error.under(Step::Attribute(name.clone())))?;
    }
    Ok(())
}

pub(super) fn length(length: usize) -> Result<u32, EncodeError> {
    u32::try_from(length).map_err(|_| EncodeError::new("the value is too large"))
}

pub(super) fn broken(error: impl std::fmt::Display) -> EncodeError {
    EncodeError::new(format!("it cannot be written: {error}"))
}
