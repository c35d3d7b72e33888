//! One run of terraform, finished.

use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Result};
use crate::normalise;

/// What it said and how it ended.
#[derive(Debug, Clone)]
pub struct Run {
    /// The command line, for messages.
    pub command: String,
    /// Its exit code; -1 if a signal ended it.
    pub code: i32,
    /// Without colours.
    pub stdout: String,
    /// Without colours.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
}

impl Run {
    /// The run itself if it ended with code 0.
    pub fn succeeded(self) -> Result<Self> {
        self.ended_with(0)
    }

    /// The run itself if it ended with `code`: 2 from a plan with `-detailed-exitcode` means that there are changes.
    pub fn ended_with(self, code: i32) -> Result<Self> {
        match self.code == code {
            true => Ok(self),
            false => Err(Error::Command {
                outcome: format!("exit code {} instead of {code}", self.code),
                output: format!("\n{}{}", self.stdout, self.stderr).trim_end().into(),
                command: self.command,
            }),
        }
    }

    /// All it printed, with ids, addresses and times that differ from run to run replaced: for snapshots.
    pub fn normalised(&self) -> String {
        normalise::text(&format!("{}{}", self.stdout, self.errors()))
    }

    /// Its standard output as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.stdout)
            .map_err(|error| Error::DoesNotHold(format!("`{}` printed no JSON: {error}", self.command)))
    }

    /// The error messages as a user sees them, without terraform's box around them.
    pub fn errors(&self) -> String {
        let unboxed = |line: &str| line.trim_start_matches(['╷', '│', '╵']).trim_end().to_owned();
        let lines: Vec<String> =
            self.stderr.lines().map(|line| unboxed(line.strip_prefix("│ ").unwrap_or(line))).collect();
        lines.join("\n").trim().to_owned()
    }
}
