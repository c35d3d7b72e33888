//! Elastic IP addresses.

use super::{
    described::{self, Described, made, read_tags, tagged, text},
    holders::{self, with_holders},
};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{Address, DomainType, Filter, ResourceType};
use reconcile::{Birth, Depth, Fault, Id, Object, Observed, Output, Pace, Settling, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A public address that is ours until it is released.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElasticIp {}

impl ElasticIp {
    /// The address itself.
    pub const PUBLIC_IP: Output<ElasticIp, String> = Output::named("public_ip");
}

impl Object for ElasticIp {
    type Cloud = Aws;
    const KIND: &'static str = "elastic_ip";
    const SERVICE: &'static str = "ec2";
    const OUTPUTS: &'static [&'static str] = &["public_ip"];
    // A NAT gateway holds its address until it is really gone, which may take half an hour.
    const PACE: Pace = Pace::seconds(2, 120, 1_800);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        described::read(aws, ids).await
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        described::owned(aws, tags).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().allocate_address().domain(DomainType::Vpc);
        let call = call.tag_specifications(tagged(ResourceType::ElasticIp, birth));
        let answer = call.send().await.map_err(faults::of_dependent("AllocateAddress"))?;
        made("AllocateAddress", answer.allocation_id())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    /// A NAT gateway lets go of its address by itself; nobody else may disassociate it (aws-behaviours section 4.5).
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.ec2().release_address().allocation_id(id.as_str());
        match call.send().await.map_err(faults::of("ReleaseAddress")) {
            Err(fault) => Err(with_holders(aws, fault, holders::ADDRESS, id.as_str()).await),
            Ok(_) => Ok(()),
        }
    }
}

impl Described for ElasticIp {
    const DESCRIBE: &'static str = "DescribeAddresses";
    const ID_FILTER: &'static str = "allocation-id";
    type Answer = Address;

    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Address>, Fault> {
        let answer = aws.ec2().describe_addresses().set_filters(Some(filters)).send().await;
        Ok(answer.map_err(faults::of(Self::DESCRIBE))?.addresses.unwrap_or_default())
    }

    fn observed(_aws: &Aws, address: &Address) -> Result<Option<Observed<Self>>, Fault> {
        Ok(Some(Observed {
            id: Id::new(text(address.allocation_id())),
            spec: ElasticIp {},
            outputs: BTreeMap::from([("public_ip", text(address.public_ip()).into())]),
            settling: Settling::Settled,
            tags: read_tags(address.tags()),
            unread: &[],
        }))
    }
}
