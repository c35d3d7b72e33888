//! What Kubernetes has asked of AWS: the Services and Ingresses that load balancers were made for.

use super::{Kubernetes, Release};
use crate::Aws;
use crate::eks::{AccessEntry, Cluster, NodeGroup};
use k8s_openapi::api::{
    core::v1::Service,
    networking::v1::{Ingress, IngressClass},
};
use kube::{
    Api,
    api::{DeleteParams, ListParams},
};
use reconcile::{Birth, Depth, Fault, Id, Late, Object, Observed, Pace, Sort};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

/// The Services of type LoadBalancer and the Ingresses of a cluster.
///
/// It is no object of AWS: making it makes no call, and deleting it deletes them while their controller lives, and waits until
/// their load balancers are gone. Its id is the cluster's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadBalancers {
    /// The cluster.
    pub cluster: Late<Id<Cluster>>,
    /// The releases that must live on until they are gone. Only gives the order, as what follows.
    pub releases: Vec<Late<Id<Release>>>,
    /// The nodes.
    pub nodes: Vec<Late<Id<NodeGroup>>>,
    /// Entries that let us in.
    pub access: Vec<Late<Id<AccessEntry>>>,
}

impl Object for LoadBalancers {
    type Cloud = Aws;
    const KIND: &'static str = "kubernetes_load_balancers";
    const SERVICE: &'static str = "kubernetes";
    const REPLACED_BY: &'static [&'static str] = &["cluster"];
    const TAGGED: bool = false;
    const DIES_WITH: &'static [&'static str] = &["cluster"];
    const MAY_BE_OUT_OF_REACH: bool = true;
    const ONLY_RECORDED: bool = true;
    const ONLY_ORDERS: &'static [&'static str] = &["releases", "nodes", "access"];
    const PACE: Pace = Pace::seconds(5, 900, 900);

    async fn read(_aws: &Aws, _ids: &[Id<Self>], _depth: Depth) -> Result<Vec<Observed<Self>>, Fault> {
        Ok(Vec::new())
    }

    async fn create(&self, _aws: &Aws, _birth: &Birth) -> Result<Id<Self>, Fault> {
        Ok(Id::new(self.cluster.known().as_str()))
    }

    /// Asks for all to be deleted, and is busy while their controller takes their load balancers down.
    async fn delete(&self, aws: &Aws, id: &Id<Self>) -> Result<(), Fault> {
        let cluster = id.as_str();
        if let Some(kubernetes) = Kubernetes::enter(aws, cluster).await? {
            let mut left = Vec::new();
            for claim in claims(&kubernetes).await.map_err(for_good)? {
                if !claim.delete(&kubernetes).await? {
                    left.push(claim);
                }
            }
            if !left.is_empty() {
                return Err(still_there(cluster, &left));
            }
        }
        Ok(())
    }

    fn align(observed: &mut Self, wanted: &Self) {
        observed.releases.clone_from(&wanted.releases);
        observed.nodes.clone_from(&wanted.nodes);
        observed.access.clone_from(&wanted.access);
    }
}

/// A cluster that is to go is not so young that it may not know us yet.
fn for_good(fault: Fault) -> Fault {
    if fault.sort == Sort::NotYet { Fault { sort: Sort::Denied, ..fault } } else { fault }
}

/// The Services of type LoadBalancer and the Ingresses of `cluster` that have, or wait for, a load balancer of AWS.
pub async fn load_balancers(aws: &Aws, cluster: &str) -> Result<Vec<Claim>, Fault> {
    match Kubernetes::enter(aws, cluster).await? {
        Some(kubernetes) => claims(&kubernetes).await,
        None => Ok(Vec::new()),
    }
}

/// Something in Kubernetes that a load balancer was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// `service` or `ingress`.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The name or address of its load balancer, once there is one.
    pub address: Option<String>,
    /// Who is to be done with it before it goes.
    pub finalizers: Vec<String>,
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Claim { kind, namespace, name, address, .. } = self;
        write!(f, "{kind} {namespace}/{name}")?;
        address.as_ref().map_or(Ok(()), |address| write!(f, " ({address})"))
    }
}

impl Claim {
    /// Asks for it to be deleted; whether it is gone.
    async fn delete(&self, kubernetes: &Kubernetes) -> Result<bool, Fault> {
        let (client, namespace) = (kubernetes.client.clone(), &self.namespace);
        let how = DeleteParams::background();
        let (operation, deleted) = match self.kind {
            "service" => {
                let services = Api::<Service>::namespaced(client, namespace);
                ("delete service", services.delete(&self.name, &how).await.map(|answer| answer.is_right()))
            }
            _ => {
                let ingresses = Api::<Ingress>::namespaced(client, namespace);
                ("delete ingress", ingresses.delete(&self.name, &how).await.map(|answer| answer.is_right()))
            }
        };
        match deleted.map_err(kubernetes.fault(operation)) {
            Err(fault) if fault.sort == Sort::NotFound => Ok(true),
            answer => answer,
        }
    }
}

fn still_there(cluster: &str, left: &[Claim]) -> Fault {
    let shown = |claim: &Claim| match claim.finalizers.as_slice() {
        [] => claim.to_string(),
        finalizers => format!("{claim} waits for {}", finalizers.join(", ")),
    };
    let shown: Vec<String> = left.iter().map(shown).collect();
    let message = format!(
        "cluster {cluster} still has {}. Whoever set a finalizer takes the load balancer down and then the finalizer away: see          whether that controller runs",
        shown.join("; ")
    );
    Fault::new(Sort::Busy, "Kubernetes: delete load balancers", "StillThere", message)
}

async fn claims(kubernetes: &Kubernetes) -> Result<Vec<Claim>, Fault> {
    let everything = ListParams::default();
    let (services, ingresses, classes) = (
        Api::<Service>::all(kubernetes.client.clone()),
        Api::<Ingress>::all(kubernetes.client.clone()),
        Api::<IngressClass>::all(kubernetes.client.clone()),
    );
    let (services, ingresses, classes) =
        futures::join!(services.list(&everything), ingresses.list(&everything), classes.list(&everything));
    let services = services.map_err(kubernetes.fault("list services"))?;
    let ingresses = ingresses.map_err(kubernetes.fault("list ingresses"))?;
    let classes = classes.map_err(kubernetes.fault("list ingressclasses"))?;
    let classes = classes.into_iter().filter(|class| {
        let controller = class.spec.as_ref().and_then(|spec| spec.controller.as_deref());
        controller.is_some_and(|controller| controller.starts_with("ingress.k8s.aws/"))
    });
    let classes: BTreeSet<String> = classes.filter_map(|class| class.metadata.name).collect();
    let services = services.into_iter().filter_map(of_service);
    Ok(services.chain(ingresses.into_iter().filter_map(|ingress| of_ingress(ingress, &classes))).collect())
}

/// A Service of any other type has no load balancer and is none of ours, unless one was made before its type changed.
fn of_service(service: Service) -> Option<Claim> {
    let is_load_balancer = service.spec.as_ref()?.type_.as_deref() == Some("LoadBalancer");
    let finalizers = service.metadata.finalizers.unwrap_or_default();
    if !is_load_balancer && !finalizers.iter().any(|finalizer| is_of_controller(finalizer)) {
        return None;
    }
    let entrances = service.status.and_then(|status| status.load_balancer?.ingress).unwrap_or_default();
    let address = entrances.into_iter().find_map(|entrance| entrance.hostname.or(entrance.ip));
    claim("service", service.metadata.namespace, service.metadata.name, address, finalizers)
}

/// An Ingress that somebody gave an address, or that the load balancer controller is to give one.
fn of_ingress(ingress: Ingress, classes: &BTreeSet<String>) -> Option<Claim> {
    let finalizers = ingress.metadata.finalizers.unwrap_or_default();
    let entrances = ingress.status.and_then(|status| status.load_balancer?.ingress).unwrap_or_default();
    let address = entrances.into_iter().find_map(|entrance| entrance.hostname.or(entrance.ip));
    let class = ingress.spec.and_then(|spec| spec.ingress_class_name);
    let notes = ingress.metadata.annotations.unwrap_or_default();
    let old_class = notes.get("kubernetes.io/ingress.class").map(String::as_str);
    let is_meant = address.is_some()
        || finalizers.iter().any(|finalizer| is_of_controller(finalizer))
        || class.is_some_and(|class| classes.contains(&class))
        || old_class == Some("alb");
    is_meant
        .then(|| claim("ingress", ingress.metadata.namespace, ingress.metadata.name, address, finalizers))?
}

/// Whether the load balancer controller set the finalizer.
fn is_of_controller(finalizer: &str) -> bool {
    let (domain, _) = finalizer.split_once('/').unwrap_or((finalizer, ""));
    domain.ends_with(".k8s.aws")
}

fn claim(
    kind: &'static str,
    namespace: Option<String>,
    name: Option<String>,
    address: Option<String>,
    finalizers: Vec<String>,
) -> Option<Claim> {
    Some(Claim { kind, namespace: namespace?, name: name?, address, finalizers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn service(spec: Value, finalizers: Value) -> Option<Claim> {
        let metadata = json!({ "namespace": "shop", "name": "web", "finalizers": finalizers });
        of_service(serde_json::from_value(json!({ "metadata": metadata, "spec": spec })).unwrap())
    }

    fn ingress(metadata: Value, spec: Value, status: Value) -> Option<Claim> {
        let mut whole =
            json!({ "metadata": { "namespace": "shop", "name": "web" }, "spec": spec, "status": status });
        whole["metadata"].as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
        of_ingress(serde_json::from_value(whole).unwrap(), &BTreeSet::from(["public".to_owned()]))
    }

    #[test]
    fn only_what_has_a_load_balancer_is_touched() {
        assert!(service(json!({ "type": "ClusterIP" }), json!([])).is_none());
        assert!(service(json!({ "type": "NodePort" }), json!([])).is_none());
        assert!(service(json!({ "type": "LoadBalancer" }), json!([])).is_some());
        assert!(service(json!({ "type": "ClusterIP" }), json!(["service.k8s.aws/resources"])).is_some());

        let (none, nginx, public) =
            (json!({}), json!({ "ingressClassName": "nginx" }), json!({ "ingressClassName": "public" }));
        assert!(ingress(none.clone(), nginx.clone(), none.clone()).is_none());
        assert!(ingress(none.clone(), public, none.clone()).is_some());
        let addressed = json!({ "loadBalancer": { "ingress": [{ "hostname": "x.elb.amazonaws.com" }] } });
        assert_eq!(
            ingress(none.clone(), nginx.clone(), addressed).unwrap().to_string(),
            "ingress shop/web (x.elb.amazonaws.com)"
        );
        let finalizer = json!({ "finalizers": ["group.ingress.k8s.aws/shop"] });
        assert!(ingress(finalizer, nginx.clone(), none.clone()).is_some());
        let old = json!({ "annotations": { "kubernetes.io/ingress.class": "alb" } });
        assert!(ingress(old, none.clone(), none).is_some());
    }

    #[test]
    fn what_does_not_go_is_named_with_whom_it_waits_for() {
        let claim = service(json!({ "type": "LoadBalancer" }), json!(["service.k8s.aws/resources"])).unwrap();
        let fault = still_there("one", &[claim]);
        assert!(fault.message.contains("service shop/web waits for service.k8s.aws/resources"), "{fault}");
        assert_eq!(fault.sort, Sort::Busy);
    }
}
