//! MessagePack.

use proptest::prelude::*;

use super::any::{Known, any_type, any_typed_value};
use super::{network, object};
use crate::value::msgpack::{decode, encode};
use crate::value::{Number, Type, Value};

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn refusal(bytes: &[u8], r#type: &Type) -> String {
    decode(bytes, r#type).unwrap_err().to_string()
}

#[test]
fn a_network_comes_back_as_it_went() {
    let bytes = encode(&network(), &object()).unwrap();
    assert_eq!(decode(&bytes, &object()), Ok(network()));
}

#[test]
fn each_number_travels_as_terraform_sends_it() {
    for (text, bytes) in [
        ("0", b"\x00".to_vec()),
        ("-1", b"\xff".to_vec()),
        ("200", b"\xcc\xc8".to_vec()),
        ("0.5", [b"\xcb".to_vec(), 0.5_f64.to_be_bytes().to_vec()].concat()),
        ("-2.25", [b"\xcb".to_vec(), (-2.25_f64).to_be_bytes().to_vec()].concat()),
        ("0.1", b"\xa30.1".to_vec()),
        ("18446744073709551615", [b"\xcf".to_vec(), u64::MAX.to_be_bytes().to_vec()].concat()),
        ("18446744073709551616", b"\xb418446744073709551616".to_vec()),
        ("1.23e22", b"\xb712300000000000000000000".to_vec()),
        ("-9223372036854775809", b"\xb4-9223372036854775809".to_vec()),
        ("1e500", b"\xa51e500".to_vec()),
    ] {
        let encoded = encode(&number(text), &Type::Number).unwrap();
        assert_eq!(encoded, bytes, "{text}");
        assert_eq!(decode(&bytes, &Type::Number), Ok(number(text)), "{text}");
    }
}

#[test]
fn a_float_that_only_resembles_a_decimal_stays_what_it_is() {
    let bytes = [b"\xcb".to_vec(), 0.1_f64.to_be_bytes().to_vec()].concat();
    let decoded = decode(&bytes, &Type::Number).unwrap();
    assert_eq!(decoded, Value::Number(Number::exactly(0.1).unwrap()));
    assert_ne!(decoded, number("0.1"));
    assert_eq!(encode(&decoded, &Type::Number).unwrap(), bytes);
}

#[test]
fn accents_arrive_composed_whichever_way_they_were_typed() {
    let decomposed = "Cafe\u{301}";
    assert_eq!(encode(&decomposed.into(), &Type::String).unwrap(), b"\xa5Caf\xc3\xa9");
    assert_eq!(decode(b"\xa6Cafe\xcc\x81", &Type::String), Ok("Caf\u{e9}".into()));
    let key = decode(b"\x81\xa6Cafe\xcc\x81\xc0", &Type::map(Type::String)).unwrap();
    assert_eq!(key, Value::map([("Caf\u{e9}", Value::Null)]));
}

#[test]
fn all_attributes_of_an_object_are_sent_and_asked_for() {
    let r#type = Type::object([("a", Type::String), ("b", Type::Bool)]);
    let sent = encode(&Value::object([("b", true)]), &r#type).unwrap();
    assert_eq!(sent, b"\x82\xa1a\xc0\xa1b\xc3");
    assert_eq!(refusal(b"\x81\xa1b\xc3", &r#type), "a: the attribute is missing");
    assert_eq!(refusal(b"\x80", &r#type), "a: the attribute is missing");
    assert_eq!(refusal(b"\x82\xa1a\xc0\xa1c\xc3", &r#type), "c: no such attribute");
    assert_eq!(refusal(b"\x82\xa1a\xc0\xa1a\xc0", &r#type), "b: the attribute is missing");
    assert_eq!(
        encode(&Value::object([("c", true)]), &r#type).unwrap_err().to_string(),
        "c: no such attribute"
    );
}

#[test]
fn a_value_of_any_type_brings_its_type_along() {
    let value = Value::dynamic(Type::list(Type::String), Value::list(["a"]));
    let bytes = encode(&value, &Type::Dynamic).unwrap();
    assert_eq!(bytes, b"\x92\xc4\x11[\"list\",\"string\"]\x91\xa1a");
    assert_eq!(decode(&bytes, &Type::Dynamic), Ok(value));
    assert_eq!(decode(b"\xc0", &Type::Dynamic), Ok(Value::Null));
    assert_eq!(decode(b"\xd4\x00\x00", &Type::Dynamic), Ok(Value::unknown()));
    assert!(encode(&"a".into(), &Type::Dynamic).is_err());
}

#[test]
fn an_error_says_where_it_is() {
    let r#type = Type::object([("rules", Type::list(Type::map(Type::Number)))]);
    let bytes = b"\x81\xa5rules\x92\x80\x81\xa4port\xa3any";
    assert_eq!(refusal(bytes, &r#type), r#"rules[1]["port"]: a number is needed"#);
    let value = Value::object([("rules", Value::list([Value::map([("port", "any")])]))]);
    assert_eq!(encode(&value, &r#type).unwrap_err().to_string(), r#"rules[0]["port"]: number is needed"#);
}

#[test]
fn bytes_that_promise_more_than_there_is_are_refused_at_once() {
    let list = Type::list(Type::String);
    for bytes in [
        b"\xdd\xff\xff\xff\xff".as_slice(),
        b"\xdc\xff\xff\xc0",
        b"\xdf\xff\xff\xff\xff\xc0",
        b"\xdb\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xc9\xff\xff\xff\xff\x0c",
        b"\x92\xc0",
        b"",
        b"\xc1",
    ] {
        for r#type in [&list, &Type::map(Type::Bool), &Type::String, &Type::Number, &Type::Dynamic, &object()]
        {
            assert!(decode(bytes, r#type).is_err(), "{bytes:x?} as {type}");
        }
    }
    assert_eq!(refusal(b"\xc0\xc0", &list), "1 bytes are left over after the value");
}

#[test]
fn values_nested_without_end_are_refused_before_the_stack_is_full() {
    let deep = (0..500).fold(Type::String, |inner, _| Type::list(inner));
    assert_eq!(decode(&[0x91; 501], &deep).unwrap_err().reason, "the value nests too deep");

    let step = b"\x92\xc4\x09\"dynamic\"";
    assert_eq!(decode(&step.repeat(100_000), &Type::Dynamic).unwrap_err().reason, "the value nests too deep");

    let json = [r#"["list","#.repeat(100_000), r#""string""#.to_owned(), "]".repeat(100_000)].concat();
    assert!(Type::from_json(json.as_bytes()).is_err());
    let json = [r#"["list","#.repeat(100), r#""string""#.to_owned(), "]".repeat(100)].concat();
    assert_eq!(Type::from_json(json.as_bytes()).unwrap_err().reason, "the type nests too deep");
}

/// How many values a value consists of.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::List(elements) | Value::Set(elements) | Value::Tuple(elements) => {
            elements.iter().map(size).sum()
        }
        Value::Map(members) | Value::Object(members) => members.values().map(size).sum(),
        Value::Dynamic(typed) => size(&typed.1),
        _ => 0_usize,
    }
}

proptest! {
    #[test]
    fn every_value_comes_back_as_it_went((r#type, value) in any_typed_value(Known::Partly)) {
        let bytes = encode(&value, &r#type).unwrap();
        prop_assert_eq!(decode(&bytes, &r#type), Ok(value));
    }

    #[test]
    fn every_type_comes_back_as_it_went(r#type in any_type()) {
        prop_assert_eq!(Type::from_json(&r#type.to_json()), Ok(r#type));
    }

    #[test]
    fn any_bytes_are_a_value_no_larger_than_they_or_an_error(bytes: Vec<u8>, r#type in any_type()) {
        if let Ok(value) = decode(&bytes, &r#type) {
            prop_assert!(size(&value) <= bytes.len());
            let again = encode(&value, &r#type).unwrap();
            prop_assert_eq!(decode(&again, &r#type), Ok(value));
        }
    }

    #[test]
    fn damaged_bytes_are_a_value_no_larger_than_they_or_an_error(
        (r#type, value) in any_typed_value(Known::Partly),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        cut: proptest::sample::Index,
    ) {
        let mut bytes = encode(&value, &r#type).unwrap();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        for bytes in [&bytes[..], &bytes[..cut.index(bytes.len())]] {
            if let Ok(value) = decode(bytes, &r#type) {
                prop_assert!(size(&value) <= bytes.len());
            }
        }
    }
}
