//! One page of the registry's documentation.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use xtask::workspace;

use super::schema::{section, type_text};

/// What a page is about.
pub(super) struct Subject<'a> {
    /// The folder in `docs/` and in `examples/`.
    pub(super) folder: &'a str,
    /// What one of these is called in a title.
    pub(super) singular: &'a str,
    /// Its full name, `luneo_region_stack`.
    pub(super) name: &'a str,
}

impl Subject<'_> {
    /// Where its page is in `docs/`: the registry leaves the provider's name out.
    pub(super) fn path(&self) -> PathBuf {
        let name = self.name.strip_prefix("luneo_").unwrap_or(self.name);
        PathBuf::from(self.folder).join(format!("{name}.md"))
    }

    /// An example's text, if there is one.
    fn example(&self, file: &str) -> Option<String> {
        let folder = workspace::root().join("examples").join(self.folder);
        let path = match self.folder {
            "provider" => folder.join(file),
            _ => folder.join(self.name).join(file),
        };
        fs::read_to_string(path).ok().map(|text| text.trim_end().to_owned())
    }
}

/// The page of a provider, a resource or a data source.
pub(super) fn of_block(subject: &Subject<'_>, schema: &Value) -> String {
    let block = &schema["block"];
    let description = block["description"].as_str().unwrap_or_default().trim();
    let mut text = heading(subject, description);
    let file = match subject.folder {
        "provider" => "provider.tf",
        "resources" => "resource.tf",
        "ephemeral-resources" => "ephemeral-resource.tf",
        _ => "data-source.tf",
    };
    if let Some(example) = subject.example(file) {
        text += &format!("\n## Example Usage\n\n```terraform\n{example}\n```\n");
    }
    text += &format!("\n## Schema\n{}", section(block));
    if let Some(example) = subject.example("import.tf") {
        text += &format!(
            "\n## Import\n\nIn the configuration, from Terraform 1.5 on:\n\n```terraform\n{example}\n```\n"
        );
    }
    if let Some(example) = subject.example("import.sh") {
        text += &format!("\nOn the command line:\n\n```shell\n{example}\n```\n");
    }
    text
}

/// The page of a function.
pub(super) fn of_function(subject: &Subject<'_>, signature: &Value) -> String {
    let description = signature["description"].as_str().unwrap_or_default().trim();
    let mut text = heading(subject, description);
    if let Some(example) = subject.example("function.tf") {
        text += &format!("\n## Example Usage\n\n```terraform\n{example}\n```\n");
    }
    let parameters = signature["parameters"].as_array().cloned().unwrap_or_default();
    let written = |parameter: &Value| {
        format!(
            "{} {}",
            parameter["name"].as_str().unwrap_or_default(),
            type_text(&parameter["type"]).to_lowercase()
        )
    };
    let list = parameters.iter().map(written).collect::<Vec<_>>().join(", ");
    let result = type_text(&signature["return_type"]).to_lowercase();
    text += &format!("\n## Signature\n\n```text\n{}({list}) {result}\n```\n\n## Arguments\n\n", subject.name);
    for (number, parameter) in parameters.iter().enumerate() {
        let description = parameter["description"].as_str().unwrap_or_default();
        let name = parameter["name"].as_str().unwrap_or_default();
        text +=
            format!("{}. `{name}` ({}) {description}", number + 1, type_text(&parameter["type"])).trim_end();
        text += "\n";
    }
    text
}

fn heading(subject: &Subject<'_>, description: &str) -> String {
    let Subject { name, singular, .. } = subject;
    let summary = description.lines().next().unwrap_or_default().replace('"', "'");
    format!(
        "---\npage_title: \"{name} {singular}\"\ndescription: \"{summary}\"\n---\n\n\
         <!-- Written by `cargo xtask docs` from the provider's schema and examples/. Change those. -->\n\n\
         # {name} ({singular})\n\n{description}\n"
    )
}
