//! How to reach an account, and what can be told without asking AWS.

use crate::{Secret, error::ConnectError};
use aws_config::{
    AppName, environment::EnvironmentVariableRegionProvider, meta::region::ProvideRegion,
    profile::ProfileFileRegionProvider, provider_config::ProviderConfig,
};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use reconcile::PatienceSettings;
use std::{collections::BTreeMap, path::PathBuf, time::Duration};

/// The services that calls are made to, and for which endpoints can be set.
pub const SERVICES: &[&str] = &[
    "ec2",
    "eks",
    "elasticloadbalancing",
    "elasticloadbalancingv2",
    "iam",
    "kms",
    "logs",
    "servicequotas",
    "sts",
];

/// How to reach an account. Whatever is not said is taken from the environment and the shared files, as all AWS
/// tools do.
#[derive(Clone, Default)]
pub struct ConnectionSettings {
    /// The region for calls that belong to none.
    pub region: Option<String>,
    /// The profile of the shared files; then no other source is asked for credentials.
    pub profile: Option<String>,
    /// A role to take with the credentials found.
    pub assume_role: Option<AssumeRole>,
    /// In place of `~/.aws/config`.
    pub shared_config_files: Vec<PathBuf>,
    /// In place of `~/.aws/credentials`.
    pub shared_credentials_files: Vec<PathBuf>,
    /// Other endpoints than those of AWS, by service.
    pub endpoints: BTreeMap<String, String>,
    /// An access key; then no other source is asked for credentials.
    pub access_key: Option<Secret>,
    /// The secret that belongs to it.
    pub secret_key: Option<Secret>,
    /// The session token that belongs to them, if they are temporary.
    pub token: Option<Secret>,
    /// How patiently calls are made again.
    pub patience: PatienceSettings,
    /// The helm program. Otherwise it is looked for beside our own and on PATH.
    pub helm_path: Option<PathBuf>,
    /// The program that gives helm its credentials by `eks-token`, if it is another than ours.
    pub executable: Option<PathBuf>,
    /// Who is calling, for the logs of AWS.
    pub user_agent: String,
}

/// A role to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRole {
    /// Its ARN.
    pub role_arn: String,
    /// What the session is called in the logs of AWS.
    pub session_name: Option<String>,
    /// What the role's owner wants to be told.
    pub external_id: Option<String>,
    /// For how long at a time; by default an hour.
    pub duration: Option<Duration>,
}

/// A source of credentials that had none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Which one.
    pub source: String,
    /// What it said.
    pub said: String,
}

/// Refuses endpoints that no call would go to, or that are none.
pub(crate) fn endpoints_are_usable(endpoints: &BTreeMap<String, String>) -> Result<(), ConnectError> {
    for (service, url) in endpoints {
        if !SERVICES.contains(&service.as_str()) {
            return Err(ConnectError::UnknownService { service: service.clone() });
        }
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if host.is_none_or(str::is_empty) {
            return Err(ConnectError::NoUrl { service: service.clone(), url: url.clone() });
        }
    }
    Ok(())
}

/// The shared files that are read.
pub(crate) fn profile_files(settings: &ConnectionSettings) -> EnvConfigFiles {
    let (config, credentials) = (&settings.shared_config_files, &settings.shared_credentials_files);
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(config.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    for file in config {
        files = files.with_file(EnvConfigFileKind::Config, file);
    }
    for file in credentials {
        files = files.with_file(EnvConfigFileKind::Credentials, file);
    }
    files.build()
}

/// The region for calls that belong to none: as set, from the environment, or from the profile.
pub(crate) async fn home_region(
    settings: &ConnectionSettings,
    files: &EnvConfigFiles,
    config: &ProviderConfig,
) -> Result<String, ConnectError> {
    let said = match &settings.region {
        Some(region) => Some(region.clone()),
        None => match EnvironmentVariableRegionProvider::new().region().await {
            Some(region) => Some(region.to_string()),
            None => region_of_profile(settings, files, config).await,
        },
    };
    let name = said.filter(|name| !name.is_empty()).ok_or(ConnectError::NoRegion)?;
    if is_region_name(&name) { Ok(name) } else { Err(ConnectError::NoRegionName { name }) }
}

async fn region_of_profile(
    settings: &ConnectionSettings,
    files: &EnvConfigFiles,
    config: &ProviderConfig,
) -> Option<String> {
    let mut provider = ProfileFileRegionProvider::builder().configure(config).profile_files(files.clone());
    if let Some(profile) = &settings.profile {
        provider = provider.profile_name(profile);
    }
    provider.build().region().await.map(|region| region.to_string())
}

/// Whether `name` has the form of a region: `eu-west-1`, `us-gov-east-1`.
pub(crate) fn is_region_name(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.as_slice() {
        [area, words @ .., number] => {
            is_word(area)
                && !words.is_empty()
                && words.iter().all(|word| is_word(word))
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// The SDK takes letters, digits and a few signs, and no more than fifty of them.
pub(crate) fn app_name(user_agent: &str) -> Option<AppName> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
    let name: String =
        user_agent.chars().take(50).map(|letter| if allowed(letter) { letter } else { '-' }).collect();
    AppName::new(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_form_of_a_regions_name() {
        for name in ["eu-west-1", "us-gov-east-1", "ap-southeast-10", "cn-north-1"] {
            assert!(is_region_name(name), "{name}");
        }
        for name in ["", "Ireland", "eu-west", "eu-west-1a", "EU-WEST-1", "eu--1", "eu-west-1-", "eu west-1"]
        {
            assert!(!is_region_name(name), "{name}");
        }
    }

    #[test]
    fn a_user_agent_is_shortened_to_what_the_sdk_takes() {
        assert_eq!(app_name("terraform/1.11 (a b)").unwrap().as_ref(), "terraform-1.11--a-b-");
        assert_eq!(app_name(&"x".repeat(80)).unwrap().as_ref().len(), 50);
    }
}
