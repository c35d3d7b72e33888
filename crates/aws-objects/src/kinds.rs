//! Every kind, by name.

use crate::{Aws, ec2, eks, iam, kms, kubernetes, logs};
use reconcile::{Kinds, kind};

/// The kinds that a network is made of.
pub fn network_kinds() -> Kinds<Aws> {
    Kinds::from([
        kind::<ec2::Vpc>(),
        kind::<ec2::DefaultSecurityGroup>(),
        kind::<ec2::Subnet>(),
        kind::<ec2::InternetGateway>(),
        kind::<ec2::ElasticIp>(),
        kind::<ec2::NatGateway>(),
        kind::<ec2::RouteTable>(),
        kind::<ec2::Route>(),
        kind::<ec2::RouteTableAssociation>(),
        kind::<ec2::SecurityGroup>(),
        kind::<ec2::VpcEndpoint>(),
        kind::<ec2::FlowLog>(),
        kind::<iam::Role>(),
        kind::<kms::Key>(),
        kind::<logs::LogGroup>(),
    ])
}

/// The kinds that a cluster is made of, besides those of its network.
pub fn cluster_kinds() -> Kinds<Aws> {
    Kinds::from([
        kind::<ec2::LaunchTemplate>(),
        kind::<eks::AccessEntry>(),
        kind::<eks::Addon>(),
        kind::<eks::Cluster>(),
        kind::<eks::Leftovers>(),
        kind::<eks::NodeGroup>(),
        kind::<eks::PodIdentityAssociation>(),
        kind::<iam::OidcProvider>(),
        kind::<kubernetes::LoadBalancers>(),
        kind::<kubernetes::Release>(),
    ])
}

/// Every kind there is.
pub fn all_kinds() -> Kinds<Aws> {
    network_kinds().into_iter().chain(cluster_kinds()).collect()
}
