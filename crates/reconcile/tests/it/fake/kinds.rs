//! The kinds of the fake cloud, each with a trait of its own that AWS has too.

use super::{
    Cloud,
    blocks::{Block, Label},
    cluster::Cluster,
    nature::{Nature, makes_its_calls},
    plant::{Crew, Hall, Notice, Sweeping, Tool},
};
use reconcile::{Bucket, Fault, Id, Kinds, Late, Object, Output, Pace};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

pub(crate) fn all() -> Kinds<Cloud> {
    Kinds::from([
        reconcile::kind::<Network>(),
        reconcile::kind::<DefaultGroup>(),
        reconcile::kind::<Subnet>(),
        reconcile::kind::<Table>(),
        reconcile::kind::<Route>(),
        reconcile::kind::<Gateway>(),
        reconcile::kind::<Role>(),
        reconcile::kind::<Database>(),
        reconcile::kind::<Block>(),
        reconcile::kind::<Label>(),
        reconcile::kind::<Hall>(),
        reconcile::kind::<Tool>(),
        reconcile::kind::<Crew>(),
        reconcile::kind::<Notice>(),
        reconcile::kind::<Sweeping>(),
        reconcile::kind::<Cluster>(),
    ])
}

/// The parent of all. Lags in every way, has no key and no token, and an attribute that creating does not take.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Network {
    pub(crate) cidr: String,
    pub(crate) names: Option<bool>,
}

impl Network {
    /// Where its names end.
    pub(crate) const DOMAIN: Output<Network, String> = Output::named("domain");
}

impl Object for Network {
    type Cloud = Cloud;
    const KIND: &'static str = "network";
    const SERVICE: &'static str = "net";
    const REPLACED_BY: &'static [&'static str] = &["cidr"];
    const OUTPUTS: &'static [&'static str] = &["domain"];
    makes_its_calls!();
}

impl Nature for Network {
    const HIDDEN: Duration = Duration::from_secs(1);
    const UNSEARCHABLE: Duration = Duration::from_secs(3);
    const AFTERWARDS: &'static [(&'static str, &'static str)] = &[("names", "false")];
    fn gives(&self, _: &str) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([("domain", json!(if self.names == Some(true) { "internal" } else { "nowhere" }))])
    }
}

/// Comes with its network and goes with it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct DefaultGroup {
    pub(crate) network: Late<Id<Network>>,
    pub(crate) rules: Option<Vec<String>>,
}

impl Object for DefaultGroup {
    type Cloud = Cloud;
    const KIND: &'static str = "default_group";
    const SERVICE: &'static str = "net";
    const REPLACED_BY: &'static [&'static str] = &["network"];
    const LEFT_BEHIND: bool = true;
    makes_its_calls!();
}

impl Nature for DefaultGroup {
    const STANDS_ON: &'static [&'static str] = &["network"];
    const HOLDS: &'static [&'static str] = &[];
    const BELONGS_TO: Option<&'static str> = Some("network");
    const AFTERWARDS: &'static [(&'static str, &'static str)] = &[("rules", r#"["all from itself"]"#)];
    const NAMED: bool = true;
    const COMPANION: bool = true;
    const FINDABLE: bool = false;
    fn key(&self) -> Option<String> {
        self.network.if_known().map(|network| format!("default-of-{network}"))
    }
}

/// A tagged child; two with one range in one network conflict.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Subnet {
    pub(crate) network: Late<Id<Network>>,
    pub(crate) cidr: String,
    pub(crate) public: Option<bool>,
}

impl Object for Subnet {
    type Cloud = Cloud;
    const KIND: &'static str = "subnet";
    const SERVICE: &'static str = "net";
    const REPLACED_BY: &'static [&'static str] = &["network", "cidr"];
    makes_its_calls!();
}

impl Nature for Subnet {
    const STANDS_ON: &'static [&'static str] = &["network"];
    const UNSEARCHABLE: Duration = Duration::from_secs(2);
    const AFTERWARDS: &'static [(&'static str, &'static str)] = &[("public", "false")];
    fn key(&self) -> Option<String> {
        self.network.if_known().map(|network| format!("{network} {}", self.cidr))
    }
}

/// Made with a token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) network: Late<Id<Network>>,
}

impl Object for Table {
    type Cloud = Cloud;
    const KIND: &'static str = "table";
    const SERVICE: &'static str = "net";
    const REPLACED_BY: &'static [&'static str] = &["network"];
    makes_its_calls!();
}

impl Nature for Table {
    const STANDS_ON: &'static [&'static str] = &["network"];
    const TOKENS: bool = true;
}

/// An untagged child with a key. Does not hold its gateway: without one it leads nowhere.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Route {
    pub(crate) table: Late<Id<Table>>,
    pub(crate) destination: String,
    pub(crate) gateway: Late<Id<Gateway>>,
}

impl Object for Route {
    type Cloud = Cloud;
    const KIND: &'static str = "route";
    const SERVICE: &'static str = "net";
    const REPLACED_BY: &'static [&'static str] = &["table", "destination"];
    const TAGGED: bool = false;
    makes_its_calls!();
}

impl Nature for Route {
    const STANDS_ON: &'static [&'static str] = &["table", "gateway"];
    const HOLDS: &'static [&'static str] = &[];
    const BELONGS_TO: Option<&'static str> = Some("table");
    const NAMED: bool = true;
    const FINDABLE: bool = true;
    fn key(&self) -> Option<String> {
        self.table.if_known().map(|table| format!("{table}|{}", self.destination))
    }
}

/// Takes its time to come and to go. Made with a token, and not many at once.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Gateway {
    pub(crate) subnet: Late<Id<Subnet>>,
    pub(crate) private: bool,
}

impl Gateway {
    /// The address it speaks from.
    pub(crate) const ADDRESS: Output<Gateway, String> = Output::named("address");
}

impl Object for Gateway {
    type Cloud = Cloud;
    const KIND: &'static str = "gateway";
    const SERVICE: &'static str = "net";
    const REPLACED_BY: &'static [&'static str] = &["subnet", "private"];
    const OUTPUTS: &'static [&'static str] = &["address"];
    const PACE: Pace = Pace::seconds(10, 600, 600);
    const CREATE_LIMIT: Option<Bucket> =
        Some(Bucket { name: "net:create_gateway", burst: 4.0, per_second: 0.5 });
    makes_its_calls!();
}

impl Nature for Gateway {
    const TAKES: Duration = Duration::from_secs(90);
    const GOES_IN: Duration = Duration::from_secs(40);
    const STANDS_ON: &'static [&'static str] = &["subnet"];
    const TOKENS: bool = true;
    fn gives(&self, id: &str) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([("address", json!(format!("address of {id}")))])
    }
}

/// Has a name, shows up late, and a text that the surface does not show.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) policy: Option<Late<String>>,
}

impl Role {
    pub(crate) const ARN: Output<Role, String> = Output::named("arn");
}

impl Object for Role {
    type Cloud = Cloud;
    const KIND: &'static str = "role";
    const SERVICE: &'static str = "iam";
    const REPLACED_BY: &'static [&'static str] = &["name"];
    const OUTPUTS: &'static [&'static str] = &["arn"];
    makes_its_calls!();
}

impl Nature for Role {
    const HIDDEN: Duration = Duration::from_secs(2);
    const UNSEARCHABLE: Duration = Duration::from_secs(4);
    const NAMED: bool = true;
    const FINDABLE: bool = true;
    const DEEP: &'static [&'static str] = &["policy"];
    fn key(&self) -> Option<String> {
        Some(self.name.clone())
    }
    fn gives(&self, id: &str) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([("arn", json!(format!("arn:role/{id}")))])
    }
}

/// Holds what cannot be made again. Slow in everything.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Database {
    pub(crate) name: String,
    pub(crate) engine: String,
    pub(crate) size: u32,
    pub(crate) subnets: Vec<Late<Id<Subnet>>>,
    pub(crate) role: Option<Late<String>>,
}

impl Object for Database {
    type Cloud = Cloud;
    const KIND: &'static str = "database";
    const SERVICE: &'static str = "rds";
    const REPLACED_BY: &'static [&'static str] = &["name", "engine"];
    const STATEFUL: bool = true;
    const PACE: Pace = Pace::seconds(30, 1800, 1800);
    makes_its_calls!();

    fn align(observed: &mut Self, wanted: &Self) {
        let all = |subnets: &[Late<Id<Subnet>>]| {
            subnets.iter().filter_map(Late::if_known).cloned().collect::<std::collections::BTreeSet<_>>()
        };
        let same_length = observed.subnets.len() == wanted.subnets.len();
        if same_length && all(&observed.subnets) == all(&wanted.subnets) {
            observed.subnets.clone_from(&wanted.subnets);
        }
    }
}

impl Nature for Database {
    const TAKES: Duration = Duration::from_secs(300);
    const CHANGES_IN: Duration = Duration::from_secs(60);
    const GOES_IN: Duration = Duration::from_secs(120);
    const STANDS_ON: &'static [&'static str] = &["subnets"];
    const NAMED: bool = true;
    const FINDABLE: bool = true;
    fn key(&self) -> Option<String> {
        Some(self.name.clone())
    }
}
