//! The helm program: where it is and whether it is one that we know how to speak to.

use reconcile::Fault;
use std::{
    env, io,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{process::Command, sync::OnceCell};

/// The first that has labels on releases and takes them away again.
const OLDEST: (u32, u32) = (3, 14);
/// Whose options we do not know.
const TOO_NEW: u32 = 5;

/// A helm program that can be used.
#[derive(Clone, Debug)]
pub struct Helm {
    /// Where it is.
    pub path: PathBuf,
    /// Its version, such as `v3.19.0`.
    pub version: String,
}

/// Why there is no helm to use.
#[derive(Clone, Debug, thiserror::Error)]
pub enum HelmError {
    /// It is nowhere.
    #[error(
        "there is no helm program; looked at {}. Install helm 3.14 or newer (https://helm.sh), or say where it is by \
         `helm_path` of the provider",
        shown(.looked_at)
    )]
    Missing {
        /// Where it was looked for.
        looked_at: Vec<PathBuf>,
    },
    /// It cannot be started or does not say its version.
    #[error("{} cannot be used as helm: {said}. Give `helm_path` of the provider the path of a helm program", .path.display())]
    Unusable {
        /// Where it is.
        path: PathBuf,
        /// What happened.
        said: String,
    },
    /// Another one than can be used.
    #[error(
        "{} is helm {version}, and versions from 3.14 up to 4 can be used. Install one of those, or say where one is by \
         `helm_path` of the provider",
        .path.display()
    )]
    WrongVersion {
        /// Where it is.
        path: PathBuf,
        /// What it says.
        version: String,
    },
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

impl HelmError {
    /// As what the engine treats it.
    pub fn fault(&self) -> Fault {
        Fault::refused("helm", "NoHelm", self.to_string())
    }
}

/// The programs that work in clusters needs: helm, and one that gives it credentials.
pub(crate) struct Tools {
    executable: Option<PathBuf>,
    helm_path: Option<PathBuf>,
    helm: OnceCell<Helm>,
}

impl Tools {
    pub(crate) fn new(executable: Option<PathBuf>, helm_path: Option<PathBuf>) -> Tools {
        Tools { executable, helm_path, helm: OnceCell::new() }
    }

    /// The program that knows `eks-token`: this one, unless it is said otherwise.
    pub(super) fn executable(&self) -> io::Result<PathBuf> {
        self.executable.clone().map_or_else(env::current_exe, Ok)
    }

    /// The helm program. One that was not found is looked for again.
    pub(crate) async fn helm(&self) -> Result<&Helm, HelmError> {
        self.helm.get_or_try_init(|| self.find()).await
    }

    async fn find(&self) -> Result<Helm, HelmError> {
        if let Some(path) = &self.helm_path {
            return asked(path).await;
        }
        let looked_at = self.candidates();
        match looked_at.iter().find(|path| path.is_file()) {
            Some(path) => asked(path).await,
            None => Err(HelmError::Missing { looked_at }),
        }
    }

    /// Beside our own program, as release archives carry it, and then on PATH.
    fn candidates(&self) -> Vec<PathBuf> {
        let name = format!("helm{}", env::consts::EXE_SUFFIX);
        let beside = self.executable().ok().and_then(|own| own.parent().map(Path::to_owned));
        let path = env::var_os("PATH").unwrap_or_default();
        beside.into_iter().chain(env::split_paths(&path)).map(|folder| folder.join(&name)).collect()
    }
}

/// The program at `path`, once it has said its version.
async fn asked(path: &Path) -> Result<Helm, HelmError> {
    let unusable = |said: String| HelmError::Unusable { path: path.to_owned(), said };
    let mut command = Command::new(path);
    command.args(["version", "--template", "{{.Version}}"]).kill_on_drop(true).stdin(Stdio::null());
    let answer = command.output().await.map_err(|error| unusable(error.to_string()))?;
    let said = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let Some(version) = answer.status.success().then(|| version(&said)).flatten() else {
        let lines = String::from_utf8_lossy(&answer.stderr);
        let line = lines.lines().next().unwrap_or("it does not say its version").to_owned();
        return Err(unusable(line));
    };
    if version < OLDEST || version.0 >= TOO_NEW {
        return Err(HelmError::WrongVersion { path: path.to_owned(), version: said });
    }
    Ok(Helm { path: path.to_owned(), version: said })
}

/// Major and minor of `v3.19.0+g1234`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.strip_prefix('v')?.split(['.', '+', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_helm_says_of_itself() {
        assert_eq!(version("v3.19.0+gabc"), Some((3, 19)));
        assert_eq!(version("v3.22"), Some((3, 22)));
        assert_eq!(version("v4.0.0-rc.1"), Some((4, 0)));
        assert_eq!(version("Helm!"), None);
    }

    #[tokio::test]
    async fn a_helm_that_is_not_there_is_named() {
        let tools = Tools::new(None, Some("/nowhere/helm".into()));
        let error = tools.helm().await.unwrap_err().to_string();
        assert!(error.contains("/nowhere/helm") && error.contains("`helm_path`"), "{error}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_helm_of_another_time_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        for (version, is_good) in
            [("v2.17.0", false), ("v3.13.9", false), ("v3.14.0", true), ("v5.0.0", false)]
        {
            let path = folder.path().join(version);
            std::fs::write(&path, format!("#!/bin/sh\necho {version}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            let found = Tools::new(None, Some(path)).helm().await.cloned();
            assert_eq!(found.is_ok(), is_good, "{found:?}");
        }
    }
}
