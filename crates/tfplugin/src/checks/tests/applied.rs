//! States after applying, and states that were read.

use super::*;
use crate::value::{Bound, Refinements};

fn check(schema: &Schema, planned: Value, actual: Value) -> Vec<String> {
    told(compatible(schema, &planned, &actual))
}

#[test]
fn what_was_known_stays() {
    let schema = schema_of(Attribute::optional(Kind::string()));
    assert_eq!(check(&schema, it("a"), it("a")), [""; 0]);
    assert_eq!(check(&schema, it("a"), it("b")), [r#"it: "a" was planned, and it is "b""#]);
    assert_eq!(check(&schema, it("a"), it(Value::Null)), [r#"it: "a" was planned, and it is null"#]);
    assert_eq!(check(&schema, it(Value::Null), it("a")), [r#"it: null was planned, and it is "a""#]);
    assert_eq!(check(&schema, it("a"), it(Value::unknown())), [r#"it: "a" was planned, and it is unknown"#]);
}

#[test]
fn a_large_number_that_was_rounded_is_noticed() {
    let schema = schema_of(Attribute::optional(Kind::number()));
    let number = |text: &str| it(Value::Number(text.parse().unwrap()));
    let rounded = check(&schema, number("1.23e22"), number("12300000000000000000001"));
    assert_eq!(rounded.len(), 1);
    assert_eq!(check(&schema, number("1.23e22"), number("12300000000000000000000.0")), [""; 0]);
}

#[test]
fn what_was_unknown_becomes_what_it_was_said_to() {
    let schema = schema_of(Attribute::computed(Kind::string()));
    for actual in [Value::Null, "a".into(), Value::unknown()] {
        assert_eq!(check(&schema, it(Value::unknown()), it(actual)), [""; 0]);
    }
    let arn = || it(Value::Unknown(Refinements::NONE.not_null().prefix("arn:")));
    assert_eq!(check(&schema, arn(), it("arn:aws:x")), [""; 0]);
    assert_eq!(check(&schema, arn(), it("vpc")), [r#"it: it is "vpc", which the plan had ruled out"#]);
    assert_eq!(check(&schema, arn(), it(Value::Null)), ["it: it is null, which the plan had ruled out"]);
    let port = schema_of(Attribute::computed(Kind::number()));
    let positive =
        Value::Unknown(Refinements::NONE.at_least(Bound { number: 1_i64.into(), inclusive: true }));
    assert_eq!(check(&port, it(positive.clone()), it(1)), [""; 0]);
    assert_eq!(check(&port, it(positive), it(0)).len(), 1);
}

#[test]
fn no_element_appears_or_vanishes() {
    let list = schema_of(Attribute::computed(Kind::list(Type::String)));
    let partly = || it(Value::list([Value::from("a"), Value::unknown()]));
    assert_eq!(check(&list, partly(), it(Value::list(["a", "b"]))), [""; 0]);
    assert_eq!(
        check(&list, partly(), it(Value::list(["a"]))),
        ["it: 2 elements were planned, and there are 1"]
    );
    assert_eq!(
        check(&list, partly(), it(Value::list(["x", "b"]))),
        [r#"it[0]: "a" was planned, and it is "x""#]
    );

    let map = schema_of(Attribute::computed(Kind::Map(node())));
    let nodes = |keys: &[&str], size: Value| {
        it(Value::map(keys.iter().map(|key| (*key, node_of("n", size.clone())))))
    };
    assert_eq!(check(&map, nodes(&["a"], Value::unknown()), nodes(&["a"], 4.into())), [""; 0]);
    assert_eq!(
        check(&map, nodes(&["a"], 3.into()), nodes(&["b"], 3.into())),
        [
            r#"it["a"]: the element was planned, and is not there"#,
            r#"it: the element "b" was not planned, and is there"#
        ]
    );
    assert_eq!(
        check(&map, nodes(&["a"], 3.into()), nodes(&["a"], 4.into())),
        [r#"it["a"].size: 3 was planned, and it is 4"#]
    );
}

#[test]
fn sets_may_shrink_and_not_grow() {
    let schema = schema_of(Attribute::computed(Kind::set(Type::String)));
    let set = |elements: &[Value]| it(Value::Set(elements.to_vec()));
    let unknown = Value::unknown();
    assert_eq!(check(&schema, set(&["a".into(), "b".into()]), set(&["b".into(), "a".into()])), [""; 0]);
    assert_eq!(check(&schema, set(&["a".into(), unknown.clone()]), set(&["a".into()])), [""; 0]);
    assert_eq!(check(&schema, set(&["a".into(), unknown.clone()]), set(&["a".into(), "b".into()])), [""; 0]);
    assert_eq!(
        check(&schema, set(&["a".into(), "b".into()]), set(&["a".into()])),
        [r#"it: "b" was planned as element, and none is there"#]
    );
    assert_eq!(
        check(&schema, set(&["a".into()]), set(&["a".into(), "b".into()])),
        [
            r#"it: "b" is there as element, and was not planned"#,
            "it: 1 elements were planned, and there are 2"
        ]
    );
    assert_eq!(
        check(&schema, set(&[unknown]), set(&["a".into(), "b".into()])),
        ["it: 1 elements were planned, and there are 2"]
    );
}

#[test]
fn a_value_of_any_type_keeps_the_type_that_was_planned() {
    let schema = schema_of(Attribute::computed(Kind::dynamic()));
    let text = |value: Value| it(Value::dynamic(Type::String, value));
    assert_eq!(check(&schema, it(Value::unknown()), text("a".into())), [""; 0]);
    assert_eq!(check(&schema, it(Value::Null), text("a".into())), [""; 0], "no type was planned");
    assert_eq!(check(&schema, text(Value::unknown()), text("a".into())), [""; 0]);
    assert_eq!(check(&schema, text("a".into()), text("b".into())), [r#"it: "a" was planned, and it is "b""#]);
    let number = it(Value::dynamic(Type::Number, 1.into()));
    assert_eq!(check(&schema, text(Value::unknown()), number), ["it: string was planned, and it is number"]);
    assert_eq!(
        check(&schema, text("a".into()), it(Value::Null)),
        ["it: string was planned, and it has no type"]
    );
}

#[test]
fn nothing_secret_is_told() {
    let schema = schema_of(Attribute::computed(Kind::map(Type::String)).sensitive());
    let secret = |key: &str, value: &str| it(Value::map([(key, value)]));
    assert_eq!(
        check(&schema, secret("k3y", "s3cret"), secret("k4y", "hunter2")),
        ["it: it is not what was planned; its value is sensitive"]
    );
    for kind in [Kind::Set(node()), Kind::List(node())] {
        let list = matches!(kind, Kind::List(_));
        let schema = schema_of(Attribute::computed(kind));
        let nodes = |key: &str| {
            let mut node = node_of("a", 1);
            node.set("key", key);
            it(if list { Value::list([node]) } else { Value::set_of([node]) })
        };
        let violations = check(&schema, nodes("s3cret"), nodes("hunter2")).concat();
        assert!(violations.contains("sensitive"), "{violations}");
        assert!(!violations.contains("s3cret") && !violations.contains("hunter2"), "{violations}");
    }
}

#[test]
fn blocks_stay_as_they_were_planned() {
    let list = schema_with(Block::list(node_body(), 0, 0));
    let blocks = |sizes: &[Value]| it(Value::list(sizes.iter().map(|size| node_of("a", size.clone()))));
    assert_eq!(check(&list, blocks(&[Value::unknown()]), blocks(&[4.into()])), [""; 0]);
    assert_eq!(
        check(&list, blocks(&[3.into()]), blocks(&[4.into()])),
        ["it[0].size: 3 was planned, and it is 4"]
    );
    assert_eq!(
        check(&list, blocks(&[3.into()]), blocks(&[])),
        ["it: 1 blocks were planned, and there are 0"]
    );
    assert_eq!(check(&list, it(Value::unknown()), blocks(&[1.into(), 2.into()])), [""; 0]);

    let map = schema_with(Block::map(node_body()));
    let labelled = |label: &str| it(Value::map([(label, node_of("a", 1))]));
    assert_eq!(check(&map, labelled("x"), labelled("y")).len(), 2);

    let set = schema_with(Block::set(node_body(), 0, 0));
    let any = |sizes: &[Value]| it(Value::set_of(sizes.iter().map(|size| node_of("a", size.clone()))));
    assert_eq!(check(&set, any(&[1.into(), Value::unknown()]), any(&[1.into()])), [""; 0]);
    assert_eq!(
        check(&set, any(&[1.into()]), any(&[2.into()])),
        ["it: a block was planned as block, and none is there"]
    );
    assert_eq!(check(&set, any(&[Value::unknown()]), any(&[1.into(), 2.into()])).len(), 1);

    let single = schema_with(Block::single(node_body()));
    assert_eq!(check(&single, it(Value::unknown()), it(Value::Null)), [""; 0]);
    assert_eq!(
        check(&single, it(node_of("a", 1)), it(Value::Null)),
        ["it: it was planned to be there, and is absent"]
    );
    assert_eq!(
        check(&single, it(Value::Null), it(node_of("a", 1))),
        ["it: it was planned to be absent, and is there"]
    );
}

#[test]
fn the_whole_object_is_there_if_it_was_planned() {
    let schema = schema_of(Attribute::optional(Kind::string()));
    assert_eq!(told(applied(&schema, &Value::Null, &Value::Null)), [""; 0]);
    assert_eq!(told(applied(&schema, &it("a"), &Value::Null)), ["it was planned to be there, and is absent"]);
    assert_eq!(told(applied(&schema, &Value::Null, &it("a"))), ["it was planned to be absent, and is there"]);
}

#[test]
fn a_state_is_known_throughout_of_its_type_and_without_write_only_values() {
    let schema = Schema::new(0)
        .attribute("ids", Attribute::computed(Kind::map(Type::String)))
        .attribute("token", Attribute::optional(Kind::string()).write_only())
        .build()
        .unwrap();
    let state = |ids: Value, token: Value| Value::object([("ids", ids), ("token", token)]);
    let unknown = state(Value::map([("a", Value::unknown())]), "hunter2".into());
    let expected = ["token: it is write-only and has to be null", r#"ids["a"]: it is still unknown"#];
    assert_eq!(told(read(&schema, &unknown)), expected);
    assert_eq!(told(applied(&schema, &state(Value::unknown(), Value::Null), &unknown)), expected);
    assert_eq!(
        told(read(&schema, &state(1.into(), Value::Null))),
        ["ids: it is a number, and map(string) is needed"]
    );
    assert_eq!(told(read(&schema, &state(Value::map([("a", "b")]), Value::Null))), [""; 0]);
}
