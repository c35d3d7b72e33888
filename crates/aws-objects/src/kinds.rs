//! Every kind, by name.

use crate::{Aws, ec2, iam, kms, logs};
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

/// Every kind there is.
pub fn all_kinds() -> Kinds<Aws> {
    network_kinds()
}
