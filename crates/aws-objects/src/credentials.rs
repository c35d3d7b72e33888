//! Where credentials come from.

use crate::{
    connection::{AssumeRole, ConnectionSettings, Tried},
    faults,
    http::causes,
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
    fmt,
    sync::Mutex,
    time::{Duration, SystemTime},
};

/// A secret. It has no `Debug` and no `Display`, so that no message can carry it.
#[derive(Clone)]
pub struct Secret(String);

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
    for (name, source) in sources(settings, files, config) {
        match source.provide_credentials().await {
            Ok(_) => return Ok(source),
            Err(error) => {
                let goes_on = matches!(error, CredentialsError::CredentialsNotLoaded(_));
                tried.push(Tried { source: name, said: said(&error) });
                // A source that is set up and broken is not passed over: the next may be somebody else's account.
                if !goes_on {
                    break;
                }
            }
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

fn sources(
    settings: &ConnectionSettings,
    files: &EnvConfigFiles,
    config: &ProviderConfig,
) -> Vec<(String, SharedCredentialsProvider)> {
    if let (Some(Secret(access_key)), Some(Secret(secret_key))) = (&settings.access_key, &settings.secret_key)
    {
        let token = settings.token.as_ref().map(|Secret(token)| token.clone());
        let fixed = Credentials::new(access_key, secret_key, token, None, "configuration");
        return vec![("the configuration".to_owned(), SharedCredentialsProvider::new(fixed))];
    }
    let profile = profile(settings, files, config);
    if settings.profile.is_some() {
        return vec![profile];
    }
    vec![
        (
            "the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)".to_owned(),
            SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()),
        ),
        profile,
        (
            "a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN)".to_owned(),
            SharedCredentialsProvider::new(
                WebIdentityTokenCredentialsProvider::builder().configure(config).build(),
            ),
        ),
        (
            "the container (AWS_CONTAINER_CREDENTIALS_*)".to_owned(),
            SharedCredentialsProvider::new(EcsCredentialsProvider::builder().configure(config).build()),
        ),
        ("the instance's metadata service".to_owned(), metadata_service(config)),
    ]
}

fn profile(
    settings: &ConnectionSettings,
    files: &EnvConfigFiles,
    config: &ProviderConfig,
) -> (String, SharedCredentialsProvider) {
    let builder = ProfileFileCredentialsProvider::builder().configure(config).profile_files(files.clone());
    match &settings.profile {
        Some(name) => (
            format!("the profile {name:?}"),
            SharedCredentialsProvider::new(builder.profile_name(name).build()),
        ),
        None => (
            "the shared files and their default profile".to_owned(),
            SharedCredentialsProvider::new(builder.build()),
        ),
    }
}

fn metadata_service(config: &ProviderConfig) -> SharedCredentialsProvider {
    let client = imds::Client::builder()
        .configure(config)
        .max_attempts(1)
        .connect_timeout(METADATA_TIMEOUT)
        .read_timeout(METADATA_TIMEOUT)
        .build();
    let provider =
        imds::credentials::ImdsCredentialsProvider::builder().configure(config).imds_client(client).build();
    SharedCredentialsProvider::new(provider)
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
