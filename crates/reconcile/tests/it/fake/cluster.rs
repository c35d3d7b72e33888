//! A kind that takes its changes one after another, and says only afterwards that one came to nothing.

use super::{
    Cloud,
    nature::{Nature, makes_its_calls},
};
use reconcile::{Fault, Id, Object, Pace};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Slower to change than a change takes to be read, and known to some replicas after it is gone.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) logs: bool,
    pub(crate) open: bool,
}

impl Object for Cluster {
    type Cloud = Cloud;
    const KIND: &'static str = "cluster";
    const SERVICE: &'static str = "eks";
    const REPLACED_BY: &'static [&'static str] = &["name"];
    const STATEFUL: bool = true;
    const FAILS_EMPTY: bool = true;
    const PACE: Pace = Pace { looks_when_gone: 3, ..Pace::seconds(15, 900, 900) };
    makes_its_calls!();
}

impl Nature for Cluster {
    const TAKES: Duration = Duration::from_secs(600);
    const CHANGES_IN: Duration = Duration::from_secs(600);
    const GOES_IN: Duration = Duration::from_secs(200);
    const NAMED: bool = true;
    const FINDABLE: bool = true;
    const ONE_AT_A_TIME: bool = true;
    fn key(&self) -> Option<String> {
        Some(self.name.clone())
    }
}
