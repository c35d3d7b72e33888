//! `eks-token`: credentials for a cluster, as kubectl and helm ask a plugin for them.

use super::{Options, told};
use aws_objects::{ConnectionSettings, kubernetes::Token};
use std::env;

pub(super) const USAGE: &str = "terraform-provider-luneo eks-token --cluster NAME --region REGION";

/// Makes no call to AWS when the credentials are in the environment.
pub(super) async fn answer(options: Options) -> Result<String, String> {
    let [cluster, region] = options.take(["cluster", "region"], USAGE)?;
    let settings = ConnectionSettings { region: Some(region), ..ConnectionSettings::default() };
    let token = Token::of(&settings, &cluster).await.map_err(told)?;
    Ok(token.exec_credential(env::var("KUBERNETES_EXEC_INFO").ok().as_deref()))
}
