//! Changes that take their time, one after another, and those that come to nothing.

use crate::{
    fake::{Cloud, cluster::Cluster},
    story::Story,
    wish::Asks,
};
use insta::assert_snapshot;
use reconcile::Graph;
use std::time::Duration;
use tokio::time::Instant;

fn cluster(version: u32, logs: bool, open: bool) -> impl Asks {
    move |graph: &mut Graph<Cloud>| {
        let cluster = graph.add("cluster", "main", Cluster { name: "main".to_owned(), version, logs, open });
        graph.set_root(&cluster);
    }
}

#[tokio::test(start_paused = true)]
async fn what_takes_its_changes_one_after_another_gets_them_all_in_one_run() {
    let mut story = Story::default();
    story.bring(&cluster(33, false, true)).await;
    story.cloud.take_calls();
    let start = Instant::now();
    assert_snapshot!(story.bring(&cluster(34, true, false)).await, @r"
    ~ cluster (cluster)
        logs: false -> true
        open: true -> false
        version: 33 -> 34
    ");
    assert!(start.elapsed() > Duration::from_secs(3 * 600), "each takes ten minutes");
    let changes = story.cloud.take_changes();
    assert_eq!(changes.iter().filter(|change| change.starts_with("update")).count(), 3, "{changes:?}");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_came_to_nothing_says_why_at_once() {
    let mut story = Story::default();
    story.bring(&cluster(33, false, true)).await;
    story.cloud.world().fruitless = vec![("cluster", "IpNotAvailable: the subnets are full")];
    let start = Instant::now();
    let run = story.run(&cluster(34, false, true)).await;
    assert_snapshot!(run.told(), @r"
    ~ cluster (cluster)
        version: 33 -> 34
    ! cluster (cluster) could not be changed: waiting for cluster: NotTaken: version: 33 -> 34: IpNotAvailable: the subnets are full
    ");
    assert!(start.elapsed() < Duration::from_secs(630), "{:?}", start.elapsed());
    story.bring(&cluster(34, false, true)).await;
}

#[tokio::test(start_paused = true)]
async fn is_gone_once_every_replica_says_so() {
    let mut story = Story::default();
    story.bring(&cluster(33, false, true)).await;
    story.cloud.world().overlooked = vec!["cluster"; 2];
    let run = story.destroy().await;
    assert!(run.applied.is_complete(), "{}", run.told());
    assert!(story.cloud.world().overlooked.is_empty());
    assert_eq!(story.cloud.world().census(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn one_that_failed_before_it_held_anything_is_made_again() {
    let mut story = Story::default();
    story.cloud.world().doomed = vec!["cluster"];
    let run = story.run(&cluster(33, false, true)).await;
    assert!(!run.applied.is_complete(), "{}", run.told());
    assert_snapshot!(story.bring(&cluster(33, false, true)).await, @r#"
    ± cluster (cluster)
        state: "failed: no room for a cluster" -> "settled"
    "#);
}
