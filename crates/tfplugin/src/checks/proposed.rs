//! What Terraform proposes to a plan: the configuration, completed from what is there.

use std::collections::BTreeMap;

use crate::schema::{Attribute, Block, BlockNesting, Body, Kind, Need, Nested, Schema};
use crate::value::Value;

/// What Terraform would propose: what is configured, and where that is null, the prior values of computed attributes.
///
/// For tests, which so ask a resource for a plan without a Terraform.
pub fn proposed_new(schema: &Schema, prior: &Value, config: &Value) -> Value {
    let r#type = schema.r#type();
    body(&schema.body, &prior.completed(&r#type), &config.completed(&r#type))
}

fn body(of: &Body, prior: &Value, config: &Value) -> Value {
    if config.is_null() && prior.is_null() {
        return Value::Null;
    }
    let empty = of.empty();
    let prior = if prior.is_null() { &empty } else { prior };
    if config.is_null() || !config.is_known() {
        return prior.clone();
    }
    let mut new = attributes(&of.attributes, prior, config);
    for (name, it) in &of.blocks {
        new.insert(name.clone(), block(it, prior.get(name), config.get(name)));
    }
    Value::Object(new)
}

fn block(of: &Block, prior: &Value, config: &Value) -> Value {
    let each = |prior: &Value, config: &Value| body(&of.body, prior, config);
    match of.nesting {
        _ if !config.is_known() => config.clone(),
        BlockNesting::Single | BlockNesting::Required if config.is_null() => Value::Null,
        BlockNesting::Single | BlockNesting::Required | BlockNesting::Group => each(prior, config),
        BlockNesting::List { .. } => list(prior, config, &each),
        BlockNesting::Map => map(prior, config, &each),
        BlockNesting::Set { .. } => {
            set(prior, config, &each, &|prior, config| may_be_body(&of.body, prior, config))
        }
    }
}

fn attributes(of: &BTreeMap<String, Attribute>, prior: &Value, config: &Value) -> BTreeMap<String, Value> {
    let member =
        |(name, it): (&String, &Attribute)| (name.clone(), attribute(it, prior.get(name), config.get(name)));
    of.iter().map(member).collect()
}

fn attribute(of: &Attribute, prior: &Value, config: &Value) -> Value {
    if of.is_computed() && config.is_null() {
        // What is not computed in there must have been configured, and now is no longer.
        let was_configured = of.need == Need::OptionalComputed && has_configured(of, prior);
        return if was_configured { config.clone() } else { prior.clone() };
    }
    let Some(nested) = of.kind.nested() else { return config.clone() };
    if config.is_null() || !config.is_known() {
        return config.clone();
    }
    let each = |prior: &Value, config: &Value| object(nested, prior, config);
    match of.kind {
        Kind::Plain(_) | Kind::Single(_) => each(prior, config),
        Kind::List(_) => list(prior, config, &each),
        Kind::Map(_) => map(prior, config, &each),
        Kind::Set(_) => {
            set(prior, config, &each, &|prior, config| may_be_object(&nested.attributes, prior, config))
        }
    }
}

fn object(of: &Nested, prior: &Value, config: &Value) -> Value {
    if config.is_null() { Value::Null } else { Value::Object(attributes(&of.attributes, prior, config)) }
}

type Each<'a> = &'a dyn Fn(&Value, &Value) -> Value;

fn list(prior: &Value, config: &Value, each: Each<'_>) -> Value {
    let Value::List(elements) = config else { return config.clone() };
    let before = prior.as_list().unwrap_or_default();
    let new = elements.iter().enumerate().map(|(index, config)| match before.get(index) {
        Some(prior) => each(prior, config),
        None => config.clone(),
    });
    Value::List(new.collect())
}

fn map(prior: &Value, config: &Value, each: Each<'_>) -> Value {
    let Value::Map(members) = config else { return config.clone() };
    let before = prior.as_map();
    let new = members.iter().map(|(key, config)| match before.and_then(|it| it.get(key)) {
        Some(prior) => (key, each(prior, config)),
        None => (key, config.clone()),
    });
    Value::map(new)
}

/// Each element continues the first prior one that can have come from its like.
fn set(prior: &Value, config: &Value, each: Each<'_>, may_be: &dyn Fn(&Value, &Value) -> bool) -> Value {
    let Value::Set(elements) = config else { return config.clone() };
    let mut before: Vec<&Value> = prior.as_list().unwrap_or_default().iter().collect();
    let new = elements.iter().map(|config| {
        let found = before.iter().position(|prior| may_be(prior, config));
        let prior = found.map_or(&Value::Null, |index| before.remove(index));
        each(prior, config)
    });
    Value::Set(new.collect())
}

fn may_be_body(of: &Body, prior: &Value, config: &Value) -> bool {
    same(prior, config)
        || !prior.is_null()
            && may_be_object(&of.attributes, prior, config)
            && of.blocks.iter().all(|(name, it)| {
                let (prior, config) = (prior.get(name), config.get(name));
                same(prior, config)
                    || elements(prior, config).is_some_and(|all| {
                        all.into_iter().all(|(prior, config)| may_be_body(&it.body, prior, config))
                    })
            })
}

fn may_be_object(of: &BTreeMap<String, Attribute>, prior: &Value, config: &Value) -> bool {
    of.iter().all(|(name, it)| {
        let (prior, config) = (prior.get(name), config.get(name));
        if same(prior, config) {
            return true;
        }
        match it.kind.nested() {
            Some(nested) if !config.is_null() => elements(prior, config).is_some_and(|all| {
                all.into_iter().all(|(prior, config)| may_be_object(&nested.attributes, prior, config))
            }),
            _ => it.is_computed() && config.is_null(),
        }
    })
}

/// The objects in `prior` with those in `config` at the same place, unless there are sets between.
fn elements<'v>(prior: &'v Value, config: &'v Value) -> Option<Vec<(&'v Value, &'v Value)>> {
    match (prior, config) {
        (Value::Object(_), Value::Object(_)) => Some(vec![(prior, config)]),
        (Value::List(one), Value::List(two)) => {
            (one.len() == two.len()).then(|| one.iter().zip(two).collect())
        }
        (Value::Map(one), Value::Map(two)) => {
            one.keys().eq(two.keys()).then(|| one.values().zip(two.values()).collect())
        }
        _ => None,
    }
}

fn same(one: &Value, two: &Value) -> bool {
    one.unrefined() == two.unrefined()
}

/// Whether any attribute within that is not computed has a value.
fn has_configured(of: &Attribute, value: &Value) -> bool {
    let Some(nested) = of.kind.nested() else { return false };
    let objects: Vec<&Value> = match value {
        Value::List(elements) | Value::Set(elements) => elements.iter().collect(),
        Value::Map(members) => members.values().collect(),
        other => vec![other],
    };
    objects.into_iter().any(|object| {
        nested.attributes.iter().any(|(name, it)| {
            let member = object.get(name);
            !member.is_null() && (!it.is_computed() || has_configured(it, member))
        })
    })
}
