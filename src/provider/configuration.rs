//! Reads the provider block.

use super::Accounts;
use crate::composite::text_map;
use aws_objects::{AssumeRole, ConnectionSettings, SERVICES, Secret};
use reconcile::{IgnoredTags, PatienceSettings, Tags};
use std::{path::PathBuf, time::Duration};
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// A provider block without unknown parts.
pub(super) struct Configuration {
    pub(super) settings: ConnectionSettings,
    pub(super) tags: (Tags, IgnoredTags),
    pub(super) accounts: Accounts,
}

impl Configuration {
    /// The configuration; `None` while a part of it is unknown.
    pub(super) fn read(config: &Value, terraform_version: &str) -> Result<Option<Self>, Diagnostics> {
        let diagnostics = validate(config);
        if diagnostics.has_errors() {
            return Err(diagnostics);
        }
        if !config.is_wholly_known() {
            return Ok(None);
        }
        let text = |name: &str| config.get(name).as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let paths = |name: &str| texts(config.get(name)).into_iter().map(PathBuf::from).collect();
        let ignored = config.get("ignore_tags");
        let mut key_prefixes = texts(ignored.get("key_prefixes"));
        // Load balancer controllers and EKS put these on subnets (aws-behaviours section 21); aws: ones are read-only.
        key_prefixes.extend(["kubernetes.io/".to_owned(), "aws:".to_owned()]);
        let settings = ConnectionSettings {
            region: text("region"),
            profile: text("profile"),
            assume_role: assume_role(config.get("assume_role")),
            shared_config_files: paths("shared_config_files"),
            shared_credentials_files: paths("shared_credentials_files"),
            endpoints: text_map(config.get("endpoints")),
            access_key: text("access_key").map(Secret::from),
            secret_key: text("secret_key").map(Secret::from),
            token: text("token").map(Secret::from),
            patience: PatienceSettings {
                throttled: seconds(config.get("retry").get("throttled_seconds")),
                unreachable: seconds(config.get("retry").get("unreachable_seconds")),
            },
            helm_path: text("helm_path").map(PathBuf::from),
            executable: None,
            user_agent: format!(
                "terraform-provider-luneo/{} terraform/{terraform_version}",
                env!("CARGO_PKG_VERSION")
            ),
        };
        Ok(Some(Configuration {
            settings,
            tags: (
                text_map(config.get("default_tags")),
                IgnoredTags { keys: texts(ignored.get("keys")), key_prefixes },
            ),
            accounts: Accounts {
                allowed: texts(config.get("allowed_account_ids")),
                forbidden: texts(config.get("forbidden_account_ids")),
            },
        }))
    }
}

/// What is wrong with a provider block, as far as it is known.
pub(super) fn validate(config: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for service in
        text_map(config.get("endpoints")).into_keys().filter(|key| !SERVICES.contains(&key.as_str()))
    {
        let detail = format!(
            "{service:?} is not a service that the provider calls. Those are {}.",
            SERVICES.join(", ")
        );
        diagnostics
            .push(Diagnostic::error("Unknown service", detail).at(Path::root("endpoints").key(service)));
    }
    diagnostics.extend(crate::tags::validate(config.get("default_tags"), &Path::root("default_tags")));
    let is_set = |name: &str| !config.get(name).is_null();
    if is_set("access_key") != is_set("secret_key") {
        let missing = if is_set("access_key") { "secret_key" } else { "access_key" };
        let detail = "`access_key` and `secret_key` go together. Better leave both out and use AWS_PROFILE, the environment or a role.";
        diagnostics.push(Diagnostic::error(format!("{missing} is missing"), detail).at(Path::root(missing)));
    }
    diagnostics
}

fn assume_role(value: &Value) -> Option<AssumeRole> {
    let text = |name: &str| value.get(name).as_str().map(str::to_owned);
    Some(AssumeRole {
        role_arn: text("role_arn")?,
        session_name: text("session_name"),
        external_id: text("external_id"),
        duration: text("duration").and_then(|text| duration(&text).ok()),
    })
}

/// `1h`, `30m`, `3600s` or a mixture; the error says what is allowed.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || {
        format!("{text:?} is not a duration. Write it as 1h, 90m or 3600s, between 15 minutes and 12 hours.")
    };
    let mut seconds: u64 = 0;
    let mut digits = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let unit = match letter {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return Err(wrong()),
        };
        let amount: u64 = std::mem::take(&mut digits).parse().map_err(|_| wrong())?;
        seconds = amount.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
    }
    if !digits.is_empty() || !(900..=43_200).contains(&seconds) {
        return Err(wrong());
    }
    Ok(Duration::from_secs(seconds))
}

fn seconds(value: &Value) -> Option<Duration> {
    value.as_i64().and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs)
}

fn texts(value: &Value) -> Vec<String> {
    value.as_list().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
