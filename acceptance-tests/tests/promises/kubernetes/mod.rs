//! The promises of what is in a cluster, against a real Kubernetes API and by the real helm.

mod chart;
mod ground;
mod reaching;
mod releasing;
mod removing;
mod stuck;
