//! What a start of the provider costs: Terraform starts it three times for a plan and four times for an apply.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use xtask::error::While;
use xtask::{Error, Result, venv, workspace};

use super::memory;
use super::table::{Row, median};

const STARTS: usize = 31;

/// A certificate as Terraform's own client presents it: self-signed, P-521.
const CERTIFICATE: &str = r#"
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP521R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
now = datetime.datetime.now(datetime.timezone.utc)
made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
made = made.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
made = made.add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA512())
print(made.public_bytes(serialization.Encoding.PEM).decode(), end="")
"#;

pub(super) fn rows(binary: &Path) -> Result<Vec<Row>> {
    let certificate = workspace::output(Command::new(venv::python()?).args(["-c", CERTIFICATE]))?;
    let starts = (0..STARTS).map(|_| start(binary, &certificate)).collect::<Result<Vec<_>>>()?;
    let times = starts.iter().map(|(took, _)| took.as_secs_f64() * 1000.0).collect();
    let memory = starts.iter().map(|(_, megabytes)| *megabytes).collect();
    let size = fs::metadata(binary).doing(|| "measure the program")?.len();
    Ok(vec![
        Row::new("start to handshake, median of 31", median(times), "ms").at_most(5.0),
        Row::new("resident memory at the handshake", median(memory), "MB")
            .at_most(30.0)
            .remark("VmHWM, median"),
        Row::new("size of the program", size as f64 / 1e6, "MB"),
    ])
}

/// Starts it as Terraform does, and gives the time until its handshake line and the memory it took.
fn start(binary: &Path, certificate: &str) -> Result<(Duration, f64)> {
    let mut command = Command::new(binary);
    command.env("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");
    command.env("PLUGIN_PROTOCOL_VERSIONS", "6").env("PLUGIN_CLIENT_CERT", certificate);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let began = Instant::now();
    let mut provider = command.spawn().doing(|| format!("start {}", binary.display()))?;
    let mut line = String::new();
    let stdout = provider.stdout.take().expect("its standard output is a pipe");
    BufReader::new(stdout).read_line(&mut line).doing(|| "read the handshake")?;
    let took = began.elapsed();
    let memory = memory::peak(provider.id())
        .ok_or_else(|| Error::DoesNotHold("the provider's memory cannot be read (this needs Linux)".into()));
    provider.kill().doing(|| "end the provider")?;
    provider.wait().doing(|| "wait for the provider")?;
    match line.starts_with("1|6|") {
        true => Ok((took, memory?)),
        false => Err(Error::DoesNotHold(format!("the provider's first line is no handshake: {line:?}"))),
    }
}
