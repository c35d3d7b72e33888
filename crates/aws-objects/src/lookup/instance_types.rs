//! What types of instances are made of.

use super::look;
use super::usage::is_standard;
use crate::{Aws, faults};
use aws_sdk_ec2::types::{self, Filter};
use futures::future::try_join_all;
use reconcile::Fault;

/// A type of instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceType {
    /// Its name, such as `m7i.large`.
    pub name: String,
    /// What it can run: `x86_64`, `arm64`, and `i386` or `x86_64_mac` for some.
    pub architectures: Vec<String>,
    /// How many virtual processors it has.
    pub vcpus: i32,
    /// How many GPUs it has.
    pub gpus: i32,
    /// Who makes its GPUs, such as `NVIDIA`.
    pub gpu_maker: Option<String>,
}

impl InstanceType {
    /// Whether it counts against the quotas of standard instances: "Standard (A, C, D, H, I, M, R, T, Z)".
    pub fn is_standard(&self) -> bool {
        is_standard(&self.name)
    }
}

/// What was found of the types that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InstanceTypes {
    /// Those that this region has, in the order in which they were asked for.
    pub known: Vec<InstanceType>,
    /// Those that it has not.
    pub unknown: Vec<String>,
}

/// What the types of the names `names` are.
///
/// They are asked for by a filter: in the list of types, a single unknown one would fail the whole call.
pub async fn instance_types(aws: &Aws, names: &[String]) -> Result<InstanceTypes, Fault> {
    let batches = names.chunks(MOST_IN_A_FILTER).map(|names| {
        look(aws, "ec2", || async {
            let filter = Filter::builder().name("instance-type").set_values(Some(names.to_vec())).build();
            let pages = aws.ec2().describe_instance_types().filters(filter).into_paginator().items().send();
            pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeInstanceTypes"))
        })
    });
    let found: Vec<InstanceType> =
        try_join_all(batches).await?.iter().flatten().filter_map(instance_type).collect();
    let mut types = InstanceTypes::default();
    for name in names {
        match found.iter().find(|found| found.name == *name) {
            Some(known) => types.known.push(known.clone()),
            None => types.unknown.push(name.clone()),
        }
    }
    Ok(types)
}

/// The most values that one filter of EC2 takes.
pub(super) const MOST_IN_A_FILTER: usize = 200;

fn instance_type(info: &types::InstanceTypeInfo) -> Option<InstanceType> {
    let architectures = info.processor_info().map(|processor| processor.supported_architectures());
    let gpus = info.gpu_info().map(|gpus| gpus.gpus()).unwrap_or_default();
    Some(InstanceType {
        name: info.instance_type()?.as_str().to_owned(),
        architectures: architectures.unwrap_or_default().iter().map(|one| one.as_str().to_owned()).collect(),
        vcpus: info.v_cpu_info().and_then(|vcpus| vcpus.default_v_cpus()).unwrap_or_default(),
        gpus: gpus.iter().filter_map(|gpu| gpu.count()).sum(),
        gpu_maker: gpus.first().and_then(|gpu| gpu.manufacturer()).map(str::to_owned),
    })
}
