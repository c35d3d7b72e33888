//! JSON.

use proptest::prelude::*;

use super::any::{Known, any_type, any_typed_value};
use super::{network, object};
use crate::value::json::{decode, encode};
use crate::value::{Type, Value};

fn refusal(json: &str, r#type: &Type) -> String {
    decode(json.as_bytes(), r#type).unwrap_err().to_string()
}

#[test]
fn a_state_older_than_the_schema_has_nulls_for_what_is_new() {
    let state = decode(br#"{"name": "prod", "size": 3}"#, &object()).unwrap();
    assert_eq!(state.get("name"), &Value::from("prod"));
    assert_eq!(state.get("tags"), &Value::Null);
    assert_eq!(state.as_map().unwrap().len(), 6);
}

#[test]
fn an_attribute_the_schema_does_not_have_is_named() {
    let r#type = Type::map(Type::object([("a", Type::Bool)]));
    assert_eq!(refusal(r#"{"x": {"a": true, "b": 1}}"#, &r#type), r#"["x"].b: no such attribute"#);
}

#[test]
fn numbers_keep_every_digit() {
    let text = "123456789012345678901234567890.000000000000000000001";
    let value = decode(text.as_bytes(), &Type::Number).unwrap();
    assert_eq!(encode(&value, &Type::Number).unwrap(), text.as_bytes());
    assert_eq!(decode(b"1.50", &Type::Number), decode(b"\"15e-1\"", &Type::Number));
}

#[test]
fn an_attribute_whose_type_has_changed_is_converted_as_terraform_does() {
    assert_eq!(decode(b"1.50", &Type::String), Ok("1.50".into()));
    assert_eq!(decode(b"true", &Type::String), Ok("true".into()));
    assert_eq!(decode(b"\"true\"", &Type::Bool), Ok(true.into()));
    assert_eq!(decode(b"\"12\"", &Type::Number), Ok(12.into()));
    assert_eq!(refusal("[]", &Type::String), "a string is needed");
    assert_eq!(refusal("\"x\"", &Type::Number), "a number is needed");
    assert_eq!(refusal("1", &Type::Bool), "a bool is needed");
}

#[test]
fn a_value_of_any_type_brings_its_type_along() {
    let value = Value::dynamic(Type::list(Type::Bool), Value::list([true]));
    let json = encode(&value, &Type::Dynamic).unwrap();
    assert_eq!(String::from_utf8_lossy(&json), r#"{"value":[true],"type":["list","bool"]}"#);
    assert_eq!(decode(&json, &Type::Dynamic), Ok(value));
    let other_order = br#"{"type": "string", "value": "x"}"#;
    assert_eq!(decode(other_order, &Type::Dynamic), Ok(Value::dynamic(Type::String, "x".into())));
}

#[test]
fn an_unknown_value_cannot_be_stored() {
    let mut value = network();
    value.set("name", Value::unknown());
    let error = encode(&value, &object()).unwrap_err();
    assert_eq!(error.to_string(), "name: an unknown value cannot be stored");
}

#[test]
fn json_nested_without_end_is_refused_before_the_stack_is_full() {
    let deep = (0..500).fold(Type::String, |inner, _| Type::list(inner));
    let json = ["[".repeat(500), "]".repeat(500)].concat();
    assert_eq!(decode(json.as_bytes(), &deep).unwrap_err().reason, "the value nests too deep");
    let json = "[".repeat(1_000_000);
    assert!(decode(json.as_bytes(), &Type::list(Type::String)).is_err());
}

proptest! {
    #[test]
    fn every_value_comes_back_as_it_went((r#type, value) in any_typed_value(Known::Wholly)) {
        let json = encode(&value, &r#type).unwrap();
        prop_assert_eq!(decode(&json, &r#type), Ok(value));
    }

    #[test]
    fn any_text_is_a_value_or_an_error(json in "[\\[\\]{}\":,a-z0-9. ]{0,40}", r#type in any_type()) {
        let _ = decode(json.as_bytes(), &r#type);
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error(json: Vec<u8>, r#type in any_type()) {
        let _ = decode(&json, &r#type);
    }
}
