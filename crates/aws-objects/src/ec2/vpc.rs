//! VPCs.

use super::{
    described::{self, Described, filter, in_batches, made, parsed, read_tags, tagged, text},
    holders::{self, with_holders},
};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{AttributeBooleanValue, Filter, ResourceType, VpcAttributeName, VpcState};
use futures::future::{try_join, try_join_all};
use ipnet::Ipv4Net;
use reconcile::{Birth, Changes, Depth, Fault, Id, Object, Observed, Output, Pace, Settling, Sort, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A VPC with one block of addresses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vpc {
    /// Its addresses.
    pub cidr: Ipv4Net,
    /// Whether the resolver of AWS answers in it.
    pub dns_support: bool,
    /// Whether what has a public address gets a name as well. Needs `dns_support`.
    pub dns_hostnames: bool,
}

impl Vpc {
    /// Its ARN.
    pub const ARN: Output<Vpc, String> = Output::named("arn");
}

impl Object for Vpc {
    type Cloud = Aws;
    const KIND: &'static str = "vpc";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["cidr"];
    const OUTPUTS: &'static [&'static str] = &["arn"];
    const STATEFUL: bool = true;
    const PACE: Pace = Pace::seconds(2, 600, 300);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let names: Vec<String> = ids.iter().map(|id| id.as_str().to_owned()).collect();
        let described = async {
            let batches =
                in_batches(names).map(|batch| Self::describe(aws, vec![filter(Self::ID_FILTER, batch)]));
            Ok(try_join_all(batches).await?.concat())
        };
        let attributes = try_join_all(ids.iter().map(|id| dns(aws, id.as_str())));
        let (described, attributes) = try_join(described, attributes).await?;
        let dns: BTreeMap<&str, Dns> =
            ids.iter().map(Id::as_str).zip(attributes).filter_map(|(id, dns)| Some((id, dns?))).collect();
        let both = described.iter().filter_map(|vpc| Some((vpc, dns.get(vpc.vpc_id()?)?)));
        both.map(|(vpc, dns)| seen(aws, vpc, dns)).collect()
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        let ids: Vec<Id<Self>> =
            described::owned::<Self>(aws, tags).await?.into_iter().map(|vpc| vpc.id).collect();
        match ids.is_empty() {
            true => Ok(Vec::new()),
            false => Self::read(aws, &ids, Depth::Whole).await,
        }
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().create_vpc().cidr_block(self.cidr.trunc().to_string());
        let call = call.tag_specifications(tagged(ResourceType::Vpc, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateVpc"))?;
        made("CreateVpc", answer.vpc().and_then(|vpc| vpc.vpc_id()))
    }

    /// EC2 takes one attribute a call, and no names without support.
    async fn update(&self, aws: &Aws, id: &Id<Self>, _before: &Self, changes: &Changes) -> Result<(), Fault> {
        let (support, hostnames) = (changes.contains("dns_support"), changes.contains("dns_hostnames"));
        if hostnames && !self.dns_hostnames {
            set_hostnames(aws, id, false).await?;
        }
        if support {
            set_support(aws, id, self.dns_support).await?;
        }
        if hostnames && self.dns_hostnames {
            set_hostnames(aws, id, true).await?;
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        match aws.ec2().delete_vpc().vpc_id(id.as_str()).send().await.map_err(faults::of("DeleteVpc")) {
            Err(fault) => Err(with_holders(aws, fault, holders::VPC, id.as_str()).await),
            Ok(_) => Ok(()),
        }
    }
}

impl Described for Vpc {
    const DESCRIBE: &'static str = "DescribeVpcs";
    const ID_FILTER: &'static str = "vpc-id";
    type Answer = aws_sdk_ec2::types::Vpc;

    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        let pages = aws.ec2().describe_vpcs().set_filters(Some(filters)).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(Self::DESCRIBE))
    }

    /// Without its attributes, which take calls of their own.
    fn observed(aws: &Aws, vpc: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        seen(aws, vpc, &Dns { support: true, hostnames: false }).map(Some)
    }
}

struct Dns {
    support: bool,
    hostnames: bool,
}

fn seen(aws: &Aws, vpc: &aws_sdk_ec2::types::Vpc, dns: &Dns) -> Result<Observed<Vpc>, Fault> {
    let id = text(vpc.vpc_id());
    Ok(Observed {
        spec: Vpc {
            cidr: parsed(Vpc::DESCRIBE, "CIDR block", vpc.cidr_block())?,
            dns_support: dns.support,
            dns_hostnames: dns.hostnames,
        },
        outputs: BTreeMap::from([("arn", aws.arn("ec2", &format!("vpc/{id}")).into())]),
        settling: match vpc.state() {
            None | Some(VpcState::Available) => Settling::Settled,
            Some(state) => Settling::Underway(state.as_str().to_owned()),
        },
        tags: read_tags(vpc.tags()),
        unread: &[],
        id: Id::new(id),
    })
}

/// The two attributes of a VPC; `None` when there is no such VPC.
async fn dns(aws: &Aws, vpc: &str) -> Result<Option<Dns>, Fault> {
    let ask = |attribute| async move {
        let call = aws.ec2().describe_vpc_attribute().vpc_id(vpc).attribute(attribute);
        call.send().await.map_err(faults::of("DescribeVpcAttribute"))
    };
    let asked =
        try_join(ask(VpcAttributeName::EnableDnsSupport), ask(VpcAttributeName::EnableDnsHostnames)).await;
    let is_on =
        |value: Option<&AttributeBooleanValue>| value.and_then(|value| value.value()).unwrap_or_default();
    match asked {
        Ok((support, hostnames)) => Ok(Some(Dns {
            support: is_on(support.enable_dns_support()),
            hostnames: is_on(hostnames.enable_dns_hostnames()),
        })),
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

async fn set_support(aws: &Aws, id: &Id<Vpc>, on: bool) -> Result<(), Fault> {
    let value = AttributeBooleanValue::builder().value(on).build();
    let call = aws.ec2().modify_vpc_attribute().vpc_id(id.as_str()).enable_dns_support(value);
    call.send().await.map(drop).map_err(faults::of_dependent("ModifyVpcAttribute"))
}

async fn set_hostnames(aws: &Aws, id: &Id<Vpc>, on: bool) -> Result<(), Fault> {
    let value = AttributeBooleanValue::builder().value(on).build();
    let call = aws.ec2().modify_vpc_attribute().vpc_id(id.as_str()).enable_dns_hostnames(value);
    call.send().await.map(drop).map_err(faults::of_dependent("ModifyVpcAttribute"))
}
