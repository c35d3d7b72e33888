//! From MessagePack to values.

use std::collections::BTreeMap;

use rmp::Marker;

use super::bytes::{Bytes, is_extension};
use super::unknown;
use crate::value::normal::nfc;
use crate::value::{DEEPEST, DecodeError, Number, Step, Type, Value};

/// The value of type `r#type` that `bytes` stand for.
pub fn decode(bytes: &[u8], r#type: &Type) -> Result<Value, DecodeError> {
    let mut bytes = Bytes(bytes);
    let value = value(&mut bytes, r#type, DEEPEST)?;
    match bytes.0 {
        [] => Ok(value),
        rest => Err(DecodeError::new(format!("{} bytes are left over after the value", rest.len()))),
    }
}

fn value(bytes: &mut Bytes<'_>, r#type: &Type, depth: usize) -> Result<Value, DecodeError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(DecodeError::new("the value nests too deep"));
    };
    let marker = bytes.peek()?;
    if is_extension(marker) {
        return unknown::read(bytes.extension()?, r#type).map(Value::Unknown);
    }
    if marker == Marker::Null {
        return bytes.take(1).map(|_| Value::Null);
    }
    match r#type {
        Type::String => bytes.text().map(|text| Value::String(nfc(text).into_owned())),
        Type::Bool => bytes.bool().map(Value::Bool),
        Type::Number => number(bytes).map(Value::Number),
        Type::List(each) => elements(bytes, each, depth).map(Value::List),
        Type::Set(each) => elements(bytes, each, depth).map(Value::Set),
        Type::Map(each) => map(bytes, each, depth).map(Value::Map),
        Type::Tuple(types) => tuple(bytes, types, depth).map(Value::Tuple),
        Type::Object(types) => object(bytes, types, depth).map(Value::Object),
        Type::Dynamic => dynamic(bytes, depth),
    }
}

/// A number, as an integer, a float or decimal text.
pub(super) fn number(bytes: &mut Bytes<'_>) -> Result<Number, DecodeError> {
    let no_number = || DecodeError::new("a number is needed");
    match bytes.peek()? {
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            return bytes.text()?.parse().map_err(|_| no_number());
        }
        _ => {}
    }
    let signed = |number: i64| Ok(Number::from(number));
    let unsigned = |number: u64| Ok(Number::from(number));
    let float = |number: f64| Number::exactly(number).map_err(|_| no_number());
    match bytes.marker()? {
        Marker::FixPos(number) => unsigned(number.into()),
        Marker::FixNeg(number) => signed(number.into()),
        Marker::U8 => unsigned(u8::from_be_bytes(bytes.array()?).into()),
        Marker::U16 => unsigned(u16::from_be_bytes(bytes.array()?).into()),
        Marker::U32 => unsigned(u32::from_be_bytes(bytes.array()?).into()),
        Marker::U64 => unsigned(u64::from_be_bytes(bytes.array()?)),
        Marker::I8 => signed(i8::from_be_bytes(bytes.array()?).into()),
        Marker::I16 => signed(i16::from_be_bytes(bytes.array()?).into()),
        Marker::I32 => signed(i32::from_be_bytes(bytes.array()?).into()),
        Marker::I64 => signed(i64::from_be_bytes(bytes.array()?)),
        Marker::F32 => float(f32::from_be_bytes(bytes.array()?).into()),
        Marker::F64 => float(f64::from_be_bytes(bytes.array()?)),
        _ => Err(no_number()),
    }
}

fn elements(bytes: &mut Bytes<'_>, each: &Type, depth: usize) -> Result<Vec<Value>, DecodeError> {
    let length = bytes.array_length()?;
    // Elements are larger than the bytes they are made of, so space grows with what has been read.
    let mut elements = Vec::with_capacity(length.min(64));
    for index in 0..length {
        elements.push(value(bytes, each, depth).map_err(|error| error.under(Step::Index(index as i64)))?);
    }
    Ok(elements)
}

fn tuple(bytes: &mut Bytes<'_>, types: &[Type], depth: usize) -> Result<Vec<Value>, DecodeError> {
    let length = bytes.array_length()?;
    if length != types.len() {
        let reason = format!("a tuple of {} elements is needed, and there are {length}", types.len());
        return Err(DecodeError::new(reason));
    }
    let mut elements = Vec::with_capacity(length);
    for (index, r#type) in types.iter().enumerate() {
        elements.push(value(bytes, r#type, depth).map_err(|error| error.under(Step::Index(index as i64)))?);
    }
    Ok(elements)
}

fn map(bytes: &mut Bytes<'_>, each: &Type, depth: usize) -> Result<BTreeMap<String, Value>, DecodeError> {
    let mut members = BTreeMap::new();
    for _ in 0..bytes.map_length()? {
        let key = nfc(bytes.text()?).into_owned();
        let member = value(bytes, each, depth).map_err(|error| error.under(Step::Key(key.clone())))?;
        members.insert(key, member);
    }
    Ok(members)
}

/// Terraform refuses an object with an attribute missing, so this does.
fn object(
    bytes: &mut Bytes<'_>,
    types: &BTreeMap<String, Type>,
    depth: usize,
) -> Result<BTreeMap<String, Value>, DecodeError> {
    let length = bytes.map_length()?;
    let mut members = BTreeMap::new();
    for _ in 0..length {
        let name = bytes.text()?;
        let Some((name, r#type)) = types.get_key_value(name) else {
            return Err(DecodeError::new("no such attribute").under(Step::Attribute(name.to_owned())));
        };
        let member =
            value(bytes, r#type, depth).map_err(|error| error.under(Step::Attribute(name.clone())))?;
        members.insert(name.clone(), member);
    }
    match types.keys().find(|name| !members.contains_key(*name)) {
        Some(missing) => {
            Err(DecodeError::new("the attribute is missing").under(Step::Attribute(missing.clone())))
        }
        None => Ok(members),
    }
}

/// A value behind its type.
fn dynamic(bytes: &mut Bytes<'_>, depth: usize) -> Result<Value, DecodeError> {
    if bytes.array_length()? != 2 {
        return Err(DecodeError::new("a type and a value are needed"));
    }
    let r#type = Type::from_json(bytes.binary()?)?;
    let value = value(bytes, &r#type, depth)?;
    Ok(Value::dynamic(r#type, value))
}
