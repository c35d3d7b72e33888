//! What others change behind our back.

use crate::{
    story::Story,
    wish::{Wish, everything},
};
use insta::assert_snapshot;
use reconcile::{IgnoredTags, Look};
use serde_json::json;

#[tokio::test(start_paused = true)]
async fn puts_back_what_someone_else_changed() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    {
        let mut world = story.cloud.world();
        world.at("subnet.a").1.fields.insert("public".into(), json!(false));
        world.at("role").1.fields.insert("policy".into(), json!("let all in"));
        world.at("network").1.fields.insert("names".into(), json!(false));
    }
    assert_snapshot!(story.bring(&everything()).await, @r#"
    ~ network (network)
        names: false -> true
    ~ subnet.a (subnet)
        public: false -> true
    ~ role (role)
        policy: "let all in" -> "let in, address of gateway-1, address of gateway-2"
    "#);
}

#[tokio::test(start_paused = true)]
async fn makes_again_what_someone_else_deleted() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    story.cloud.world().vanish("gateway", "gateway-1");
    story.cloud.world().vanish("route", "table-1|all");
    assert_snapshot!(story.bring(&Wish::default()).await, @r"
    + gateway.a (gateway)
    + route.a (route)
    ");
}

#[tokio::test(start_paused = true)]
async fn leaves_alone_what_was_not_asked_for() {
    let unmanaged = Wish { names: None, ..Wish::default() };
    let mut story = Story::default();
    story.bring(&unmanaged).await;
    story.cloud.world().at("network").1.fields.insert("names".into(), json!(true));
    assert_snapshot!(story.bring(&unmanaged).await, @"");
    assert_eq!(story.cloud.world().at("network").1.fields["names"], json!(true));
}

#[tokio::test(start_paused = true)]
async fn a_list_in_another_order_is_the_same_list() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    story.cloud.world().at("database").1.fields["subnets"].as_array_mut().unwrap().reverse();
    assert_snapshot!(story.bring(&everything()).await, @"");
}

#[tokio::test(start_paused = true)]
async fn tags_are_put_back_taken_off_and_ignored() {
    let mut story = Story {
        ignored_tags: IgnoredTags { keys: vec!["bill".into()], key_prefixes: vec!["kubernetes.io/".into()] },
        ..Story::default()
    };
    let tagged = Wish { tags: vec![("team", "blue"), ("tier", "1")], ..Wish::default() };
    story.bring(&tagged).await;
    {
        let mut world = story.cloud.world();
        let tags = &mut world.at("subnet.a").1.tags;
        tags.remove("test:address");
        tags.remove("team");
        tags.insert("tier".into(), "2".into());
        tags.insert("mine".into(), "yes".into());
        tags.insert("bill".into(), "ignored".into());
        tags.insert("kubernetes.io/role".into(), "ignored".into());
    }
    assert_snapshot!(story.bring(&tagged).await, @r"
    ~ subnet.a (subnet)
        tags: -mine, +team=blue, +test:address=subnet.a, ~tier=1
    ");
    assert_eq!(story.cloud.world().at("subnet.a").1.tags["bill"], "ignored");

    let other = Wish { tags: vec![("tier", "1")], ..Wish::default() };
    assert_snapshot!(story.bring(&other).await, @r"
    ~ network (network)
        tags: -team
    ~ default (default_group)
        tags: -team
    ~ subnet.a (subnet)
        tags: -team
    ~ gateway.a (gateway)
        tags: -team
    ~ table.a (table)
        tags: -team
    ");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_is_one_call_a_kind() {
    let mut story = Story { look: Look::Recorded, ..Story::default() };
    story.bring(&everything()).await;
    story.cloud.take_calls();
    assert!(story.plan(&everything()).await.unwrap().0.is_empty());
    let mut calls: Vec<_> = story.cloud.take_calls().into_iter().map(|call| call.operation).collect();
    calls.sort();
    assert_snapshot!(calls.join("\n"), @r"
    read database
    read default_group
    read gateway
    read network
    read role
    read route
    read subnet
    read table
    ");
}

#[tokio::test(start_paused = true)]
async fn a_look_at_the_surface_keeps_what_lies_deeper() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    story.cloud.world().at("role").1.fields.insert("policy".into(), json!("let all in"));

    story.look = Look::Recorded;
    assert_snapshot!(story.plan(&everything()).await.unwrap().0, @"");
    story.look = Look::RecordedWhole;
    assert_snapshot!(story.plan(&everything()).await.unwrap().0, @r#"
    ~ role (role)
        policy: "let all in" -> "let in, address of gateway-1, address of gateway-2"
    "#);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_destroyed_that_the_plan_did_not_show() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    let tagged = Wish { tags: vec![("team", "blue")], ..Wish::default() };
    let (plan, observation) = story.plan(&tagged).await.unwrap();

    // Between plan and apply something happens that only a new subnet could mend.
    story.cloud.world().at("subnet.a").1.fields.insert("cidr".into(), json!("10.9"));
    story.cloud.take_calls();
    let run = story.apply(&tagged, plan, observation).await;
    assert!(!story.cloud.take_changes().iter().any(|change| change.starts_with("delete")));
    assert!(!run.applied.is_complete());
    assert_snapshot!(run.told(), @r#"
    ~ network (network)
        tags: +team=blue
    ~ default (default_group)
        tags: +team=blue
    ~ subnet.a (subnet)
        tags: +team=blue
    ~ gateway.a (gateway)
        tags: +team=blue
    ~ table.a (table)
        tags: +team=blue
    ! subnet.a (subnet) could not be changed: waiting for subnet.a: Different: it reads back as cidr: "10.9" -> "10.0.a"
    "#);
    assert_snapshot!(story.bring(&tagged).await, @r#"
    ± subnet.a (subnet)
        cidr: "10.9" -> "10.0.a"
        tags: +team=blue
    ± gateway.a (gateway)
        subnet: "subnet-1" -> (new subnet.a.id)
        tags: +team=blue
    ~ route.a (route)
        gateway: "gateway-1" -> (new gateway.a.id)
    "#);
}
