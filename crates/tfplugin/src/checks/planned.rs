//! Whether a plan does what the configuration says.

use std::collections::BTreeMap;

use super::Violation;
use super::lifecycle::well_formed;
use super::say::shown;
use crate::schema::{Attribute, Block, BlockNesting, Body, Kind, Need, Nested, Schema};
use crate::value::{Path, Value, compare, quoted};

const ABSENT: &str = "the plan leaves out what the configuration asks for";
const PRESENT: &str = "the plan has what the configuration does not ask for";
const UNKNOWN_BLOCK: &str = "a block cannot be unknown; make attributes within it unknown";

/// What breaks the rules for a plan.
///
/// A configured value is planned as configured, or as it was before: so a provider says that the two mean the same. A value
/// that is not configured is null, or whatever the provider likes if the attribute is computed. Blocks are as configured.
pub fn planned(schema: &Schema, prior: &Value, config: &Value, planned: &Value) -> Vec<Violation> {
    let malformed = well_formed(schema, planned);
    if !malformed.is_empty() {
        return malformed;
    }
    let r#type = schema.r#type();
    let whole = |value: &Value| value.completed(&r#type).unrefined();
    let three = (whole(prior), whole(config), whole(planned));
    let mut violations = Vec::new();
    body(
        &schema.body,
        Three { prior: &three.0, config: &three.1, planned: &three.2 },
        &Path::default(),
        &mut violations,
    );
    violations
}

/// One thing before, as configured and as planned.
#[derive(Clone, Copy)]
struct Three<'v> {
    prior: &'v Value,
    config: &'v Value,
    planned: &'v Value,
}

impl<'v> Three<'v> {
    fn member(self, name: &str) -> Self {
        Self { prior: self.prior.get(name), config: self.config.get(name), planned: self.planned.get(name) }
    }

    fn element(self, index: usize) -> Self {
        let at = |value: &'v Value| value.as_list().and_then(|it| it.get(index)).unwrap_or(&Value::Null);
        Self { prior: at(self.prior), config: at(self.config), planned: at(self.planned) }
    }
}

fn body(of: &Body, three: Three<'_>, path: &Path, violations: &mut Vec<Violation>) {
    match (three.config.is_null(), three.planned.is_null()) {
        (false, true) => violations.push(Violation::new(path.clone(), ABSENT)),
        (true, false) => violations.push(Violation::new(path.clone(), PRESENT)),
        (true, true) => {}
        (false, false) => {
            attributes(&of.attributes, three, path, violations);
            for (name, it) in &of.blocks {
                block(it, three.member(name), &path.clone().attribute(name), violations);
            }
        }
    }
}

fn block(of: &Block, three: Three<'_>, path: &Path, violations: &mut Vec<Violation>) {
    let mut refuse = |message: String| violations.push(Violation::new(path.clone(), message));
    if three.planned == three.config {
        return;
    }
    if !three.config.is_known() {
        return refuse(
            "how many blocks there are is not known yet, and the plan says it all the same".to_owned(),
        );
    }
    if !three.planned.is_known() {
        return refuse(UNKNOWN_BLOCK.to_owned());
    }
    if matches!(of.nesting, BlockNesting::Single | BlockNesting::Required | BlockNesting::Group) {
        return body(&of.body, three, path, violations);
    }
    if three.planned.is_null() {
        return refuse("blocks that are not there are an empty collection, not null".to_owned());
    }
    match of.nesting {
        BlockNesting::List { .. } => {
            let count = |value: &Value| value.as_list().map_or(0, <[Value]>::len);
            if count(three.planned) != count(three.config) {
                return refuse(counts("blocks", count(three.planned), count(three.config)));
            }
            for index in 0..count(three.planned) {
                let (three, path) = (three.element(index), path.clone().index(index as i64));
                match three.planned.is_known() {
                    true => body(&of.body, three, &path, violations),
                    false => violations.push(Violation::new(path, UNKNOWN_BLOCK)),
                }
            }
        }
        BlockNesting::Map => {
            keyed(three, "block", path, violations, &mut |three, path, violations| match three
                .planned
                .is_known()
            {
                true => body(&of.body, three, path, violations),
                false => violations.push(Violation::new(path.clone(), UNKNOWN_BLOCK)),
            })
        }
        // Without names, nobody can tell which elements belong together.
        _ => {
            if three.planned.as_list().is_some_and(|it| it.iter().any(|element| !element.is_known())) {
                refuse(UNKNOWN_BLOCK.to_owned());
            }
        }
    }
}

fn attributes(
    of: &BTreeMap<String, Attribute>,
    three: Three<'_>,
    path: &Path,
    violations: &mut Vec<Violation>,
) {
    for (name, it) in of {
        attribute(it, three.member(name), &path.clone().attribute(name), violations);
    }
}

fn attribute(of: &Attribute, three: Three<'_>, path: &Path, violations: &mut Vec<Violation>) {
    let Three { prior, config, planned } = three;
    let unchanged = planned == prior && !prior.is_null() && !config.is_null();
    // A write-only attribute is null here, which has been checked.
    if planned == config || unchanged || of.write_only {
        return;
    }
    let free = of.need == Need::Computed || config.is_null() && of.is_computed();
    if free {
        return;
    }
    if let (true, Some(nested)) = (of.is_secret() && !config.is_null(), of.kind.nested()) {
        let mut inside = Vec::new();
        objects(&of.kind, nested, three, path, &mut inside);
        if !inside.is_empty() {
            violations.push(Violation::new(
                path.clone(),
                "it is not planned as configured; its value is sensitive",
            ));
        }
        return;
    }
    let mut refuse = |message: String| violations.push(Violation::new(path.clone(), message));
    if config.is_null() {
        return refuse(format!(
            "it is not configured and not computed, and planned as {}",
            shown(of, planned)
        ));
    }
    match of.kind.nested() {
        Some(nested) => objects(&of.kind, nested, three, path, violations),
        None if prior.is_null() => {
            refuse(format!(
                "it is configured as {} and planned as {}",
                shown(of, config),
                shown(of, planned)
            ));
        }
        None => refuse(format!(
            "it is configured as {}, was {} before, and is planned as {}",
            shown(of, config),
            shown(of, prior),
            shown(of, planned)
        )),
    }
}

fn objects(kind: &Kind, nested: &Nested, three: Three<'_>, path: &Path, violations: &mut Vec<Violation>) {
    let mut refuse = |message: &str| violations.push(Violation::new(path.clone(), message));
    if three.planned.is_null() {
        return refuse(ABSENT);
    }
    if !three.planned.is_known() {
        return refuse("it is configured, and planned as unknown");
    }
    match kind {
        Kind::Single(_) | Kind::Plain(_) => attributes(&nested.attributes, three, path, violations),
        _ if !three.config.is_known() && !matches!(kind, Kind::Set(_)) => {
            refuse("how many elements are configured is not known yet, and the plan says it all the same");
        }
        Kind::List(_) => {
            let count = |value: &Value| value.as_list().map_or(0, <[Value]>::len);
            if count(three.planned) != count(three.config) {
                return refuse(&counts("elements", count(three.planned), count(three.config)));
            }
            for index in 0..count(three.planned) {
                let path = path.clone().index(index as i64);
                attributes(&nested.attributes, three.element(index), &path, violations);
            }
        }
        Kind::Map(_) => keyed(three, "element", path, violations, &mut |three, path, violations| {
            attributes(&nested.attributes, three, path, violations);
        }),
        // Without names, nobody can tell which elements belong together; but their number can be told.
        Kind::Set(_) => {
            let range = |value: &Value| value.as_list().map(compare::set_lengths);
            if let (Some((least, most)), Some((config, all))) = (range(three.planned), range(three.config))
                && config == all
                && !(least..=most).contains(&config)
            {
                refuse(&counts("elements", most, config));
            }
        }
    }
}

type Each<'a> = &'a mut dyn FnMut(Three<'_>, &Path, &mut Vec<Violation>);

/// The same keys planned as configured, and each element as it should be.
fn keyed(three: Three<'_>, what: &str, path: &Path, violations: &mut Vec<Violation>, each: Each<'_>) {
    let none = BTreeMap::new();
    let (planned, config) = (three.planned.as_map().unwrap_or(&none), three.config.as_map().unwrap_or(&none));
    for key in planned.keys() {
        let path = path.clone().key(key);
        match config.contains_key(key) {
            true => each(three.member(key), &path, violations),
            false => {
                violations.push(Violation::new(path, format!("the {what} is planned and not configured")))
            }
        }
    }
    for key in config.keys().filter(|key| !planned.contains_key(*key)) {
        let message = format!("the {what} {} is configured and not planned", quoted(key));
        violations.push(Violation::new(path.clone(), message));
    }
}

fn counts(what: &str, planned: usize, config: usize) -> String {
    format!("{planned} {what} are planned, and {config} configured")
}
