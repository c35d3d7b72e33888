//! Finds what a cluster leaves behind, by the tags that Kubernetes and EKS write on what they make for it.

use super::{Leftover, LeftoverKind};
use crate::{Aws, faults, tags};
use aws_sdk_ec2::types::{Filter, NetworkInterface, NetworkInterfaceStatus};
use futures::{
    future::{try_join, try_join_all},
    try_join,
};
use reconcile::{Fault, Sort, Tags};
use std::collections::BTreeSet;

/// What was found in a network.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What is the cluster's, load balancers first.
    pub(super) leftovers: Vec<Leftover>,
    /// Interfaces of load balancers that are gone: AWS takes them away within minutes, and nobody else can.
    pub(super) vanishing: Vec<String>,
}

/// Everything that `cluster` left in `vpc`, and its volumes and its log group.
pub(super) async fn found(aws: &Aws, cluster: &str, vpc: &str) -> Result<Found, Fault> {
    let (balancers, classic, targets, interfaces, groups, volumes, logs) = try_join!(
        load_balancers(aws, vpc),
        classic_load_balancers(aws, vpc),
        target_groups(aws, vpc),
        interfaces(aws, vpc),
        security_groups(aws, vpc),
        volumes(aws),
        log_group(aws, cluster),
    )?;
    let living: BTreeSet<&str> =
        balancers.iter().chain(&classic).map(|(leftover, _)| own_part(leftover)).collect();
    let vanishing = interfaces.iter().filter_map(|interface| vanishing(interface, &living)).collect();
    let unattached = interfaces.iter().filter_map(unattached);
    let all = balancers.iter().chain(&classic).chain(&targets).cloned().chain(unattached);
    let all = all.chain(groups).chain(volumes).chain(logs);
    let ours = all.filter(|(leftover, tags)| is_of(cluster, leftover.kind, tags));
    Ok(Found { leftovers: ours.map(|(leftover, _)| leftover).collect(), vanishing })
}

/// Whether what carries `tags` was made for `cluster` and for nobody else.
///
/// Rule: this alone decides what is swept. What carries a tag of ours is an object of a composite and goes as one.
fn is_of(cluster: &str, kind: LeftoverKind, tags: &Tags) -> bool {
    let has = |key: &str, value: &str| tags.get(key).is_some_and(|is| is == value);
    let own = format!("{CLUSTER}{cluster}");
    let is_anothers = |key: &String| key.starts_with("luneo:") || (key.starts_with(CLUSTER) && *key != own);
    if tags.keys().any(is_anothers) {
        return false;
    }
    let owned = has(&own, "owned");
    match kind {
        LeftoverKind::LoadBalancer
        | LeftoverKind::ClassicLoadBalancer
        | LeftoverKind::TargetGroup
        | LeftoverKind::SecurityGroup => {
            owned || has("elbv2.k8s.aws/cluster", cluster) || has("aws:eks:cluster-name", cluster)
        }
        LeftoverKind::Interface => has("cluster.k8s.amazonaws.com/name", cluster),
        LeftoverKind::Volume => tags.contains_key(CLAIM) && (owned || has("KubernetesCluster", cluster)),
        // Its name says whose it is. EKS makes it again without tags when the control plane writes its last lines late;
        // one with tags was made by somebody.
        LeftoverKind::LogGroup => tags.is_empty(),
    }
}

const CLUSTER: &str = "kubernetes.io/cluster/";
const CLAIM: &str = "kubernetes.io/created-for/pvc/name";
const CLAIM_NAMESPACE: &str = "kubernetes.io/created-for/pvc/namespace";

/// How many load balancers or target groups may be asked for their tags at once.
const TAGS_AT_ONCE: usize = 20;

type Tagged = (Leftover, Tags);

fn leftover(kind: LeftoverKind, id: Option<&str>, name: Option<&str>) -> Option<Leftover> {
    Some(Leftover { kind, id: id?.to_owned(), name: name.unwrap_or_default().to_owned() })
}

/// How the description of an interface names the load balancer: `app/<name>/<id>`, or the name of a classic one.
fn own_part(load_balancer: &Leftover) -> &str {
    load_balancer.id.split_once(":loadbalancer/").map_or(&load_balancer.id, |(_, part)| part)
}

/// An interface of a load balancer that is none of those that live.
fn vanishing(interface: &NetworkInterface, living: &BTreeSet<&str>) -> Option<String> {
    let (id, description) = (interface.network_interface_id()?, interface.description()?);
    let of = description.strip_prefix("ELB ")?;
    (!living.contains(of)).then(|| format!("network interface {id} ({description})"))
}

/// An interface of the VPC CNI that its node left behind.
fn unattached(interface: &NetworkInterface) -> Option<Tagged> {
    let description = interface.description().filter(|description| description.starts_with("aws-K8S-"))?;
    let is_free = interface.status() == Some(&NetworkInterfaceStatus::Available);
    let kind = LeftoverKind::Interface;
    let found = leftover(kind, interface.network_interface_id().filter(|_| is_free), Some(description))?;
    Some((found, read_tags(interface.tag_set())))
}

fn read_tags(answered: &[aws_sdk_ec2::types::Tag]) -> Tags {
    tags::read(answered.iter().map(|tag| (tag.key(), tag.value())))
}

async fn load_balancers(aws: &Aws, vpc: &str) -> Result<Vec<Tagged>, Fault> {
    let pages = aws.elasticloadbalancingv2().describe_load_balancers().into_paginator().items().send();
    let all = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeLoadBalancers"))?;
    let here = all.iter().filter(|balancer| balancer.vpc_id() == Some(vpc)).filter_map(|balancer| {
        leftover(LeftoverKind::LoadBalancer, balancer.load_balancer_arn(), balancer.load_balancer_name())
    });
    with_tags(aws, here.collect()).await
}

async fn target_groups(aws: &Aws, vpc: &str) -> Result<Vec<Tagged>, Fault> {
    let pages = aws.elasticloadbalancingv2().describe_target_groups().into_paginator().items().send();
    let all = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeTargetGroups"))?;
    let here = all.iter().filter(|group| group.vpc_id() == Some(vpc)).filter_map(|group| {
        leftover(LeftoverKind::TargetGroup, group.target_group_arn(), group.target_group_name())
    });
    with_tags(aws, here.collect()).await
}

/// One that goes while it is asked for fails the call for all: it is asked again.
async fn with_tags(aws: &Aws, found: Vec<Leftover>) -> Result<Vec<Tagged>, Fault> {
    let batches = found.chunks(TAGS_AT_ONCE).map(|batch| async move {
        let arns = batch.iter().map(|one| one.id.clone()).collect();
        let call = aws.elasticloadbalancingv2().describe_tags().set_resource_arns(Some(arns));
        let answer = call.send().await.map_err(faults::of_dependent("DescribeTags"))?;
        let tags_of = |one: &Leftover| {
            let mut answers = answer.tag_descriptions().iter();
            let tags = answers.find(|answer| answer.resource_arn() == Some(&one.id))?.tags();
            Some((one.clone(), tags::read(tags.iter().map(|tag| (tag.key(), tag.value())))))
        };
        Ok(batch.iter().filter_map(tags_of).collect::<Vec<_>>())
    });
    Ok(try_join_all(batches).await?.into_iter().flatten().collect())
}

async fn classic_load_balancers(aws: &Aws, vpc: &str) -> Result<Vec<Tagged>, Fault> {
    let pages = aws.elasticloadbalancing().describe_load_balancers().into_paginator().items().send();
    let all = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeLoadBalancers"))?;
    let here: Vec<&str> = all
        .iter()
        .filter(|balancer| balancer.vpc_id() == Some(vpc))
        .filter_map(|balancer| balancer.load_balancer_name())
        .collect();
    let batches = here.chunks(TAGS_AT_ONCE).map(|batch| async move {
        let names = batch.iter().map(|name| (*name).to_owned()).collect();
        let call = aws.elasticloadbalancing().describe_tags().set_load_balancer_names(Some(names));
        let answer = call.send().await.map_err(faults::of_dependent("DescribeTags"))?;
        let tagged = answer.tag_descriptions().iter().filter_map(|answer| {
            let name = answer.load_balancer_name();
            let found = leftover(LeftoverKind::ClassicLoadBalancer, name, name)?;
            Some((found, tags::read(answer.tags().iter().map(|tag| (Some(tag.key()), tag.value())))))
        });
        Ok(tagged.collect::<Vec<_>>())
    });
    Ok(try_join_all(batches).await?.into_iter().flatten().collect())
}

fn in_vpc(vpc: &str) -> Filter {
    Filter::builder().name("vpc-id").values(vpc).build()
}

async fn interfaces(aws: &Aws, vpc: &str) -> Result<Vec<NetworkInterface>, Fault> {
    let call = aws.ec2().describe_network_interfaces().filters(in_vpc(vpc));
    let pages = call.into_paginator().items().send();
    pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeNetworkInterfaces"))
}

async fn security_groups(aws: &Aws, vpc: &str) -> Result<Vec<Tagged>, Fault> {
    let pages = aws.ec2().describe_security_groups().filters(in_vpc(vpc)).into_paginator().items().send();
    let all = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeSecurityGroups"))?;
    let tagged = all.iter().filter_map(|group| {
        let found = leftover(LeftoverKind::SecurityGroup, group.group_id(), group.group_name())?;
        Some((found, read_tags(group.tags())))
    });
    Ok(tagged.collect())
}

/// Volumes belong to a zone and not to a network.
async fn volumes(aws: &Aws) -> Result<Vec<Tagged>, Fault> {
    let of_claims = Filter::builder().name("tag-key").values(CLAIM).build();
    let pages = aws.ec2().describe_volumes().filters(of_claims).into_paginator().items().send();
    let all = pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeVolumes"))?;
    let tagged = all.iter().filter_map(|volume| {
        let tags = read_tags(volume.tags());
        let claim = [CLAIM_NAMESPACE, CLAIM].into_iter().filter_map(|key| tags.get(key).map(String::as_str));
        let claim = claim.collect::<Vec<_>>().join("/");
        Some((leftover(LeftoverKind::Volume, volume.volume_id(), Some(&claim))?, tags))
    });
    Ok(tagged.collect())
}

/// The control plane's log group, if it keeps what it is told for ever: one with a retention was made by somebody.
async fn log_group(aws: &Aws, cluster: &str) -> Result<Vec<Tagged>, Fault> {
    let name = format!("/aws/eks/{cluster}/cluster");
    let answer = async {
        let call = aws.logs().describe_log_groups().log_group_name_prefix(&name);
        let pages = call.into_paginator().items().send();
        pages.collect::<Result<Vec<_>, _>>().await.map_err(faults::of("DescribeLogGroups"))
    };
    let tags = async {
        let arn = aws.arn("logs", &format!("log-group:{name}"));
        match aws.logs().list_tags_for_resource().resource_arn(arn).send().await {
            Ok(answer) => Ok(Some(answer.tags.unwrap_or_default().into_iter().collect::<Tags>())),
            Err(error) => match faults::of("ListTagsForResource")(error) {
                fault if fault.sort == Sort::NotFound => Ok(None),
                fault => Err(fault),
            },
        }
    };
    let (groups, tags) = try_join(answer, tags).await?;
    let mut of_name = groups.iter().filter(|group| group.log_group_name() == Some(name.as_str()));
    let is_forever = of_name.next().is_some_and(|group| group.retention_in_days().is_none());
    let found =
        leftover(LeftoverKind::LogGroup, Some(&name).filter(|_| is_forever).map(String::as_str), Some(&name));
    Ok(found.zip(tags).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    const OF_SERVICES: [LeftoverKind; 4] = [
        LeftoverKind::LoadBalancer,
        LeftoverKind::ClassicLoadBalancer,
        LeftoverKind::TargetGroup,
        LeftoverKind::SecurityGroup,
    ];

    #[test]
    fn what_carries_the_clusters_own_tags_is_its() {
        for kind in OF_SERVICES {
            for pair in [
                ("kubernetes.io/cluster/main", "owned"),
                ("elbv2.k8s.aws/cluster", "main"),
                ("aws:eks:cluster-name", "main"),
            ] {
                assert!(is_of("main", kind, &tags(&[pair, ("Name", "x")])), "{kind} {pair:?}");
            }
        }
        let cni = tags(&[("cluster.k8s.amazonaws.com/name", "main")]);
        assert!(is_of("main", LeftoverKind::Interface, &cni));
        for owner in [("KubernetesCluster", "main"), ("kubernetes.io/cluster/main", "owned")] {
            assert!(is_of("main", LeftoverKind::Volume, &tags(&[(CLAIM, "data-0"), owner])));
        }
        assert!(is_of("main", LeftoverKind::LogGroup, &tags(&[])));
    }

    #[test]
    fn what_is_anothers_or_shared_or_nobodys_is_left_alone() {
        for kind in OF_SERVICES {
            for foreign in [
                &[][..],
                &[("Name", "main")],
                &[("kubernetes.io/cluster/main", "shared")],
                &[("kubernetes.io/cluster/main-2", "owned")],
                &[("kubernetes.io/cluster/main", "owned"), ("kubernetes.io/cluster/other", "owned")],
                &[("kubernetes.io/cluster/main", "owned"), ("luneo:name", "shop")],
                &[("elbv2.k8s.aws/cluster", "other")],
                &[("aws:eks:cluster-name", "other")],
                &[("KubernetesCluster", "main")],
            ] {
                assert!(!is_of("main", kind, &tags(foreign)), "{kind} {foreign:?}");
            }
        }
        let by_instance = tags(&[("node.k8s.amazonaws.com/instance_id", "i-1")]);
        assert!(!is_of("main", LeftoverKind::Interface, &by_instance));
        assert!(!is_of("main", LeftoverKind::Volume, &tags(&[("kubernetes.io/cluster/main", "owned")])));
        assert!(!is_of("main", LeftoverKind::Volume, &tags(&[(CLAIM, "data-0")])));
        assert!(!is_of("main", LeftoverKind::LogGroup, &tags(&[("team", "sky")])));
    }

    #[test]
    fn only_interfaces_that_nothing_is_attached_to_are_left_behind() {
        let interface = |description: &str, status: NetworkInterfaceStatus| {
            let built = NetworkInterface::builder().network_interface_id("eni-1");
            built.description(description).status(status).build()
        };
        assert!(unattached(&interface("aws-K8S-i-1", NetworkInterfaceStatus::Available)).is_some());
        assert!(unattached(&interface("aws-K8S-i-1", NetworkInterfaceStatus::InUse)).is_none());
        assert!(unattached(&interface("Amazon EKS main", NetworkInterfaceStatus::Available)).is_none());
    }

    #[test]
    fn an_interface_vanishes_once_its_load_balancer_is_gone() {
        let balancer = Leftover {
            kind: LeftoverKind::LoadBalancer,
            id: "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/1f".to_owned(),
            name: "web".to_owned(),
        };
        let living = BTreeSet::from([own_part(&balancer), "classic"]);
        let interface = |description: &str| {
            NetworkInterface::builder().network_interface_id("eni-1").description(description).build()
        };
        assert_eq!(vanishing(&interface("ELB app/web/1f"), &living), None);
        assert_eq!(vanishing(&interface("ELB classic"), &living), None);
        assert_eq!(
            vanishing(&interface("ELB app/old/2e"), &living).as_deref(),
            Some("network interface eni-1 (ELB app/old/2e)")
        );
        assert_eq!(vanishing(&interface("RDSNetworkInterface"), &living), None);
    }
}
