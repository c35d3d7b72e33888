//! Any type, and any value of it.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::value::normal::nfc;
use crate::value::{Bound, Nullness, Number, Refinements, Type, Value};

/// Whether unknown values occur.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Known {
    Wholly,
    Partly,
}

pub(super) fn any_type() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::String), Just(Type::Number), Just(Type::Bool), Just(Type::Dynamic)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            vec(inner.clone(), 0..4).prop_map(Type::Tuple),
            btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(Type::Object),
        ]
    })
}

pub(super) fn any_typed_value(known: Known) -> impl Strategy<Value = (Type, Value)> {
    any_type().prop_flat_map(move |r#type| {
        let value = any_value(&r#type, known);
        value.prop_map(move |value| (r#type.clone(), value))
    })
}

fn any_value(r#type: &Type, known: Known) -> BoxedStrategy<Value> {
    let some = match r#type {
        Type::String => any_text().prop_map(Value::String).boxed(),
        Type::Number => any_number().prop_map(Value::Number).boxed(),
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::List(each) => vec(any_value(each, known), 0..4).prop_map(Value::List).boxed(),
        Type::Set(each) => vec(any_value(each, known), 0..4).prop_map(Value::Set).boxed(),
        Type::Map(each) => btree_map(any_text(), any_value(each, known), 0..4).prop_map(Value::Map).boxed(),
        Type::Tuple(types) => {
            let elements: Vec<_> = types.iter().map(|it| any_value(it, known)).collect();
            elements.prop_map(Value::Tuple).boxed()
        }
        Type::Object(types) => {
            let names: Vec<String> = types.keys().cloned().collect();
            let members: Vec<_> = types.values().map(|it| any_value(it, known)).collect();
            members.prop_map(move |members| Value::object(names.iter().cloned().zip(members))).boxed()
        }
        Type::Dynamic => {
            let types =
                prop_oneof![Just(Type::String), Just(Type::list(Type::Number)), Just(Type::Tuple(vec![]))];
            let typed = move |r#type: Type| {
                any_value(&r#type, known).prop_map(move |value| Value::dynamic(r#type.clone(), value))
            };
            types.prop_flat_map(typed).boxed()
        }
    };
    match known {
        Known::Wholly => prop_oneof![6 => some, 1 => Just(Value::Null)].boxed(),
        Known::Partly => {
            let unknown = any_refinements(r#type).prop_map(Value::Unknown);
            prop_oneof![6 => some, 1 => Just(Value::Null), 1 => unknown].boxed()
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| nfc(&text).into_owned())
}

pub(super) fn any_number() -> impl Strategy<Value = Number> {
    let parsed = |text: String| text.parse().expect("the pattern is that of a number");
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<i32>()
            .prop_map(|it| Number::exactly(f64::from(it) / 1024.0).expect("a float of moderate size")),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,3})?".prop_map(parsed),
    ]
}

/// What can be known of an unknown value of that type.
fn any_refinements(r#type: &Type) -> BoxedStrategy<Refinements> {
    let nullness = prop_oneof![
        Just(Refinements::NONE),
        Just(Refinements::NONE.not_null()),
        Just(Refinements::NONE.nullness(Nullness::Null))
    ];
    match r#type {
        Type::Dynamic => Just(Refinements::NONE).boxed(),
        Type::String => (nullness, "[a-z:/]{1,20}").prop_map(|(it, prefix)| it.prefix(prefix)).boxed(),
        Type::Number => (nullness, any::<i64>(), any::<bool>())
            .prop_map(|(it, number, inclusive)| {
                let bound = Bound { number: number.into(), inclusive };
                it.at_least(bound.clone()).at_most(bound)
            })
            .boxed(),
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            (nullness, any::<u32>()).prop_map(|(it, length)| it.shortest(1).longest(length.into())).boxed()
        }
        _ => nullness.boxed(),
    }
}
