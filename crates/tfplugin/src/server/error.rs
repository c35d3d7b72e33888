//! Why a provider cannot be served.

use std::path::PathBuf;

/// Why a provider cannot be served. The text is for the person who started the process.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Nobody asked for a plugin: a user started the program by hand.
    #[error(
        "This program is a plugin. Terraform starts it and talks to it; run terraform instead, or add --debug to start it \
         under a debugger."
    )]
    NotStartedByTerraform,
    /// The caller speaks other protocol versions only.
    #[error(
        "This provider speaks plugin protocol 6 and the caller offers {offered}. Use Terraform 1.0 or newer."
    )]
    Protocol {
        /// What it offers, as it says it.
        offered: String,
    },
    /// Two things in one list have the same name.
    #[error("This provider is broken: it has two {what} named {name}.")]
    Duplicate {
        /// "resources", "data sources" or "functions".
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The caller's certificate, or our own, is of no use.
    #[error("The connection to Terraform cannot be secured: {0}")]
    Tls(String),
    /// There is no socket to listen on.
    #[error("No socket to listen on at {place}: {cause}", place = place.display())]
    Socket {
        /// The folder or address.
        place: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Every port that the caller allows is taken.
    #[error("No free port on 127.0.0.1 between {from} and {to}.")]
    NoPort {
        /// The lowest port allowed.
        from: u16,
        /// The highest port allowed.
        to: u16,
    },
    /// A signal cannot be watched, or stdout is closed.
    #[error("The process cannot be set up: {0}")]
    Process(#[from] std::io::Error),
    /// The gRPC server failed.
    #[error("The gRPC server failed: {0}")]
    Grpc(#[from] tonic::transport::Error),
}
