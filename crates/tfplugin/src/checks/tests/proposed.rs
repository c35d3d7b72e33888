//! What Terraform proposes.

use super::*;

#[test]
fn computed_values_are_kept_where_nothing_is_configured() {
    let schema = schema_of(Attribute::optional_computed(Kind::number()));
    let prior = Value::object([("it", Value::from(3)), ("id", Value::from("vpc-1"))]);
    assert_eq!(proposed_new(&schema, &prior, &it(Value::Null)), prior);
    assert_eq!(proposed_new(&schema, &prior, &it(4)).get("it"), &Value::from(4));
    assert_eq!(proposed_new(&schema, &prior, &it(4)).get("id"), &Value::from("vpc-1"));
    assert_eq!(proposed_new(&schema, &Value::Null, &it(4)).get("id"), &Value::Null);
    assert_eq!(proposed_new(&schema, &Value::Null, &Value::Null), Value::Null);
}

#[test]
fn what_is_no_longer_configured_goes() {
    let schema = schema_of(Attribute::optional(Kind::number()));
    assert_eq!(proposed_new(&schema, &it(3), &it(Value::Null)).get("it"), &Value::Null);
    let schema = schema_of(Attribute::optional_computed(Kind::Single(node())));
    let proposed = proposed_new(&schema, &it(node_of("a", 3)), &it(Value::Null));
    assert_eq!(proposed.get("it"), &Value::Null, "its name can only have been configured");
}

#[test]
fn elements_continue_those_at_the_same_place() {
    let size = |value: &Value| value.get("size").clone();
    let list = schema_of(Attribute::optional(Kind::List(node())));
    let prior = it(Value::list([node_of("a", 1), node_of("b", 2)]));
    let config = it(Value::list([node_of("x", Value::Null), node_of("y", 5), node_of("z", Value::Null)]));
    let proposed = proposed_new(&list, &prior, &config);
    let sizes: Vec<Value> = proposed.get("it").as_list().unwrap().iter().map(size).collect();
    assert_eq!(sizes, [1.into(), 5.into(), Value::Null]);

    let map = schema_of(Attribute::optional(Kind::Map(node())));
    let prior = it(Value::map([("k", node_of("a", 1))]));
    let config = it(Value::map([("k", node_of("b", Value::Null)), ("l", node_of("b", Value::Null))]));
    let proposed = proposed_new(&map, &prior, &config);
    assert_eq!(size(proposed.get("it").get("k")), 1.into());
    assert_eq!(size(proposed.get("it").get("l")), Value::Null);
}

#[test]
fn elements_of_sets_continue_those_they_can_have_come_from() {
    for schema in
        [schema_of(Attribute::optional(Kind::Set(node()))), schema_with(Block::set(node_body(), 0, 0))]
    {
        let prior = it(Value::set_of([node_of("a", 1), node_of("b", 2)]));
        let config = it(Value::set_of([node_of("b", Value::Null), node_of("c", Value::Null)]));
        let proposed = proposed_new(&schema, &prior, &config);
        let expected =
            it(Value::set_of([node_of("b", 2), node_of("c", Value::Null)])).completed(&schema.r#type());
        assert_eq!(proposed.get("it"), expected.get("it"));
    }
}

#[test]
fn blocks_are_as_configured_with_their_computed_values() {
    let schema = schema_with(Block::list(node_body(), 0, 0));
    let prior = it(Value::list([node_of("a", 1)]));
    let config = it(Value::list([node_of("b", Value::Null)]));
    assert_eq!(proposed_new(&schema, &prior, &config), it(Value::list([node_of("b", 1)])));
    assert_eq!(proposed_new(&schema, &prior, &it(Value::List(vec![]))), it(Value::List(vec![])));
    assert_eq!(proposed_new(&schema, &prior, &it(Value::unknown())), it(Value::unknown()));
}

#[test]
fn what_terraform_proposes_is_a_plan_by_its_own_rules() {
    let schema = schema_of(Attribute::optional(Kind::Map(node())));
    let prior = it(Value::map([("k", node_of("a", 1))]));
    let config = it(Value::map([("k", node_of("b", Value::Null)), ("l", node_of("b", 7))]));
    for (prior, config) in [(&prior, &config), (&Value::Null, &config), (&config, &prior)] {
        assert_eq!(planned(&schema, prior, config, &proposed_new(&schema, prior, config)), vec![]);
    }
}
