//! Plans.

use super::*;
use crate::value::Refinements;

fn check(schema: &Schema, prior: Value, config: Value, planned: Value) -> Vec<String> {
    told(super::planned(schema, &prior, &config, &planned))
}

#[test]
fn what_is_configured_is_planned_or_left_as_it_was() {
    for attribute in [
        Attribute::required(Kind::string()),
        Attribute::optional(Kind::string()),
        Attribute::optional_computed(Kind::string()),
    ] {
        let schema = schema_of(attribute);
        assert_eq!(check(&schema, Value::Null, it("a"), it("a")), [""; 0]);
        assert_eq!(check(&schema, it("A"), it("a"), it("A")), [""; 0], "the two mean the same");
        assert_eq!(
            check(&schema, it("A"), it("a"), it("b")),
            [r#"it: it is configured as "a", was "A" before, and is planned as "b""#]
        );
        assert_eq!(
            check(&schema, Value::Null, it("a"), it("b")),
            [r#"it: it is configured as "a" and planned as "b""#]
        );
        assert_eq!(
            check(&schema, Value::Null, it("a"), it(Value::unknown())),
            [r#"it: it is configured as "a" and planned as (known after apply)"#]
        );
        assert_eq!(
            check(&schema, Value::Null, it("a"), it(Value::Null)),
            [r#"it: it is configured as "a" and planned as null"#]
        );
        assert_eq!(check(&schema, Value::Null, it(Value::unknown()), it(Value::unknown())), [""; 0]);
        assert_eq!(check(&schema, Value::Null, it(Value::unknown()), it("a")).len(), 1);
    }
}

#[test]
fn what_is_not_configured_is_null_unless_it_is_computed() {
    let optional = schema_of(Attribute::optional(Kind::string()));
    let expected = [r#"it: it is not configured and not computed, and planned as "a""#];
    assert_eq!(check(&optional, it("a"), it(Value::Null), it("a")), expected);
    assert_eq!(check(&optional, it("a"), it(Value::Null), it(Value::Null)), [""; 0]);
    for attribute in [Attribute::computed(Kind::string()), Attribute::optional_computed(Kind::string())] {
        let schema = schema_of(attribute);
        for planned in [Value::Null, Value::from("a"), Value::unknown()] {
            assert_eq!(check(&schema, it("z"), it(Value::Null), it(planned)), [""; 0]);
        }
    }
    let computed = schema_of(Attribute::computed(Kind::string()));
    assert_eq!(check(&computed, Value::Null, it("a"), it("b")), [""; 0], "nobody can configure it");
}

#[test]
fn what_is_known_of_unknown_values_does_not_count() {
    let schema = schema_of(Attribute::required(Kind::list(Type::String)));
    let refined = it(Value::list([Value::Unknown(Refinements::NONE.not_null())]));
    assert_eq!(check(&schema, Value::Null, it(Value::list([Value::unknown()])), refined), [""; 0]);
}

#[test]
fn there_is_a_plan_if_and_only_if_there_is_a_configuration() {
    let schema = schema_of(Attribute::optional(Kind::string()));
    assert_eq!(check(&schema, it("a"), Value::Null, Value::Null), [""; 0]);
    assert_eq!(
        check(&schema, it("a"), Value::Null, it("a")),
        ["the plan has what the configuration does not ask for"]
    );
    assert_eq!(
        check(&schema, it("a"), it("a"), Value::Null),
        ["the plan leaves out what the configuration asks for"]
    );
}

#[test]
fn nothing_secret_is_told() {
    let schema = schema_of(Attribute::optional(Kind::string()).sensitive());
    for (prior, config) in
        [(Value::Null, it("s3cret")), (it("0ld"), it("s3cret")), (Value::Null, it(Value::Null))]
    {
        let violations = check(&schema, prior, config, it("hunter2")).concat();
        assert!(violations.contains("(sensitive)"), "{violations}");
        assert!(
            !violations.contains("s3cret") && !violations.contains("hunter2") && !violations.contains("0ld")
        );
    }
    let schema = schema_of(Attribute::optional(Kind::Map(node())).sensitive());
    let nodes = |key: &str| it(Value::map([(key, node_of("x", 1))]));
    assert_eq!(
        check(&schema, Value::Null, nodes("s3cret"), nodes("hunter2")),
        ["it: it is not planned as configured; its value is sensitive"]
    );
    let schema = schema_of(Attribute::optional(Kind::List(node())));
    let with_key = |key: &str| {
        let mut node = node_of("a", 1);
        node.set("key", key);
        it(Value::list([node]))
    };
    assert_eq!(
        check(&schema, Value::Null, with_key("s3cret"), with_key("hunter2")),
        ["it[0].key: it is configured as (sensitive) and planned as (sensitive)"]
    );
}

#[test]
fn write_only_values_are_never_planned() {
    let schema = schema_of(Attribute::optional(Kind::string()).write_only());
    assert_eq!(check(&schema, Value::Null, it("a"), it("a")), ["it: it is write-only and has to be null"]);
    assert_eq!(check(&schema, Value::Null, it("a"), it(Value::Null)), [""; 0]);
}

#[test]
fn a_plan_of_another_type_is_told_first() {
    let schema = schema_of(Attribute::required(Kind::string()));
    assert_eq!(check(&schema, Value::Null, it("1"), it(1)), ["it: it is a number, and string is needed"]);
}

#[test]
fn nested_objects_follow_the_rules_one_by_one() {
    let schema = schema_of(Attribute::optional(Kind::Single(node())));
    let configured = || it(node_of("a", Value::Null));
    assert_eq!(check(&schema, Value::Null, configured(), it(node_of("a", 3))), [""; 0]);
    assert_eq!(check(&schema, Value::Null, configured(), it(node_of("a", Value::unknown()))), [""; 0]);
    assert_eq!(
        check(&schema, Value::Null, configured(), it(node_of("b", 3))),
        [r#"it.name: it is configured as "a" and planned as "b""#]
    );
    assert_eq!(
        check(&schema, Value::Null, configured(), it(Value::unknown())),
        ["it: it is configured, and planned as unknown"]
    );
    assert_eq!(
        check(&schema, Value::Null, configured(), it(Value::Null)),
        ["it: the plan leaves out what the configuration asks for"]
    );
    assert_eq!(
        check(&schema, Value::Null, it(Value::Null), it(node_of("a", 1))),
        [r#"it: it is not configured and not computed, and planned as { key = null, name = "a", size = 1 }"#]
    );
    let premature = check(&schema, Value::Null, it(Value::unknown()), it(node_of("a", 3)));
    assert_eq!(
        premature[1..],
        [
            r#"it.name: it is configured as (known after apply) and planned as "a""#,
            "it.size: it is configured as (known after apply) and planned as 3"
        ]
    );
    assert_eq!(premature[0], "it.key: it is configured as (known after apply) and planned as null");
}

#[test]
fn nested_lists_have_as_many_elements_as_configured() {
    let schema = schema_of(Attribute::optional(Kind::List(node())));
    let nodes =
        |names: &[&str], size: Value| it(Value::list(names.iter().map(|name| node_of(name, size.clone()))));
    let configured = || nodes(&["a", "b"], Value::Null);
    assert_eq!(check(&schema, Value::Null, configured(), nodes(&["a", "b"], 3.into())), [""; 0]);
    assert_eq!(
        check(&schema, nodes(&["a", "B"], 3.into()), configured(), nodes(&["a", "B"], Value::unknown())),
        [""; 0]
    );
    assert_eq!(
        check(&schema, Value::Null, configured(), nodes(&["a", "c"], 3.into())),
        [r#"it[1].name: it is configured as "b" and planned as "c""#]
    );
    assert_eq!(
        check(&schema, Value::Null, configured(), nodes(&["a"], 3.into())),
        ["it: 1 elements are planned, and 2 configured"]
    );
    assert_eq!(
        check(&schema, Value::Null, it(Value::unknown()), nodes(&["a"], 3.into())),
        ["it: how many elements are configured is not known yet, and the plan says it all the same"]
    );
}

#[test]
fn nested_maps_have_the_keys_that_are_configured() {
    let schema = schema_of(Attribute::optional(Kind::Map(node())));
    let nodes = |keys: &[&str], size: Value| {
        it(Value::map(keys.iter().map(|key| (*key, node_of("n", size.clone())))))
    };
    let configured = || nodes(&["a", "b"], Value::Null);
    assert_eq!(check(&schema, Value::Null, configured(), nodes(&["a", "b"], 3.into())), [""; 0]);
    assert_eq!(
        check(&schema, Value::Null, configured(), nodes(&["a", "c"], 3.into())),
        [
            r#"it["c"]: the element is planned and not configured"#,
            r#"it: the element "b" is configured and not planned"#
        ]
    );
}

#[test]
fn of_nested_sets_only_the_number_can_be_told() {
    let schema = schema_of(Attribute::optional(Kind::Set(node())));
    let nodes =
        |names: &[&str], size: Value| it(Value::set_of(names.iter().map(|name| node_of(name, size.clone()))));
    let configured = || nodes(&["a", "b"], Value::Null);
    assert_eq!(check(&schema, Value::Null, configured(), nodes(&["x", "y"], 3.into())), [""; 0]);
    assert_eq!(check(&schema, Value::Null, configured(), nodes(&["x", "y", "z"], Value::unknown())), [""; 0]);
    assert_eq!(
        check(&schema, Value::Null, configured(), nodes(&["x"], 3.into())),
        ["it: 1 elements are planned, and 2 configured"]
    );
}

#[test]
fn blocks_are_planned_as_configured() {
    let list = schema_with(Block::list(node_body(), 0, 0));
    let blocks =
        |names: &[&str], size: Value| it(Value::list(names.iter().map(|name| node_of(name, size.clone()))));
    let configured = || blocks(&["a"], Value::Null);
    assert_eq!(check(&list, Value::Null, configured(), blocks(&["a"], Value::unknown())), [""; 0]);
    assert_eq!(
        check(&list, Value::Null, configured(), blocks(&["b"], Value::Null)),
        [r#"it[0].name: it is configured as "a" and planned as "b""#]
    );
    assert_eq!(
        check(&list, Value::Null, configured(), blocks(&["a", "b"], Value::Null)),
        ["it: 2 blocks are planned, and 1 configured"]
    );
    assert_eq!(
        check(&list, Value::Null, configured(), it(Value::Null)),
        ["it: blocks that are not there are an empty collection, not null"]
    );
    let unknown = "a block cannot be unknown; make attributes within it unknown";
    assert_eq!(check(&list, Value::Null, configured(), it(Value::unknown())), [format!("it: {unknown}")]);
    assert_eq!(
        check(&list, Value::Null, configured(), it(Value::list([Value::unknown()]))),
        [format!("it[0]: {unknown}")]
    );
    assert_eq!(check(&list, Value::Null, it(Value::unknown()), it(Value::unknown())), [""; 0]);
    assert_eq!(check(&list, Value::Null, it(Value::unknown()), configured()).len(), 1);

    let map = schema_with(Block::map(node_body()));
    let labelled = |label: &str| it(Value::map([(label, node_of("a", Value::Null))]));
    assert_eq!(
        check(&map, Value::Null, labelled("x"), labelled("y")),
        [
            r#"it["y"]: the block is planned and not configured"#,
            r#"it: the block "x" is configured and not planned"#
        ]
    );

    let set = schema_with(Block::set(node_body(), 0, 0));
    let any = |name: &str| it(Value::set_of([node_of(name, 1)]));
    assert_eq!(check(&set, Value::Null, any("a"), any("b")), [""; 0]);
    assert_eq!(
        check(&set, Value::Null, any("a"), it(Value::set_of([Value::unknown()]))),
        [format!("it: {unknown}")]
    );

    let single = schema_with(Block::single(node_body()));
    assert_eq!(check(&single, Value::Null, it(node_of("a", Value::Null)), it(node_of("a", 2))), [""; 0]);
    assert_eq!(
        check(&single, Value::Null, it(Value::Null), it(node_of("a", 2))),
        ["it: the plan has what the configuration does not ask for"]
    );
}
