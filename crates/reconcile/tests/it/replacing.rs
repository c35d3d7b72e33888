//! What has to go, and in which order.

use crate::{
    fake::{
        Cloud,
        kinds::{Gateway, Network, Role, Route, Subnet, Table},
    },
    story::Story,
    wish::{Wish, everything},
};
use insta::assert_snapshot;
use reconcile::{Graph, Settling, text};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn replaces_what_stands_on_a_replaced_object() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    assert_snapshot!(story.bring(&Wish { cidr: "10.1", ..Wish::default() }).await, @r#"
    ± network (network)
        cidr: "10.0" -> "10.1"
    ± default (default_group)
        network: "network-1" -> (new network.id)
    ± subnet.a (subnet)
        cidr: "10.0.a" -> "10.1.a"
        network: "network-1" -> (new network.id)
    ± gateway.a (gateway)
        subnet: "subnet-1" -> (new subnet.a.id)
    ± table.a (table)
        network: "network-1" -> (new network.id)
    ± route.a (route)
        gateway: "gateway-1" -> (new gateway.a.id)
        table: "table-1" -> (new table.a.id)
    "#);
    assert_eq!(story.cloud.world().of("network").len(), 1);
    assert_eq!(story.cloud.world().of("subnet").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_refers_to_a_replaced_object_is_led_to_the_new_one() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    assert_snapshot!(story.bring(&Wish { private: true, ..Wish::default() }).await, @r#"
    ± gateway.a (gateway)
        private: false -> true
    ~ route.a (route)
        gateway: "gateway-1" -> (new gateway.a.id)
    "#);
}

#[tokio::test(start_paused = true)]
async fn leads_elsewhere_first_and_deletes_then() {
    let both = Wish { zones: vec!["a", "b"], gateways: vec!["a", "b"], ..Wish::default() };
    let mut story = Story::default();
    story.bring(&both).await;
    story.cloud.take_calls();
    assert_snapshot!(story.bring(&Wish { gateways: vec!["a"], ..both }).await, @r#"
    ~ route.b (route)
        gateway: "gateway-2" -> "gateway-1"
    - gateway.b (gateway)
    "#);
    assert_snapshot!(story.cloud.take_changes().join("\n"), @r"
    update route table-2|all
    delete gateway gateway-2
    ");
}

#[tokio::test(start_paused = true)]
async fn deletes_what_stands_on_a_thing_before_the_thing() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    story.cloud.take_calls();
    assert!(story.destroy().await.applied.is_complete());
    let changes = story.cloud.take_changes();
    let at = |change: &str| changes.iter().position(|other| other == change).expect(change);
    assert!(at("delete database main") < at("delete role main"));
    assert!(at("delete role main") < at("delete gateway gateway-1"), "the role's policy names it");
    assert!(at("delete gateway gateway-1") < at("delete subnet subnet-1"));
    assert!(at("delete route table-1|all") < at("delete table table-1"));
    assert_eq!(changes.last().unwrap(), "delete network network-1");
    assert_eq!(changes.len(), 11, "each once, and none in vain: {changes:#?}");
}

/// The new gateway stands on the subnet that waits for the old gateway, which the route would leave only for the new.
#[tokio::test(start_paused = true)]
async fn an_order_that_cannot_be_kept_does_not_block_the_run() {
    let draw = |name: &'static str, cidr: &'static str| {
        move |graph: &mut Graph<Cloud>| {
            let network = graph.add("network", "main", Network { cidr: "10.0".into(), names: None });
            let subnet = Subnet { network: network.id(), cidr: cidr.into(), public: None };
            let subnet = graph.add("subnet", "main", subnet);
            let gateway = graph.add(name, name, Gateway { subnet: subnet.id(), private: false });
            let table = graph.add("table", "main", Table { network: network.id() });
            let route = Route { table: table.id(), destination: "all".into(), gateway: gateway.id() };
            graph.add("route", "", route);
        }
    };
    let mut story = Story::default();
    story.bring(&draw("old", "10.0.1")).await;
    assert_snapshot!(story.bring(&draw("new", "10.0.2")).await, @r#"
    ± subnet (subnet)
        cidr: "10.0.1" -> "10.0.2"
    + new (gateway)
    ~ route (route)
        gateway: "gateway-1" -> (new new.id)
    - old (gateway)
    "#);
}

#[tokio::test(start_paused = true)]
async fn two_objects_that_name_each_other_can_both_be_deleted() {
    let mut story = Story::default();
    let draw = |graph: &mut Graph<Cloud>| {
        let one = graph.add("one", "one", Role { name: "one".into(), policy: Some("let in".into()) });
        let policy = Some(text([one.output(Role::ARN)]));
        graph.add("two", "two", Role { name: "two".into(), policy });
    };
    story.bring(&draw).await;
    story.cloud.world().at("one").1.fields.insert("policy".into(), json!("arn:role/two"));
    assert!(story.destroy().await.applied.is_complete());
    assert!(story.cloud.world().census().is_empty());
}

#[tokio::test(start_paused = true)]
async fn refuses_to_replace_what_cannot_be_made_again() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    let run = story.run(&Wish { database: Some(("mysql", 10)), ..everything() }).await;
    assert_snapshot!(run.told(), @r#"
    ± database (database)
        engine: "postgres" -> "mysql"
    ! database (database) would be replaced: engine: "postgres" -> "mysql"
    "#);
    assert_eq!(story.cloud.world().at("database").1.fields["engine"], "postgres");

    assert_snapshot!(story.bring(&Wish { database: Some(("postgres", 20)), ..everything() }).await, @r"
    ~ database (database)
        size: 10 -> 20
    ");
}

#[tokio::test(start_paused = true)]
async fn a_plan_with_refusals_is_not_begun() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    let wish = Wish { database: Some(("mysql", 10)), tags: vec![("team", "blue")], ..everything() };
    let (plan, observation) = story.plan(&wish).await.unwrap();
    let ledger = reconcile::Ledger::new(observation.objects, |_| ());
    story.cloud.take_calls();
    let graph = crate::wish::Asks::graph(&wish);
    let applied = story.engine().apply(&graph, &plan, &ledger).await;
    assert!(story.cloud.take_calls().is_empty());
    assert!(!applied.is_complete());
    assert_eq!(applied.blocked.len(), graph.nodes().len());
}

#[tokio::test(start_paused = true)]
async fn replaces_what_ended_as_failed() {
    let mut story = Story::default();
    story.cloud.world().doomed.push("gateway");
    let run = story.run(&Wish::default()).await;
    assert_snapshot!(run.told(), @r"
    + network (network)
    + default (default_group)
    + subnet.a (subnet)
    + gateway.a (gateway)
    + table.a (table)
    + route.a (route)
    ! gateway.a (gateway) could not be created: waiting for gateway.a: Failed: no room for a gateway
    ");
    assert_eq!((run.applied.ready, run.applied.wanted), (4, 6));
    assert_eq!(run.applied.blocked.iter().map(|address| address.as_str()).collect::<Vec<_>>(), ["route.a"]);
    assert_snapshot!(story.bring(&Wish::default()).await, @r#"
    ± gateway.a (gateway)
        state: "failed: no room for a gateway" -> "settled"
    + route.a (route)
    "#);
}

#[tokio::test(start_paused = true)]
async fn waits_for_what_is_being_deleted_and_makes_it_anew() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    story.cloud.world().at("gateway.a").1.gone = Some(Instant::now() + Duration::from_secs(25));
    assert_snapshot!(story.bring(&Wish::default()).await, @r#"
    ± gateway.a (gateway)
        state: "deleting" -> "settled"
    ~ route.a (route)
        gateway: "gateway-1" -> (new gateway.a.id)
    "#);
}

#[tokio::test(start_paused = true)]
async fn another_kind_at_the_same_address_is_another_object() {
    let mut story = Story::default();
    story
        .bring(&|graph: &mut Graph<Cloud>| {
            graph.add("thing", "thing", Network { cidr: "10.0".into(), names: None });
        })
        .await;
    let role = |graph: &mut Graph<Cloud>| {
        graph.add("thing", "thing", Role { name: "thing".into(), policy: None });
    };
    assert_snapshot!(story.bring(&role).await, @r#"
    ± thing (role)
        kind: "network" -> "role"
    "#);
    assert_eq!(story.inventory["thing"].settling, Settling::Settled);
    assert_eq!(story.cloud.world().census(), ["role thing"]);
}
