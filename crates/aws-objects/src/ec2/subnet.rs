//! Subnets.

use super::{
    Vpc,
    described::{self, Described, made, parsed, read_tags, tagged, text},
    holders::{self, sweep, with_holders},
};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{AttributeBooleanValue, Filter, ResourceType, SubnetState};
use ipnet::Ipv4Net;
use reconcile::{
    Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Output, Pace, Settling, Sort, Tags,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A subnet in one availability zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subnet {
    /// The VPC it is part of.
    pub vpc: Late<Id<Vpc>>,
    /// Its addresses.
    pub cidr: Ipv4Net,
    /// The name of its availability zone.
    pub zone: String,
    /// Whether what starts in it gets a public address.
    pub public_addresses: bool,
}

impl Subnet {
    /// Its ARN.
    pub const ARN: Output<Subnet, String> = Output::named("arn");
}

impl Object for Subnet {
    type Cloud = Aws;
    const KIND: &'static str = "subnet";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["vpc", "cidr", "zone"];
    const OUTPUTS: &'static [&'static str] = &["arn"];
    // Interfaces of Lambda stay for up to 45 minutes (aws-behaviours section 4.3).
    const PACE: Pace = Pace::seconds(2, 600, 2_700);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        described::read(aws, ids).await
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        described::owned(aws, tags).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().create_subnet().vpc_id(self.vpc.known().as_str());
        let call = call.cidr_block(self.cidr.trunc().to_string()).availability_zone(&self.zone);
        let call = call.tag_specifications(tagged(ResourceType::Subnet, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateSubnet"))?;
        made("CreateSubnet", answer.subnet().and_then(|subnet| subnet.subnet_id()))
    }

    async fn update(&self, aws: &Aws, id: &Id<Self>, _before: &Self, changes: &Changes) -> Result<(), Fault> {
        if !changes.contains("public_addresses") {
            return Ok(());
        }
        let value = AttributeBooleanValue::builder().value(self.public_addresses).build();
        let call = aws.ec2().modify_subnet_attribute().subnet_id(id.as_str()).map_public_ip_on_launch(value);
        call.send().await.map(drop).map_err(faults::of_dependent("ModifySubnetAttribute"))
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    /// When something still uses the subnet, interfaces that services forgot are taken away, for the next try.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let deleted = aws.ec2().delete_subnet().subnet_id(id.as_str()).send().await;
        match deleted.map_err(faults::of("DeleteSubnet")) {
            Ok(_) => Ok(()),
            Err(fault) if fault.sort == Sort::Busy && !fault.throttled => {
                sweep(aws, id.as_str()).await;
                Err(with_holders(aws, fault, holders::SUBNET, id.as_str()).await)
            }
            Err(fault) => Err(fault),
        }
    }
}

impl Described for Subnet {
    const DESCRIBE: &'static str = "DescribeSubnets";
    const ID_FILTER: &'static str = "subnet-id";
    type Answer = aws_sdk_ec2::types::Subnet;

    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        let pages = aws.ec2().describe_subnets().set_filters(Some(filters)).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(Self::DESCRIBE))
    }

    fn observed(aws: &Aws, subnet: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        let id = text(subnet.subnet_id());
        Ok(Some(Observed {
            spec: Subnet {
                vpc: Id::new(text(subnet.vpc_id())).into(),
                cidr: parsed(Self::DESCRIBE, "CIDR block", subnet.cidr_block())?,
                zone: text(subnet.availability_zone()),
                public_addresses: subnet.map_public_ip_on_launch().unwrap_or_default(),
            },
            outputs: BTreeMap::from([("arn", aws.arn("ec2", &format!("subnet/{id}")).into())]),
            settling: match subnet.state() {
                None | Some(SubnetState::Available) => Settling::Settled,
                Some(SubnetState::Failed) => Settling::Failed("the subnet failed to be made".to_owned()),
                Some(state) => Settling::Underway(state.as_str().to_owned()),
            },
            tags: read_tags(subnet.tags()),
            unread: &[],
            id: Id::new(id),
        }))
    }
}
