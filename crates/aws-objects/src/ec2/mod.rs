//! Kinds of the network.

mod default_security_group;
mod described;
mod elastic_ip;
mod flow_log;
mod holders;
mod internet_gateway;
mod launch_template;
mod nat_gateway;
mod route;
mod route_table;
mod route_table_association;
mod rule;
mod rule_changes;
mod security_group;
mod subnet;
mod vpc;
mod vpc_endpoint;

pub(crate) use described::in_order_of;

pub use default_security_group::DefaultSecurityGroup;
pub use elastic_ip::ElasticIp;
pub use flow_log::FlowLog;
pub use internet_gateway::InternetGateway;
pub use launch_template::{Disk, LaunchTemplate};
pub use nat_gateway::NatGateway;
pub use route::Route;
pub use route_table::RouteTable;
pub use route_table_association::RouteTableAssociation;
pub use rule::Rule;
pub use security_group::SecurityGroup;
pub use subnet::Subnet;
pub use vpc::Vpc;
pub use vpc_endpoint::VpcEndpoint;
