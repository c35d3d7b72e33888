//! The checks that attributes bring along.

use super::{Schema, walk};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::Value;

impl Schema {
    /// What the attributes' own checks say of `config`. Null and unknown values are not checked.
    pub fn validate(&self, config: &Value) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        walk::attributes(&self.body, config, &mut |attribute, value, path| {
            if value.is_null() || !value.is_known() {
                return;
            }
            let complaints = attribute.validators.iter().filter_map(|check| (check.0)(value).err());
            diagnostics.extend(complaints.map(|complaint| {
                let summary = format!("This value of {path} cannot be used");
                // The path of a set's element ends with the element, which may be secret.
                let summary =
                    if path_shows_values(path) { "This value cannot be used".to_owned() } else { summary };
                Diagnostic::error(summary, complaint).at(path.clone())
            }));
        });
        diagnostics
    }
}

fn path_shows_values(path: &crate::value::Path) -> bool {
    path.steps().iter().any(|step| matches!(step, crate::value::Step::Element(_)))
}
