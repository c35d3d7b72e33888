//! What the caller says in the environment, and the line it waits for on stdout.

use std::fmt;

use super::error::ServeError;
use super::listener::Address;

/// The secret that is none: it tells a plugin host from a user who starts the program by hand.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// What the caller asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The PEM certificate the caller will show; without it the connection is in plain text.
    pub(crate) client_certificate: Option<String>,
    /// Where to make sockets.
    pub(crate) socket_folder: Option<String>,
    /// The TCP ports allowed, where sockets are not.
    pub(crate) ports: Option<(u16, u16)>,
}

impl Environment {
    /// Reads it, with `variable` looking one up.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ServeError> {
        if variable(COOKIE.0).as_deref() != Some(COOKIE.1) {
            return Err(ServeError::NotStartedByTerraform);
        }
        if let Some(offered) = variable("PLUGIN_PROTOCOL_VERSIONS")
            && !offered.split(',').any(|version| version.trim() == "6")
        {
            return Err(ServeError::Protocol { offered });
        }
        let port = |name| variable(name).and_then(|port| port.parse().ok());
        Ok(Self {
            client_certificate: variable("PLUGIN_CLIENT_CERT").filter(|pem| !pem.is_empty()),
            socket_folder: variable("PLUGIN_UNIX_SOCKET_DIR").filter(|folder| !folder.is_empty()),
            ports: port("PLUGIN_MIN_PORT").zip(port("PLUGIN_MAX_PORT")),
        })
    }
}

/// The first line on stdout: core protocol 1, plugin protocol 6, where to connect, and our certificate.
pub(crate) struct Line<'a> {
    pub(crate) address: &'a Address,
    /// Base64 of the DER, without padding; empty in plain text.
    pub(crate) certificate: &'a str,
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { address, certificate } = self;
        write!(formatter, "1|6|{}|{address}|grpc|{certificate}", address.network())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, ServeError> {
        Environment::read(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn started_by_hand_it_says_what_it_is() {
        let error = read(&[("PLUGIN_PROTOCOL_VERSIONS", "6")]).unwrap_err();
        assert!(error.to_string().contains("is a plugin"), "{error}");
    }

    #[test]
    fn a_caller_of_another_protocol_learns_what_is_spoken() {
        let error = read(&[COOKIE, ("PLUGIN_PROTOCOL_VERSIONS", "4,5")]).unwrap_err();
        assert!(error.to_string().contains("offers 4,5"), "{error}");
    }

    #[test]
    fn versions_come_in_any_order_and_empty_settings_are_none() {
        let environment = read(&[
            COOKIE,
            ("PLUGIN_PROTOCOL_VERSIONS", "6,5"),
            ("PLUGIN_CLIENT_CERT", ""),
            ("PLUGIN_MIN_PORT", "10000"),
            ("PLUGIN_MAX_PORT", "25000"),
        ]);
        let expected =
            Environment { client_certificate: None, socket_folder: None, ports: Some((10000, 25000)) };
        assert_eq!(environment.unwrap(), expected);
    }
}
