//! What has a load balancer goes before the controller does.

use super::ground::{CLUSTER, Ground};
use acceptance_tests::sandbox_account;
use aws_objects::kubernetes::{LoadBalancers, load_balancers};
use k8s_openapi::api::{core::v1::Service, networking::v1::Ingress};
use kube::{
    Api,
    api::{ListParams, Patch, PatchParams, PostParams},
};
use reconcile::{Id, Late, Object, Sort};
use serde_json::{Value, json};

fn service(name: &str, kind: &str, finalizers: Value) -> Service {
    serde_json::from_value(json!({
        "metadata": { "name": name, "finalizers": finalizers },
        "spec": { "type": kind, "ports": [{ "port": 80 }], "selector": { "app": "web" } },
    }))
    .unwrap()
}

fn ingress(name: &str, class: &str) -> Ingress {
    let backend = json!({ "service": { "name": "web", "port": { "number": 80 } } });
    serde_json::from_value(json!({
        "metadata": { "name": name, "annotations": { "kubernetes.io/ingress.class": class } },
        "spec": { "defaultBackend": backend },
    }))
    .unwrap()
}

#[tokio::test]
async fn what_has_a_load_balancer_is_deleted_and_nothing_else() {
    let Some(account) = sandbox_account() else { return };
    let ground = Ground::open(account).await;
    let client = ground.administrator().await;
    let (services, ingresses) = (
        Api::<Service>::namespaced(client.clone(), "default"),
        Api::<Ingress>::namespaced(client, "default"),
    );
    let how = PostParams::default();
    services.create(&how, &service("inside", "ClusterIP", json!([]))).await.unwrap();
    services.create(&how, &service("plain", "LoadBalancer", json!([]))).await.unwrap();
    let held = service("held", "LoadBalancer", json!(["service.k8s.aws/resources"]));
    services.create(&how, &held).await.unwrap();
    ingresses.create(&how, &ingress("alb", "alb")).await.unwrap();
    ingresses.create(&how, &ingress("other", "nginx")).await.unwrap();

    let mut named: Vec<String> =
        load_balancers(&ground.aws, CLUSTER).await.unwrap().iter().map(ToString::to_string).collect();
    named.sort();
    assert_eq!(named, ["ingress default/alb", "service default/held", "service default/plain"]);

    let cluster = Late::Known(Id::new(CLUSTER));
    let all = LoadBalancers { cluster, releases: Vec::new(), nodes: Vec::new(), access: Vec::new() };
    let id = Id::new(CLUSTER);
    let waiting = loop {
        let fault = all.delete(&ground.aws, &id).await.unwrap_err();
        if !fault.message.contains("default/plain") && !fault.message.contains("default/alb") {
            break fault;
        }
    };
    assert_eq!(waiting.sort, Sort::Busy);
    assert!(
        waiting.message.contains("service default/held waits for service.k8s.aws/resources"),
        "{waiting}"
    );
    let release = Patch::Merge(json!({ "metadata": { "finalizers": null } }));
    services.patch("held", &PatchParams::default(), &release).await.unwrap();
    while let Err(fault) = all.delete(&ground.aws, &id).await {
        assert_eq!(fault.sort, Sort::Busy, "{fault}");
    }
    all.delete(&ground.aws, &id).await.unwrap();
    let left = services.list(&ListParams::default()).await.unwrap();
    let left: Vec<_> = left.iter().filter_map(|service| service.metadata.name.as_deref()).collect();
    assert_eq!(left, ["inside", "kubernetes"]);
    assert_eq!(ingresses.list(&ListParams::default()).await.unwrap().items.len(), 1);
}
