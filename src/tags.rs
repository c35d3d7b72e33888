//! What AWS accepts as tags, checked before anything is sent (EC2 user guide, "Tag restrictions").

use reconcile::Owner;
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// Our own tags on each object: `Name`, owner marks, status, protection, and two for load balancers.
const RESERVED: usize = 9;
const MOST: usize = 50;

/// What is wrong with a map of tags at `path`, as far as it is known.
pub(crate) fn validate(tags: &Value, path: &Path) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    let Some(entries) = tags.as_map() else { return diagnostics };
    if entries.len() > MOST - RESERVED {
        let detail = format!(
            "AWS takes {MOST} tags an object, and {RESERVED} are the provider's own. Leave out {} of these {}.",
            entries.len() + RESERVED - MOST,
            entries.len()
        );
        diagnostics.push(Diagnostic::error("Too many tags", detail).at(path.clone()));
    }
    for (key, value) in entries {
        let at = path.clone().key(key.clone());
        if let Some(detail) = wrong_key(key) {
            diagnostics.push(Diagnostic::error("A tag's key is not allowed", detail).at(at.clone()));
        }
        match value {
            Value::Null => {
                let detail =
                    format!("Tag {key:?} has no value. Use \"\" for an empty one, or leave the tag out.");
                diagnostics.push(Diagnostic::error("A tag's value is missing", detail).at(at));
            }
            Value::String(text) => {
                if let Some(detail) = wrong_text(text, 256, "value") {
                    diagnostics.push(Diagnostic::error("A tag's value is not allowed", detail).at(at));
                }
            }
            _ => {}
        }
    }
    diagnostics
}

/// Whether a tag is not one that users give: AWS's, or one that we write.
pub(crate) fn is_reserved(key: &str, owner: &Owner) -> bool {
    owner.marks(key) || key == "Name" || key.starts_with("aws:")
}

fn wrong_key(key: &str) -> Option<String> {
    if key.is_empty() {
        return Some("A tag's key cannot be empty. Give it a name.".to_owned());
    }
    if key.to_ascii_lowercase().starts_with("aws:") {
        return Some(format!(
            "{key:?} begins with aws:, which only AWS itself may write. Use another beginning."
        ));
    }
    if key.starts_with("luneo:") || key == "Name" {
        return Some(format!(
            "{key:?} is written by the provider: it is how it finds its objects. Use another key."
        ));
    }
    wrong_text(key, 128, "key")
}

fn wrong_text(text: &str, most: usize, what: &str) -> Option<String> {
    let length = text.chars().count();
    if length > most {
        return Some(format!("The {what} has {length} characters and AWS takes {most}. Shorten it."));
    }
    let allowed = |c: char| c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c);
    let wrong = text.chars().find(|c| !allowed(*c))?;
    Some(format!("{wrong:?} cannot be in a tag's {what}. Use letters, digits, spaces and _ . : / = + - @."))
}
