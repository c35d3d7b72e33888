//! Where types of instances are offered.

use super::{instance_types::MOST_IN_A_FILTER, look};
use crate::{Aws, faults};
use aws_sdk_ec2::types::{Filter, LocationType};
use futures::future::try_join_all;
use reconcile::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// The zones of this region, by name, in which each of the types `names` is offered; none for one that is unknown.
pub async fn instance_type_zones(
    aws: &Aws,
    names: &[String],
) -> Result<BTreeMap<String, BTreeSet<String>>, Fault> {
    let batches = names.chunks(MOST_IN_A_FILTER).map(|names| {
        look(aws, "ec2", || async {
            let filter = Filter::builder().name("instance-type").set_values(Some(names.to_vec())).build();
            let call = aws.ec2().describe_instance_type_offerings().filters(filter);
            let pages = call.location_type(LocationType::AvailabilityZone).into_paginator().items().send();
            pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeInstanceTypeOfferings"))
        })
    });
    let mut zones: BTreeMap<String, BTreeSet<String>> =
        names.iter().map(|name| (name.clone(), BTreeSet::new())).collect();
    for offering in try_join_all(batches).await?.into_iter().flatten() {
        let of_type = offering.instance_type().and_then(|name| zones.get_mut(name.as_str()));
        if let (Some(of_type), Some(zone)) = (of_type, offering.location()) {
            of_type.insert(zone.to_owned());
        }
    }
    Ok(zones)
}
