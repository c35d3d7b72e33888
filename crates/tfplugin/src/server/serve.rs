//! Serving a provider: the whole life of the process.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;

use super::connection::accept_all;
use super::ending::{self, Ending, Life};
use super::error::ServeError;
use super::handshake::{Environment, Line};
use super::listener::{Address, Listener};
use super::registry::Registry;
use super::running::{Later, Running};
use super::services::{Controller, Services, Stdio};
use super::{hclog, panic_hook, tls};
use crate::proto::plugin::grpc_controller_server::GrpcControllerServer;
use crate::proto::plugin::grpc_stdio_server::GrpcStdioServer;
use crate::proto::tfplugin6::provider_server::ProviderServer;
use crate::provider::Provider;

/// The largest message taken or sent; a state with large attributes is past the usual 4 MB.
const LARGEST_MESSAGE: usize = 256 * 1024 * 1024;

/// How long connections may take to close once the end is announced.
const CLOSING: Duration = Duration::from_millis(50);

/// How long calls that are still under way then may take; the host waits two seconds before it kills.
const LAST_CALLS: Duration = Duration::from_millis(1500);

/// Who the provider is, and how it is to be served.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    address: String,
    version: String,
    debug: bool,
}

impl ServeOptions {
    /// A provider at a registry `address` such as `registry.terraform.io/example/tiny`, of this `version`.
    ///
    /// The argument `--debug` on the command line turns debug mode on.
    pub fn new(address: impl Into<String>, version: impl Into<String>) -> Self {
        let debug = std::env::args().skip(1).any(|argument| argument == "--debug" || argument == "-debug");
        Self { address: address.into(), version: version.into(), debug }
    }

    /// The same in debug mode: not started by Terraform, it prints what to set so that Terraform comes to it, and serves any
    /// number of runs until Ctrl-C. The connection is in plain text, over a socket only this user can reach.
    #[must_use]
    pub fn debug(mut self) -> Self {
        self.debug = true;
        self
    }
}

/// Serves `provider` until its host ends it, and gives the exit code of the process.
///
/// Call it as the last thing in `main`. Nothing else may write to stdout.
pub fn serve(provider: impl Provider, options: ServeOptions) -> ExitCode {
    match try_serve(provider, &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is gone.
            let _ = writeln!(std::io::stderr().lock(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn try_serve(provider: impl Provider, options: &ServeOptions) -> Result<(), ServeError> {
    let variable = |name: &str| std::env::var(name).ok();
    let (environment, life) = if options.debug {
        (Environment::default(), Life::UntilSignal)
    } else {
        (Environment::read(variable)?, Life::OneHost)
    };
    panic_hook::install();
    hclog::install(variable);
    let registry = Registry::new(Arc::new(provider))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(serve_all(registry, environment, life, options));
    // A blocking task that is still under way must not hold up the exit.
    runtime.shutdown_background();
    result
}

async fn serve_all(
    registry: Registry,
    environment: Environment,
    life: Life,
    options: &ServeOptions,
) -> Result<(), ServeError> {
    let running = Running::new(match life {
        Life::OneHost => Later::Stopped,
        Life::UntilSignal => Later::Run,
    });
    let ending = Ending::new();
    ending::watch(&ending, &running, life)?;

    let secured = environment.client_certificate.as_deref().map(tls::secure).transpose()?;
    let listener = Listener::bind(&environment)?;
    let address = listener.address();
    let (acceptor, certificate) = match secured {
        Some(secured) => (Some(secured.acceptor), secured.certificate),
        None => (None, String::new()),
    };
    match life {
        Life::OneHost => print(&Line { address: &address, certificate: &certificate }.to_string())?,
        Life::UntilSignal => print(&reattach(&address, options))?,
    }
    tracing::debug!(provider = options.address, version = options.version, "serving");

    let provider = ProviderServer::new(Services::new(registry, running.clone()))
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE);
    let (connections, accepting) = accept_all(listener, acceptor);
    let server = Server::builder()
        .add_service(provider)
        .add_service(GrpcControllerServer::new(Controller::new(ending.clone(), running.clone(), life)))
        .add_service(GrpcStdioServer::new(Stdio))
        .serve_with_incoming_shutdown(connections, ending.announced());
    let closing = async {
        ending.announced().await;
        tokio::time::sleep(CLOSING).await;
    };
    let served = tokio::select! {
        served = server => served,
        () = closing => Ok(()),
    };
    // None, as a rule: a host ends its plugins when it has all answers.
    let _ = tokio::time::timeout(LAST_CALLS, running.ended()).await;
    // The task owns the socket, and removes it when it is dropped.
    accepting.abort();
    let _ = accepting.await;
    Ok(served?)
}

fn print(line: &str) -> Result<(), ServeError> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()?;
    Ok(())
}

/// What to set so that Terraform comes here instead of starting a process.
fn reattach(address: &Address, options: &ServeOptions) -> String {
    // Without a host, so that it means the registry of whichever program reads it.
    let name = match options.address.splitn(3, '/').collect::<Vec<_>>()[..] {
        ["registry.terraform.io" | "registry.opentofu.org", namespace, name] => format!("{namespace}/{name}"),
        _ => options.address.clone(),
    };
    let settings = serde_json::json!({ name: {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": std::process::id(),
        "Test": true,
        "Addr": { "Network": address.network(), "String": address.to_string() },
    }});
    format!(
        "Serving until Ctrl-C. Run Terraform in another shell with\n\nexport TF_REATTACH_PROVIDERS='{settings}'"
    )
}
