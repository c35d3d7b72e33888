//! Who gets in: the socket is spoken to directly, without Terraform.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::project::{example, signal};

const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// Someone who says who they are by a certificate like the one Terraform makes for itself.
struct Caller {
    certificate: rcgen::Certificate,
    key: rcgen::KeyPair,
}

impl Caller {
    fn new() -> Self {
        let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
        Self { certificate: parameters.self_signed(&key).unwrap(), key }
    }
}

struct Plugin {
    process: Child,
    socket: String,
    certificate: CertificateDer<'static>,
}

impl Plugin {
    fn start(host: &Caller, folder: &Path) -> Self {
        let mut process = Command::new(example("tiny"))
            .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
            .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
            .env("PLUGIN_CLIENT_CERT", host.certificate.pem())
            .env("PLUGIN_UNIX_SOCKET_DIR", folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let fields: Vec<&str> = line.trim_end().split('|').collect();
        let ["1", "6", "unix", socket, "grpc", certificate] = fields[..] else { panic!("{line}") };
        assert!(Path::new(socket).starts_with(folder), "{socket}");
        let certificate = STANDARD_NO_PAD.decode(certificate).unwrap().into();
        Self { process, socket: socket.to_owned(), certificate }
    }

    /// A connection as `caller`. With TLS 1.3 it stands before the plugin has looked at the certificate.
    async fn connect(&self, caller: Option<&Caller>) -> TlsStream<UnixStream> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match caller {
            None => builder.with_no_client_auth(),
            Some(caller) => {
                let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(caller.key.serialize_der()));
                builder.with_client_auth_cert(vec![caller.certificate.der().clone()], key).unwrap()
            }
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        let socket = UnixStream::connect(&self.socket).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, socket).await.unwrap()
    }

    /// Why `caller` hears nothing from the plugin.
    async fn refusal(&self, caller: Option<&Caller>) -> String {
        self.connect(caller).await.read_exact(&mut [0]).await.unwrap_err().to_string()
    }

    /// The first frame `caller` hears from the plugin, after an HTTP/2 preface and empty settings.
    async fn first_frame(&self, caller: &Caller) -> [u8; 9] {
        let mut stream = self.connect(Some(caller)).await;
        stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
        let mut frame = [0; 9];
        stream.read_exact(&mut frame).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
        frame
    }

    fn end(mut self) {
        signal("-TERM", &self.process.id().to_string());
        assert!(self.process.wait().unwrap().success());
    }
}

#[tokio::test]
async fn only_the_host_that_started_the_plugin_gets_in() {
    let folder = tempfile::tempdir().unwrap();
    let host = Caller::new();
    let plugin = Plugin::start(&host, folder.path());

    let stranger = plugin.refusal(Some(&Caller::new())).await;
    assert!(stranger.contains("fatal alert"), "{stranger}");
    let nobody = plugin.refusal(None).await;
    assert!(nobody.contains("CertificateRequired"), "{nobody}");
    assert_eq!(plugin.first_frame(&host).await[3], 4, "a SETTINGS frame");

    plugin.end();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
