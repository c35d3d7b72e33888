//! The route tables, their routes, and which subnet uses which.

use super::{Plot, Tier, everywhere, nat::Gateways, subnets::Subnets};
use aws_objects::{
    Aws,
    ec2::{InternetGateway, NatGateway, Route, RouteTable, RouteTableAssociation, Vpc},
};
use reconcile::{Graph, Handle};
use std::collections::BTreeMap;

/// The route tables.
pub(super) struct Tables<'a> {
    public: Handle<RouteTable>,
    database: Handle<RouteTable>,
    private: BTreeMap<&'a str, Handle<RouteTable>>,
    /// The routes out of them.
    pub(super) routes: Vec<Handle<Route>>,
    /// Which subnet uses which.
    pub(super) associations: Vec<Handle<RouteTableAssociation>>,
}

impl Tables<'_> {
    pub(super) fn all(&self) -> impl Iterator<Item = &Handle<RouteTable>> {
        [&self.public, &self.database].into_iter().chain(self.private.values())
    }

    fn of(&self, tier: Tier, zone: &str) -> &Handle<RouteTable> {
        match tier {
            Tier::Public => &self.public,
            Tier::Private => &self.private[zone],
            Tier::Database => &self.database,
        }
    }
}

pub(super) fn draw<'a>(
    graph: &mut Graph<Aws>,
    plot: &Plot<'a>,
    vpc: &Handle<Vpc>,
    subnets: &Subnets<'a>,
    internet: &Handle<InternetGateway>,
    gateways: &Gateways<'a>,
) -> Tables<'a> {
    let mut routes = Vec::new();
    let mut table = |key: String, way_out: Option<WayOut>| {
        let destinations = way_out.iter().map(|_| everywhere().to_string()).collect();
        let name = plot.named(key.replace('.', "-"));
        let table = graph.add(format!("route_table.{key}"), name, RouteTable { vpc: vpc.id(), destinations });
        if let Some(way_out) = way_out {
            let name = everywhere().to_string();
            routes.push(graph.add(format!("route.{key}.internet"), name, way_out.route_of(&table)));
        }
        table
    };
    let zones = plot.facts.zone_names();
    let mut tables = Tables {
        public: table("public".to_owned(), Some(WayOut::Internet(internet.clone()))),
        database: table("database".to_owned(), None),
        private: zones
            .map(|zone| {
                let way_out = gateways.get(zone).cloned().map(WayOut::Nat);
                (zone, table(format!("private.{zone}"), way_out))
            })
            .collect(),
        routes: Vec::new(),
        associations: Vec::new(),
    };
    tables.routes = routes;
    for ((tier, zone), subnet) in subnets {
        let association = RouteTableAssociation { table: tables.of(*tier, zone).id(), subnet: subnet.id() };
        let tier = tier.word();
        let name = plot.named(format!("{tier}-{zone}"));
        let address = format!("route_table_association.{tier}.{zone}");
        tables.associations.push(graph.add(address, name, association));
    }
    tables
}

/// Where the traffic for the internet goes.
enum WayOut {
    Internet(Handle<InternetGateway>),
    Nat(Handle<NatGateway>),
}

impl WayOut {
    fn route_of(&self, table: &Handle<RouteTable>) -> Route {
        let (internet_gateway, nat_gateway) = match self {
            WayOut::Internet(gateway) => (Some(gateway.id()), None),
            WayOut::Nat(gateway) => (None, Some(gateway.id())),
        };
        Route { table: table.id(), destination: everywhere(), internet_gateway, nat_gateway }
    }
}
