//! The one HTTP client that all calls share. It names the endpoint when a request could not be delivered.

use aws_smithy_async::future::timeout::TimedOutError;
use aws_smithy_http_client::{Builder, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::{
    client::{
        connector_metadata::ConnectorMetadata,
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::HttpRequest,
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    shared::IntoShared,
};
use std::{error::Error, fmt};
use tokio::time::Instant;

/// A request that got no answer.
#[derive(Debug)]
pub(crate) struct Undelivered {
    /// The beginning of the address it was sent to, without path and query.
    pub(crate) endpoint: String,
    /// Whether a connection was made, so that the service may have acted.
    pub(crate) was_connected: bool,
    /// What the network said.
    cause: String,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Undelivered { endpoint, cause, .. } = self;
        match self.was_connected {
            false => write!(f, "no connection to {endpoint}: {cause}"),
            true => write!(f, "no answer from {endpoint}: {cause}"),
        }
    }
}

impl Error for Undelivered {}

/// A client with a pool of its own. The proxies of the environment are honoured.
pub(crate) fn client() -> SharedHttpClient {
    let inner = Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector =
            aws_smithy_http_client::Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc)).build()
    });
    Naming(inner).into_shared()
}

#[derive(Debug)]
struct Naming<T>(T);

impl HttpClient for Naming<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Naming(self.0.http_connector(settings, components)))
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.0.connector_metadata()
    }
}

impl HttpConnector for Naming<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (endpoint, operation) = (origin(request.uri()), operation(&request).to_owned());
        let (start, answer) = (Instant::now(), self.0.call(request));
        HttpConnectorFuture::new(async move {
            let answer = answer.await.map_err(|error| named(endpoint.clone(), error));
            let status = answer.as_ref().map(|answer| answer.status().as_u16()).unwrap_or_default();
            let milliseconds = start.elapsed().as_millis();
            tracing::debug!(operation, endpoint, status, milliseconds, "called AWS");
            answer
        })
    }
}

/// `https://ec2.eu-west-1.amazonaws.com` of a whole address.
fn origin(address: &str) -> String {
    let host = address.find("://").map_or(0, |scheme| scheme + 3);
    let end = address[host..].find(['/', '?']).map_or(address.len(), |path| host + path);
    address[..end].to_owned()
}

/// The operation that a request asks for: JSON protocols say it in a header, query protocols begin their body with it.
/// Nothing else of a request may be logged.
fn operation(request: &HttpRequest) -> &str {
    let target = request.headers().get("x-amz-target").and_then(|target| target.rsplit('.').next());
    let action = || {
        let body = std::str::from_utf8(request.body().bytes()?).ok()?;
        body.strip_prefix("Action=")?.split('&').next()
    };
    target.or_else(action).unwrap_or("?")
}

fn named(endpoint: String, error: ConnectorError) -> ConnectorError {
    let undelivered =
        Undelivered { endpoint, was_connected: !failed_to_connect(&error), cause: root_cause(&error) };
    if error.is_timeout() {
        ConnectorError::timeout(undelivered.into())
    } else if error.is_user() {
        ConnectorError::user(undelivered.into())
    } else {
        ConnectorError::io(undelivered.into())
    }
}

fn failed_to_connect(error: &(dyn Error + 'static)) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<hyper_util::client::legacy::Error>())
        .any(hyper_util::client::legacy::Error::is_connect)
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    // Below what ran out of time is only another word for it.
    let said = causes(error).take_while(|cause| !cause.is::<TimedOutError>());
    said.last().map(ToString::to_string).unwrap_or_default()
}

/// `error` and what caused it, outermost first.
pub(crate) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_types::body::SdkBody;

    #[test]
    fn a_log_names_the_operation_and_nothing_else_of_a_request() {
        let query = HttpRequest::new(SdkBody::from("Action=AssumeRole&Version=2011-06-15&ExternalId=SECRET"));
        assert_eq!(operation(&query), "AssumeRole");
        let mut json = HttpRequest::new(SdkBody::from("{}"));
        json.headers_mut().insert("x-amz-target", "TrentService.DescribeKey");
        assert_eq!(operation(&json), "DescribeKey");
    }

    #[test]
    fn names_an_endpoint_without_what_was_asked_of_it() {
        assert_eq!(
            origin("https://sts.eu-west-1.amazonaws.com/?Action=Secret"),
            "https://sts.eu-west-1.amazonaws.com"
        );
        assert_eq!(origin("http://127.0.0.1:4566"), "http://127.0.0.1:4566");
    }
}
