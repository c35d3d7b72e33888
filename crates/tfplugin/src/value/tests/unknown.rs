//! Unknown values.

use crate::value::msgpack::{decode, encode};
use crate::value::{Bound, Number, Refinements, Type, Value};

fn back(value: &Value, r#type: &Type) -> Value {
    decode(&encode(value, r#type).unwrap(), r#type).unwrap()
}

#[test]
fn of_a_plain_unknown_nothing_is_said() {
    for r#type in [Type::String, Type::Dynamic, Type::list(Type::Bool)] {
        assert_eq!(encode(&Value::unknown(), &r#type).unwrap(), b"\xd4\x00\x00");
        assert_eq!(decode(b"\xd4\x00\x00", &r#type), Ok(Value::unknown()));
    }
}

#[test]
fn every_extension_is_an_unknown_value() {
    for bytes in [
        b"\xd4\x05\x01".as_slice(),
        b"\xd5\x07ab",
        b"\xd6\x7fabcd",
        b"\xd7\x01abcdefgh",
        b"\xd8\x01abcdefghabcdefgh",
        b"\xc7\x00\x0c",
        b"\xc7\x03\x63abc",
        b"\xc8\x00\x02\x63ab",
        b"\xc9\x00\x00\x00\x01\x63a",
        b"\xd4\x0c\x80",
    ] {
        assert_eq!(decode(bytes, &Type::String), Ok(Value::unknown()), "{bytes:x?}");
    }
}

#[test]
fn what_is_known_of_an_unknown_value_is_kept() {
    let not_null = Value::Unknown(Refinements::NONE.not_null());
    assert_eq!(encode(&not_null, &Type::Bool).unwrap(), b"\xc7\x03\x0c\x81\x01\xc2");
    let arn = Value::Unknown(Refinements::NONE.not_null().prefix("arn:"));
    assert_eq!(encode(&arn, &Type::String).unwrap(), b"\xc7\x09\x0c\x82\x01\xc2\x02\xa4arn:");
    let bound = |number: &str, inclusive| Bound { number: number.parse::<Number>().unwrap(), inclusive };
    let port = Value::Unknown(Refinements::NONE.at_least(bound("0.1", false)).at_most(bound("65535", true)));
    let few = Value::Unknown(Refinements::NONE.shortest(1).longest(6));
    assert_eq!(back(&not_null, &Type::Bool), not_null);
    assert_eq!(back(&arn, &Type::String), arn);
    assert_eq!(back(&port, &Type::Number), port);
    assert_eq!(back(&few, &Type::set(Type::String)), few);
}

#[test]
fn an_empty_map_of_knowledge_is_never_sent() {
    let few = Value::Unknown(Refinements::NONE.shortest(1));
    assert_eq!(encode(&few, &Type::String).unwrap(), b"\xd4\x00\x00");
    let empty = Value::Unknown(Refinements::NONE.prefix(""));
    assert_eq!(encode(&empty, &Type::String).unwrap(), b"\xd4\x00\x00");
    let not_null = Value::Unknown(Refinements::NONE.not_null());
    assert_eq!(encode(&not_null, &Type::Dynamic).unwrap(), b"\xd4\x00\x00");
}

#[test]
fn a_long_prefix_is_cut_between_characters() {
    let long = "é".repeat(400);
    let Value::Unknown(known) = back(&Value::Unknown(Refinements::NONE.prefix(&*long)), &Type::String) else {
        panic!("it is unknown")
    };
    let prefix = known.get_prefix().unwrap();
    assert!(long.starts_with(prefix) && prefix.len() <= 256 && prefix.len() > 240, "{}", prefix.len());
}

#[test]
fn knowledge_of_later_versions_is_passed_over() {
    // {9: [1, {"a": nil}], 1: false}
    let content = b"\x82\x09\x92\x01\x81\xa1a\xc0\x01\xc2";
    let bytes = [&[0xc7, content.len() as u8, 12], content.as_slice()].concat();
    assert_eq!(decode(&bytes, &Type::String), Ok(Value::Unknown(Refinements::NONE.not_null())));
}

#[test]
fn knowledge_that_makes_no_sense_is_refused() {
    for (content, r#type) in [
        (b"\x81\x02\xa1a".as_slice(), Type::Number),
        (b"\x81\x05\x01", Type::String),
        (b"\x81\x05\xff", Type::list(Type::String)),
        (b"\x81\x03\x92\x01\x01", Type::Number),
        (b"\x81\x01\x01", Type::String),
        (b"\x8f\x01\xc2", Type::String),
        (b"\xa1a\xc0\xc0", Type::String),
    ] {
        let bytes = [&[0xc7, content.len() as u8, 12], content].concat();
        assert!(decode(&bytes, &r#type).is_err(), "{content:x?}");
    }
    let long = [b"\xc8\x08\x00\x0c".as_slice(), &[0; 2048]].concat();
    assert!(decode(&long, &Type::String).is_err());
}

#[test]
fn what_was_known_rules_values_out() {
    let bound = |number: i64, inclusive| Bound { number: number.into(), inclusive };
    let allow = |known: Refinements, value: Value| known.allow(&value);
    assert!(allow(Refinements::NONE, Value::Null));
    assert!(!allow(Refinements::NONE.not_null(), Value::Null));
    assert!(allow(Refinements::NONE.prefix("arn:"), "arn:aws".into()));
    assert!(!allow(Refinements::NONE.prefix("arn:"), "vpc-1".into()));
    assert!(allow(Refinements::NONE.prefix("arn:"), Value::unknown()));
    assert!(allow(Refinements::NONE.at_least(bound(1, true)), 1.into()));
    assert!(!allow(Refinements::NONE.at_least(bound(1, false)), 1.into()));
    assert!(!allow(Refinements::NONE.at_most(bound(5, true)), 6.into()));
    assert!(!allow(Refinements::NONE.shortest(2), Value::list(["a"])));
    assert!(!allow(Refinements::NONE.longest(1), Value::map([("a", 1), ("b", 2)])));
    assert!(!allow(Refinements::NONE.shortest(2), Value::set_of(["a", "a"])));
}
