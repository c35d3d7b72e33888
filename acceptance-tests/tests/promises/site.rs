//! Where kinds are tried: an account, and what has to be there before they can be.

use super::make;
use acceptance_tests::{Account, account};
use aws_objects::{Aws, Connection, ConnectionSettings, SERVICES, all_kinds, ec2, eks, iam};
use reconcile::{Birth, Id, Kinds, Late, Object, Patience, Sort, Tags, patiently};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

pub(crate) const REGION: &str = "eu-west-1";

/// An account with the objects that others lean on.
pub(crate) struct Site {
    aws: Arc<Aws>,
    kinds: Kinds<Aws>,
    made: Mutex<Vec<(&'static str, String, Value)>>,
    births: AtomicU32,
    account: Account,
}

/// How to reach `account`.
pub(crate) fn settings(account: &Account) -> ConnectionSettings {
    let environment: BTreeMap<String, String> = account.environment().into_iter().collect();
    let mut settings = ConnectionSettings {
        region: Some(REGION.to_owned()),
        user_agent: "luneo-promises".to_owned(),
        ..ConnectionSettings::default()
    };
    if let Some(url) = environment.get("AWS_ENDPOINT_URL").filter(|_| !account.is_in_aws()) {
        settings.endpoints = SERVICES.iter().map(|service| ((*service).to_owned(), url.clone())).collect();
        settings.access_key = Some(environment["AWS_ACCESS_KEY_ID"].as_str().into());
        settings.secret_key = Some(environment["AWS_SECRET_ACCESS_KEY"].as_str().into());
    }
    settings
}

/// An id of the same form as `id` that nothing has.
pub(crate) fn absent(id: &str) -> String {
    match id.split_once('-') {
        Some((kind @ ("vpc" | "subnet" | "lt" | "igw" | "eipalloc" | "nat" | "sg" | "vpce" | "fl"), _)) => {
            format!("{kind}-0123456789abcdef0")
        }
        Some(("rtb", rest)) => match rest.split_once('_') {
            Some((_, destination)) => format!("rtb-0123456789abcdef0_{destination}"),
            None => "rtb-0123456789abcdef0".to_owned(),
        },
        _ if id.len() == 36 => "00000000-0000-4000-8000-000000000000".to_owned(),
        _ => format!("{id}-that-is-not-there"),
    }
}

impl Site {
    pub(crate) async fn open() -> Site {
        Site::open_in(account()).await
    }

    pub(crate) async fn open_in(account: Account) -> Site {
        let connection = Connection::open(settings(&account)).await.expect("the account can be reached");
        Site {
            aws: connection.region(REGION).expect("the region is one"),
            kinds: all_kinds(),
            made: Mutex::default(),
            births: AtomicU32::new(0),
            account,
        }
    }

    pub(crate) fn aws(&self) -> &Aws {
        &self.aws
    }

    /// The account, where it has the sandbox's controls.
    pub(crate) fn sandbox(&self) -> Option<&Account> {
        Some(&self.account).filter(|account| !account.is_in_aws())
    }

    /// Cuts the connection after the next change was made and before it is answered. AWS cannot be asked to.
    pub(crate) fn lose_an_answer(&self) {
        let Some(account) = self.sandbox() else { return };
        let rule =
            serde_json::json!({ "operation": "(?!Describe|Get|List).*", "mode": "drop_after", "count": 1 });
        account.fault(rule).expect("the sandbox takes the rule");
    }

    /// How many answers got lost so far; in AWS, one more each time.
    pub(crate) fn lost_answers(&self) -> u32 {
        let Some(account) = self.sandbox() else { return self.births.fetch_add(1, Ordering::SeqCst) };
        let calls = account.calls().expect("the sandbox lists its calls");
        calls.iter().map(|call| u32::from(call["fault"] == "drop_after")).sum()
    }

    /// Forgets what [`Site::lose_an_answer`] still had to lose.
    pub(crate) fn lose_no_answers(&self) {
        if let Some(account) = self.sandbox() {
            account.clear_faults().expect("the sandbox forgets its rules");
        }
    }

    /// The tags and the token of another object.
    pub(crate) fn birth(&self) -> Birth {
        let number = self.births.fetch_add(1, Ordering::SeqCst);
        let tags = [
            ("Name", "promises".to_owned()),
            ("luneo:composite", "promises".to_owned()),
            ("luneo:name", format!("site-{number}")),
            ("luneo:address", format!("object.{number}")),
            ("luneo:generation", "g1".to_owned()),
        ];
        Birth {
            tags: tags.map(|(key, value)| (key.to_owned(), value)).into_iter().collect::<Tags>(),
            token: format!("promise-{}-{number}-{}", std::process::id(), self.aws.account),
        }
    }

    /// Makes something that others lean on.
    pub(crate) async fn with<O: Object<Cloud = Aws>>(&self, wanted: O) -> Late<Id<O>> {
        let id = make(&self.aws, &wanted, &self.birth()).await;
        let spec = serde_json::to_value(&wanted).expect("specifications are plain data");
        self.made.lock().expect("nobody panics here").push((O::KIND, id.as_str().to_owned(), spec));
        id.into()
    }

    /// One output of something that was made.
    pub(crate) async fn output<O: Object<Cloud = Aws>>(&self, id: &Late<Id<O>>, name: &str) -> Late<String> {
        let seen =
            O::read(&self.aws, &[id.known().clone()], reconcile::Depth::Whole).await.expect("it can be read");
        Late::Known(seen[0].outputs[name].as_str().expect("outputs are texts").to_owned())
    }

    pub(crate) async fn vpc(&self) -> Late<Id<ec2::Vpc>> {
        self.with(ec2::Vpc {
            cidr: "10.0.0.0/16".parse().expect("it is a block"),
            dns_support: true,
            dns_hostnames: true,
        })
        .await
    }

    pub(crate) async fn subnet(&self, vpc: &Late<Id<ec2::Vpc>>, number: u8) -> Late<Id<ec2::Subnet>> {
        self.with(ec2::Subnet {
            vpc: vpc.clone(),
            cidr: format!("10.0.{number}.0/24").parse().expect("it is a block"),
            zone: format!("{REGION}{}", char::from(b'a' + number % 3)),
            public_addresses: false,
        })
        .await
    }

    pub(crate) async fn table(&self, vpc: &Late<Id<ec2::Vpc>>) -> Late<Id<ec2::RouteTable>> {
        self.with(ec2::RouteTable { vpc: vpc.clone(), destinations: Vec::new() }).await
    }

    pub(crate) async fn internet_gateway(&self, vpc: &Late<Id<ec2::Vpc>>) -> Late<Id<ec2::InternetGateway>> {
        self.with(ec2::InternetGateway { vpc: Some(vpc.clone()) }).await
    }

    /// A role that `service` may take, with AWS's own policies of these names.
    pub(crate) async fn role(&self, name: &str, service: &str, policies: &[&str]) -> Late<String> {
        let trust = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Principal": { "Service": [service] },
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            }],
        });
        let arn = |policy: &&str| format!("arn:{}:iam::aws:policy/{policy}", self.aws.partition).into();
        let role = iam::Role {
            name: name.to_owned(),
            description: "for a promise".to_owned(),
            trust: Late::Known(trust.to_string()),
            inline_policies: BTreeMap::new(),
            managed_policies: policies.iter().map(arn).collect(),
        };
        let role = self.with(role).await;
        self.output(&role, "arn").await
    }

    /// A cluster that is yet to be made, in subnets of two zones.
    pub(crate) async fn planned_cluster(&self, name: &str) -> eks::Cluster {
        let vpc = self.vpc().await;
        let role =
            self.role(&format!("{name}-cluster"), "eks.amazonaws.com", &["AmazonEKSClusterPolicy"]).await;
        eks::Cluster {
            name: name.to_owned(),
            role,
            subnets: vec![self.subnet(&vpc, 0).await, self.subnet(&vpc, 1).await],
            version: "1.34".to_owned(),
            upgrade_policy: "STANDARD".to_owned(),
            authentication: "API".to_owned(),
            public_access_cidrs: vec!["203.0.113.0/24".to_owned()],
            secrets_key: None,
            log_types: vec!["api".to_owned(), "audit".to_owned()],
            service_cidr: Some("172.20.0.0/16".to_owned()),
            deletion_protection: false,
            log_group: None,
            leftovers: None,
        }
    }

    /// A cluster without anything in it.
    pub(crate) async fn cluster(&self, name: &str) -> Late<Id<eks::Cluster>> {
        let cluster = self.planned_cluster(name).await;
        self.with(cluster).await
    }

    /// Deletes what others leaned on, last made first.
    pub(crate) async fn clear(self) {
        let made = self.made.into_inner().expect("nobody panics here");
        for (kind, id, spec) in made.into_iter().rev() {
            let kind = &self.kinds[kind];
            let deleting = Patience::working(kind.pace().gone_within);
            match patiently(deleting, || kind.delete(&self.aws, &id, &spec)).await {
                Err(fault) if fault.sort != Sort::NotFound => panic!("{id} cannot be deleted: {fault}"),
                _ => {}
            }
            let ids = [id];
            loop {
                let left =
                    kind.read(&self.aws, &ids, reconcile::Depth::Surface).await.expect("it can be read");
                if left.is_empty() || kind.left_behind() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
