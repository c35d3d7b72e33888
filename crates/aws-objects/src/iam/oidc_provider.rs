//! OpenID Connect providers.

use super::tags::written;
use crate::{Aws, faults, sets::in_order_of, tags};
use aws_sdk_iam::operation::get_open_id_connect_provider::GetOpenIdConnectProviderOutput;
use futures::{StreamExt, TryStreamExt, future::try_join_all, stream};
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An issuer of tokens that roles may trust. Its id is its ARN. IAM finds out the thumbprints of its certificates.
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

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let each = try_join_all(ids.iter().map(|id| one(aws, id.as_str().to_owned()))).await?;
        Ok(each.into_iter().flatten().collect())
    }

    /// IAM cannot search by tag. Only issuers that EKS has in this region are looked at: a cluster's name does not tell
    /// which one was its own, once the cluster is gone.
    async fn owned(aws: &Aws, wanted: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let answer = aws.iam().list_open_id_connect_providers().send().await;
        let answer = answer.map_err(faults::of("ListOpenIDConnectProviders"))?;
        let issuers = format!("oidc-provider/oidc.eks.{}.", aws.region);
        let arns = answer.open_id_connect_provider_list().iter().filter_map(|provider| provider.arn());
        let each: Vec<_> =
            arns.filter(|arn| arn.contains(&issuers)).map(|arn| one(aws, arn.to_owned())).collect();
        let found: Vec<_> = stream::iter(each).buffer_unordered(READS_AT_ONCE).try_collect().await?;
        let is_ours = |provider: &Observed<Self>| {
            let tags = provider.tags.clone().unwrap_or_default();
            wanted.iter().all(|(key, value)| tags.get(key) == Some(value))
        };
        Ok(found.into_iter().flatten().filter(is_ours).collect())
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        let issuer = with_scheme(self.url.known());
        let issuer = issuer.trim_start_matches(SCHEME);
        one(aws, aws.iam_arn(&format!("oidc-provider/{issuer}"))).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.iam().create_open_id_connect_provider().url(with_scheme(self.url.known()));
        let call = call.set_client_id_list(Some(self.audiences.clone()));
        let answer = call.set_tags(Some(written("CreateOpenIDConnectProvider", &birth.tags)?)).send().await;
        let answer = answer.map_err(faults::of_dependent("CreateOpenIDConnectProvider"))?;
        let arn = answer.open_id_connect_provider_arn();
        arn.map(Id::new).ok_or_else(|| faults::unreadable("CreateOpenIDConnectProvider", "ARN"))
    }

    /// Audiences come and go one by one; one that is there or gone already is no error.
    async fn update(&self, aws: &Aws, id: &Id<Self>, before: &Self, _changes: &Changes) -> Result<(), Fault> {
        for audience in self.audiences.iter().filter(|audience| !before.audiences.contains(audience)) {
            let call = aws.iam().add_client_id_to_open_id_connect_provider().client_id(audience);
            let answer = call.open_id_connect_provider_arn(id.as_str()).send().await;
            answer.map_err(faults::of_dependent("AddClientIDToOpenIDConnectProvider"))?;
        }
        for audience in before.audiences.iter().filter(|audience| !self.audiences.contains(audience)) {
            let call = aws.iam().remove_client_id_from_open_id_connect_provider().client_id(audience);
            let answer = call.open_id_connect_provider_arn(id.as_str()).send().await;
            answer.map_err(faults::of_dependent("RemoveClientIDFromOpenIDConnectProvider"))?;
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        let (put, remove) = (written("TagOpenIDConnectProvider", put)?, tags::removable(remove));
        if !put.is_empty() {
            let call = aws.iam().tag_open_id_connect_provider().open_id_connect_provider_arn(id.as_str());
            let answer = call.set_tags(Some(put)).send().await;
            answer.map_err(faults::of_dependent("TagOpenIDConnectProvider"))?;
        }
        if !remove.is_empty() {
            let call = aws.iam().untag_open_id_connect_provider().open_id_connect_provider_arn(id.as_str());
            let answer = call.set_tag_keys(Some(remove)).send().await;
            answer.map_err(faults::of_dependent("UntagOpenIDConnectProvider"))?;
        }
        Ok(())
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.iam().delete_open_id_connect_provider().open_id_connect_provider_arn(id.as_str());
        call.send().await.map(drop).map_err(faults::of("DeleteOpenIDConnectProvider"))
    }

    fn align(observed: &mut Self, wanted: &Self) {
        in_order_of(&mut observed.audiences, &wanted.audiences);
        if let (Some(seen), Some(asked)) = (observed.url.if_known(), wanted.url.if_known())
            && *seen == with_scheme(asked)
        {
            observed.url.clone_from(&wanted.url);
        }
    }
}

const SCHEME: &str = "https://";

/// How many providers are looked at at a time.
const READS_AT_ONCE: usize = 8;

/// IAM takes the issuer with its scheme and gives it back without.
fn with_scheme(url: &str) -> String {
    format!("{SCHEME}{}", url.trim_start_matches(SCHEME))
}

async fn one(aws: &Aws, arn: String) -> Result<Option<Observed<OidcProvider>>, Fault> {
    let call = aws.iam().get_open_id_connect_provider().open_id_connect_provider_arn(&arn);
    match call.send().await.map_err(faults::of("GetOpenIDConnectProvider")) {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        answer => Ok(Some(observed(&arn, &answer?))),
    }
}

fn observed(arn: &str, provider: &GetOpenIdConnectProviderOutput) -> Observed<OidcProvider> {
    Observed {
        id: Id::new(arn),
        spec: OidcProvider {
            url: Late::Known(with_scheme(provider.url().unwrap_or_default())),
            audiences: provider.client_id_list().to_vec(),
        },
        outputs: BTreeMap::from([
            ("arn", arn.into()),
            ("issuer", provider.url().unwrap_or_default().trim_start_matches(SCHEME).into()),
        ]),
        settling: Settling::Settled,
        tags: Some(tags::read(provider.tags().iter().map(|tag| (Some(tag.key()), Some(tag.value()))))),
        unread: &[],
    }
}
