//! Where the caller connects: a unix socket in a folder of its own, or a port on 127.0.0.1 where there are no sockets.

use std::fmt;
use std::path::PathBuf;

use super::error::ServeError;

/// Where a listener listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// The path of a socket.
    #[cfg_attr(not(unix), expect(dead_code, reason = "sockets are for unix"))]
    Unix(PathBuf),
    /// An address on this machine.
    #[cfg_attr(unix, expect(dead_code, reason = "ports are for systems without sockets"))]
    Tcp(std::net::SocketAddr),
}

impl Address {
    /// The word for its kind.
    pub(crate) fn network(&self) -> &'static str {
        match self {
            Self::Unix(_) => "unix",
            Self::Tcp(_) => "tcp",
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => path.display().fmt(formatter),
            Self::Tcp(address) => address.fmt(formatter),
        }
    }
}

#[cfg(unix)]
pub(crate) use on_unix::Listener;

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::DirBuilderExt;
    use std::path::{Path, PathBuf};

    use tokio::net::{UnixListener, UnixStream};

    use super::{Address, ServeError};
    use crate::server::handshake::Environment;

    /// Socket addresses end here, so a longer temporary folder is passed over for /tmp.
    const LONGEST_SOCKET_PATH: usize = 100;

    /// A listening socket. Dropping it removes the socket and its folder.
    pub(crate) struct Listener {
        socket: UnixListener,
        folder: PathBuf,
        path: PathBuf,
    }

    impl Listener {
        pub(crate) fn bind(environment: &Environment) -> Result<Self, ServeError> {
            let parent = parent_folder(environment.socket_folder.as_deref());
            let folder = private_folder(&parent)
                .map_err(|cause| ServeError::Socket { place: parent.clone(), cause })?;
            let path = folder.join("plugin");
            match UnixListener::bind(&path) {
                Ok(socket) => Ok(Self { socket, folder, path }),
                Err(cause) => {
                    remove(&folder);
                    Err(ServeError::Socket { place: folder, cause })
                }
            }
        }

        pub(crate) fn address(&self) -> Address {
            Address::Unix(self.path.clone())
        }

        pub(crate) async fn accept(&self) -> std::io::Result<UnixStream> {
            self.socket.accept().await.map(|(stream, _)| stream)
        }
    }

    impl Drop for Listener {
        fn drop(&mut self) {
            remove(&self.folder);
        }
    }

    fn remove(folder: &Path) {
        if let Err(error) = std::fs::remove_dir_all(folder) {
            tracing::debug!(folder = %folder.display(), %error, "the socket's folder stays behind");
        }
    }

    fn parent_folder(asked_for: Option<&str>) -> PathBuf {
        match asked_for {
            Some(folder) => PathBuf::from(folder),
            None => {
                let temporary = std::env::temp_dir();
                if temporary.as_os_str().len() + 40 > LONGEST_SOCKET_PATH {
                    PathBuf::from("/tmp")
                } else {
                    temporary
                }
            }
        }
    }

    /// A new folder that only this user can enter.
    fn private_folder(parent: &Path) -> std::io::Result<PathBuf> {
        let mut attempt = 0;
        loop {
            let folder = parent.join(format!("tfplugin-{}-{attempt}", std::process::id()));
            match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
                Ok(()) => return Ok(folder),
                // Left behind by a killed process of the same number; it may belong to someone else, so it is not reused.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && attempt < 1000 => {
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use std::os::unix::fs::PermissionsExt;

        use super::*;

        fn bind_in(parent: &Path) -> Listener {
            let socket_folder = Some(parent.to_str().unwrap().to_owned());
            Listener::bind(&Environment { socket_folder, ..Environment::default() }).unwrap()
        }

        #[tokio::test]
        async fn only_the_user_reaches_the_socket_and_nothing_stays_behind() {
            let parent = tempfile::tempdir().unwrap();
            let one = bind_in(parent.path());
            let two = bind_in(parent.path());
            assert_ne!(one.address(), two.address());

            let mode = std::fs::metadata(&one.folder).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);

            drop((one, two));
            assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
        }

        #[tokio::test]
        async fn a_folder_that_is_not_there_is_named() {
            let environment =
                Environment { socket_folder: Some("/nowhere/at/all".to_owned()), ..Environment::default() };
            let error = Listener::bind(&environment).err().unwrap().to_string();
            assert!(error.contains("/nowhere/at/all"), "{error}");
        }
    }
}

#[cfg(not(unix))]
pub(crate) use on_tcp::Listener;

#[cfg(not(unix))]
mod on_tcp {
    use std::net::Ipv4Addr;

    use tokio::net::{TcpListener, TcpStream};

    use super::{Address, ServeError};
    use crate::server::handshake::Environment;

    /// A listening port on 127.0.0.1.
    pub(crate) struct Listener(TcpListener, std::net::SocketAddr);

    impl Listener {
        pub(crate) fn bind(environment: &Environment) -> Result<Self, ServeError> {
            let (from, to) = environment.ports.unwrap_or((0, 0));
            for port in from..=to {
                let Ok(socket) = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) else { continue };
                socket.set_nonblocking(true)?;
                let address = socket.local_addr()?;
                return Ok(Self(TcpListener::from_std(socket)?, address));
            }
            Err(ServeError::NoPort { from, to })
        }

        pub(crate) fn address(&self) -> Address {
            Address::Tcp(self.1)
        }

        pub(crate) async fn accept(&self) -> std::io::Result<TcpStream> {
            let (stream, _) = self.0.accept().await?;
            stream.set_nodelay(true)?;
            Ok(stream)
        }
    }
}
