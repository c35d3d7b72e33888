//! VPC endpoints.

use super::{
    RouteTable, SecurityGroup, Subnet, Vpc,
    described::{self, Described, made, read_tags, tagged, text},
};
use crate::{Aws, faults, limits, sets::in_order_of};
use aws_sdk_ec2::types::{Filter, ResourceType, VpcEndpointType};
use reconcile::{Birth, Bucket, Changes, Depth, Fault, Id, Late, Object, Observed, Pace, Settling, Tags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A private way from a VPC to a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VpcEndpoint {
    /// The VPC it is part of.
    pub vpc: Late<Id<Vpc>>,
    /// The full name of the service, such as `com.amazonaws.eu-west-1.s3`.
    pub service: String,
    /// `Gateway` or `Interface`.
    pub endpoint_type: String,
    /// The tables that a gateway endpoint adds its route to.
    pub route_tables: Vec<Late<Id<RouteTable>>>,
    /// The subnets that an interface endpoint has an address in, one for each zone.
    pub subnets: Vec<Late<Id<Subnet>>>,
    /// The groups that say who may use an interface endpoint.
    pub security_groups: Vec<Late<Id<SecurityGroup>>>,
    /// Whether the service's own name leads to the endpoint. Needs the VPC's names.
    pub private_dns: Option<bool>,
}

impl Object for VpcEndpoint {
    type Cloud = Aws;
    const KIND: &'static str = "vpc_endpoint";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["vpc", "service", "endpoint_type"];
    const PACE: Pace = Pace::seconds(5, 600, 900);
    const CREATE_LIMIT: Option<Bucket> = Some(limits::CREATE_VPC_ENDPOINT);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        described::read(aws, ids).await
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        described::owned(aws, tags).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call =
            aws.ec2().create_vpc_endpoint().vpc_id(self.vpc.known().as_str()).service_name(&self.service);
        let call = call.vpc_endpoint_type(VpcEndpointType::from(self.endpoint_type.as_str()));
        let call = call
            .set_route_table_ids(some(&self.route_tables))
            .set_subnet_ids(some(&self.subnets))
            .set_security_group_ids(some(&self.security_groups))
            .set_private_dns_enabled(self.private_dns);
        let call =
            call.client_token(&birth.token).tag_specifications(tagged(ResourceType::VpcEndpoint, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateVpcEndpoint"))?;
        made("CreateVpcEndpoint", answer.vpc_endpoint().and_then(|endpoint| endpoint.vpc_endpoint_id()))
    }

    /// What EC2 is told is the difference to what it has now, not to what was seen when the change began: a change
    /// whose answer was lost would be refused the second time.
    async fn update(
        &self,
        aws: &Aws,
        id: &Id<Self>,
        _before: &Self,
        _changes: &Changes,
    ) -> Result<(), Fault> {
        let seen = described::read::<Self>(aws, std::slice::from_ref(id)).await?;
        let Some(now) = seen.into_iter().next().map(|endpoint| endpoint.spec) else {
            let gone = faults::in_answer("ModifyVpcEndpoint", Some("InvalidVpcEndpointId.NotFound"), None);
            return Err(faults::not_visible_yet(Fault { message: format!("{id} is not there"), ..gone }));
        };
        let private_dns = self.private_dns.filter(|_| self.private_dns != now.private_dns);
        let deltas = [
            only_in(&self.route_tables, &now.route_tables),
            only_in(&now.route_tables, &self.route_tables),
            only_in(&self.subnets, &now.subnets),
            only_in(&now.subnets, &self.subnets),
            only_in(&self.security_groups, &now.security_groups),
            only_in(&now.security_groups, &self.security_groups),
        ];
        if private_dns.is_none() && deltas.iter().all(Option::is_none) {
            return Ok(());
        }
        let [add_tables, remove_tables, add_subnets, remove_subnets, add_groups, remove_groups] = deltas;
        let call = aws.ec2().modify_vpc_endpoint().vpc_endpoint_id(id.as_str());
        let call = call.set_add_route_table_ids(add_tables).set_remove_route_table_ids(remove_tables);
        let call = call.set_add_subnet_ids(add_subnets).set_remove_subnet_ids(remove_subnets);
        let call = call.set_add_security_group_ids(add_groups).set_remove_security_group_ids(remove_groups);
        let call = call.set_private_dns_enabled(private_dns);
        call.send().await.map(drop).map_err(faults::of_dependent("ModifyVpcEndpoint"))
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    /// What could not be deleted is in the answer, which is HTTP 200 all the same.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.ec2().delete_vpc_endpoints().vpc_endpoint_ids(id.as_str());
        let answer = call.send().await.map_err(faults::of(DELETE))?;
        match answer.unsuccessful().first().and_then(|item| item.error()) {
            Some(error) => Err(faults::in_answer(DELETE, error.code(), error.message())),
            None => Ok(()),
        }
    }

    fn align(observed: &mut Self, wanted: &Self) {
        in_order_of(&mut observed.route_tables, &wanted.route_tables);
        in_order_of(&mut observed.subnets, &wanted.subnets);
        in_order_of(&mut observed.security_groups, &wanted.security_groups);
    }
}

const DELETE: &str = "DeleteVpcEndpoints";

impl Described for VpcEndpoint {
    const DESCRIBE: &'static str = "DescribeVpcEndpoints";
    const ID_FILTER: &'static str = "vpc-endpoint-id";
    type Answer = aws_sdk_ec2::types::VpcEndpoint;

    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        let pages =
            aws.ec2().describe_vpc_endpoints().set_filters(Some(filters)).into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(Self::DESCRIBE))
    }

    fn observed(_aws: &Aws, endpoint: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        let Some(settling) = settling(endpoint) else { return Ok(None) };
        let endpoint_type = endpoint.vpc_endpoint_type().unwrap_or(&VpcEndpointType::Gateway);
        let groups = endpoint.groups().iter().filter_map(|group| group.group_id());
        Ok(Some(Observed {
            id: Id::new(text(endpoint.vpc_endpoint_id())),
            spec: VpcEndpoint {
                vpc: Id::new(text(endpoint.vpc_id())).into(),
                service: text(endpoint.service_name()),
                endpoint_type: endpoint_type.as_str().to_owned(),
                route_tables: sorted(endpoint.route_table_ids().iter().map(String::as_str)),
                subnets: sorted(endpoint.subnet_ids().iter().map(String::as_str)),
                security_groups: sorted(groups),
                private_dns: Some(endpoint.private_dns_enabled().unwrap_or_default()),
            },
            outputs: BTreeMap::new(),
            settling,
            tags: read_tags(endpoint.tags()),
            unread: &[],
        }))
    }
}

/// The state in EC2's word, in whichever case it is written; `None` for an endpoint that is gone.
fn settling(endpoint: &aws_sdk_ec2::types::VpcEndpoint) -> Option<Settling> {
    let state = endpoint.state().map_or_else(String::new, |state| state.as_str().to_ascii_lowercase());
    let reason = || {
        let said = endpoint.last_error().map(|error| [error.code(), error.message()].into_iter().flatten());
        let said = said.map(|words| words.collect::<Vec<_>>().join(": ")).filter(|words| !words.is_empty());
        said.or_else(|| endpoint.failure_reason().map(str::to_owned))
            .unwrap_or_else(|| format!("it is {state}"))
    };
    Some(match state.as_str() {
        "deleted" => return None,
        "" | "available" => Settling::Settled,
        "failed" | "rejected" | "expired" | "partial" => Settling::Failed(reason()),
        _ => Settling::Underway(state),
    })
}

fn sorted<'a, O>(ids: impl Iterator<Item = &'a str>) -> Vec<Late<Id<O>>> {
    let mut ids: Vec<Id<O>> = ids.map(Id::new).collect();
    ids.sort();
    ids.into_iter().map(Late::Known).collect()
}

/// EC2 refuses an empty list where it takes none at all.
fn some<O>(ids: &[Late<Id<O>>]) -> Option<Vec<String>> {
    only_in(ids, &[])
}

fn only_in<O>(these: &[Late<Id<O>>], those: &[Late<Id<O>>]) -> Option<Vec<String>> {
    let extra = these.iter().filter(|id| !those.contains(id));
    let extra: Vec<String> = extra.map(|id| id.known().as_str().to_owned()).collect();
    (!extra.is_empty()).then_some(extra)
}
