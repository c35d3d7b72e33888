//! Graphs that cannot be.

use crate::fake::{
    Cloud,
    kinds::{Gateway, Network, Role, Subnet},
};
use insta::assert_snapshot;
use reconcile::{Graph, Handle, Output, text};

fn network() -> Network {
    Network { cidr: "10.0".into(), names: None }
}

fn role(policy: reconcile::Late<String>) -> Role {
    Role { name: "main".into(), policy: Some(policy) }
}

/// A handle to an object of another graph.
fn elsewhere(address: &str) -> Handle<Network> {
    Graph::<Cloud>::default().add(address, "elsewhere", network())
}

fn error(graph: Graph<Cloud>) -> String {
    graph.finish().err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn two_objects_with_one_address() {
    let mut graph = Graph::<Cloud>::default();
    graph.add("network", "one", network());
    graph.add("network", "two", network());
    assert_snapshot!(error(graph), @"two objects are called network");
}

#[test]
fn a_reference_to_nothing() {
    let mut graph = Graph::<Cloud>::default();
    let subnet = Subnet { network: elsewhere("network").id(), cidr: "10.0.1".into(), public: None };
    graph.add("subnet", "main", subnet);
    assert_snapshot!(error(graph), @"subnet takes id of network, which is not in the graph");
}

#[test]
fn a_reference_to_an_output_that_the_kind_does_not_have() {
    let mut graph = Graph::<Cloud>::default();
    let network = graph.add("network", "main", network());
    graph.add("role", "main", role(text(["speaks from ".into(), network.output(Output::named("address"))])));
    assert_snapshot!(error(graph), @"role takes address of network, and a network has no such output");
}

#[test]
fn objects_that_need_each_other() {
    let mut graph = Graph::<Cloud>::default();
    let mut other = Graph::<Cloud>::default();
    let two = other.add("two", "two", role("".into()));
    let one = graph.add("one", "one", role(two.output(Role::ARN)));
    graph.add("two", "two", role(one.output(Role::ARN)));
    graph.add("three", "three", role(one.output(Role::ARN)));
    graph.add("network", "main", network());
    assert_snapshot!(error(graph), @"these objects need each other: one, three, two");
}

#[test]
fn the_order_is_the_same_each_time_and_puts_needs_first() {
    let mut graph = Graph::<Cloud>::default();
    let network = graph.add("network", "main", network());
    let subnet = Subnet { network: network.id(), cidr: "10.0.1".into(), public: None };
    let subnet = graph.add("a.subnet", "main", subnet);
    let gateway = graph.add("a.gateway", "main", Gateway { subnet: subnet.id(), private: false });
    graph.add("a.role", "main", role(gateway.output(Gateway::ADDRESS)));
    let graph = graph.finish().unwrap();
    let order: Vec<_> = graph.in_order().iter().map(|address| address.as_str()).collect();
    assert_eq!(order, ["network", "a.subnet", "a.gateway", "a.role"]);
}
