//! The attributes of a schema as lists for people, each nested one below the list it is in.

use serde_json::{Map, Value};

/// The whole schema section: what is required, optional and read-only, and everything nested.
pub(super) fn section(block: &Value) -> String {
    let mut text = String::new();
    let mut open = vec![(String::new(), members(block))];
    while !open.is_empty() {
        let (path, members) = open.remove(0);
        if !path.is_empty() {
            let anchor = path.replace('.', "--");
            text += &format!("\n<a id=\"nested--{anchor}\"></a>\n### Nested schema for `{path}`\n");
        }
        for (title, belongs) in GROUPS {
            let group: Vec<_> = members.iter().filter(|member| belongs(&member.about)).collect();
            if group.is_empty() {
                continue;
            }
            text += &match path.as_str() {
                "" => format!("\n### {title}\n\n"),
                _ => format!("\n{title}:\n\n"),
            };
            group.iter().for_each(|member| text += &line(&path, member));
        }
        let nested = members.into_iter().filter(|member| !member.below.is_empty());
        open.extend(nested.map(|member| (joined(&path, &member.name), member.below)));
    }
    text
}

/// An attribute or a nested block.
struct Member {
    name: String,
    about: Value,
    kind: String,
    below: Vec<Member>,
}

type Belongs = fn(&Value) -> bool;

const GROUPS: [(&str, Belongs); 3] = [
    ("Required", |about| about["required"] == true),
    ("Optional", |about| about["optional"] == true),
    ("Read-Only", |about| about["required"] != true && about["optional"] != true),
];

fn members(block: &Value) -> Vec<Member> {
    let empty = Map::new();
    let attributes = block["attributes"].as_object().unwrap_or(&empty).iter().map(|(name, about)| {
        let nested = &about["nested_type"];
        let kind = match nested["nesting_mode"].as_str() {
            Some(mode) => nesting(mode).to_owned(),
            None => type_text(&about["type"]),
        };
        Member { name: name.clone(), about: about.clone(), kind, below: members(nested) }
    });
    let blocks = block["block_types"].as_object().unwrap_or(&empty).iter().map(|(name, about)| {
        let required = about["min_items"].as_u64().unwrap_or(0) > 0;
        let mut told = about["block"].clone();
        told["required"] = required.into();
        told["optional"] = (!required).into();
        let kind = format!("Block, {}", nesting(about["nesting_mode"].as_str().unwrap_or_default()));
        Member { name: name.clone(), below: members(&about["block"]), about: told, kind }
    });
    attributes.chain(blocks).collect()
}

fn line(path: &str, member: &Member) -> String {
    let Member { name, about, kind, below } = member;
    let mut remarks = vec![kind.as_str()];
    let flags = [("sensitive", "Sensitive"), ("write_only", "Write-only"), ("deprecated", "Deprecated")];
    remarks.extend(flags.iter().filter(|(flag, _)| about[*flag] == true).map(|(_, remark)| *remark));
    let description = about["description"].as_str().unwrap_or_default().trim().replace('\n', " ");
    let mut line = format!("- `{name}` ({})", remarks.join(", "));
    if !description.is_empty() {
        line += &format!(" {description}");
    }
    if !below.is_empty() {
        let anchor = joined(path, name).replace('.', "--");
        line += &format!(" (see [below](#nested--{anchor}))");
    }
    line + "\n"
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn nesting(mode: &str) -> &'static str {
    match mode {
        "list" => "List of Attributes",
        "set" => "Set of Attributes",
        "map" => "Map of Attributes",
        _ => "Attributes",
    }
}

/// A type as the registry's pages write it: `Map of String`.
pub(super) fn type_text(kind: &Value) -> String {
    let inner = |at: usize| type_text(&kind[at]);
    match kind[0].as_str() {
        Some("list") => format!("List of {}", inner(1)),
        Some("set") => format!("Set of {}", inner(1)),
        Some("map") => format!("Map of {}", inner(1)),
        Some("tuple") => "Tuple".to_owned(),
        Some("object") => {
            let fields = kind[1].as_object().into_iter().flatten();
            let fields: Vec<_> = fields.map(|(name, kind)| format!("{name}: {}", type_text(kind))).collect();
            format!("Object {{ {} }}", fields.join(", "))
        }
        _ => match kind.as_str() {
            Some("string") => "String",
            Some("number") => "Number",
            Some("bool") => "Boolean",
            _ => "Dynamic",
        }
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nested_attributes_follow_with_a_link_to_them() {
        let block = json!({ "attributes": {
            "network": { "optional": true, "nested_type": { "nesting_mode": "single", "attributes": {
                "cidr": { "type": "string", "required": true, "description": "The range." },
            } } },
            "objects": { "type": ["map", "string"], "computed": true },
        } });
        assert_eq!(
            section(&block),
            "
### Optional

- `network` (Attributes) (see [below](#nested--network))

### Read-Only

- `objects` (Map of String)

<a id=\"nested--network\"></a>
### Nested schema for `network`

Required:

- `cidr` (String) The range.
"
        );
    }

    #[test]
    fn secrets_are_marked() {
        let block = json!({ "attributes": { "password_wo": {
            "type": "string", "optional": true, "sensitive": true, "write_only": true,
        } } });
        assert!(section(&block).contains("- `password_wo` (String, Sensitive, Write-only)\n"));
    }
}
