//! The messages and services of the wire, generated from `proto/` by `cargo xtask gen`.

#[allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::unwrap_used, reason = "generated")]
#[rustfmt::skip]
#[path = "proto/generated/tfplugin6.rs"]
pub(crate) mod tfplugin6;

#[allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::unwrap_used, reason = "generated")]
#[rustfmt::skip]
#[path = "proto/generated/plugin.rs"]
pub(crate) mod plugin;
