//! NAT gateways.

use super::{
    ElasticIp, InternetGateway, Subnet,
    described::{self, Described, made, read_tags, tagged, text},
};
use crate::{Aws, faults, limits};
use aws_sdk_ec2::types::{ConnectivityType, Filter, NatGatewayAddress, NatGatewayState, ResourceType};
use reconcile::{Birth, Bucket, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A public NAT gateway with one address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NatGateway {
    /// The public subnet it stands in.
    pub subnet: Late<Id<Subnet>>,
    /// Its public address.
    pub address: Late<Id<ElasticIp>>,
    /// The way out of its VPC. A NAT gateway that is made before one is attached fails, so this only gives the order.
    pub internet_gateway: Option<Late<Id<InternetGateway>>>,
}

impl NatGateway {
    /// Its public address.
    pub const PUBLIC_IP: Output<NatGateway, String> = Output::named("public_ip");
    /// Its address within the subnet.
    pub const PRIVATE_IP: Output<NatGateway, String> = Output::named("private_ip");
}

impl Object for NatGateway {
    type Cloud = Aws;
    const KIND: &'static str = "nat_gateway";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["subnet", "address"];
    const OUTPUTS: &'static [&'static str] = &["public_ip", "private_ip"];
    const ONLY_ORDERS: &'static [&'static str] = &["internet_gateway"];
    // Two minutes to be made and one to go, as a rule.
    const PACE: Pace = Pace::seconds(5, 600, 1_800);
    const CREATE_LIMIT: Option<Bucket> = Some(limits::CREATE_NAT_GATEWAY);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        described::read(aws, ids).await
    }

    /// Without failed ones: AWS removes them by itself within an hour, and their address is free.
    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let mut seen = described::owned::<Self>(aws, tags).await?;
        seen.retain(|gateway| !matches!(gateway.settling, Settling::Failed(_)));
        Ok(seen)
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().create_nat_gateway().connectivity_type(ConnectivityType::Public);
        let call = call.subnet_id(self.subnet.known().as_str()).allocation_id(self.address.known().as_str());
        let call =
            call.client_token(&birth.token).tag_specifications(tagged(ResourceType::Natgateway, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateNatGateway"))?;
        made("CreateNatGateway", answer.nat_gateway().and_then(|gateway| gateway.nat_gateway_id()))
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.ec2().delete_nat_gateway().nat_gateway_id(id.as_str());
        call.send().await.map(drop).map_err(faults::of("DeleteNatGateway"))
    }

    fn align(observed: &mut Self, wanted: &Self) {
        observed.internet_gateway.clone_from(&wanted.internet_gateway);
    }
}

impl Described for NatGateway {
    const DESCRIBE: &'static str = "DescribeNatGateways";
    const ID_FILTER: &'static str = "nat-gateway-id";
    type Answer = aws_sdk_ec2::types::NatGateway;

    /// This operation's parameter is called `Filter`, not `Filters`.
    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        let pages =
            aws.ec2().describe_nat_gateways().set_filter(Some(filters)).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(Self::DESCRIBE))
    }

    fn observed(_aws: &Aws, gateway: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        let settling = match gateway.state() {
            Some(NatGatewayState::Deleted) => return Ok(None),
            None | Some(NatGatewayState::Available) => Settling::Settled,
            Some(NatGatewayState::Failed) => Settling::Failed(format!(
                "{}: {}",
                gateway.failure_code().unwrap_or("failed"),
                gateway.failure_message().unwrap_or("EC2 gives no reason")
            )),
            Some(state) => Settling::Underway(state.as_str().to_owned()),
        };
        let primary = primary(gateway.nat_gateway_addresses());
        let of_primary = |part: fn(&NatGatewayAddress) -> Option<&str>| text(primary.and_then(part));
        Ok(Some(Observed {
            id: Id::new(text(gateway.nat_gateway_id())),
            spec: NatGateway {
                subnet: Id::new(text(gateway.subnet_id())).into(),
                address: Id::new(of_primary(NatGatewayAddress::allocation_id)).into(),
                internet_gateway: None,
            },
            outputs: BTreeMap::from([
                ("public_ip", of_primary(NatGatewayAddress::public_ip).into()),
                ("private_ip", of_primary(NatGatewayAddress::private_ip).into()),
            ]),
            settling,
            tags: read_tags(gateway.tags()),
            unread: &[],
        }))
    }
}

/// A single address is the primary one, whether or not it says so.
fn primary(addresses: &[NatGatewayAddress]) -> Option<&NatGatewayAddress> {
    addresses.iter().find(|address| address.is_primary() == Some(true)).or_else(|| addresses.first())
}
