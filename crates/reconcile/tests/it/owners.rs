//! Whose objects they are.

use crate::{
    fake::{
        Cloud,
        kinds::{Role, Route},
    },
    story::Story,
    wish::{Wish, everything},
};
use insta::assert_snapshot;
use reconcile::{Birth, Graph, Look, Object, Record, Tags};
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn a_namesake_of_another_owner_is_not_touched() {
    let mut other = Story::default();
    other.bring(&everything()).await;
    let mut story = other.beside("second", "1");
    story.cloud.take_calls();
    assert_snapshot!(story.run(&everything()).await.told(), @r#"
    + network (network)
    + default (default_group)
    + subnet.a (subnet)
    + gateway.a (gateway)
    + subnet.b (subnet)
    + gateway.b (gateway)
    + role (role)
    + database (database)
    + table.a (table)
    + route.a (route)
    + table.b (table)
    + route.b (route)
    ! role (role) is taken by main of network "main"
    ! database (database) is taken by main of network "main"
    "#);
    assert!(story.cloud.take_changes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_object_of_nobody_is_adopted_when_asked_to() {
    let role = |graph: &mut Graph<Cloud>| {
        graph.add("role", "main", Role { name: "main".into(), policy: Some("let in".into()) });
    };
    let mut story = Story::default();
    let theirs = Role { name: "main".into(), policy: Some("let all in".into()) };
    theirs.create(&story.cloud, &Birth { tags: Tags::new(), token: "theirs".into() }).await.unwrap();
    sleep(Duration::from_secs(10)).await;
    assert_snapshot!(story.run(&role).await.told(), @r"
    + role (role)
    ! role (role) is taken by main of nobody we know
    ");

    story.inventory.insert("role".into(), Record::of("role", "main"));
    assert_snapshot!(story.bring(&role).await, @r#"
    ~ role (role)
        policy: "let all in" -> "let in"
        tags: +Name=main, +test:address=role, +test:composite=network, +test:generation=1, +test:name=main
    "#);
}

#[tokio::test(start_paused = true)]
async fn an_object_taken_over_by_another_is_left_to_it() {
    let role = |graph: &mut Graph<Cloud>| {
        graph.add("role", "main", Role { name: "main".into(), policy: None });
    };
    let mut story = Story::default();
    story.bring(&role).await;
    let mut other = story.beside("second", "1");
    other.inventory.insert("role".into(), Record::of("role", "main"));
    other.bring(&role).await;

    assert_snapshot!(story.run(&role).await.told(), @r#"
    + role (role)
    ! role (role) is taken by main of network "second"
    "#);
    assert_snapshot!(story.destroy().await.told(), @". role (role)");
    assert_eq!(story.cloud.world().census(), ["role main"]);
    assert_eq!(other.bring(&role).await, "");
}

#[tokio::test(start_paused = true)]
async fn a_lost_state_is_found_again() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    let before = story.recorded();
    story.inventory.clear();
    assert_snapshot!(story.bring(&everything()).await, @"");
    assert_eq!(story.recorded(), before);
}

#[tokio::test(start_paused = true)]
async fn orphans_of_a_zone_no_longer_asked_for_are_deleted() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    story.inventory.clear();
    let one_zone = Wish { zones: vec!["a"], gateways: vec!["a"], ..everything() };
    assert_snapshot!(story.bring(&one_zone).await, @r#"
    ~ role (role)
        policy: "let in, address of gateway-1, address of gateway-2" -> "let in, address of gateway-1"
    ~ database (database)
        subnets: ["subnet-1","subnet-2"] -> ["subnet-1"]
    - gateway.b (gateway)
    - subnet.b (subnet)
    - table.b (table)
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_later_generation_takes_over_and_the_earlier_one_destroys_nothing() {
    let mut old = Story::default();
    old.bring(&Wish::default()).await;
    let census = old.cloud.world().census();

    let mut new = old.beside("main", "2");
    assert_snapshot!(new.bring(&Wish::default()).await, @r"
    ~ network (network)
        tags: ~test:generation=2
    ~ default (default_group)
        tags: ~test:generation=2
    ~ subnet.a (subnet)
        tags: ~test:generation=2
    ~ gateway.a (gateway)
        tags: ~test:generation=2
    ~ table.a (table)
        tags: ~test:generation=2
    ");
    assert_snapshot!(old.destroy().await.told(), @r"
    . default (default_group)
    . gateway.a (gateway)
    . network (network)
    . route.a (route)
    . subnet.a (subnet)
    . table.a (table)
    ");
    assert!(old.inventory.is_empty());
    assert_eq!(new.cloud.world().census(), census);
    assert_eq!(new.bring(&Wish::default()).await, "");
}

#[tokio::test(start_paused = true)]
async fn the_earlier_generation_deletes_what_the_later_one_left() {
    let mut old = Story::default();
    old.bring(&everything()).await;
    let mut new = old.beside("main", "2");
    let one_zone = Wish { zones: vec!["a"], gateways: vec!["a"], database: None, ..everything() };
    new.bring(&one_zone).await;
    assert_snapshot!(old.destroy().await.told(), @r"
    - database (database)
    . default (default_group)
    . gateway.a (gateway)
    - gateway.b (gateway)
    . network (network)
    - role (role)
    . route.a (route)
    - route.b (route)
    . subnet.a (subnet)
    - subnet.b (subnet)
    . table.a (table)
    - table.b (table)
    ");
    assert_eq!(new.recorded(), new.cloud.world().census());
}

#[tokio::test(start_paused = true)]
async fn an_object_with_a_name_keeps_it_when_its_address_changes() {
    let at = |address: &'static str| {
        move |graph: &mut Graph<Cloud>| {
            graph.add(address, "main", Role { name: "main".into(), policy: None });
        }
    };
    let mut story = Story::default();
    story.bring(&at("role.first")).await;
    assert_snapshot!(story.bring(&at("role.second")).await, @r"
    ~ role.second (role)
        tags: ~test:address=role.second
    ");
}

/// The answer was lost, and searching by tags took too long to show the first.
#[tokio::test(start_paused = true)]
async fn a_second_object_made_by_mistake_is_shown_and_deleted() {
    let mut story = Story::default();
    story.cloud.world().search_lag = Duration::from_secs(60);
    story.cloud.trouble(crate::fake::trouble::Trouble::unanswered("create network").after());
    let run = story.run(&Wish::default()).await;
    assert!(run.applied.is_complete(), "{}", run.told());
    assert_eq!(story.cloud.world().of("network").len(), 2);

    sleep(Duration::from_secs(60)).await;
    assert_snapshot!(story.bring(&Wish::default()).await, @"- network#network-1 (network)");
    assert_eq!(story.recorded(), story.cloud.world().census());
}

#[tokio::test(start_paused = true)]
async fn another_object_with_the_address_of_one_that_is_gone_takes_its_place() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    story.inventory.get_mut("gateway.a").unwrap().id = "gateway-of-yesterday".into();
    story.look = Look::Everywhere;
    assert_snapshot!(story.bring(&Wish::default()).await, @"");
    assert_eq!(story.inventory["gateway.a"].id, "gateway-1");
}

#[tokio::test(start_paused = true)]
async fn a_route_made_by_hand_in_our_table_is_taken_over() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    story.inventory.remove("route.a");
    let keys: Vec<_> = story.cloud.world().of(Route::KIND).iter().map(|(id, _)| id.to_string()).collect();
    assert_snapshot!(story.bring(&Wish::default()).await, @"");
    assert_eq!(story.inventory["route.a"].id, keys[0]);
}
