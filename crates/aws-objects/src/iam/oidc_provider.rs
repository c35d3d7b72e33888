//! OpenID Connect providers.

use crate::Aws;
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output, Pace};
use serde::{Deserialize, Serialize};

/// An issuer of tokens that roles may trust. Its id is its ARN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OidcProvider {
    /// The issuer, with its `https://`.
    pub url: Late<String>,
    /// Whom its tokens may be meant for.
    pub audiences: Vec<String>,
}

impl OidcProvider {
    /// Its ARN.
    pub const ARN: Output<OidcProvider, String> = Output::named("arn");
    /// The issuer without its `https://`, as conditions of policies begin with it.
    pub const ISSUER: Output<OidcProvider, String> = Output::named("issuer");
}

impl Object for OidcProvider {
    type Cloud = Aws;
    const KIND: &'static str = "oidc_provider";
    const SERVICE: &'static str = "iam";
    const OUTPUTS: &'static [&'static str] = &["arn", "issuer"];
    const REPLACED_BY: &'static [&'static str] = &["url"];
    const PACE: Pace = Pace::seconds(1, 120, 120);

    async fn read(aws: &Aws, ids: &[Id<Self>], depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let _ = (aws, ids, depth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let _ = (aws, birth);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let _ = (aws, id);
        Err(Fault::refused(Self::KIND, "NotBuilt", "not built yet"))
    }
}
