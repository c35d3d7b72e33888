//! Tags, and which of them are left alone.

use std::collections::BTreeMap;

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// Tags that are neither shown as drift nor removed, unless the graph itself asks for them.
#[derive(Clone, Debug, Default)]
pub struct IgnoredTags {
    /// Whole keys.
    pub keys: Vec<String>,
    /// Beginnings of keys, such as `kubernetes.io/`.
    pub key_prefixes: Vec<String>,
}

impl IgnoredTags {
    /// Whether a tag of this key is left alone.
    pub fn covers(&self, key: &str) -> bool {
        self.keys.iter().any(|ignored| ignored == key)
            || self.key_prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()))
    }

    /// What of `observed` counts when compared with `wanted`: all but the ignored tags nobody asked for.
    pub fn managed(&self, observed: &Tags, wanted: &Tags) -> Tags {
        let counts = |key: &str| wanted.contains_key(key) || !self.covers(key);
        observed.iter().filter(|(key, _)| counts(key)).map(|(k, v)| (k.clone(), v.clone())).collect()
    }
}
