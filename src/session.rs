//! What the provider block configures, for all calls that follow.

use crate::provider::Accounts;
use aws_objects::{Aws, ConnectError, Connection, ConnectionSettings};
use reconcile::{IgnoredTags, Tags};
use std::sync::{Arc, PoisonError, RwLock};
use tfplugin::{Diagnostic, Path};
use tokio::sync::OnceCell;

/// A configured provider.
pub(crate) struct Session {
    pub(crate) default_tags: Tags,
    pub(crate) ignored_tags: IgnoredTags,
    settings: ConnectionSettings,
    accounts: Accounts,
    connection: OnceCell<Connection>,
    default_region: Option<String>,
}

impl Session {
    /// Finds out whose the credentials are, and refuses a wrong account before anything in it is read.
    ///
    /// When no region is configured, that waits for the first resource, which has one.
    pub(crate) async fn open(
        settings: ConnectionSettings,
        accounts: Accounts,
        (default_tags, ignored_tags): (Tags, IgnoredTags),
    ) -> Result<Session, Diagnostic> {
        let (connection, default_region) = match Connection::open(settings.clone()).await {
            Err(ConnectError::NoRegion) => (OnceCell::new(), None),
            Err(error) => return Err(unusable(&error)),
            Ok(opened) => {
                accounts.admit(&opened.identity().account)?;
                let region = opened.home_region().to_owned();
                (OnceCell::from(opened), Some(region))
            }
        };
        Ok(Session { default_tags, ignored_tags, settings, accounts, connection, default_region })
    }

    /// The region of resources that name none.
    pub(crate) fn default_region(&self) -> Option<&str> {
        self.default_region.as_deref()
    }

    /// What calls in `region` are made with.
    pub(crate) async fn aws(&self, region: &str) -> Result<Arc<Aws>, Diagnostic> {
        let connection = self.connection(region).await?;
        connection.region(region).map_err(|error| wrong_region(&error))
    }

    /// Refuses a region that does not exist or that the account has not enabled. Makes one call in this process.
    pub(crate) async fn check_region(&self, region: &str) -> Result<(), Diagnostic> {
        let connection = self.connection(region).await?;
        connection.check_region(region).await.map_err(|error| wrong_region(&error))
    }

    async fn connection(&self, region: &str) -> Result<&Connection, Diagnostic> {
        let open = || async {
            let settings = ConnectionSettings { region: Some(region.to_owned()), ..self.settings.clone() };
            let opened = Connection::open(settings).await.map_err(|error| unusable_in(region, &error))?;
            self.accounts.admit(&opened.identity().account)?;
            Ok(opened)
        };
        self.connection.get_or_try_init(open).await
    }
}

fn unusable(error: &ConnectError) -> Diagnostic {
    if let ConnectError::NoRegionName { .. } | ConnectError::UnknownRegion { .. } = error {
        return wrong_region(error);
    }
    Diagnostic::error("AWS cannot be used", sentence(&error.to_string()))
}

/// The first call went to the region of a resource, which nobody has checked yet.
fn unusable_in(region: &str, error: &ConnectError) -> Diagnostic {
    let mut diagnostic = unusable(error);
    if !matches!(error, ConnectError::NoCredentials { .. } | ConnectError::Expired(_)) {
        let hint =
            format!("\nThe call went to {region}, the `region` of this resource. Is there such a region?");
        diagnostic.detail.push_str(&hint);
    }
    diagnostic
}

fn wrong_region(error: &ConnectError) -> Diagnostic {
    Diagnostic::error("The region cannot be used", sentence(&error.to_string())).at(Path::root("region"))
}

/// `text` with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let rest = letters.as_str();
    let stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{rest}{stop}")
}

/// The session of this process. Empty until the provider is configured.
#[derive(Clone, Default)]
pub(crate) struct SessionCell(Arc<RwLock<Option<Arc<Session>>>>);

impl SessionCell {
    pub(crate) fn put(&self, session: Session) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(session));
    }

    /// The session. Terraform configures the provider before every call that gets here.
    pub(crate) fn get(&self) -> Result<Arc<Session>, Diagnostic> {
        let session = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        session.ok_or_else(|| {
            Diagnostic::error(
                "The provider is not configured",
                "Its configuration depends on values that are not known yet, or has failed. Give the provider block \
                 values that are known while planning.",
            )
        })
    }
}
