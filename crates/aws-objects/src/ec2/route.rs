//! Routes.

use super::{
    InternetGateway, NatGateway, RouteTable,
    route_table::{delete_route, destination, tables},
};
use crate::{Aws, aws::RouteTableKey, faults};
use aws_sdk_ec2::types;
use ipnet::Ipv4Net;
use reconcile::{Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Pace, Settling};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A route of a table, through one gateway. Its id is that of the table and the destination: `rtb-1_0.0.0.0/0`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// The table it is in.
    pub table: Late<Id<RouteTable>>,
    /// Where it leads to.
    pub destination: Ipv4Net,
    /// Through this gateway, or
    pub internet_gateway: Option<Late<Id<InternetGateway>>>,
    /// through this one.
    pub nat_gateway: Option<Late<Id<NatGateway>>>,
}

impl Object for Route {
    type Cloud = Aws;
    const KIND: &'static str = "route";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["table", "destination"];
    const TAGGED: bool = false;
    const PACE: Pace = Pace::seconds(1, 300, 300);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let keys: Vec<(&str, &str)> = ids.iter().filter_map(|id| id.as_str().split_once('_')).collect();
        let tables =
            tables(aws, keys.iter().map(|(table, _)| RouteTableKey::Table((*table).to_owned()))).await?;
        Ok(keys.into_iter().filter_map(|(table, to)| seen(&tables, table, to)).collect())
    }

    async fn find(&self, aws: &Aws) -> Result<Option<Observed<Self>>, Fault> {
        let Some(table) = self.table.if_known() else { return Ok(None) };
        let tables = tables(aws, [RouteTableKey::Table(table.as_str().to_owned())].into_iter()).await?;
        Ok(seen(&tables, table.as_str(), &self.destination.trunc().to_string()))
    }

    async fn create(&self, aws: &Aws, _birth: &Birth) -> Result<Id<Self>, Fault> {
        let (table, to) = (self.table.known(), self.destination.trunc().to_string());
        let call = aws.ec2().create_route().route_table_id(table.as_str()).destination_cidr_block(&to);
        let call = call
            .set_gateway_id(self.through_internet_gateway())
            .set_nat_gateway_id(self.through_nat_gateway());
        call.send().await.map_err(faults::of_dependent("CreateRoute"))?;
        Ok(Id::new(format!("{table}_{to}")))
    }

    async fn update(
        &self,
        aws: &Aws,
        _id: &Id<Self>,
        _before: &Self,
        _changes: &Changes,
    ) -> Result<(), Fault> {
        let call = aws.ec2().replace_route().route_table_id(self.table.known().as_str());
        let call = call.destination_cidr_block(self.destination.trunc().to_string());
        let call = call
            .set_gateway_id(self.through_internet_gateway())
            .set_nat_gateway_id(self.through_nat_gateway());
        call.send().await.map(drop).map_err(faults::of_dependent("ReplaceRoute"))
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        match id.as_str().split_once('_') {
            Some((table, to)) => delete_route(aws, &Id::new(table), to).await,
            None => Err(Fault::refused("DeleteRoute", "UnreadableId", format!("{id} is no id of a route"))),
        }
    }
}

impl Route {
    fn through_internet_gateway(&self) -> Option<String> {
        self.internet_gateway.as_ref().map(|gateway| gateway.known().as_str().to_owned())
    }

    fn through_nat_gateway(&self) -> Option<String> {
        self.nat_gateway.as_ref().map(|gateway| gateway.known().as_str().to_owned())
    }
}

/// The route of `table` to `to`. One through anything but the two sorts of gateways shows neither.
fn seen(tables: &[types::RouteTable], table: &str, to: &str) -> Option<Observed<Route>> {
    let routes = tables.iter().find(|candidate| candidate.route_table_id() == Some(table))?.routes();
    let route = routes.iter().find(|route| destination(route) == Some(to))?;
    let internet_gateway = route.gateway_id().filter(|gateway| gateway.starts_with("igw-"));
    Some(Observed {
        id: Id::new(format!("{table}_{to}")),
        spec: Route {
            table: Id::new(table).into(),
            destination: to.parse().ok()?,
            internet_gateway: internet_gateway.map(|gateway| Id::new(gateway).into()),
            nat_gateway: route.nat_gateway_id().map(|gateway| Id::new(gateway).into()),
        },
        outputs: BTreeMap::new(),
        settling: Settling::Settled,
        tags: None,
        unread: &[],
    })
}
