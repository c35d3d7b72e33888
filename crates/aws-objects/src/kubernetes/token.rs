//! Tokens by which EKS knows who is calling a cluster's API.

use crate::{ConnectError, ConnectionSettings, aws::dns_suffix, connection, faults};
use aws_credential_types::{Credentials, provider::ProvideCredentials};
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_types::date_time::{DateTime, Format};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reconcile::Fault;
use std::time::{Duration, SystemTime};

/// For how long the signed address itself may be used. EKS takes no more.
const SIGNED_FOR: Duration = Duration::from_secs(60);
/// EKS takes a token for 15 minutes after it was signed; one less, for clocks that differ.
const LASTS: Duration = Duration::from_secs(14 * 60);
const BEGINNING: &str = "k8s-aws-v1.";

/// A proof of who we are to one cluster: an address signed with our credentials, by which EKS asks STS. Signing makes no call.
///
/// Rule: it opens the cluster to whoever has it. It has no `Debug` and no `Display`.
pub struct Token {
    text: String,
    expires: SystemTime,
}

impl Token {
    pub(crate) fn signed(
        credentials: &Credentials,
        region: &str,
        cluster: &str,
        now: SystemTime,
    ) -> Result<Token, Fault> {
        let unsigned =
            |error: String| Fault::refused("signing a token", "NotSigned", format!("{cluster}: {error}"));
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(SIGNED_FOR);
        let identity = credentials.clone().into();
        let signing = v4::SigningParams::builder().identity(&identity).region(region).name("sts").time(now);
        let signing = signing.settings(settings).build().map_err(|error| unsigned(error.to_string()))?.into();
        let host = format!("https://sts.{region}.{}", dns_suffix(region));
        let address = format!("{host}/?Action=GetCallerIdentity&Version=2011-06-15");
        let headers = [("x-k8s-aws-id", cluster)].into_iter();
        let request = SignableRequest::new("GET", &address, headers, SignableBody::Bytes(&[]));
        let request = request.map_err(|error| unsigned(error.to_string()))?;
        let signed = sign(request, &signing).map_err(|error| unsigned(error.to_string()))?;
        let mut request =
            http::Request::get(&address).body(()).map_err(|error| unsigned(error.to_string()))?;
        signed.into_parts().0.apply_to_request_http1x(&mut request);
        let text = format!("{BEGINNING}{}", BASE64_URL_SAFE_NO_PAD.encode(request.uri().to_string()));
        Ok(Token { text, expires: now + LASTS })
    }

    /// A token for `cluster` in the region of `settings`, with credentials from the usual sources.
    pub async fn of(settings: &ConnectionSettings, cluster: &str) -> Result<Token, ConnectError> {
        let (source, region) = connection::source(settings).await?;
        let refused = |fault| ConnectError::Refused(Box::new(fault));
        let credentials = source.provide_credentials().await;
        let credentials = credentials.map_err(|error| refused(faults::of_credentials(&error)))?;
        Token::signed(&credentials, &region, cluster, SystemTime::now()).map_err(refused)
    }

    /// What a plugin that gives credentials prints for kubectl and its kind. `asked` is what they say in
    /// `KUBERNETES_EXEC_INFO`, which names the version they want to be answered in.
    pub fn exec_credential(&self, asked: Option<&str>) -> String {
        const VERSION: &str = "client.authentication.k8s.io/v1";
        let asked = asked.and_then(|asked| serde_json::from_str::<serde_json::Value>(asked).ok());
        let version = asked.as_ref().and_then(|asked| asked["apiVersion"].as_str());
        let version = version.filter(|version| [VERSION, &format!("{VERSION}beta1")].contains(version));
        // Whole seconds are all that every client reads.
        let seconds = DateTime::from_secs(DateTime::from(self.expires).secs());
        let expires = seconds.fmt(Format::DateTime).unwrap_or_default();
        let credential = serde_json::json!({
            "apiVersion": version.unwrap_or(VERSION),
            "kind": "ExecCredential",
            "spec": {},
            "status": { "expirationTimestamp": expires, "token": self.text },
        });
        credential.to_string()
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    const NOW: u64 = 1_790_000_000;

    fn token(session: Option<&str>, region: &str) -> Token {
        let key = Credentials::new("AKIDEXAMPLE", "SECRETEXAMPLE", session.map(str::to_owned), None, "test");
        Token::signed(&key, region, "one", UNIX_EPOCH + Duration::from_secs(NOW)).unwrap()
    }

    fn address(token: Token) -> String {
        let encoded = token.into_text().strip_prefix(BEGINNING).unwrap().to_owned();
        String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
    }

    #[test]
    fn a_token_is_an_address_signed_for_one_cluster() {
        // The signature is what botocore makes of the same key, time, region and cluster.
        assert_eq!(
            address(token(None, "eu-west-1")),
            "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential=AKIDEXAMPLE%2F20260921%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20260921T141320Z\
             &X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id\
             &X-Amz-Signature=a8c6fe5c90734115c292f2828313e576fca66a5cedb4d95f39490a111fbca54e"
        );
    }

    #[test]
    fn a_session_is_part_of_what_is_signed() {
        let address = address(token(Some("SESSION/+="), "cn-north-1"));
        assert!(address.starts_with("https://sts.cn-north-1.amazonaws.com.cn/?"), "{address}");
        assert!(address.contains("X-Amz-Security-Token=SESSION%2F%2B%3D"), "{address}");
        assert!(
            address.contains("c2dd0543dc2f1f30e6fe3efa86a4cc5429f5b358223d4329ffb8d034af0ec357"),
            "{address}"
        );
    }

    #[test]
    fn answers_in_the_version_that_is_asked_for() {
        let token = token(None, "eu-west-1");
        let said = |asked: Option<&str>| -> serde_json::Value {
            serde_json::from_str(&token.exec_credential(asked)).unwrap()
        };
        assert_eq!(said(None)["apiVersion"], "client.authentication.k8s.io/v1");
        let beta = r#"{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential"}"#;
        assert_eq!(said(Some(beta))["apiVersion"], "client.authentication.k8s.io/v1beta1");
        assert_eq!(said(Some("nonsense"))["apiVersion"], "client.authentication.k8s.io/v1");
        assert_eq!(said(None)["status"]["expirationTimestamp"], "2026-09-21T14:27:20Z");
    }
}
