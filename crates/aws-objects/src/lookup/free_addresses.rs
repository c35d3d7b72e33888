//! How many addresses subnets have left.

use super::{instance_types::MOST_IN_A_FILTER, look};
use crate::{Aws, faults};
use aws_sdk_ec2::types::Filter;
use futures::future::try_join_all;
use reconcile::Fault;
use std::collections::BTreeMap;

/// The number of free addresses of each of the subnets `ids` that exists.
pub async fn free_addresses(aws: &Aws, ids: &[String]) -> Result<BTreeMap<String, i32>, Fault> {
    let batches = ids.chunks(MOST_IN_A_FILTER).map(|ids| {
        look(aws, "ec2", || async {
            let filter = Filter::builder().name("subnet-id").set_values(Some(ids.to_vec())).build();
            let pages = aws.ec2().describe_subnets().filters(filter).into_paginator().items().send();
            pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeSubnets"))
        })
    });
    let subnets = try_join_all(batches).await?.into_iter().flatten();
    let free = |subnet: aws_sdk_ec2::types::Subnet| {
        Some((subnet.subnet_id()?.to_owned(), subnet.available_ip_address_count()?))
    };
    Ok(subnets.filter_map(free).collect())
}
