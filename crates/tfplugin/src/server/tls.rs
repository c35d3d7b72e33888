//! The TLS both sides agree on at start: each shows a certificate made for this one process, and the other pins it.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use tokio_rustls::TlsAcceptor;

use super::error::ServeError;

/// Our end of a secured connection.
pub(crate) struct Secured {
    pub(crate) acceptor: TlsAcceptor,
    /// Our certificate as the handshake line has it.
    pub(crate) certificate: String,
}

/// A new certificate for this process, accepting nobody but the holder of `client_certificate`.
pub(crate) fn secure(client_certificate: &str) -> Result<Secured, ServeError> {
    let client = CertificateDer::from_pem_slice(client_certificate.as_bytes())
        .map_err(|error| ServeError::Tls(format!("PLUGIN_CLIENT_CERT is no certificate ({error:?})")))?;
    let own = own_certificate().map_err(|error| ServeError::Tls(error.to_string()))?;
    let certificate = STANDARD_NO_PAD.encode(own.der());
    let config = server_config(client, own).map_err(|error| ServeError::Tls(error.to_string()))?;
    Ok(Secured { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
}

struct OwnCertificate {
    certificate: rcgen::Certificate,
    key: rcgen::KeyPair,
}

impl OwnCertificate {
    fn der(&self) -> &CertificateDer<'static> {
        self.certificate.der()
    }
}

/// Callers ask for `localhost` by name, and look for it among the subject's alternative names only.
fn own_certificate() -> Result<OwnCertificate, rcgen::Error> {
    let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()])?;
    parameters.distinguished_name.push(rcgen::DnType::CommonName, "localhost");
    let key = rcgen::KeyPair::generate()?;
    let certificate = parameters.self_signed(&key)?;
    Ok(OwnCertificate { certificate, key })
}

fn server_config(
    client: CertificateDer<'static>,
    own: OwnCertificate,
) -> Result<ServerConfig, rustls::Error> {
    let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let pinned = Pinned { client, crypto: Arc::clone(&crypto) };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(pinned))
        .with_single_cert(vec![own.der().clone()], key)?;
    // Go's gRPC refuses servers that do not negotiate h2.
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// Accepts exactly one certificate, byte for byte.
///
/// Rule: no chain is built. The caller's certificate says of itself that it is an authority, which every ordinary verifier
/// refuses for a client; its key is on P-521, which is why the crypto is aws-lc's.
#[derive(Debug)]
struct Pinned {
    client: CertificateDer<'static>,
    crypto: Arc<CryptoProvider>,
}

impl ClientCertVerifier for Pinned {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *certificate == self.client {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(rustls::Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.crypto.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.crypto.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}
