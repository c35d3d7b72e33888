//! Which version of an add-on goes with a Kubernetes version.

use super::{at, config::Cluster};
use crate::region_stack::near::near;
use aws_objects::lookup::AddonVersions;
use std::collections::BTreeMap;
use tfplugin::{Diagnostic, Diagnostics};

/// So many versions are named to somebody who wrote another.
const SHOWN: usize = 5;

/// The version of each add-on of `config`: those `kept` stay, and the others are chosen of what is `offered` for its
/// Kubernetes.
///
/// Rule: nothing goes down by itself. What was newer `before` than EKS's own choice stays, if it goes with the new
/// Kubernetes.
pub(super) fn choose(
    config: &Cluster,
    (kept, before): (&BTreeMap<String, String>, &BTreeMap<String, String>),
    offered: &[AddonVersions],
) -> Result<BTreeMap<String, String>, Diagnostics> {
    let mut found = Diagnostics::default();
    let mut chosen = kept.clone();
    for name in config.addon_names().into_iter().filter(|name| !kept.contains_key(*name)) {
        let version = match offered.iter().find(|offer| offer.addon == name) {
            Some(offer) => version(config, name, before.get(name), offer),
            None => Err(unknown(config, name, offered)),
        };
        match version {
            Ok(version) => drop(chosen.insert(name.to_owned(), version)),
            Err(fault) => found.push(fault),
        }
    }
    if found.has_errors() { Err(found) } else { Ok(chosen) }
}

fn version(
    config: &Cluster,
    name: &str,
    before: Option<&String>,
    offer: &AddonVersions,
) -> Result<String, Diagnostic> {
    let path = at("addons").key(name);
    let addon = config.addons.get(name);
    let Some(written) = addon.and_then(|addon| addon.version.as_ref()) else {
        let default = offer.versions.iter().position(|version| version.is_default).unwrap_or(0);
        let kept = offer.versions.iter().position(|version| Some(&version.version) == before);
        let newer = kept.map_or(default, |kept| kept.min(default));
        let missing = || {
            let detail =
                format!("EKS names no version of {name} for Kubernetes {}. Write one.", config.version);
            Diagnostic::error("This add-on has no version", detail).at(path.clone().attribute("version"))
        };
        let choice = offer.versions.get(newer).ok_or_else(missing)?;
        if choice.needs_configuration && addon.is_none_or(|addon| addon.configuration.is_none()) {
            let detail = format!("{name} cannot be installed without one. Write its configuration.");
            return Err(Diagnostic::error("This add-on needs a configuration", detail)
                .at(path.attribute("configuration")));
        }
        return Ok(choice.version.clone());
    };
    if offer.version(written).is_some() {
        return Ok(written.clone());
    }
    let newest: Vec<&str> =
        offer.versions.iter().take(SHOWN).map(|version| version.version.as_str()).collect();
    let detail = format!(
        "{name} {written:?} does not go with Kubernetes {}. The newest that do are {}. Write one of those, or leave version \
         out.",
        config.version,
        newest.join(", ")
    );
    Err(Diagnostic::error("This version of the add-on does not fit", detail).at(path.attribute("version")))
}

fn unknown(config: &Cluster, name: &str, offered: &[AddonVersions]) -> Diagnostic {
    let close = near(name, offered.iter().map(|offer| offer.addon.as_str()));
    let close: Vec<String> = close.into_iter().map(|name| format!("{name:?}")).collect();
    let meant = if close.is_empty() {
        "Leave it out, or install it as a chart.".to_owned()
    } else {
        format!("Is one of these meant: {}?", close.join(", "))
    };
    let detail = format!("EKS has no add-on {name:?} for Kubernetes {}. {meant}", config.version);
    Diagnostic::error("There is no such add-on", detail).at(at("addons").key(name))
}
