//! Where helm is run: a private folder, an environment without anybody's settings, and what it said.

use super::{Door, Helm, kubeconfig, values::Values};
use crate::{Aws, Secret};
use reconcile::Fault;
use std::{
    env,
    ffi::OsString,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tempfile::TempDir;
use tokio::process::Command;

/// How many of its last lines are worth quoting.
const QUOTED: usize = 6;
/// How much of a long line is, at either end.
const END: usize = 250;
/// What helm does besides waiting, and waiting for several hooks one after another.
const GRACE: Duration = Duration::from_secs(120);
const WAITS: u32 = 4;

/// A folder that only we can read, for as long as this lives, and the way from it into a cluster.
///
/// Rule: no secret is an argument. Credentials are in helm's environment, values in a file of this folder.
pub(super) struct Workplace<'a> {
    helm: &'a Helm,
    folder: TempDir,
    environment: Vec<(&'static str, Secret)>,
    kubeconfig: Option<PathBuf>,
}

/// What helm said when it failed, without what is sensitive.
pub(super) struct Said(pub(super) String);

impl<'a> Workplace<'a> {
    /// For work that needs no cluster.
    pub(super) async fn alone(aws: &'a Aws) -> Result<Workplace<'a>, Fault> {
        let helm = aws.helm().await.map_err(|error| error.fault())?;
        let folder = private_folder().map_err(|error| unusable(&error))?;
        Ok(Workplace { helm, folder, environment: Vec::new(), kubeconfig: None })
    }

    /// For work in the cluster behind `door`.
    pub(super) async fn at(aws: &'a Aws, door: &Door) -> Result<Workplace<'a>, Fault> {
        let mut workplace = Workplace::alone(aws).await?;
        let credentials = aws.credentials().await?;
        let program = aws.tools.executable().map_err(|error| unusable(&error))?;
        let text = kubeconfig::written(door, &aws.region, &program);
        workplace.kubeconfig = Some(workplace.put("kubeconfig", &text)?);
        workplace.environment = vec![
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id().into()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key().into()),
        ];
        let session = credentials.session_token().map(|token| ("AWS_SESSION_TOKEN", token.into()));
        workplace.environment.extend(session);
        Ok(workplace)
    }

    /// Writes `values` where helm can read them.
    pub(super) fn put_values(&self, values: &Values) -> Result<PathBuf, Fault> {
        self.put("values.json", &values.for_helm())
    }

    fn put(&self, name: &str, text: &str) -> Result<PathBuf, Fault> {
        let path = self.folder.path().join(name);
        let write = || private_file(&path)?.write_all(text.as_bytes());
        write().map_err(|error| unusable(&error))?;
        Ok(path)
    }

    /// Runs helm, which may wait for `timeout` at a time. What it prints on success is given back.
    pub(super) async fn run(
        &self,
        arguments: &[String],
        timeout: Duration,
        values: &Values,
    ) -> Result<Result<String, Said>, Fault> {
        let mut command = self.command();
        command.args(arguments);
        let verb = arguments.first().map_or("", String::as_str);
        tracing::debug!(arguments = arguments.join(" "), "running helm");
        let ended = tokio::time::timeout(timeout * WAITS + GRACE, command.output()).await;
        let Ok(answer) = ended else {
            let message = format!("helm {verb} did not come to its end and was stopped");
            return Err(Fault::refused(format!("helm {verb}"), "TimedOut", message).outcome_unknown());
        };
        let answer = answer.map_err(|error| unusable(&error))?;
        if answer.status.success() {
            return Ok(Ok(String::from_utf8_lossy(&answer.stdout).into_owned()));
        }
        let lines = values.blotted(&String::from_utf8_lossy(&answer.stderr));
        Ok(Err(Said(last_lines(&lines))))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.helm.path);
        for (name, _) in env::vars_os().filter(|(name, _)| is_somebodys(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        for (name, secret) in &self.environment {
            command.env(name, secret.reveal());
        }
        command.env("HELM_DRIVER", "secret");
        for (name, folder) in
            [("HELM_CACHE_HOME", "cache"), ("HELM_CONFIG_HOME", "config"), ("HELM_DATA_HOME", "data")]
        {
            command.env(name, self.folder.path().join(folder));
        }
        if let Some(logins) = registry_logins(|name| env::var_os(name)) {
            command.env(REGISTRY_LOGINS, logins);
        }
        if let Some(kubeconfig) = &self.kubeconfig {
            command.env("KUBECONFIG", kubeconfig);
        }
        // A folder that is called as a chart of a repository would be taken for it.
        command.current_dir(self.folder.path());
        // Ctrl-C at a terminal reaches a whole group, and what is begun is brought to its end.
        #[cfg(unix)]
        command.process_group(0);
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}

/// What users have set up for their own use of helm, kubectl and AWS.
fn is_somebodys(name: &str) -> bool {
    ["AWS_", "HELM_", "KUBE"].iter().any(|start| name.starts_with(start))
}

/// Names the file in which `helm registry login` keeps who users are to registries.
const REGISTRY_LOGINS: &str = "HELM_REGISTRY_CONFIG";

/// That file, where helm itself has it by its rules; the one setting of users that charts cannot do without.
fn registry_logins(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| variable(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let usual = || match env::consts::OS {
        "windows" => folder("APPDATA"),
        "macos" => Some(folder("HOME")?.join("Library/Preferences")),
        _ => Some(folder("HOME")?.join(".config")),
    };
    let of_helm = || Some(folder("XDG_CONFIG_HOME").or_else(usual)?.join("helm"));
    let in_folder =
        || Some(folder("HELM_CONFIG_HOME").or_else(of_helm)?.join("registry").join("config.json"));
    // Helm works in a folder of its own.
    std::path::absolute(folder(REGISTRY_LOGINS).or_else(in_folder)?).ok()
}

fn last_lines(text: &str) -> String {
    // The command line's own hints are of no use to who has no command line.
    let is_worth_it = |line: &&str| !line.is_empty() && !line.starts_with("Use --debug");
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(is_worth_it).collect();
    let last = &lines[lines.len().saturating_sub(QUOTED)..];
    let last: Vec<String> =
        last.iter().map(|line| shortened(line.strip_prefix("Error: ").unwrap_or(line))).collect();
    last.join("\n")
}

/// A line without its middle, where that is long: whole objects are quoted there.
fn shortened(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    if letters.len() <= 2 * END {
        return line.to_owned();
    }
    let (first, last) = (&letters[..END], &letters[letters.len() - END..]);
    format!("{} [...] {}", String::from_iter(first), String::from_iter(last))
}

fn unusable(error: &io::Error) -> Fault {
    Fault::refused("running helm", "NotRun", error.to_string())
}

fn private_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("luneo-helm-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_helm_said_last() {
        let said = "level=WARN msg=1\n\nError: UPGRADE FAILED: context deadline exceeded\nUse --debug flag to render out invalid YAML\n";
        assert_eq!(last_lines(said), "level=WARN msg=1\nUPGRADE FAILED: context deadline exceeded");
        let long = (0..20).map(|line| format!("{line}\n")).collect::<String>();
        assert!(last_lines(&long).starts_with("14\n"));
        let object = format!("cannot patch \"web\": {} no such field", "x".repeat(5000));
        let quoted = last_lines(&object);
        assert!(quoted.len() < 600 && quoted.ends_with("no such field"), "{quoted}");
    }

    #[test]
    fn nobodys_settings_reach_helm() {
        for name in ["AWS_PROFILE", "HELM_KUBETOKEN", "KUBECONFIG", "HELM_NAMESPACE", "HELM_REGISTRY_CONFIG"]
        {
            assert!(is_somebodys(name), "{name}");
        }
        for name in ["PATH", "HTTPS_PROXY", "HOME"] {
            assert!(!is_somebodys(name), "{name}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn users_stay_logged_in_to_registries() {
        let logins = |set: &[(&str, &str)]| {
            let value = |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, value)| value.into());
            registry_logins(value).map(|path| path.to_string_lossy().into_owned())
        };
        let set = [
            ("HOME", "/home/me"),
            ("XDG_CONFIG_HOME", "/etc/me"),
            ("HELM_CONFIG_HOME", "/helm"),
            ("HELM_REGISTRY_CONFIG", "/logins.json"),
        ];
        for (known, expected) in [
            (1, "/home/me/.config/helm/registry/config.json"),
            (2, "/etc/me/helm/registry/config.json"),
            (3, "/helm/registry/config.json"),
            (4, "/logins.json"),
        ] {
            assert_eq!(logins(&set[..known]).as_deref(), Some(expected));
        }
        assert_eq!(logins(&[]), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_we_can_read_what_helm_is_given() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = private_folder().unwrap();
        let file = folder.path().join("kubeconfig");
        private_file(&file).unwrap();
        assert_eq!((mode(folder.path()), mode(&file)), (0o700, 0o600));
    }
}
