//! The provider block: how AWS is reached, which tags go on everything, which accounts are meant.

mod configuration;
mod schema;

use crate::{
    composite::{Census, Managed},
    region_stack::RegionStack,
    session::{Session, SessionCell},
};
use configuration::Configuration;
use std::sync::Arc;
use tfplugin::{Call, ConfigureRequest, Diagnostic, Diagnostics, Path, Provider, Resource, Schema, Value};

/// The luneo provider.
#[derive(Default)]
pub struct Luneo {
    session: SessionCell,
    region_stacks: Arc<Census>,
}

#[tfplugin::async_trait]
impl Provider for Luneo {
    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Managed::<RegionStack>::new(self.session.clone(), Arc::clone(&self.region_stacks)))]
    }

    async fn validate(&self, config: &Value) -> Diagnostics {
        configuration::validate(config)
    }

    async fn configure(&self, request: ConfigureRequest, _call: &Call) -> Diagnostics {
        self.region_stacks.clear();
        let configuration = match Configuration::read(&request.config, &request.terraform_version) {
            Ok(Some(configuration)) => configuration,
            // Something is unknown until apply. Calls that need AWS say so.
            Ok(None) => return Diagnostics::default(),
            Err(diagnostics) => return diagnostics,
        };
        let Configuration { settings, tags, accounts } = configuration;
        match Session::open(settings, accounts, tags).await {
            Ok(session) => self.session.put(session),
            Err(diagnostic) => return diagnostic.into(),
        }
        Diagnostics::default()
    }
}

/// Which accounts may be worked in.
///
/// Rule: a wrong account is refused before anything in it is read.
#[derive(Debug, Default)]
pub(crate) struct Accounts {
    allowed: Vec<String>,
    forbidden: Vec<String>,
}

impl Accounts {
    pub(crate) fn admit(&self, account: &str) -> Result<(), Diagnostic> {
        let named = |list: &[String]| list.iter().any(|listed| listed == account);
        if named(&self.forbidden) {
            return Err(wrong_account(account, "is in", "forbidden_account_ids"));
        }
        if !self.allowed.is_empty() && !named(&self.allowed) {
            return Err(wrong_account(account, "is not in", "allowed_account_ids"));
        }
        Ok(())
    }
}

fn wrong_account(account: &str, how: &str, attribute: &str) -> Diagnostic {
    Diagnostic::error(
        "These credentials belong to another account",
        format!(
            "The credentials are for account {account}, which {how} `{attribute}`. Nothing was read there. Use the \
             credentials or the `profile` of the account that is meant."
        ),
    )
    .at(Path::root(attribute))
}
