//! Whether a value is what was planned.

use super::Violation;
use super::applied::attribute;
use super::say::Shape;
use crate::value::{Path, Type, Value, compare, quoted};

/// Adds where `actual` is not what was `planned`.
pub(super) fn value(
    shape: Shape<'_>,
    planned: &Value,
    actual: &Value,
    path: &Path,
    violations: &mut Vec<Violation>,
) {
    let mut refuse = |message: String| violations.push(Violation::new(path.clone(), message));
    let (planned, actual) = match (planned, actual) {
        // Neither value nor type was planned.
        (Value::Null | Value::Unknown(_), Value::Dynamic(_)) => return,
        (Value::Dynamic(planned), Value::Dynamic(actual)) if fits(&actual.0, &planned.0) => {
            (&planned.1, &actual.1)
        }
        (Value::Dynamic(planned), Value::Dynamic(actual)) => {
            return refuse(format!("{} was planned, and it is {}", planned.0, actual.0));
        }
        (Value::Dynamic(planned), _) => {
            return refuse(format!("{} was planned, and it has no type", planned.0));
        }
        both => both,
    };
    if let Value::Unknown(known) = planned {
        if !known.allow(actual) {
            refuse(format!("it is {}, which the plan had ruled out", shape.show(actual)));
        }
        return;
    }
    match (planned, actual) {
        (Value::Null, Value::Null) => {}
        (Value::Null, _) => refuse(format!("null was planned, and it is {}", shape.show(actual))),
        (_, Value::Null) => refuse(format!("{} was planned, and it is null", shape.show(planned))),
        (_, Value::Unknown(_)) => refuse(format!("{} was planned, and it is unknown", shape.show(planned))),
        (Value::List(one), Value::List(two)) | (Value::Tuple(one), Value::Tuple(two)) => {
            for (index, (planned, actual)) in (0..).zip(one.iter().zip(two)) {
                value(shape.element(), planned, actual, &path.clone().index(index), violations);
            }
            if one.len() != two.len() {
                let message = format!("{} elements were planned, and there are {}", one.len(), two.len());
                violations.push(Violation::new(path.clone(), message));
            }
        }
        (Value::Map(one), Value::Map(two)) => {
            for (key, planned) in one {
                let path = path.clone().key(key);
                match two.get(key) {
                    Some(actual) => value(shape.element(), planned, actual, &path, violations),
                    None => {
                        violations.push(Violation::new(path, "the element was planned, and is not there"))
                    }
                }
            }
            for key in two.keys().filter(|key| !one.contains_key(*key)) {
                let message = format!("the element {} was not planned, and is there", quoted(key));
                violations.push(Violation::new(path.clone(), message));
            }
        }
        (Value::Object(one), Value::Object(_)) => {
            for (name, planned) in one {
                let (actual, path) = (actual.get(name), path.clone().attribute(name));
                match shape.member(name) {
                    Shape::Attribute(schema) => attribute(schema, planned, actual, &path, violations),
                    shape => value(shape, planned, actual, &path, violations),
                }
            }
        }
        (Value::Set(one), Value::Set(two)) => set(shape, one, two, path, violations),
        _ if planned == actual => {}
        _ => refuse(format!("{} was planned, and it is {}", shape.show(planned), shape.show(actual))),
    }
}

fn set(shape: Shape<'_>, planned: &[Value], actual: &[Value], path: &Path, violations: &mut Vec<Violation>) {
    let show = |value: &Value| shape.element().show(value);
    correlate("element", planned, actual, path, violations, &show, &|planned, actual| {
        let mut inside = Vec::new();
        value(shape.element(), planned, actual, path, &mut inside);
        inside.is_empty()
    });
    // Elements that turn out to be equal become one; there are never more.
    let (most, now) = (compare::set_lengths(planned).1, compare::set_lengths(actual).0);
    if now > most {
        let message = format!("{most} elements were planned, and there are {now}");
        violations.push(Violation::new(path.clone(), message));
    }
}

/// An element of a set has no name, so each has to be what some element of the other set was planned to be, or is.
pub(super) fn correlate(
    what: &str,
    planned: &[Value],
    actual: &[Value],
    path: &Path,
    violations: &mut Vec<Violation>,
    show: &dyn Fn(&Value) -> String,
    same: &dyn Fn(&Value, &Value) -> bool,
) {
    let vanished = planned.iter().filter(|planned| !actual.iter().any(|actual| same(planned, actual)));
    let message = |it| format!("{} was planned as {what}, and none is there", show(it));
    let found: Vec<String> = vanished.map(message).collect();
    let found = if found.is_empty() {
        let appeared = actual.iter().filter(|actual| !planned.iter().any(|planned| same(planned, actual)));
        appeared.map(|it| format!("{} is there as {what}, and was not planned", show(it))).collect()
    } else {
        found
    };
    violations.extend(found.into_iter().map(|message| Violation::new(path.clone(), message)));
}

/// Whether `actual` is a `planned`, of which parts may have been left open.
fn fits(actual: &Type, planned: &Type) -> bool {
    match (actual, planned) {
        (_, Type::Dynamic) => true,
        (Type::List(one), Type::List(two))
        | (Type::Set(one), Type::Set(two))
        | (Type::Map(one), Type::Map(two)) => fits(one, two),
        (Type::Tuple(one), Type::Tuple(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| fits(one, two))
        }
        (Type::Object(one), Type::Object(two)) => {
            one.len() == two.len()
                && one.iter().all(|(name, one)| two.get(name).is_some_and(|two| fits(one, two)))
        }
        _ => actual == planned,
    }
}
