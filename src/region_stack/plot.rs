//! What all parts of the drawing look at.

use super::{config::Config, facts::Facts, names};
use crate::composite::Place;
use reconcile::Late;

/// A stack before it is drawn.
pub(super) struct Plot<'a> {
    pub(super) config: &'a Config,
    pub(super) facts: &'a Facts,
    pub(super) place: &'a Place,
}

impl Plot<'_> {
    /// The stack's name.
    pub(super) fn name(&self) -> &str {
        &self.config.name
    }

    /// The name of a part of the stack.
    pub(super) fn named(&self, what: impl AsRef<str>) -> String {
        names::regional(&self.config.name, what.as_ref())
    }

    /// The name of a part of the stack that AWS keeps once for all regions.
    pub(super) fn named_for_all_regions(&self, what: &str) -> String {
        names::global(&self.config.name, &self.place.region, what)
    }

    /// The ARN of `resource` of `service` in the stack's account and region.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        let place = self.place;
        format!("arn:{}:{service}:{}:{}:{resource}", place.partition, place.region, place.account)
    }
}

/// A known text.
pub(super) fn known(text: impl Into<String>) -> Late<String> {
    Late::Known(text.into())
}
