//! Where credentials come from.

use crate::{
    faults,
    http::causes,
    settings::{AssumeRole, ConnectionSettings, Tried},
};
use aws_config::{
    ecs::EcsCredentialsProvider, environment::EnvironmentVariableCredentialsProvider, imds,
    profile::ProfileFileCredentialsProvider, provider_config::ProviderConfig,
    web_identity_token::WebIdentityTokenCredentialsProvider,
};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future},
};
use aws_runtime::env_config::file::EnvConfigFiles;
use reconcile::Fault;
use std::{
    env, fmt,
    path::PathBuf,
    sync::Mutex,
    time::{Duration, SystemTime},
};

/// A secret. It has no `Debug` and no `Display`, so that no message can carry it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for whoever hands it on.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// Whether it is this text: tells no more than that.
impl PartialEq<str> for Secret {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Secret(text.into())
    }
}

/// The metadata service is near or not there at all.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// The first source that has credentials, from the most to the least explicit; or what each of them said.
pub(crate) async fn first_source(
    settings: &ConnectionSettings,
    files: &EnvConfigFiles,
    config: &ProviderConfig,
) -> Result<SharedCredentialsProvider, Vec<Tried>> {
    let mut tried = Vec::new();
    for source in sources(settings, files, config) {
        let Err(error) = source.provider.provide_credentials().await else { return Ok(source.provider) };
        let is_not_set_up = matches!(error, CredentialsError::CredentialsNotLoaded(_));
        let said = source.when_not_set_up.filter(|_| is_not_set_up).unwrap_or_else(|| said(&error));
        tried.push(Tried { source: source.name, said });
        // A source that is set up and broken is not passed over: the next may be somebody else's account.
        if !is_not_set_up {
            break;
        }
    }
    Err(tried)
}

fn said(error: &CredentialsError) -> String {
    let mut words: Vec<String> = causes(error).skip(1).map(ToString::to_string).collect();
    words.dedup();
    match words.is_empty() {
        true => error.to_string(),
        false => words.join(": "),
    }
}

struct Source {
    name: String,
    provider: SharedCredentialsProvider,
    /// What to say when it has nothing to go by, where the SDK says too little.
    when_not_set_up: Option<String>,
}

fn source(name: &str, provider: impl ProvideCredentials + 'static) -> Source {
    Source {
        name: name.to_owned(),
        provider: SharedCredentialsProvider::new(provider),
        when_not_set_up: None,
    }
}

fn sources(settings: &ConnectionSettings, files: &EnvConfigFiles, config: &ProviderConfig) -> Vec<Source> {
    if let (Some(Secret(access_key)), Some(Secret(secret_key))) = (&settings.access_key, &settings.secret_key)
    {
        let token = settings.token.as_ref().map(|Secret(token)| token.clone());
        return vec![source(
            "the configuration",
            Credentials::new(access_key, secret_key, token, None, "configuration"),
        )];
    }
    let profile = profile(settings, files, config);
    if settings.profile.is_some() {
        return vec![profile];
    }
    let token = WebIdentityTokenCredentialsProvider::builder().configure(config).build();
    let container = EcsCredentialsProvider::builder().configure(config).build();
    vec![
        environment(),
        profile,
        source("a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN)", token),
        source("the container (AWS_CONTAINER_CREDENTIALS_*)", container),
        source("the instance's metadata service", metadata_service(config)),
    ]
}

fn environment() -> Source {
    let needed = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
    let missing: Vec<&str> = needed.into_iter().filter(|name| is_unset(name)).collect();
    let verb = if missing.len() == 1 { "is" } else { "are" };
    Source {
        when_not_set_up: Some(format!("{} {verb} not set", missing.join(" and "))),
        ..source("the environment", EnvironmentVariableCredentialsProvider::new())
    }
}

fn is_unset(variable: &str) -> bool {
    env::var_os(variable).is_none_or(|value| value.is_empty())
}

fn profile(settings: &ConnectionSettings, files: &EnvConfigFiles, config: &ProviderConfig) -> Source {
    let mut builder =
        ProfileFileCredentialsProvider::builder().configure(config).profile_files(files.clone());
    if let Some(name) = &settings.profile {
        builder = builder.profile_name(name);
    }
    let name = settings.profile.clone().or_else(|| env::var("AWS_PROFILE").ok());
    let name = name.unwrap_or_else(|| "default".to_owned());
    let (config_file, credentials_file) = (
        shown(&settings.shared_config_files, "AWS_CONFIG_FILE", "~/.aws/config"),
        shown(&settings.shared_credentials_files, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    );
    Source {
        when_not_set_up: Some(format!(
            "there is no such profile, or it has no credentials, in {config_file} and {credentials_file}"
        )),
        ..source(&format!("the profile {name:?}"), builder.build())
    }
}

/// The files that are read: those that are set, or the one that `variable` names, or the usual one.
fn shown(set: &[PathBuf], variable: &str, usual: &str) -> String {
    match set {
        [] => env::var(variable).unwrap_or_else(|_| usual.to_owned()),
        files => files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", "),
    }
}

fn metadata_service(config: &ProviderConfig) -> imds::credentials::ImdsCredentialsProvider {
    let client = imds::Client::builder()
        .configure(config)
        .max_attempts(1)
        .connect_timeout(METADATA_TIMEOUT)
        .read_timeout(METADATA_TIMEOUT)
        .build();
    imds::credentials::ImdsCredentialsProvider::builder().configure(config).imds_client(client).build()
}

/// A role that is taken with other credentials, and taken again before it expires.
pub(crate) struct AssumedRole {
    sts: aws_sdk_sts::Client,
    role: AssumeRole,
    first: Mutex<Option<Credentials>>,
}

impl AssumedRole {
    /// Takes the role once, so that a wrong one is known at once.
    pub(crate) async fn take(sts: aws_sdk_sts::Client, role: AssumeRole) -> Result<AssumedRole, Fault> {
        let first = assume(&sts, &role).await?;
        Ok(AssumedRole { sts, role, first: Mutex::new(Some(first)) })
    }

    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let first = self.first.lock().expect("nothing panics while it holds the credentials").take();
        match first {
            Some(credentials) => Ok(credentials),
            None => assume(&self.sts, &self.role).await.map_err(CredentialsError::provider_error),
        }
    }
}

impl fmt::Debug for AssumedRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AssumedRole").field(&self.role.role_arn).finish()
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

async fn assume(sts: &aws_sdk_sts::Client, role: &AssumeRole) -> Result<Credentials, Fault> {
    const OPERATION: &str = "AssumeRole";
    let call = sts.assume_role().role_arn(&role.role_arn);
    let call = call.role_session_name(role.session_name.as_deref().unwrap_or("luneo"));
    let seconds = role.duration.map(|duration| i32::try_from(duration.as_secs()).unwrap_or(i32::MAX));
    let call = call.set_external_id(role.external_id.clone()).set_duration_seconds(seconds);
    let answer = call.send().await.map_err(faults::of(OPERATION))?;
    let given = answer.credentials().ok_or_else(|| faults::unreadable(OPERATION, "credentials"))?;
    let until = SystemTime::try_from(*given.expiration()).ok();
    let token = Some(given.session_token().to_owned());
    Ok(Credentials::new(given.access_key_id(), given.secret_access_key(), token, until, OPERATION))
}
