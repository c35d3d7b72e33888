//! The promises of who may do what in a cluster: access entries and pod identity associations.

use super::{bring, delete, keeps_its_promises, launch_template::template, make, read, settled, site::Site};
use aws_objects::{
    ec2::LaunchTemplate,
    eks::{AccessEntry, AccessScope, Cluster, PodIdentityAssociation},
};
use reconcile::{Depth, Id, Late, Object, Patience, Sort, patiently};
use serde_json::json;
use std::{collections::BTreeMap, time::Duration};

fn scope(namespaces: &[&str]) -> AccessScope {
    AccessScope::of(&namespaces.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
}

pub(super) fn entry(site: &Site, cluster: &Late<Id<Cluster>>, principal: &Late<String>) -> AccessEntry {
    let policy = |name: &str| format!("arn:{}:eks::aws:cluster-access-policy/{name}", site.aws().partition);
    AccessEntry {
        cluster: cluster.clone(),
        principal: principal.clone(),
        username: Some("deployer".to_owned()),
        groups: vec!["writers".to_owned(), "readers".to_owned()],
        policies: BTreeMap::from([
            (policy("AmazonEKSViewPolicy"), scope(&[])),
            (policy("AmazonEKSEditPolicy"), scope(&["shop", "blog"])),
        ]),
    }
}

#[tokio::test]
async fn access_entry() {
    access_entry_in(Site::open().await).await;
}

pub(super) async fn access_entry_in(site: Site) {
    let cluster = site.cluster("promises-access").await;
    let principal = site.role("promises-deployer", "ec2.amazonaws.com", &[]).await;
    let wanted = entry(&site, &cluster, &principal);
    let [edit, view] = [0, 1].map(|at| wanted.policies.keys().nth(at).cloned().expect("there are two"));
    let changed = AccessEntry {
        username: Some("releaser".to_owned()),
        groups: vec!["readers".to_owned()],
        policies: BTreeMap::from([(edit, scope(&[])), (view.replace("View", "Admin"), scope(&["shop"]))]),
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn an_entry_that_somebody_else_made_is_theirs() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let cluster = site.cluster("promises-taken").await;
    let principal = site.role("promises-taken-deployer", "ec2.amazonaws.com", &[]).await;
    let wanted = entry(&site, &cluster, &principal);
    let wish = json!({ "clusterName": "promises-taken", "principalArn": principal.known() });
    account.world("eks", "CreateAccessEntry", "eu-west-1", wish).unwrap();

    let birth = site.birth();
    let working = Patience::working(Duration::from_secs(60));
    let fault = patiently(working, || wanted.create(site.aws(), &birth)).await.unwrap_err();
    assert_eq!(fault.sort, Sort::Refused, "{fault}");
    let found = wanted.find(site.aws()).await.unwrap().expect("it is found");
    assert_eq!(found.tags, Some(BTreeMap::new()), "and is nobody's whom we know");
    assert!(AccessEntry::owned(site.aws(), &birth.tags).await.unwrap().is_empty());
    delete(site.aws(), &found.id, &wanted).await;
    site.clear().await;
}

#[tokio::test]
async fn an_entry_whose_user_name_is_not_asked_for_keeps_the_one_that_eks_chose() {
    let site = Site::open().await;
    let cluster = site.cluster("promises-named").await;
    let principal = site.role("promises-named-deployer", "ec2.amazonaws.com", &[]).await;
    let wanted = AccessEntry { username: None, ..entry(&site, &cluster, &principal) };
    let id = make(site.aws(), &wanted, &site.birth()).await;
    let before = settled(site.aws(), &id, &wanted).await.spec.username;
    assert!(before.as_ref().is_some_and(|name| name.contains("{{SessionName}}")), "{before:?}");
    let changed = AccessEntry { groups: Vec::new(), ..wanted.clone() };
    bring(site.aws(), &id, &changed).await;
    assert_eq!(settled(site.aws(), &id, &changed).await.spec.username, before);
    delete(site.aws(), &id, &changed).await;
    site.clear().await;
}

#[tokio::test]
async fn pod_identity_association() {
    pod_identity_association_in(Site::open().await).await;
}

pub(super) async fn pod_identity_association_in(site: Site) {
    let cluster = site.cluster("promises-pods").await;
    let wanted = PodIdentityAssociation {
        cluster,
        namespace: "kube-system".to_owned(),
        service_account: "external-dns".to_owned(),
        role: site.role("promises-dns", "pods.eks.amazonaws.com", &[]).await,
    };
    let changed = PodIdentityAssociation {
        role: site.role("promises-other-dns", "pods.eks.amazonaws.com", &[]).await,
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn what_stood_in_a_cluster_is_gone_with_it() {
    let site = Site::open().await;
    let planned = site.planned_cluster("promises-gone").await;
    let cluster = make(site.aws(), &planned, &site.birth()).await;
    let principal = site.role("promises-gone-deployer", "ec2.amazonaws.com", &[]).await;
    let wanted = entry(&site, &cluster.clone().into(), &principal);
    let id = make(site.aws(), &wanted, &site.birth()).await;
    delete(site.aws(), &cluster, &planned).await;
    for depth in [Depth::Surface, Depth::Whole] {
        assert!(read(site.aws(), &id, depth).await.is_none());
    }
    let answer = wanted.delete(site.aws(), &id).await;
    assert!(answer.as_ref().is_err_and(|fault| fault.sort == Sort::NotFound), "{answer:?}");
    site.clear().await;
}

/// However many there are, and whoever asks for the cluster at the same moment.
#[tokio::test]
async fn a_glance_takes_one_call_a_kind() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let cluster = site.cluster("promises-glance").await;
    let (mut entries, mut identities, mut templates) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..3 {
        let role = site.role(&format!("promises-glance-{number}"), "pods.eks.amazonaws.com", &[]).await;
        entries.push(Late::known(&site.with(entry(&site, &cluster, &role)).await).clone());
        let identity = PodIdentityAssociation {
            cluster: cluster.clone(),
            namespace: "default".to_owned(),
            service_account: format!("pod-{number}"),
            role,
        };
        identities.push(Late::known(&site.with(identity).await).clone());
        let template = template(&format!("promises-glance-{number}"));
        templates.push(Late::known(&site.with(template).await).clone());
    }
    let before = account.calls().unwrap().len();
    let (aws, depth, clusters) = (site.aws(), Depth::Surface, [cluster.known().clone()]);
    let (one, same, entries, identities, templates) = tokio::join!(
        Cluster::read(aws, &clusters, depth),
        Cluster::read(aws, &clusters, depth),
        AccessEntry::read(aws, &entries, depth),
        PodIdentityAssociation::read(aws, &identities, depth),
        LaunchTemplate::read(aws, &templates, depth),
    );
    assert_eq!((one.unwrap().len(), same.unwrap().len()), (1, 1));
    assert_eq!((entries.unwrap().len(), identities.unwrap().len(), templates.unwrap().len()), (3, 3, 3));
    let calls = account.calls().unwrap();
    let mut made: Vec<&str> = calls[before..].iter().filter_map(|call| call["operation"].as_str()).collect();
    made.sort_unstable();
    let expected =
        ["DescribeCluster", "DescribeLaunchTemplates", "ListAccessEntries", "ListPodIdentityAssociations"];
    assert_eq!(made, expected);
    site.clear().await;
}
