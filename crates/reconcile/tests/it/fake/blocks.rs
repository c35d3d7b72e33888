//! Kinds that stand on any number of others, for graphs of any form.

use super::{
    Cloud,
    nature::{Nature, makes_its_calls},
};
use reconcile::{Fault, Id, Late, Object, Pace};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Tagged, without a key, and slow.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) on: Vec<Late<Id<Block>>>,
    pub(crate) shape: u8,
    pub(crate) colour: Option<u8>,
}

impl Object for Block {
    type Cloud = Cloud;
    const KIND: &'static str = "block";
    const SERVICE: &'static str = "blocks";
    const REPLACED_BY: &'static [&'static str] = &["on", "shape"];
    const PACE: Pace = Pace::seconds(2, 120, 300);
    makes_its_calls!();
}

impl Nature for Block {
    const TAKES: Duration = Duration::from_secs(5);
    const CHANGES_IN: Duration = Duration::from_secs(3);
    const GOES_IN: Duration = Duration::from_secs(4);
    const HIDDEN: Duration = Duration::from_secs(1);
    const UNSEARCHABLE: Duration = Duration::from_secs(3);
    const STANDS_ON: &'static [&'static str] = &["on"];
    const AFTERWARDS: &'static [(&'static str, &'static str)] = &[("colour", "0")];
}

/// Untagged, with a key. May be led from one block to another, and does not hold it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Label {
    pub(crate) text: String,
    pub(crate) block: Late<Id<Block>>,
}

impl Object for Label {
    type Cloud = Cloud;
    const KIND: &'static str = "label";
    const SERVICE: &'static str = "blocks";
    const REPLACED_BY: &'static [&'static str] = &["text"];
    const TAGGED: bool = false;
    makes_its_calls!();
}

impl Nature for Label {
    const STANDS_ON: &'static [&'static str] = &["block"];
    const HOLDS: &'static [&'static str] = &[];
    const NAMED: bool = true;
    const FINDABLE: bool = true;
    fn key(&self) -> Option<String> {
        Some(self.text.clone())
    }
}
