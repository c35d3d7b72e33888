//! Whether what was done is what was planned: from the whole object down to its attributes.

use super::compatible::{correlate, value};
use super::lifecycle::read;
use super::say::Shape;
use super::{Violation, compatible as values};
use crate::schema::{Attribute, Block, BlockNesting, Body, Schema};
use crate::value::{Path, Value, compare, quoted};

/// What breaks the rules for a state after applying: those for one that was read, and those of the plan.
pub fn applied(schema: &Schema, planned: &Value, new: &Value) -> Vec<Violation> {
    let malformed = read(schema, new);
    if malformed.is_empty() { compatible(schema, planned, new) } else { malformed }
}

/// Where `actual` is not what was `planned`: what was known stays, and what was unknown is as it was said to become.
pub fn compatible(schema: &Schema, planned: &Value, actual: &Value) -> Vec<Violation> {
    let r#type = schema.r#type();
    let (planned, actual) = (planned.completed(&r#type), actual.completed(&r#type));
    let mut violations = Vec::new();
    body(&schema.body, &planned, &actual, &Path::default(), &mut violations);
    violations
}

fn body(of: &Body, planned: &Value, actual: &Value, path: &Path, violations: &mut Vec<Violation>) {
    match (planned.is_null(), actual.is_null()) {
        (true, true) => {}
        (true, false) => {
            violations.push(Violation::new(path.clone(), "it was planned to be absent, and is there"))
        }
        (false, true) => {
            violations.push(Violation::new(path.clone(), "it was planned to be there, and is absent"))
        }
        (false, false) => {
            for (name, it) in &of.attributes {
                let path = path.clone().attribute(name);
                attribute(it, planned.get(name), actual.get(name), &path, violations);
            }
            for (name, it) in &of.blocks {
                let path = path.clone().attribute(name);
                block(it, planned.get(name), actual.get(name), &path, violations);
            }
        }
    }
}

/// The attribute's own rules, told without values if they are secret.
pub(super) fn attribute(
    of: &Attribute,
    planned: &Value,
    actual: &Value,
    path: &Path,
    violations: &mut Vec<Violation>,
) {
    if !of.is_secret() {
        return value(Shape::Attribute(of), planned, actual, path, violations);
    }
    let mut inside = Vec::new();
    values::value(Shape::Plain, planned, actual, path, &mut inside);
    if !inside.is_empty() {
        violations.push(Violation::new(path.clone(), "it is not what was planned; its value is sensitive"));
    }
}

fn block(of: &Block, planned: &Value, actual: &Value, path: &Path, violations: &mut Vec<Violation>) {
    if matches!(of.nesting, BlockNesting::Single | BlockNesting::Required | BlockNesting::Group) {
        // A placeholder for any number of blocks may turn out to be none.
        if planned.is_known() || !actual.is_null() {
            body(&of.body, planned, actual, path, violations);
        }
        return;
    }
    if !planned.is_known() || !actual.is_known() || planned.is_null() || actual.is_null() {
        return;
    }
    let mut refuse = |message: String| violations.push(Violation::new(path.clone(), message));
    match (planned, actual) {
        (Value::List(planned), Value::List(actual)) => {
            if planned.len() != actual.len() {
                return refuse(format!(
                    "{} blocks were planned, and there are {}",
                    planned.len(),
                    actual.len()
                ));
            }
            for (index, (planned, actual)) in (0..).zip(planned.iter().zip(actual)) {
                body(&of.body, planned, actual, &path.clone().index(index), violations);
            }
        }
        (Value::Map(planned), Value::Map(actual)) => {
            // Terraform compares the number only; with the keys the violation can be named.
            for key in actual.keys().filter(|key| !planned.contains_key(*key)) {
                refuse(format!("the block {} was not planned, and is there", quoted(key)));
            }
            for (key, planned) in planned {
                match actual.get(key) {
                    Some(actual) => body(&of.body, planned, actual, &path.clone().key(key), violations),
                    None => {
                        let message = format!("the block {} was planned, and is not there", quoted(key));
                        violations.push(Violation::new(path.clone(), message));
                    }
                }
            }
        }
        (Value::Set(planned), Value::Set(actual)) => {
            correlate(
                "block",
                planned,
                actual,
                path,
                violations,
                &|_| "a block".to_owned(),
                &|planned, actual| {
                    let mut inside = Vec::new();
                    body(&of.body, planned, actual, path, &mut inside);
                    inside.is_empty()
                },
            );
            let (most, now) = (compare::set_lengths(planned).1, compare::set_lengths(actual).0);
            if now > most {
                let message = format!("{most} blocks were planned, and there are {now}");
                violations.push(Violation::new(path.clone(), message));
            }
        }
        _ => {}
    }
}
