//! The promises of clusters.

use super::{
    bring, delete, differences, eks_access, keeps_its_promises, kms, make, read, settled, site::Site,
};
use acceptance_tests::Account;
use aws_objects::eks::Cluster;
use reconcile::{Depth, Id, Late, Object, Patience, Settling, Sort, patiently};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn cluster() {
    cluster_in(Site::open().await).await;
}

async fn cluster_in(site: Site) {
    let key = site.with(kms::key(site.aws())).await;
    let planned = site.planned_cluster("promises").await;
    let wanted =
        Cluster { secrets_key: Some(site.output(&key, "arn").await), deletion_protection: true, ..planned };
    let changed = Cluster {
        version: "1.35".to_owned(),
        upgrade_policy: "EXTENDED".to_owned(),
        public_access_cidrs: Vec::new(),
        log_types: vec!["scheduler".to_owned(), "api".to_owned()],
        deletion_protection: false,
        ..wanted.clone()
    };
    keeps_its_promises(&site, wanted, changed).await;
    site.clear().await;
}

#[tokio::test]
async fn a_cluster_without_a_key_is_given_one() {
    let site = Site::open().await;
    let plain = site.planned_cluster("keyless").await;
    let id = make(site.aws(), &plain, &site.birth()).await;
    let key = site.with(kms::key(site.aws())).await;
    let with_key = Cluster { secrets_key: Some(site.output(&key, "arn").await), ..plain };
    bring(site.aws(), &id, &with_key).await;
    let seen = settled(site.aws(), &id, &with_key).await.spec;
    assert_eq!(seen, with_key);
    let other = Cluster { secrets_key: Some("arn:aws:kms:eu-west-1:1:key/2".into()), ..with_key.clone() };
    assert!(Cluster::refuses(&seen, &other).is_some_and(|because| because.contains("for ever")));
    delete(site.aws(), &id, &with_key).await;
    site.clear().await;
}

#[tokio::test]
async fn a_cluster_made_elsewhere_gets_its_private_endpoint_and_authentication_by_api() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let planned = site.planned_cluster("elsewhere").await;
    let subnets: Vec<&str> = planned.subnets.iter().map(|subnet| subnet.known().as_str()).collect();
    let wish = json!({
        "name": "elsewhere", "roleArn": planned.role.known(), "version": "1.34",
        "resourcesVpcConfig": { "subnetIds": subnets }, "upgradePolicy": { "supportType": "STANDARD" },
        "kubernetesNetworkConfig": { "serviceIpv4Cidr": "172.20.0.0/16" },
    });
    account.world("eks", "CreateCluster", "eu-west-1", wish).unwrap();
    let id = Id::new("elsewhere");
    let seen = settled(site.aws(), &id, &planned).await.spec;
    assert_eq!(seen.public_access_cidrs, ["0.0.0.0/0", "(no private endpoint)"]);
    assert_eq!(seen.authentication, "CONFIG_MAP");
    let principal = Late::Known(site.aws().iam_arn("role/somebody"));
    let nobody = eks_access::entry(&site, &id.clone().into(), &principal).find(site.aws()).await;
    assert!(nobody.as_ref().is_ok_and(Option::is_none), "without the API nobody has an entry: {nobody:?}");

    bring(site.aws(), &id, &planned).await;
    assert_eq!(settled(site.aws(), &id, &planned).await.spec, planned);
    delete(site.aws(), &id, &planned).await;
    site.clear().await;
}

fn health(account: &Account, cluster: &str, status: &str, when: &str) {
    let wish = json!({
        "region": "eu-west-1", "cluster": cluster, "status": status, "when": when,
        "code": "InsufficientFreeAddresses", "message": "The subnets are full.", "resource_ids": ["subnet-1"],
    });
    account.control("eks/health", wish).expect("the sandbox takes the wish");
}

#[tokio::test]
async fn a_cluster_that_failed_says_why_and_can_be_made_again() {
    a_cluster_that_failed_says_why_and_can_be_made_again_in(Site::open().await).await;
}

async fn a_cluster_that_failed_says_why_and_can_be_made_again_in(site: Site) {
    let Some(account) = site.sandbox() else { return };
    let open = site.planned_cluster("failing").await;
    let wanted = Cluster { deletion_protection: true, ..open.clone() };
    health(account, "failing", "FAILED", "next-create");
    let working = Patience::working(Cluster::PACE.settles_within);
    let birth = site.birth();
    let id = patiently(working, || wanted.create(site.aws(), &birth)).await.expect("it can be made");
    let reason = loop {
        match read(site.aws(), &id, Depth::Whole).await.expect("it is there").settling {
            Settling::Failed(reason) => break reason,
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    };
    assert!(
        reason.starts_with("InsufficientFreeAddresses: The subnets are full (subnet-1); usually "),
        "{reason}"
    );

    delete(site.aws(), &id, &wanted).await;
    let id = make(site.aws(), &wanted, &site.birth()).await;
    assert!(
        settled(site.aws(), &id, &wanted).await.spec.deletion_protection,
        "there is something to protect now"
    );
    bring(site.aws(), &id, &open).await;
    delete(site.aws(), &id, &open).await;
    site.clear().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_living_cluster_is_told() {
    let site = Site::open().await;
    let Some(account) = site.sandbox() else { return };
    let id = site.cluster("ill").await;
    assert_eq!(site.output(&id, "health").await, "".into());
    health(account, "ill", "ACTIVE", "now");
    let told = site.output(&id, "health").await;
    assert!(told.known().contains("The subnets are full (subnet-1)"), "{told:?}");
    site.clear().await;
}

#[tokio::test]
async fn an_update_that_changes_nothing_is_success() {
    let site = Site::open().await;
    let wanted = site.planned_cluster("as-asked").await;
    let id = make(site.aws(), &wanted, &site.birth()).await;
    let other = Cluster {
        version: "1.33".to_owned(),
        upgrade_policy: "EXTENDED".to_owned(),
        public_access_cidrs: Vec::new(),
        log_types: Vec::new(),
        deletion_protection: true,
        subnets: Vec::new(),
        ..wanted.clone()
    };
    // Each sort of change by itself, as if somebody else had just made it.
    let changes = differences(&other, &wanted).0;
    assert_eq!(changes.len(), 6);
    for change in changes {
        let field = change.field.clone();
        let one = reconcile::Changes(vec![change]);
        let working = Patience::working(Duration::from_secs(60));
        let answer = patiently(working, || wanted.update(site.aws(), &id, &other, &one)).await;
        assert!(answer.is_ok(), "{field}: {answer:?}");
    }
    delete(site.aws(), &id, &settled(site.aws(), &id, &wanted).await.spec).await;
    site.clear().await;
}

#[tokio::test]
async fn an_update_that_failed_says_why() {
    an_update_that_failed_says_why_in(Site::open().await).await;
}

async fn an_update_that_failed_says_why_in(site: Site) {
    let Some(account) = site.sandbox() else { return };
    let wanted = site.planned_cluster("stuck").await;
    let id = make(site.aws(), &wanted, &site.birth()).await;
    let wish = json!({
        "region": "eu-west-1", "cluster": "stuck", "code": "IpNotAvailable", "message": "No address is free.",
    });
    account.control("eks/updates", wish).expect("the sandbox does as it is told");
    let newer = Cluster { version: "1.35".to_owned(), ..wanted.clone() };
    let changes = differences(&wanted, &newer);
    newer.update(site.aws(), &id, &wanted, &changes).await.expect("the update begins");
    assert_eq!(settled(site.aws(), &id, &wanted).await.spec, wanted);
    let reason = loop {
        match Cluster::why_not_taken(site.aws(), &id).await.expect("it tells") {
            Some(reason) => break reason,
            None => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    };
    assert!(
        reason.starts_with("VersionUpdate failed: IpNotAvailable: No address is free; usually "),
        "{reason}"
    );

    bring(site.aws(), &id, &newer).await;
    assert_eq!(Cluster::why_not_taken(site.aws(), &id).await, Ok(None));
    delete(site.aws(), &id, &newer).await;
    site.clear().await;
}

#[tokio::test]
async fn a_protected_cluster_says_how_it_can_be_deleted() {
    let site = Site::open().await;
    let open = site.planned_cluster("protected").await;
    let protected = Cluster { deletion_protection: true, ..open.clone() };
    let id = make(site.aws(), &protected, &site.birth()).await;
    let fault = protected.delete(site.aws(), &id).await.unwrap_err();
    assert_eq!(fault.sort, Sort::Refused);
    assert!(fault.message.contains("--name protected --no-deletion-protection"), "{fault}");
    bring(site.aws(), &id, &open).await;
    delete(site.aws(), &id, &open).await;
    site.clear().await;
}

/// States that pass in no time elsewhere are seen here: creating, updating, deleting, a role that EKS does not know yet.
#[tokio::test]
async fn promises_are_kept_when_eks_takes_its_time() {
    let Some((sandbox, _folder)) = acceptance_tests::sandbox_of_its_own() else { return };
    let account = sandbox.account();
    account.clock(json!({ "scale": 0.005 })).unwrap();
    tokio::join!(
        cluster_in(Site::open_in(sandbox.account()).await),
        a_cluster_that_failed_says_why_and_can_be_made_again_in(Site::open_in(sandbox.account()).await),
        an_update_that_failed_says_why_in(Site::open_in(sandbox.account()).await),
        eks_access::access_entry_in(Site::open_in(sandbox.account()).await),
        eks_access::pod_identity_association_in(Site::open_in(sandbox.account()).await),
    );
}
