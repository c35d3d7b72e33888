//! Kinds of EKS.

mod access_entry;
mod addon;
mod addon_configuration;
mod attached;
mod children;
mod cluster;
mod cluster_changes;
pub(crate) mod clusters;
mod issues;
mod leftover_search;
mod leftover_sweep;
mod leftovers;
mod node_group;
mod node_group_changes;
mod pod_identity_association;
mod tags;
pub(crate) mod updates;

pub use access_entry::{AccessEntry, AccessScope};
pub use addon::Addon;
pub use cluster::Cluster;
pub use leftovers::{Leftover, LeftoverKind, Leftovers, leftovers};
pub use node_group::{NodeGroup, Taint};
pub use pod_identity_association::PodIdentityAssociation;
