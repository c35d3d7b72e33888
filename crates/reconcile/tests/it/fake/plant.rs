//! Kinds of a plant: a hall, the tools in it, the crews that work with them, and notices that hang where calls may not
//! reach.

use super::{
    Cloud,
    nature::{Nature, makes_its_calls},
};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Output};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// What everything is in. Each change of its plan makes another edition of it. It cannot shrink.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Hall {
    pub(crate) name: String,
    pub(crate) plan: u32,
}

impl Hall {
    /// Which plan it is built by.
    pub(crate) const EDITION: Output<Hall, String> = Output::named("edition");
}

impl Object for Hall {
    type Cloud = Cloud;
    const KIND: &'static str = "hall";
    const SERVICE: &'static str = "plant";
    const REPLACED_BY: &'static [&'static str] = &["name"];
    const OUTPUTS: &'static [&'static str] = &["edition"];
    const RENEWED_OUTPUTS: &'static [&'static str] = &["edition"];
    makes_its_calls!();

    fn refuses(observed: &Self, wanted: &Self) -> Option<String> {
        (wanted.plan < observed.plan).then(|| "A hall cannot shrink. Build another one.".to_owned())
    }
}

impl Nature for Hall {
    const NAMED: bool = true;
    const FINDABLE: bool = true;
    fn key(&self) -> Option<String> {
        Some(self.name.clone())
    }
    fn gives(&self, _: &str) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([("edition", json!(format!("edition {}", self.plan)))])
    }
}

/// Stands in a hall and needs a crew to be set up.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Tool {
    pub(crate) hall: Late<Id<Hall>>,
    pub(crate) edge: u32,
    pub(crate) crews: Vec<Late<Id<Crew>>>,
}

impl Object for Tool {
    type Cloud = Cloud;
    const KIND: &'static str = "tool";
    const SERVICE: &'static str = "plant";
    const REPLACED_BY: &'static [&'static str] = &["hall"];
    makes_its_calls!();

    fn align(observed: &mut Self, wanted: &Self) {
        observed.crews.clone_from(&wanted.crews);
    }
}

impl Nature for Tool {
    const STANDS_ON: &'static [&'static str] = &["hall"];
    const UNSEARCHABLE: Duration = Duration::from_secs(1);
}

/// Works by an edition of the hall. There is always one.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Crew {
    pub(crate) hall: Late<Id<Hall>>,
    pub(crate) skill: u32,
    pub(crate) edition: Late<String>,
}

impl Object for Crew {
    type Cloud = Cloud;
    const KIND: &'static str = "crew";
    const SERVICE: &'static str = "plant";
    const REPLACED_BY: &'static [&'static str] = &["hall"];
    const LEAVES_LAST: bool = true;
    const CHANGED_AFTER: &'static [&'static str] = &["tool"];
    makes_its_calls!();
}

impl Nature for Crew {
    const TAKES: Duration = Duration::from_secs(20);
    const STANDS_ON: &'static [&'static str] = &["hall"];
}

/// Hangs in a hall, where calls may not reach, and goes with it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub(crate) hall: Late<Id<Hall>>,
    pub(crate) text: String,
}

impl Object for Notice {
    type Cloud = Cloud;
    const KIND: &'static str = "notice";
    const SERVICE: &'static str = "plant";
    const REPLACED_BY: &'static [&'static str] = &["hall"];
    const TAGGED: bool = false;
    const MAY_BE_OUT_OF_REACH: bool = true;
    const DIES_WITH: &'static [&'static str] = &["hall"];
    makes_its_calls!();
}

impl Nature for Notice {
    const STANDS_ON: &'static [&'static str] = &["hall"];
    const HOLDS: &'static [&'static str] = &[];
    const BELONGS_TO: Option<&'static str> = Some("hall");
    const FINDABLE: bool = true;
    fn key(&self) -> Option<String> {
        self.hall.if_known().map(|hall| format!("notice in {hall}"))
    }
}

/// Nothing but the order to sweep the hall when it goes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sweeping {
    pub(crate) hall: Late<Id<Hall>>,
    pub(crate) name: String,
    pub(crate) how: String,
}

impl Object for Sweeping {
    type Cloud = Cloud;
    const KIND: &'static str = "sweeping";
    const SERVICE: &'static str = "plant";
    const REPLACED_BY: &'static [&'static str] = &["name"];
    const TAGGED: bool = false;
    const ONLY_RECORDED: bool = true;

    async fn read(_: &Cloud, _: &[Id<Self>], _: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        Err(Fault::refused("read sweeping", "Nothing", "there is nothing to look at"))
    }

    async fn create(&self, _: &Cloud, _: &Birth) -> Result<Id<Self>, Fault> {
        Ok(Id::new(&self.name))
    }

    async fn delete(&self, cloud: &Cloud, _: &Id<Self>) -> Result<(), Fault> {
        cloud.call("delete sweeping".to_owned(), self.how.clone(), |_| Ok(())).await
    }
}
