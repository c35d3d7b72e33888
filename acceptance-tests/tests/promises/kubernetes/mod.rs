//! The promises of what is in a cluster, against a real Kubernetes API and by the real helm.
#![expect(clippy::unwrap_used, reason = "all that is in here is tests and what they stand on")]

mod chart;
mod ground;
mod reaching;
mod releasing;
mod removing;
mod stuck;
