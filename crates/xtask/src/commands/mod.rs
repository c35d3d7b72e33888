//! One file per command.

pub(crate) mod bench;
pub(crate) mod demo;
pub(crate) mod dist;
pub(crate) mod docs;
pub(crate) mod install;
pub(crate) mod options;
pub(crate) mod sandbox;
pub(crate) mod test;
