//! What the user of a story asks for.

use crate::fake::{
    Cloud,
    kinds::{Database, DefaultGroup, Gateway, Network, Role, Route, Subnet, Table},
};
use reconcile::{Graph, Tags, text};

/// What the user asks for.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) cidr: &'static str,
    pub(crate) names: Option<bool>,
    pub(crate) zones: Vec<&'static str>,
    /// The zones with a gateway; routes of the others lead to the first.
    pub(crate) gateways: Vec<&'static str>,
    pub(crate) private: bool,
    pub(crate) database: Option<(&'static str, u32)>,
    pub(crate) tags: Vec<(&'static str, &'static str)>,
}

impl Default for Wish {
    fn default() -> Self {
        Wish {
            cidr: "10.0",
            names: Some(true),
            zones: vec!["a"],
            gateways: vec!["a"],
            private: false,
            database: None,
            tags: Vec::new(),
        }
    }
}

/// Everything there is, in two zones.
pub(crate) fn everything() -> Wish {
    Wish {
        zones: vec!["a", "b"],
        gateways: vec!["a", "b"],
        database: Some(("postgres", 10)),
        ..Wish::default()
    }
}

/// A network without anything in it.
pub(crate) fn bare() -> Wish {
    Wish { zones: Vec::new(), gateways: Vec::new(), ..Wish::default() }
}

/// What can be asked for: a [`Wish`], or a graph drawn by hand.
pub(crate) trait Asks {
    fn graph(&self) -> Graph<Cloud>;
}

impl<F: Fn(&mut Graph<Cloud>)> Asks for F {
    fn graph(&self) -> Graph<Cloud> {
        let mut graph = Graph::default();
        self(&mut graph);
        graph.finish().unwrap()
    }
}

impl Asks for Wish {
    fn graph(&self) -> Graph<Cloud> {
        let tags = self.tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let mut graph = Graph::new(tags.collect::<Tags>());
        let network = graph.add("network", "main", Network { cidr: self.cidr.to_owned(), names: self.names });
        graph.set_root(&network);
        graph.add("default", "default", DefaultGroup { network: network.id(), rules: Some(Vec::new()) });
        let mut subnets = Vec::new();
        let mut tables = Vec::new();
        let mut gateways = Vec::new();
        for zone in &self.zones {
            let cidr = format!("{}.{zone}", self.cidr);
            let subnet = Subnet { network: network.id(), cidr, public: Some(true) };
            let subnet = graph.add(format!("subnet.{zone}"), format!("main-{zone}"), subnet);
            if self.gateways.contains(zone) {
                let gateway = Gateway { subnet: subnet.id(), private: self.private };
                gateways.push((zone, graph.add(format!("gateway.{zone}"), format!("main-{zone}"), gateway)));
            }
            subnets.push(subnet);
            let table = Table { network: network.id() };
            tables.push((zone, graph.add(format!("table.{zone}"), format!("main-{zone}"), table)));
        }
        for (zone, table) in tables {
            let own = gateways.iter().find(|(of, _)| *of == zone).or(gateways.first());
            if let Some((_, gateway)) = own {
                let route = Route { table: table.id(), destination: "all".to_owned(), gateway: gateway.id() };
                graph.add(format!("route.{zone}"), "", route);
            }
        }
        if let Some((engine, size)) = self.database {
            let speaks =
                gateways.iter().flat_map(|(_, gateway)| [", ".into(), gateway.output(Gateway::ADDRESS)]);
            let policy = text(["let in".into()].into_iter().chain(speaks));
            let role = graph.add("role", "main", Role { name: "main".to_owned(), policy: Some(policy) });
            let subnets = subnets.iter().map(reconcile::Handle::id).collect();
            let role = Some(role.output(Role::ARN));
            let database =
                Database { name: "main".to_owned(), engine: engine.to_owned(), size, subnets, role };
            graph.add("database", "main", database);
        }
        graph.finish().unwrap()
    }
}
