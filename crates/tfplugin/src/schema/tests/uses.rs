//! What schemas are used for.

use super::*;
use crate::checks::Violation;
use crate::proto::tfplugin6::schema as message;
use crate::value::Path;
use message::nested_block::NestingMode as BlockMode;
use message::object::NestingMode;

#[test]
fn the_type_follows_from_attributes_and_blocks() {
    assert_eq!(
        network().r#type().to_string(),
        "object({ cidr = string, endpoints = map(object({ service = string, token = string })), id = string, \
         password = string, rule = list(object({ port = number, secret = string })), zones = set(string) })"
    );
    let empty = network().empty();
    assert_eq!(empty.get("cidr"), &Value::Null);
    assert_eq!(empty.get("rule"), &Value::List(vec![]));
    assert_eq!(network().conform(&empty), Ok(()));
}

#[test]
fn nothing_secret_gets_into_logs() {
    assert_eq!(
        network().redact(&configured()),
        "{ cidr = \"10.0.0.0/16\", endpoints = { \"s3\" = { service = \"s 3\", token = (sensitive) } }, id = null, \
         password = (sensitive), rule = [{ port = 443, secret = (sensitive) }], zones = [\"a\"] }"
    );
    let mut odd = configured();
    odd.set("extra", "hunter2");
    odd.set("rule", "psst");
    let shown = network().redact(&odd);
    assert!(!shown.contains("hunter2") && !shown.contains("psst"), "{shown}");
}

#[test]
fn a_value_of_another_type_is_told_by_attribute_and_without_values() {
    let mut value = configured();
    value.set("cidr", 10);
    value.set("zones", Value::list(["a"]));
    value.set("extra", "hunter2");
    value.get_mut("endpoints").unwrap().set("s3", Value::object([("service", true)]));
    assert_eq!(
        network().conform(&value).unwrap_err(),
        vec![
            Violation::new(Path::root("cidr"), "it is a number, and string is needed"),
            Violation::new(
                Path::root("endpoints").key("s3").attribute("service"),
                "it is a bool, and string is needed"
            ),
            Violation::new(Path::root("extra"), "the schema has no such attribute"),
            Violation::new(Path::root("zones"), "it is a list, and set(string) is needed"),
        ]
    );
    assert_eq!(network().conform(&Value::object([("id", "vpc-1")])), Ok(()), "what is not there is null");
}

#[test]
fn checks_of_single_attributes_are_run_wherever_the_attribute_is() {
    let diagnostics = network().validate(&configured());
    assert_eq!(
        diagnostics.to_string(),
        "Error: This value of endpoints[\"s3\"].service cannot be used (endpoints[\"s3\"].service)\n\
         \"s 3\" has a space in it. Take it out."
    );
    let mut unknown = configured();
    unknown.set("endpoints", Value::unknown());
    unknown.set("cidr", Value::unknown());
    assert!(network().validate(&unknown).is_empty());
}

#[test]
fn values_of_write_only_attributes_are_found_and_taken_out() {
    let mut value = configured();
    assert_eq!(
        network().write_only_values(&value),
        vec![Path::root("endpoints").key("s3").attribute("token"), Path::root("password")]
    );
    network().clear_write_only(&mut value);
    assert_eq!(network().write_only_values(&value), vec![]);
    assert_eq!(value.get("endpoints").get("s3").get("service").as_str(), Some("s 3"));
}

#[test]
fn terraform_is_told_the_same_schema() {
    let proto = network().to_proto();
    let block = proto.block.unwrap();
    assert_eq!((proto.version, block.version, block.description.as_str()), (2, 2, "A network."));
    let attribute = |name: &str| block.attributes.iter().find(|it| it.name == name).unwrap();
    let needs = |name: &str| {
        let it = attribute(name);
        (it.required, it.optional, it.computed)
    };
    assert_eq!(needs("cidr"), (true, false, false));
    assert_eq!(needs("password"), (false, true, false));
    assert_eq!(needs("id"), (false, false, true));
    assert_eq!(needs("zones"), (false, true, true));
    assert_eq!(attribute("zones").r#type, br#"["set","string"]"#);
    assert!(attribute("zones").deprecated && attribute("password").write_only);
    let endpoints = attribute("endpoints");
    let nested = endpoints.nested_type.as_ref().unwrap();
    assert_eq!((nested.nesting(), nested.attributes.len()), (NestingMode::Map, 2));
    assert!(endpoints.r#type.is_empty(), "either a type or attributes");
    let rule = &block.block_types[0];
    assert_eq!((rule.nesting(), rule.min_items, rule.max_items), (BlockMode::List, 0, 3));
    assert!(rule.block.as_ref().unwrap().attributes[1].sensitive);
}

#[test]
fn the_documentation_has_it_all_as_plain_data() {
    let document = serde_json::to_value(network().document()).unwrap();
    assert_eq!(document["attributes"][0]["name"], "cidr");
    assert_eq!(document["attributes"][0]["need"], "required");
    assert_eq!(document["attributes"][0]["type"], "string");
    assert_eq!(document["attributes"][1]["type"], "map of objects");
    assert_eq!(document["attributes"][1]["attributes"][1]["write_only"], true);
    assert_eq!(document["attributes"][4]["deprecated"], "Use zone_count.");
    assert_eq!(document["blocks"][0]["count"], "at most 3");
}
