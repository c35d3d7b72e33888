//! Unknown values, and what is known of them all the same.

use rmp::encode::{
    write_array_len, write_bool, write_ext_meta, write_map_len, write_sint, write_str, write_uint,
};

use super::bytes::Bytes;
use super::{LONGEST_PREFIX, LONGEST_REFINEMENTS, REFINED, UNKNOWN, decode, encode, known};
use crate::value::normal::nfc;
use crate::value::{Bound, DecodeError, EncodeError, Nullness, Refinements, Type};

/// What the extension says. All extensions are unknown values, today's and those to come.
pub(super) fn read((kind, content): (i8, &[u8]), r#type: &Type) -> Result<Refinements, DecodeError> {
    if kind != REFINED || content.len() <= 1 || *r#type == Type::Dynamic {
        return Ok(Refinements::NONE);
    }
    if content.len() > LONGEST_REFINEMENTS {
        return Err(DecodeError::new("more is said of an unknown value than is reasonable"));
    }
    let mut bytes = Bytes(content);
    let mut known = Refinements::NONE;
    for _ in 0..bytes.map_length()? {
        let key = decode::number(&mut bytes)?.as_i64();
        known = refine(known, key, &mut bytes, r#type)?;
    }
    Ok(known)
}

fn refine(
    known: Refinements,
    key: Option<i64>,
    bytes: &mut Bytes<'_>,
    r#type: &Type,
) -> Result<Refinements, DecodeError> {
    let length = |bytes: &mut Bytes<'_>| {
        let number = decode::number(bytes)?;
        number.as_u64().ok_or_else(|| DecodeError::new("the length of an unknown value is no length"))
    };
    let key = key.unwrap_or_default();
    match (key, r#type) {
        (known::NULLNESS, _) => {
            let nullness = if bytes.bool()? { Nullness::Null } else { Nullness::NotNull };
            Ok(known.nullness(nullness))
        }
        (known::PREFIX, Type::String) => Ok(known.prefix(nfc(bytes.text()?))),
        (known::LOWER, Type::Number) => Ok(known.at_least(bound(bytes)?)),
        (known::UPPER, Type::Number) => Ok(known.at_most(bound(bytes)?)),
        (known::SHORTEST, Type::List(_) | Type::Set(_) | Type::Map(_)) => Ok(known.shortest(length(bytes)?)),
        (known::LONGEST, Type::List(_) | Type::Set(_) | Type::Map(_)) => Ok(known.longest(length(bytes)?)),
        (known::PREFIX..=known::LONGEST, _) => {
            Err(DecodeError::new("what is said of an unknown value does not fit its type"))
        }
        // What later versions of Terraform may come to say.
        _ => bytes.skip().map(|()| known),
    }
}

fn bound(bytes: &mut Bytes<'_>) -> Result<Bound, DecodeError> {
    if bytes.array_length()? != 2 {
        return Err(DecodeError::new("the range of an unknown number is no range"));
    }
    Ok(Bound { number: decode::number(bytes)?, inclusive: bytes.bool()? })
}

/// Writes an unknown value; what is known of it only as far as `r#type` can have it.
pub(super) fn write(known: &Refinements, r#type: &Type, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let mut map = Vec::new();
    let mut length = 0;
    let mut key = |map: &mut Vec<u8>, key| {
        length += 1;
        write_sint(map, key).map(|_| ()).map_err(encode::broken)
    };
    if let (Some(nullness), false) = (known.get_nullness(), *r#type == Type::Dynamic) {
        key(&mut map, known::NULLNESS)?;
        write_bool(&mut map, nullness == Nullness::Null).map_err(encode::broken)?;
    }
    if let (Some(prefix), Type::String) = (known.get_prefix(), r#type) {
        let prefix = nfc(prefix);
        let prefix = shortened(&prefix);
        if !prefix.is_empty() {
            key(&mut map, known::PREFIX)?;
            write_str(&mut map, prefix).map_err(encode::broken)?;
        }
    }
    for (number, bound) in [(known::LOWER, known.get_lower()), (known::UPPER, known.get_upper())] {
        if let (Some(bound), Type::Number) = (bound, r#type) {
            let mut encoded = Vec::new();
            write_array_len(&mut encoded, 2).map_err(encode::broken)?;
            encode::number(&bound.number, &mut encoded)?;
            write_bool(&mut encoded, bound.inclusive).map_err(encode::broken)?;
            // Saying less is allowed, saying more than is read on the other side is not.
            if encoded.len() <= LONGEST_PREFIX {
                key(&mut map, number)?;
                map.extend(encoded);
            }
        }
    }
    for (number, bound) in [(known::SHORTEST, known.get_shortest()), (known::LONGEST, known.get_longest())] {
        if let (Some(bound), Type::List(_) | Type::Set(_) | Type::Map(_)) = (bound, r#type) {
            key(&mut map, number)?;
            write_uint(&mut map, bound).map_err(encode::broken)?;
        }
    }
    if length == 0 {
        // One byte of content makes the shortest extension there is.
        out.extend([rmp::Marker::FixExt1.to_u8(), UNKNOWN as u8, 0]);
        return Ok(());
    }
    let mut content = Vec::new();
    write_map_len(&mut content, length).map_err(encode::broken)?;
    content.extend(map);
    write_ext_meta(out, encode::length(content.len())?, REFINED).map_err(encode::broken)?;
    out.extend(content);
    Ok(())
}

/// As much of `prefix` as is read on the other side. The last character before the cut could still be joined by the next one,
/// so it goes too.
fn shortened(prefix: &str) -> &str {
    if prefix.len() <= LONGEST_PREFIX {
        return prefix;
    }
    let cut = prefix.floor_char_boundary(LONGEST_PREFIX);
    let last = prefix[..cut].char_indices().next_back().map_or(0, |(position, _)| position);
    &prefix[..last]
}
