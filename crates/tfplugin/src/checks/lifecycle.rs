//! What holds for every value that is stored or shown.

use super::Violation;
use crate::schema::Schema;
use crate::value::{Path, Step, Value};

/// What breaks the rules for a value that was read: of the schema's type, known throughout, write-only attributes null.
pub fn read(schema: &Schema, value: &Value) -> Vec<Violation> {
    let mut violations = well_formed(schema, value);
    unknowns(value, &Path::default(), &mut violations);
    violations
}

/// Of the schema's type, write-only attributes null.
pub(super) fn well_formed(schema: &Schema, value: &Value) -> Vec<Violation> {
    let mut violations = schema.conform(value).err().unwrap_or_default();
    let written = schema.write_only_values(value).into_iter();
    violations.extend(written.map(|path| Violation::new(path, "it is write-only and has to be null")));
    violations
}

fn unknowns(value: &Value, path: &Path, violations: &mut Vec<Violation>) {
    let mut inside = |steps: &mut dyn Iterator<Item = (Option<Step>, &Value)>| {
        for (step, part) in steps {
            let path = step.map_or_else(|| path.clone(), |step| path.clone().then(step));
            unknowns(part, &path, violations);
        }
    };
    match value {
        Value::Unknown(_) => violations.push(Violation::new(path.clone(), "it is still unknown")),
        Value::List(elements) | Value::Tuple(elements) => {
            inside(&mut (0..).zip(elements).map(|(index, it)| (Some(Step::Index(index)), it)));
        }
        Value::Set(elements) => inside(&mut elements.iter().map(|it| (None, it))),
        Value::Map(members) => {
            inside(&mut members.iter().map(|(key, it)| (Some(Step::Key(key.clone())), it)))
        }
        Value::Object(members) => {
            inside(&mut members.iter().map(|(name, it)| (Some(Step::Attribute(name.clone())), it)));
        }
        Value::Dynamic(typed) => inside(&mut std::iter::once((None, &typed.1))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
