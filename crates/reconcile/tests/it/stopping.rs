//! A user who has had enough.

use crate::{
    fake::trouble::Trouble,
    story::Story,
    wish::{Wish, everything},
};
use futures::FutureExt;
use reconcile::{Bucket, Ledger, Limiter, never};
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep};

fn after(time: Duration) -> reconcile::Stop {
    sleep(time).boxed().shared()
}

#[tokio::test(start_paused = true)]
async fn a_stop_at_any_moment_leaves_a_true_inventory() {
    for tenths in (0..140).step_by(3).chain((140..4000).step_by(97)) {
        let mut story = Story::default();
        story.cloud.world().latency = Duration::from_millis(400);
        let (plan, observation) = story.plan(&everything()).await.unwrap();
        story.cloud.take_calls();
        let stop = Duration::from_millis(tenths * 100);
        story.stop = after(stop);
        let start = Instant::now();
        let run = story.apply(&everything(), plan, observation).await;

        assert!(run.applied.stopped && !run.applied.is_complete() && run.applied.failures.is_empty());
        // An object being worked on gets what can be done without a wait.
        let at_most = stop + Duration::from_millis(5 * 400);
        assert!(start.elapsed() <= at_most, "{stop:?}: waits are cut short, {:?}", start.elapsed());
        let late = story.cloud.take_calls().into_iter().find(|call| {
            call.operation.starts_with("create") && call.at > stop + Duration::from_millis(1700)
        });
        assert_eq!(late, None, "{stop:?}: no new step");
        assert_eq!(story.recorded(), story.cloud.world().census(), "{stop:?}");

        let made = story.recorded();
        story.stop = never();
        story.bring(&everything()).await;
        assert!(made.iter().all(|object| story.recorded().contains(object)), "{stop:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_while_destroying_leaves_a_true_inventory() {
    for seconds in (0..170).step_by(10) {
        let mut story = Story::default();
        story.bring(&everything()).await;
        story.stop = after(Duration::from_secs(seconds));
        let run = story.destroy().await;
        assert!(run.applied.stopped, "{seconds}");
        // The default group goes with its network and is forgotten before; one may be gone this very moment.
        let mut left = story.cloud.world().census();
        left.retain(|object| !object.starts_with("default_group"));
        assert!(left.iter().all(|object| story.recorded().contains(object)), "{seconds}");
        story.stop = never();
        assert!(story.destroy().await.applied.is_complete());
        assert_eq!(story.cloud.world().census(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_also_ends_patience() {
    for trouble in
        [Trouble::busy("create subnet"), Trouble::unanswered("create subnet"), Trouble::throttled("read")]
    {
        let mut story = Story::default();
        let (plan, observation) = story.plan(&Wish::default()).await.unwrap();
        story.cloud.trouble(trouble.always());
        story.stop = after(Duration::from_secs(5));
        let start = Instant::now();
        let run = story.apply(&Wish::default(), plan, observation).await;
        assert!(run.applied.stopped && run.applied.failures.is_empty(), "{}", run.told());
        assert_eq!(start.elapsed().as_secs(), 5);
        assert_eq!(story.recorded(), story.cloud.world().census());
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_finds_out_what_a_lost_answer_was_about() {
    let mut story = Story::default();
    story.cloud.trouble(Trouble::unanswered("create table").after());
    let (plan, observation) = story.plan(&Wish::default()).await.unwrap();
    story.cloud.world().latency = Duration::from_secs(10);
    story.stop = after(Duration::from_secs(25));
    let run = story.apply(&Wish::default(), plan, observation).await;
    assert!(run.applied.stopped);
    assert_eq!(story.recorded(), story.cloud.world().census());
}

#[tokio::test(start_paused = true)]
async fn a_stop_does_not_wait_for_a_turn() {
    let mut story = Story::default();
    let (plan, observation) = story.plan(&Wish::default()).await.unwrap();
    story.limiter = Arc::new(Limiter::new([Bucket { name: "net:write", burst: 2.0, per_second: 0.01 }]));
    story.stop = after(Duration::from_secs(5));
    let start = Instant::now();
    let run = story.apply(&Wish::default(), plan, observation).await;
    assert!(run.applied.stopped && run.applied.failures.is_empty(), "{}", run.told());
    assert_eq!(start.elapsed().as_secs(), 5);
    assert_eq!(story.recorded(), story.cloud.world().census());
}

#[tokio::test(start_paused = true)]
async fn a_stop_after_the_last_step_is_no_stop() {
    let mut story = Story::default();
    story.bring(&everything()).await;
    story.stop = after(Duration::ZERO);
    sleep(Duration::from_secs(1)).await;
    let (plan, observation) = {
        let stop = std::mem::replace(&mut story.stop, never());
        let planned = story.plan(&everything()).await.unwrap();
        story.stop = stop;
        planned
    };
    let run = story.apply(&everything(), plan, observation).await;
    assert_eq!(run.applied.ready, run.applied.wanted, "all objects are as asked, whatever was begun");
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_panics_does_not_lose_the_inventory() {
    let mut story = Story::default();
    let (plan, observation) = story.plan(&Wish::default()).await.unwrap();
    let heard = AtomicUsize::new(0);
    let ledger = Ledger::new(observation.objects, |_| {
        assert!(heard.fetch_add(1, Ordering::Relaxed) < 3, "the disk is full");
    });
    let (engine, graph) = (story.engine(), crate::wish::Asks::graph(&Wish::default()));
    assert!(AssertUnwindSafe(engine.apply(&graph, &plan, &ledger)).catch_unwind().await.is_err());
    story.inventory = ledger.inventory();
    drop(ledger);
    assert_eq!(story.recorded(), story.cloud.world().census());
    story.bring(&Wish::default()).await;
}
