//! Route tables, and the one call from which routes and associations are read as well.

use super::{
    Vpc,
    described::{self, Described, filter, in_batches, made, read_tags, tagged, text},
};
use crate::{Aws, aws::RouteTableKey, faults};
use aws_sdk_ec2::types::{self, Filter, ResourceType, RouteOrigin};
use reconcile::{Birth, Changes, Depth, Fault, Id, Late, Object, Observed, Pace, Settling, Sort, Tags};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A route table. Its routes are objects of their own; here only foreign ones are found and taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteTable {
    /// The VPC it is part of.
    pub vpc: Late<Id<Vpc>>,
    /// The destinations for which it should have routes. Those that AWS adds by itself do not count.
    pub destinations: Vec<String>,
}

impl Object for RouteTable {
    type Cloud = Aws;
    const KIND: &'static str = "route_table";
    const SERVICE: &'static str = "ec2";
    const REPLACED_BY: &'static [&'static str] = &["vpc"];
    const PACE: Pace = Pace::seconds(2, 600, 300);

    async fn read(aws: &Aws, ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        let tables = tables(aws, ids.iter().map(|id| RouteTableKey::Table(id.as_str().to_owned()))).await?;
        let asked =
            tables.iter().filter(|table| ids.iter().any(|id| Some(id.as_str()) == table.route_table_id()));
        Ok(asked.map(seen).collect())
    }

    async fn owned(aws: &Aws, tags: &Tags) -> Result<Vec<Observed<Self>>, Fault> {
        described::owned(aws, tags).await
    }

    async fn create(&self, aws: &Aws, birth: &Birth) -> Result<Id<Self>, Fault> {
        let call =
            aws.ec2().create_route_table().vpc_id(self.vpc.known().as_str()).client_token(&birth.token);
        let call = call.tag_specifications(tagged(ResourceType::RouteTable, birth));
        let answer = call.send().await.map_err(faults::of_dependent("CreateRouteTable"))?;
        made("CreateRouteTable", answer.route_table().and_then(|table| table.route_table_id()))
    }

    /// Takes away the routes that nobody asked for. Missing ones are made by their own objects.
    async fn update(&self, aws: &Aws, id: &Id<Self>, before: &Self, _changes: &Changes) -> Result<(), Fault> {
        for foreign in
            before.destinations.iter().filter(|destination| !self.destinations.contains(destination))
        {
            match delete_route(aws, id, foreign).await {
                Err(fault) if fault.sort != Sort::NotFound => return Err(fault),
                _ => {}
            }
        }
        Ok(())
    }

    async fn retag(aws: &Aws, id: &Id<Self>, put: &Tags, remove: &[String]) -> Result<(), Fault> {
        described::retag(aws, id.as_str(), put, remove).await
    }

    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let call = aws.ec2().delete_route_table().route_table_id(id.as_str());
        call.send().await.map(drop).map_err(faults::of("DeleteRouteTable"))
    }

    /// A route that is not there yet is no matter of the table's; one too many is.
    fn align(observed: &mut Self, wanted: &Self) {
        let foreign = observed.destinations.iter().filter(|seen| !wanted.destinations.contains(seen));
        observed.destinations = wanted.destinations.iter().chain(foreign).cloned().collect();
    }
}

impl Described for RouteTable {
    const DESCRIBE: &'static str = "DescribeRouteTables";
    const ID_FILTER: &'static str = "route-table-id";
    type Answer = types::RouteTable;

    async fn describe(aws: &Aws, filters: Vec<Filter>) -> Result<Vec<Self::Answer>, Fault> {
        describe(aws.ec2(), filters).await
    }

    fn observed(_aws: &Aws, table: &Self::Answer) -> Result<Option<Observed<Self>>, Fault> {
        Ok(Some(seen(table)))
    }
}

fn seen(table: &types::RouteTable) -> Observed<RouteTable> {
    let mut destinations: Vec<String> = table
        .routes()
        .iter()
        .filter(|route| !is_by_aws(route))
        .filter_map(destination)
        .map(str::to_owned)
        .collect();
    destinations.sort();
    Observed {
        id: Id::new(text(table.route_table_id())),
        spec: RouteTable { vpc: Id::new(text(table.vpc_id())).into(), destinations },
        outputs: BTreeMap::new(),
        settling: Settling::Settled,
        tags: read_tags(table.tags()),
        unread: &[],
    }
}

/// Whether AWS itself put the route there: to the VPC, to an endpoint, or spread by a gateway or a route server. Nobody
/// can delete those.
fn is_by_aws(route: &types::Route) -> bool {
    let gateway = route.gateway_id().unwrap_or_default();
    gateway == "local"
        || gateway.starts_with("vpce-")
        || route.origin().is_some_and(|origin| *origin != RouteOrigin::CreateRoute)
}

/// Where a route leads to.
pub(super) fn destination(route: &types::Route) -> Option<&str> {
    route
        .destination_cidr_block()
        .or_else(|| route.destination_ipv6_cidr_block())
        .or_else(|| route.destination_prefix_list_id())
}

/// Deletes the route to `destination`, which is a block of addresses of either sort or a prefix list.
pub(super) async fn delete_route(aws: &Aws, table: &Id<RouteTable>, destination: &str) -> Result<(), Fault> {
    let call = aws.ec2().delete_route().route_table_id(table.as_str());
    let call = match destination {
        list if list.starts_with("pl-") => call.destination_prefix_list_id(list),
        v6 if v6.contains(':') => call.destination_ipv6_cidr_block(v6),
        v4 => call.destination_cidr_block(v4),
    };
    call.send().await.map(drop).map_err(faults::of("DeleteRoute"))
}

/// The tables that `keys` ask for, and perhaps others. Tables, routes and associations all ask here, and those who
/// ask together share one call.
pub(super) async fn tables(
    aws: &Aws,
    keys: impl Iterator<Item = RouteTableKey>,
) -> Result<std::sync::Arc<Vec<types::RouteTable>>, Fault> {
    let ec2 = aws.ec2().clone();
    aws.route_tables.ask(keys, move |keys| async move { by_keys(&ec2, keys).await }).await
}

/// A subnet is looked for in the tables that are asked for by id first: it is there unless somebody moved it, and EC2
/// has no filter that means "one or the other".
async fn by_keys(
    ec2: &aws_sdk_ec2::Client,
    keys: BTreeSet<RouteTableKey>,
) -> Result<Vec<types::RouteTable>, Fault> {
    let (mut ids, mut subnets) = (Vec::new(), Vec::new());
    for key in keys {
        match key {
            RouteTableKey::Table(id) => ids.push(id),
            RouteTableKey::Subnet(id) => subnets.push(id),
        }
    }
    let mut tables = Vec::new();
    for batch in in_batches(ids) {
        tables.extend(describe(ec2, vec![filter(RouteTable::ID_FILTER, batch)]).await?);
    }
    subnets.retain(|subnet| !tables.iter().any(|table| is_used_by(table, subnet)));
    for batch in in_batches(subnets) {
        tables.extend(describe(ec2, vec![filter("association.subnet-id", batch)]).await?);
    }
    Ok(tables)
}

fn is_used_by(table: &types::RouteTable, subnet: &str) -> bool {
    table.associations().iter().any(|association| association.subnet_id() == Some(subnet))
}

async fn describe(ec2: &aws_sdk_ec2::Client, filters: Vec<Filter>) -> Result<Vec<types::RouteTable>, Fault> {
    let pages = ec2.describe_route_tables().set_filters(Some(filters)).into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of(RouteTable::DESCRIBE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(destinations: &[&str]) -> RouteTable {
        RouteTable {
            vpc: Id::new("vpc-1").into(),
            destinations: destinations.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn a_route_that_is_missing_is_not_the_tables_matter_but_a_foreign_one_is() {
        let wanted = table(&["0.0.0.0/0"]);
        let mut without_routes = table(&[]);
        RouteTable::align(&mut without_routes, &wanted);
        assert_eq!(without_routes, wanted);
        let mut with_a_foreign_one = table(&["10.9.0.0/16"]);
        RouteTable::align(&mut with_a_foreign_one, &wanted);
        assert_eq!(with_a_foreign_one, table(&["0.0.0.0/0", "10.9.0.0/16"]));
    }

    #[test]
    fn routes_that_aws_puts_there_do_not_count() {
        let route = |to: &str, gateway: &str| {
            types::Route::builder().destination_cidr_block(to).gateway_id(gateway).build()
        };
        let endpoint =
            types::Route::builder().destination_prefix_list_id("pl-1").gateway_id("vpce-1").build();
        let spread = types::Route::builder()
            .destination_cidr_block("10.8.0.0/16")
            .origin(RouteOrigin::EnableVgwRoutePropagation)
            .build();
        let advertised = types::Route::builder()
            .destination_cidr_block("10.7.0.0/16")
            .network_interface_id("eni-1")
            .origin(RouteOrigin::from("Advertisement"))
            .build();
        let ours = types::Route::builder()
            .destination_cidr_block("0.0.0.0/0")
            .gateway_id("igw-1")
            .origin(RouteOrigin::CreateRoute)
            .build();
        let answer = types::RouteTable::builder()
            .vpc_id("vpc-1")
            .routes(route("10.0.0.0/16", "local"))
            .routes(ours)
            .routes(endpoint)
            .routes(spread)
            .routes(advertised)
            .build();
        assert_eq!(seen(&answer).spec, table(&["0.0.0.0/0"]));
    }
}
