//! Values themselves.

use super::network;
use crate::value::{Path, Type, Value};

#[test]
fn a_set_is_the_same_in_any_order() {
    let one = Value::set_of([Value::set_of(["a", "b"]), Value::Null]);
    let two = Value::set_of([Value::Null, Value::set_of(["b", "a", "b"]), Value::Null]);
    assert_eq!(one, two);
    assert_ne!(one, Value::set_of([Value::Null]));
    assert_ne!(Value::list(["a", "b"]), Value::list(["b", "a"]));
    assert_ne!(Value::list(["a"]), Value::set_of(["a"]));
}

#[test]
fn what_is_asked_of_nothing_is_nothing_and_of_the_unknown_unknown() {
    assert_eq!(Value::Null.get("network").get("cidr"), &Value::Null);
    assert!(!Value::unknown().get("network").get("cidr").is_known());
    assert_eq!(network().get("tags").get("team").as_str(), Some("core"));
    assert_eq!(network().get("more").as_list().map(<[Value]>::len), Some(1));
}

#[test]
fn one_unknown_part_makes_a_value_not_wholly_known() {
    let mut value = network();
    assert!(value.is_wholly_known());
    value.set("more", Value::dynamic(Type::list(Type::String), Value::list([Value::unknown()])));
    assert!(value.is_known() && !value.is_wholly_known());
    value.forget_unknown();
    assert!(value.is_wholly_known());
    assert_eq!(value.get("more").as_list(), Some(&[Value::Null][..]));
}

#[test]
fn paths_lead_to_parts() {
    let value = Value::object([("members", Value::map([("eu", Value::list([Value::set_of(["x"])]))]))]);
    let path = Path::root("members").key("eu").index(0);
    assert_eq!(path.to_string(), r#"members["eu"][0]"#);
    assert_eq!(value.at(&path), Some(&Value::set_of(["x"])));
    assert_eq!(value.at(&path.clone().element("x".into())), Some(&"x".into()));
    assert_eq!(value.at(&path.index(-1)), None);
    assert_eq!(value.at(&Path::default()), Some(&value));
}

#[test]
fn values_are_changed_in_place() {
    let mut value = Value::Null;
    value.set("cidr", "10.0.0.0/16");
    value.set("zones", Some(3));
    *value.get_mut("cidr").unwrap() = Value::from("10.1.0.0/16");
    assert_eq!(value, Value::object([("cidr", Value::from("10.1.0.0/16")), ("zones", Value::from(3))]));
    assert_eq!(value.to_string(), r#"{ cidr = "10.1.0.0/16", zones = 3 }"#);
}
