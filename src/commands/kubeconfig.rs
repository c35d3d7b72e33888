//! `kubeconfig`: what kubectl needs to reach a cluster, with this program as what gives the credentials.

use super::{Options, told};
use aws_objects::{Connection, ConnectionSettings, kubernetes};
use std::env;

pub(super) const USAGE: &str = "terraform-provider-luneo kubeconfig --name NAME --region REGION";

pub(super) async fn answer(options: Options) -> Result<String, String> {
    let [name, region] = options.take(["name", "region"], USAGE)?;
    let settings = ConnectionSettings {
        region: Some(region.clone()),
        user_agent: format!("terraform-provider-luneo/{}", env!("CARGO_PKG_VERSION")),
        ..ConnectionSettings::default()
    };
    let aws = Connection::open(settings).await.map_err(told)?.region(&region).map_err(told)?;
    let program = env::current_exe().map_err(told)?;
    kubernetes::kubeconfig(&aws, &name, &program).await.map_err(told)
}
