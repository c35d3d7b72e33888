//! Internet gateways.

use super::{
    Vpc,
    described::{self, Described, filter, made, read_tags, tagged, text},
    holders::{self, with_holders},
};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{AttachmentStatus, Filter, InternetGatewayAttachment, ResourceType};
use reconcile::{Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Pace, Settling, Sort, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An internet gateway, attached to a VPC or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InternetGateway {
    /// The VPC it is attached to.
    pub vpc: Option<Late<Id<Vpc>>>,
}

impl Object for InternetGateway {
    type Cloud = Aws;
    const KIND: &'static str = "internet_gateway";
    const SERVICE: &'static str = "ec2";
    const PACE: Pace = Pace::seconds(2, 1_200, 1_200);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        described::read(aws, ids).await
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        described::owned(aws, tags).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call = aws.ec2().create_internet_gateway();
        let call = call.tag_specifications(tagged(ResourceType::InternetGateway, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateInternetGateway"))?;
        made(
            "CreateInternetGateway",
            answer.internet_gateway().and_then(|gateway| gateway.internet_gateway_id()),
        )
    }

    async fn update(&self, aws: &Aws, id: &Id<Self>, before: &Self, changes: &Changes) -> Result<(), Fault> {
        if !changes.contains("vpc") {
            return Ok(());
        }
        if let Some(vpc) = &before.vpc {
            detach(aws, id, vpc.known()).await?;
        }
        match &self.vpc {
            Some(vpc) => attach(aws, id, vpc.known()).await,
            None => Ok(()),
        }
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        if let Some(vpc) = &self.vpc {
            detach(aws, id, vpc.known()).await?;
        }
        let call = aws.ec2().delete_internet_gateway().internet_gateway_id(id.as_str());
        call.send().await.map(drop).map_err(faults::of("DeleteInternetGateway"))
    }
}

impl Described for InternetGateway {
    const DESCRIBE: &'static str = "DescribeInternetGateways";
    const ID_FILTER: &'static str = "internet-gateway-id";
    type Answer = aws_sdk_ec2::types::InternetGateway;

    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        let pages =
            aws.ec2().describe_internet_gateways().set_filters(Some(filters)).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(Self::DESCRIBE))
    }

    fn observed(_aws: &Aws, gateway: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        let attachment = gateway.attachments().iter().find(|attachment| !is_gone(attachment));
        Ok(Some(Observed {
            id: Id::new(text(gateway.internet_gateway_id())),
            spec: InternetGateway {
                vpc: attachment.and_then(|attachment| attachment.vpc_id()).map(|id| Id::new(id).into()),
            },
            outputs: BTreeMap::new(),
            settling: match attachment.and_then(|attachment| attachment.state()) {
                Some(state @ (AttachmentStatus::Attaching | AttachmentStatus::Detaching)) => {
                    Settling::Underway(state.as_str().to_owned())
                }
                _ => Settling::Settled,
            },
            tags: read_tags(gateway.tags()),
            unread: &[],
        }))
    }
}

fn is_gone(attachment: &InternetGatewayAttachment) -> bool {
    attachment.state() == Some(&AttachmentStatus::Detached)
}

/// Attaches the gateway; one that is attached to this VPC already is fine.
async fn attach(aws: &Aws, id: &Id<InternetGateway>, vpc: &Id<Vpc>) -> Result<(), Fault> {
    let call = aws.ec2().attach_internet_gateway().internet_gateway_id(id.as_str()).vpc_id(vpc.as_str());
    let taken = match call.send().await.map_err(faults::of_dependent("AttachInternetGateway")) {
        Err(fault) if faults::is_there_already(&fault) => fault,
        other => return other.map(drop),
    };
    let its_vpc =
        described::read(aws, std::slice::from_ref(id)).await?.into_iter().find_map(|seen| seen.spec.vpc);
    if let Some(its_vpc) = its_vpc {
        return if *its_vpc.known() == *vpc { Ok(()) } else { Err(taken) };
    }
    let of_vpc = vec![filter("attachment.vpc-id", vec![vpc.as_str().to_owned()])];
    match InternetGateway::describe(aws, of_vpc).await?.is_empty() {
        // Something is attached and does not show up yet, most likely this gateway by a call whose answer was lost.
        true => Err(Fault { sort: Sort::NotYet, ..taken }),
        false => Err(taken),
    }
}

/// Detaches the gateway; one that is not attached is fine. Public addresses in the VPC hold it for as long as they
/// are mapped, and the message names them.
async fn detach(aws: &Aws, id: &Id<InternetGateway>, vpc: &Id<Vpc>) -> Result<(), Fault> {
    let call = aws.ec2().detach_internet_gateway().internet_gateway_id(id.as_str()).vpc_id(vpc.as_str());
    match call.send().await.map_err(faults::of("DetachInternetGateway")) {
        Err(fault) if fault.sort != Sort::NotFound => {
            Err(with_holders(aws, fault, holders::VPC_EXIT, vpc.as_str()).await)
        }
        _ => Ok(()),
    }
}
