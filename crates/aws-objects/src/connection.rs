//! A connection to one account: whose credentials, and a way into each region.

use crate::{
    Aws,
    credentials::{AssumedRole, first_source},
    error::ConnectError,
    faults, http,
    kubernetes::Tools,
    lookup,
    settings::{
        ConnectionSettings, Tried, app_name, endpoints_are_usable, home_region, is_region_name, profile_files,
    },
};
use aws_config::{
    BehaviorVersion, SdkConfig, provider_config::ProviderConfig, retry::RetryConfig, timeout::TimeoutConfig,
};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::region::Region;
use reconcile::{Fault, PatienceSettings, Sort};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{sync::OnceCell, time::Instant};

/// Whom the credentials belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The twelve digits of the account.
    pub account: String,
    /// The ARN of the user or the session.
    pub arn: String,
    /// The partition of the account.
    pub partition: String,
}

/// A connection to one account.
pub struct Connection {
    identity: Identity,
    home: String,
    config: SdkConfig,
    endpoints: BTreeMap<String, String>,
    patience: PatienceSettings,
    tools: Arc<Tools>,
    regions: Mutex<BTreeMap<String, Arc<Aws>>>,
    known_regions: OnceCell<Vec<lookup::Region>>,
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Shorter than an attempt, so that it is the HTTP client that gives up: it knows the endpoint.
const READ_TIMEOUT: Duration = Duration::from_secs(28);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
const OPERATION_TIMEOUT: Duration = Duration::from_secs(120);

/// Somebody is waiting for the first answer: two tries within this time, and each gives up a connection sooner.
const FIRST_ANSWER_WITHIN: Duration = Duration::from_secs(5);
const FIRST_CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const PAUSE_BEFORE_SECOND_TRY: Duration = Duration::from_millis(200);

impl Connection {
    /// Finds credentials and asks AWS whose they are.
    pub async fn open(settings: ConnectionSettings) -> Result<Connection, ConnectError> {
        endpoints_are_usable(&settings.endpoints)?;
        let http = http::client();
        let files = profile_files(&settings);
        let (source, home) = first_source_and_region(&settings, &files, &http).await?;

        let mut loader = aws_config::defaults(version())
            .region(Region::new(home.clone()))
            .credentials_provider(source)
            .http_client(http)
            .profile_files(files)
            // The engine alone retries: it knows what a second try would do.
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .read_timeout(READ_TIMEOUT)
                    .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                    .operation_timeout(OPERATION_TIMEOUT)
                    .build(),
            );
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(name) = app_name(&settings.user_agent) {
            loader = loader.app_name(name);
        }
        let mut config = loader.load().await;
        if let Some(role) = settings.assume_role {
            let role_arn = role.role_arn.clone();
            let taken = AssumedRole::take(sts(&config, &settings.endpoints), role).await;
            let taken =
                taken.map_err(|fault| ConnectError::RoleRefused { role_arn, fault: Box::new(fault) })?;
            config = config.to_builder().credentials_provider(SharedCredentialsProvider::new(taken)).build();
        }
        let identity = who_am_i(&sts(&config, &settings.endpoints), &home).await?;
        Ok(Connection {
            identity,
            home,
            config,
            endpoints: settings.endpoints,
            patience: settings.patience,
            tools: Arc::new(Tools::new(settings.executable, settings.helm_path)),
            regions: Mutex::default(),
            known_regions: OnceCell::new(),
        })
    }

    /// Whom the credentials belong to.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The region of calls that belong to none.
    pub fn home_region(&self) -> &str {
        &self.home
    }

    /// The account in the region `name`, the same for all who ask. Makes no call: see [`Connection::check_region`].
    pub fn region(&self, name: &str) -> Result<Arc<Aws>, ConnectError> {
        if !is_region_name(name) {
            return Err(ConnectError::NoRegionName { name: name.to_owned() });
        }
        let open =
            || Aws::new(&self.config, &self.endpoints, self.patience, name, &self.identity, &self.tools);
        let mut regions = self.regions.lock().expect("nothing panics while it holds the regions");
        let aws = regions.entry(name.to_owned()).or_insert_with(|| Arc::new(open()));
        Ok(Arc::clone(aws))
    }

    /// Whether the account can use the region `name`, by a call to the home region that is made once. An account that
    /// may not list its regions is not held up by this.
    pub async fn check_region(&self, name: &str) -> Result<(), ConnectError> {
        let home = self.region(&self.home)?;
        let known = match self.known_regions.get_or_try_init(|| lookup::regions(&home)).await {
            Err(fault) if fault.sort == Sort::Denied => return Ok(()),
            Err(fault) => return Err(trouble(fault)),
            Ok(known) => known,
        };
        match known.iter().find(|region| region.name == name) {
            Some(region) if region.is_enabled => Ok(()),
            Some(_) => Err(ConnectError::RegionNotEnabled { name: name.to_owned() }),
            None => Err(ConnectError::UnknownRegion {
                name: name.to_owned(),
                known: known
                    .iter()
                    .filter(|region| region.is_enabled)
                    .map(|region| region.name.clone())
                    .collect(),
            }),
        }
    }
}

/// The first source that has credentials, and the region for calls that belong to none. Asks AWS nothing; a role that
/// `settings` name is not taken.
pub(crate) async fn source(
    settings: &ConnectionSettings,
) -> Result<(SharedCredentialsProvider, String), ConnectError> {
    first_source_and_region(settings, &profile_files(settings), &http::client()).await
}

async fn first_source_and_region(
    settings: &ConnectionSettings,
    files: &EnvConfigFiles,
    http: &SharedHttpClient,
) -> Result<(SharedCredentialsProvider, String), ConnectError> {
    let lookups = ProviderConfig::without_region().with_http_client(http.clone());
    let lookups = lookups.with_behavior_version(Some(version()));
    let home = home_region(settings, files, &lookups).await?;
    let lookups = lookups.with_region(Some(Region::new(home.clone())));
    let source = first_source(settings, files, &lookups).await;
    Ok((source.map_err(|tried| ConnectError::NoCredentials { tried })?, home))
}

fn version() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

fn sts(config: &SdkConfig, endpoints: &BTreeMap<String, String>) -> aws_sdk_sts::Client {
    let timeouts = config.timeout_config().map_or_else(TimeoutConfig::builder, TimeoutConfig::to_builder);
    let timeouts = timeouts.connect_timeout(FIRST_CONNECT_TIMEOUT).read_timeout(FIRST_ANSWER_WITHIN);
    let mut builder = aws_sdk_sts::config::Builder::from(config).timeout_config(timeouts.build());
    if let Some(endpoint) = endpoints.get("sts") {
        builder = builder.endpoint_url(endpoint);
    }
    aws_sdk_sts::Client::from_conf(builder.build())
}

async fn who_am_i(sts: &aws_sdk_sts::Client, home: &str) -> Result<Identity, ConnectError> {
    const OPERATION: &str = "GetCallerIdentity";
    let start = Instant::now();
    let mut is_second_try = false;
    let answer = loop {
        let fault = match sts.get_caller_identity().send().await.map_err(faults::of(OPERATION)) {
            Ok(answer) => break answer,
            Err(fault) => fault,
        };
        // A try that took this long would not be faster the second time.
        if is_second_try || fault.sort != Sort::Busy || start.elapsed() > FIRST_ANSWER_WITHIN / 2 {
            return Err(match trouble(fault) {
                ConnectError::Unreachable { fault, .. } => {
                    ConnectError::Unreachable { region: home.to_owned(), fault }
                }
                other => other,
            });
        }
        is_second_try = true;
        tokio::time::sleep(PAUSE_BEFORE_SECOND_TRY).await;
    };
    let arn = answer.arn().unwrap_or_default();
    match (answer.account(), arn.split(':').nth(1)) {
        (Some(account), Some(partition)) => {
            Ok(Identity { account: account.to_owned(), arn: arn.to_owned(), partition: partition.to_owned() })
        }
        _ => Err(ConnectError::Refused(Box::new(faults::unreadable(OPERATION, "account")))),
    }
}

/// A fault as what it means to somebody who is connecting.
fn trouble(fault: Fault) -> ConnectError {
    if faults::is_expired(&fault) {
        ConnectError::Expired(Box::new(fault))
    } else if faults::is_without_credentials(&fault) {
        let said = fault.message;
        ConnectError::NoCredentials {
            tried: vec![Tried { source: "the source that had some".to_owned(), said }],
        }
    } else if fault.unreachable || faults::is_without_answer(&fault) {
        ConnectError::Unreachable { region: String::new(), fault: Box::new(fault) }
    } else if fault.sort == Sort::Denied {
        ConnectError::Denied(Box::new(fault))
    } else {
        ConnectError::Refused(Box::new(fault))
    }
}
