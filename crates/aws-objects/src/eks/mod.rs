//! Kinds of EKS.

mod access_entry;
mod addon;
mod addon_configuration;
mod children;
mod cluster;
pub(crate) mod clusters;

mod leftovers;
mod node_group;
mod node_group_changes;
mod part_issues;
mod part_updates;
mod pod_identity_association;
mod tags;


pub use access_entry::{AccessEntry, AccessScope};
pub use addon::Addon;
pub use cluster::Cluster;
pub use leftovers::Leftovers;
pub use node_group::{NodeGroup, Taint};
pub use pod_identity_association::PodIdentityAssociation;
