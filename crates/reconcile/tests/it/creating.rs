//! What is made, and in which order.

use crate::{
    fake::{
        Cloud,
        kinds::{Network, Role},
        trouble::Trouble,
    },
    story::Story,
    wish::{Wish, everything},
};
use insta::assert_snapshot;
use reconcile::{Graph, text};

#[tokio::test(start_paused = true)]
async fn creates_then_has_nothing_to_do() {
    let mut story = Story::default();
    assert_snapshot!(story.bring(&everything()).await, @r"
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
    ");
}

#[tokio::test(start_paused = true)]
async fn destroys_to_nothing() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    let run = story.destroy().await;
    assert_snapshot!(run.told(), @r"
    - database (database)
    - default (default_group)
    - gateway.a (gateway)
    - gateway.b (gateway)
    - network (network)
    - role (role)
    - route.a (route)
    - route.b (route)
    - subnet.a (subnet)
    - subnet.b (subnet)
    - table.a (table)
    - table.b (table)
    ");
    assert!(run.applied.is_complete());
    assert!(story.inventory.is_empty());
    assert!(story.cloud.world().census().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_zone_more_and_a_zone_less() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    assert_snapshot!(story.bring(&Wish { zones: vec!["a", "b"], ..Wish::default() }).await, @r"
    + subnet.b (subnet)
    + table.b (table)
    + route.b (route)
    ");
    assert_snapshot!(story.bring(&Wish::default()).await, @r"
    - route.b (route)
    - subnet.b (subnet)
    - table.b (table)
    ");
}

#[tokio::test(start_paused = true)]
async fn the_root_says_whether_it_was_ever_finished() {
    let mut story = Story::default();
    story.cloud.trouble(Trouble::refused("create route"));
    story.run(&everything()).await;
    assert_eq!(story.cloud.world().at("network").1.tags["test:status"], "creating");
    assert!(!story.owner.is_finished(&story.inventory["network"].tags));

    story.bring(&everything()).await;
    assert_eq!(story.cloud.world().at("network").1.tags["test:status"], "ready");
    assert!(story.owner.is_finished(&story.inventory["network"].tags));
}

#[tokio::test(start_paused = true)]
async fn an_output_that_a_change_changes_reaches_whoever_takes_it() {
    let draw = |names: bool| {
        move |graph: &mut Graph<Cloud>| {
            let network = Network { cidr: "10.0".into(), names: Some(names) };
            let network = graph.add("network", "main", network);
            let policy = Some(text(["let in ".into(), network.output(Network::DOMAIN)]));
            graph.add("role", "main", Role { name: "main".into(), policy });
        }
    };
    let mut story = Story::default();
    story.bring(&draw(false)).await;
    assert_snapshot!(story.bring(&draw(true)).await, @r"
    ~ network (network)
        names: false -> true
    ");
    assert_eq!(story.cloud.world().at("role").1.fields["policy"], "let in internal");
}
