//! Calls that are made again, and those that are not.

use crate::{
    fake::trouble::Trouble,
    story::Story,
    wish::{Wish, bare, everything},
};
use insta::assert_snapshot;
use std::time::Duration;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_not_tried_again() {
    for trouble in [Trouble::denied("create subnet"), Trouble::refused("create subnet")] {
        let mut story = Story::default();
        story.cloud.trouble(trouble);
        let start = Instant::now();
        let run = story.run(&Wish { gateways: vec![], ..Wish::default() }).await;
        assert!(start.elapsed() < Duration::from_secs(10));
        assert!(
            run.told().contains("! subnet.a (subnet) could not be created: create subnet: "),
            "{}",
            run.told()
        );
        let tries = story.cloud.take_changes();
        assert_eq!(tries.iter().filter(|change| change.starts_with("create subnet")).count(), 1);
    }
}

/// How long a run goes on with a trouble that does not end.
async fn patience_with(trouble: Trouble) -> u64 {
    let mut story = Story::default();
    story.cloud.trouble(trouble.always());
    let start = Instant::now();
    let run = story.run(&bare()).await;
    assert_eq!(run.applied.failures.len(), 1, "{}", run.told());
    start.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again_within_limits() {
    let mut story = Story::default();
    for trouble in [Trouble::busy("create"), Trouble::not_yet("update"), Trouble::throttled("re")] {
        story.cloud.trouble(trouble.times(6));
    }
    story.bring(&everything()).await;

    assert!((110..=125).contains(&patience_with(Trouble::busy("create network")).await));
    assert!((110..=125).contains(&patience_with(Trouble::not_yet("create network")).await));
    assert!((550..=605).contains(&patience_with(Trouble::throttled("create network")).await));
}

#[tokio::test(start_paused = true)]
async fn time_lost_to_throttling_does_not_count_against_an_object() {
    let mut story = Story::default();
    story.cloud.trouble(Trouble::throttled("create network").times(20));
    story.cloud.trouble(Trouble::busy("create network").times(5));
    let start = Instant::now();
    story.bring(&bare()).await;
    assert!(start.elapsed() > Duration::from_secs(200));
}

#[tokio::test(start_paused = true)]
async fn a_change_that_is_read_late_is_made_once() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    story.cloud.world().change_lag = Duration::from_secs(20);
    story.cloud.take_calls();
    let renamed = Wish {
        names: Some(false),
        tags: vec![("team", "blue")],
        zones: vec![],
        gateways: vec![],
        ..Wish::default()
    };
    story.run(&renamed).await;
    let changes = story.cloud.take_changes();
    assert_snapshot!(changes.into_iter().filter(|change| change.contains("network network")).collect::<Vec<_>>().join("\n"), @r"
    update network network-1
    retag network network-1
    retag network network-1
    ");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_is_never_taken_is_told() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    story.cloud.world().change_lag = Duration::from_secs(3600);
    let run = story.run(&Wish { names: Some(false), ..Wish::default() }).await;
    assert_snapshot!(run.told(), @r"
    ~ network (network)
        names: true -> false
    ! network (network) could not be changed: waiting for network: NotTaken: names: true -> false
    ");
}

#[tokio::test(start_paused = true)]
async fn a_delete_waits_until_nothing_stands_in_its_way() {
    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    let stranger = story.cloud.world().put_in_the_way("subnet", "subnet-1");
    let cloud = story.cloud.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(100)).await;
        cloud.world().vanish("subnet", &stranger);
    });
    let start = Instant::now();
    assert!(story.destroy().await.applied.is_complete());
    assert!(start.elapsed() >= Duration::from_secs(100));

    let mut story = Story::default();
    story.bring(&Wish::default()).await;
    story.cloud.world().put_in_the_way("subnet", "subnet-1");
    let run = story.destroy().await;
    assert_snapshot!(run.told(), @r"
    - default (default_group)
    - gateway.a (gateway)
    - network (network)
    - route.a (route)
    - subnet.a (subnet)
    - table.a (table)
    ! network (network) could not be deleted: : DependencyViolation: network-1 is in use
    ");
    assert_eq!(story.recorded(), ["network network-1"]);
}
