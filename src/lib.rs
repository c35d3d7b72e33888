//! The luneo Terraform provider: active/passive AWS over two regions, in a few composite resources.
//!
//! [`provider`] is the provider block, [`composite`] what all resources have in common, and each resource has a folder
//! of its own; [`commands`] is what the program does for people, kubectl and helm. Nothing here calls AWS: that is
//! `aws-objects`.
pub mod commands;
pub mod composite;
mod objects_attribute;
pub mod provider;
pub mod region_stack;
mod session;
mod tags;
