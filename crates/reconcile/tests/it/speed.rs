//! How fast it goes, and how fast it may go.

use crate::fake::{Call, trouble::Trouble};
use crate::{
    story::Story,
    wish::{Asks, Wish, everything},
};
use reconcile::{Bucket, Limiter};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn building_takes_as_long_as_the_longest_way_through_the_graph() {
    let mut story = Story::default();
    story.cloud.world().latency = Duration::from_millis(50);
    let (plan, observation) = story.plan(&everything()).await.unwrap();
    let start = Instant::now();
    assert!(story.apply(&everything(), plan, observation).await.applied.is_complete());

    let takes = |kind: &str| {
        Duration::from_secs(match kind {
            "gateway" => 90,
            "database" => 300,
            _ => 0,
        })
    };
    let (shortest, path) = everything().graph().critical_path(&|_, kind| takes(kind));
    let path: Vec<_> = path.iter().map(|address| address.as_str()).collect();
    assert_eq!((shortest.as_secs(), path.last()), (390, Some(&"database")));
    assert!(path.contains(&"gateway.a") || path.contains(&"gateway.b"));
    assert!(start.elapsed() >= shortest);
    assert!(start.elapsed() < shortest.mul_f64(1.05), "{:?}", start.elapsed());
}

/// Whether no stretch of `calls` has more of them than `bucket` lets through.
fn keeps_to(bucket: Bucket, calls: &[Call]) -> bool {
    calls.iter().enumerate().all(|(first, from)| {
        calls[first..].iter().enumerate().all(|(between, to)| {
            let allowed = bucket.burst + bucket.per_second * (to.at - from.at).as_secs_f64();
            between as f64 + 1.0 <= allowed + 1e-6
        })
    })
}

#[tokio::test(start_paused = true)]
async fn calls_keep_to_the_limits_of_each_service() {
    let bucket = |name| Bucket { name, burst: 3.0, per_second: 0.5 };
    let mut story = Story {
        limiter: Arc::new(Limiter::new([bucket("net:read"), bucket("net:write")])),
        ..Story::default()
    };
    story.bring(&everything()).await;
    let calls = story.cloud.take_calls();
    let of = |reads: bool| -> Vec<Call> {
        let others = ["role", "database", "block", "hall", "tool", "crew", "cluster"];
        let net = |call: &&Call| !others.iter().any(|kind| call.operation.ends_with(kind));
        let is_read =
            |call: &Call| ["read", "search", "find"].iter().any(|verb| call.operation.starts_with(verb));
        calls.iter().filter(net).filter(|call| is_read(call) == reads).cloned().collect()
    };
    assert!(keeps_to(bucket("net:write"), &of(false)));
    assert!(keeps_to(bucket("net:read"), &of(true)));
    assert!(!keeps_to(Bucket { burst: 2.0, ..bucket("net:write") }, &of(false)), "the burst is used");
}

#[tokio::test(start_paused = true)]
async fn a_kind_with_a_limit_of_its_own_keeps_to_it() {
    let zones = vec!["a", "b", "c", "d", "e", "f", "g", "h"];
    let mut story = Story::default();
    story.bring(&Wish { gateways: zones.clone(), zones, ..Wish::default() }).await;
    let mut calls = story.cloud.take_calls();
    calls.retain(|call| call.operation == "create gateway");
    assert_eq!(calls.len(), 8);
    let own = Bucket { name: "net:create_gateway", burst: 4.0, per_second: 0.5 };
    assert!(keeps_to(own, &calls));
}

#[tokio::test(start_paused = true)]
async fn the_same_world_sees_the_same_calls() {
    async fn calls() -> Vec<Call> {
        let mut story = Story::default();
        story.cloud.world().latency = Duration::from_millis(70);
        story.cloud.trouble(Trouble::unanswered("create").skip(3).times(2).after());
        story.cloud.trouble(Trouble::throttled("").skip(20).times(5));
        story.bring(&everything()).await;
        story.bring(&Wish { cidr: "10.1", database: None, ..everything() }).await;
        story.destroy().await;
        story.cloud.take_calls()
    }
    let first = calls().await;
    assert!(first.len() > 100);
    assert_eq!(first, calls().await);
}
