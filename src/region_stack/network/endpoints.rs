//! The endpoints through which services of AWS are reached without the internet.

use super::{Plot, Tier, known, routes::Tables, subnets::Subnets};
use crate::region_stack::endpoint_services::{Endpoint, Sort};
use aws_objects::{
    Aws,
    ec2::{Rule, SecurityGroup, Vpc, VpcEndpoint},
};
use reconcile::{Graph, Handle};

/// The endpoints.
pub(super) struct Endpoints {
    pub(super) all: Vec<Handle<VpcEndpoint>>,
    /// Who may reach those that have addresses.
    pub(super) security_group: Option<Handle<SecurityGroup>>,
}

pub(super) fn draw(
    graph: &mut Graph<Aws>,
    plot: &Plot<'_>,
    vpc: &Handle<Vpc>,
    subnets: &Subnets<'_>,
    tables: &Tables<'_>,
) -> Endpoints {
    let endpoints = &plot.facts.endpoints;
    let has_interfaces = endpoints.values().any(|endpoint| endpoint.sort == Sort::Interface);
    let group = has_interfaces.then(|| security_group(graph, plot, vpc));
    let mut all = Vec::new();
    for (service, endpoint) in endpoints {
        let bare = VpcEndpoint {
            vpc: vpc.id(),
            service: endpoint.service_name.clone(),
            endpoint_type: endpoint.sort.word().to_owned(),
            route_tables: Vec::new(),
            subnets: Vec::new(),
            security_groups: Vec::new(),
            private_dns: None,
        };
        let endpoint = match endpoint.sort {
            Sort::Gateway => VpcEndpoint { route_tables: tables.all().map(Handle::id).collect(), ..bare },
            Sort::Interface => VpcEndpoint {
                subnets: of_zones(subnets, endpoint).map(Handle::id).collect(),
                security_groups: group.iter().map(Handle::id).collect(),
                private_dns: Some(endpoint.private_dns),
                ..bare
            },
        };
        all.push(graph.add(format!("endpoint.{service}"), plot.named(service), endpoint));
    }
    Endpoints { all, security_group: group }
}

fn of_zones<'a>(
    subnets: &'a Subnets<'_>,
    endpoint: &'a Endpoint,
) -> impl Iterator<Item = &'a Handle<aws_objects::ec2::Subnet>> {
    endpoint.zones.iter().filter_map(|zone| subnets.get(&(Tier::Private, zone.as_str())))
}

/// Who may reach the interface endpoints: the whole VPC, over HTTPS. They never call anyone themselves.
fn security_group(graph: &mut Graph<Aws>, plot: &Plot<'_>, vpc: &Handle<Vpc>) -> Handle<SecurityGroup> {
    let https = Rule {
        protocol: "tcp".to_owned(),
        from_port: Some(443),
        to_port: Some(443),
        peer: known(plot.config.network.cidr.to_string()),
        description: Some("HTTPS from the VPC".to_owned()),
    };
    let name = plot.named("endpoints");
    let group = SecurityGroup {
        vpc: vpc.id(),
        name: name.clone(),
        description: "Interface endpoints of the VPC".to_owned(),
        ingress: vec![https],
        egress: Vec::new(),
    };
    graph.add("security_group.endpoints", name, group)
}
