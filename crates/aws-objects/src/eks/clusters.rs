//! The clusters of a region, for all kinds that ask for them at the same moment.

use crate::{Aws, faults};
use aws_sdk_eks::{Client, types::Cluster};
use futures::{StreamExt, TryStreamExt, stream};
use reconcile::{Fault, Sort, Tags};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// How many clusters are described at a time.
const READS_AT_ONCE: usize = 8;

/// Those of `names` that exist, by name, and perhaps others. Whoever asks at the same moment shares the calls.
pub(crate) async fn clusters(
    aws: &Aws,
    names: impl IntoIterator<Item = String>,
) -> Result<Arc<BTreeMap<String, Cluster>>, Fault> {
    let client = aws.eks().clone();
    let call = move |names: BTreeSet<String>| async move {
        let each = names.into_iter().map(|name| described(client.clone(), name));
        let found: Vec<_> = stream::iter(each).buffer_unordered(READS_AT_ONCE).try_collect().await?;
        Ok(by_name(found))
    };
    aws.clusters.ask(names, call).await
}

/// The cluster called `name`, if there is one.
pub(crate) async fn cluster(aws: &Aws, name: &str) -> Result<Option<Cluster>, Fault> {
    Ok(clusters(aws, [name.to_owned()]).await?.get(name).cloned())
}

/// The clusters that carry `wanted`, by name. EKS cannot search by tag, so all are described, once for whoever asks at
/// the same moment. A cluster that we may not see is not ours.
pub(super) async fn clusters_with(aws: &Aws, wanted: &Tags) -> Result<BTreeMap<String, Cluster>, Fault> {
    let client = aws.eks().clone();
    let call = |_| async move {
        let pages = client.list_clusters().into_paginator().items().send();
        let names = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("ListClusters"))?;
        let each = names.into_iter().map(|name| visible(client.clone(), name));
        let found: Vec<_> = stream::iter(each).buffer_unordered(READS_AT_ONCE).try_collect().await?;
        Ok(by_name(found))
    };
    let all = aws.all_clusters.ask([()], call).await?;
    let is_ours = |cluster: &Cluster| super::tags::carries(&super::tags::read(cluster.tags()), wanted);
    let ours = all.iter().filter(|(_, cluster)| is_ours(cluster));
    Ok(ours.map(|(name, cluster)| (name.clone(), cluster.clone())).collect())
}

async fn described(client: Client, name: String) -> Result<Option<Cluster>, Fault> {
    match client.describe_cluster().name(&name).send().await.map_err(faults::of("DescribeCluster")) {
        Err(fault) if fault.sort == Sort::NotFound => Ok(None),
        answer => Ok(answer?.cluster.filter(|cluster| cluster.name() == Some(&name))),
    }
}

async fn visible(client: Client, name: String) -> Result<Option<Cluster>, Fault> {
    match described(client, name).await {
        Err(fault) if fault.sort == Sort::Denied => Ok(None),
        other => other,
    }
}

fn by_name(found: Vec<Option<Cluster>>) -> BTreeMap<String, Cluster> {
    let named = |cluster: Cluster| Some((cluster.name()?.to_owned(), cluster));
    found.into_iter().flatten().filter_map(named).collect()
}
