//! Calls that fail, and what the next run makes of it.

use crate::{
    fake::trouble::{Trouble, When},
    story::Story,
    wish::{Wish, everything},
};
use insta::assert_snapshot;
use reconcile::Look;
use std::time::Duration;
use tokio::time::sleep;

/// Some of everything.
fn some() -> Wish {
    Wish { database: Some(("postgres", 10)), ..Wish::default() }
}

/// A failure at each call in turn, answered by a user who tries again ten seconds later.
async fn fails_at_each_call_then_finishes(trouble: Trouble, keeps_its_state: bool) {
    let reference = {
        let mut story = Story::default();
        story.bring(&some()).await;
        story.cloud.world().census().len()
    };
    for call in 0.. {
        let mut story = Story::default();
        story.cloud.trouble(trouble.clone().skip(call));
        let run = story.attempt(&some()).await;
        let is_past_the_end = story.cloud.world().troubles[0].times == 1;
        story.cloud.calm();
        let made = story.cloud.world().census();
        if !keeps_its_state {
            story.inventory.clear();
        }
        sleep(Duration::from_secs(10)).await;

        let told = story.bring(&some()).await;
        let census = story.cloud.world().census();
        assert!(!told.contains("± ") && !told.contains("- "), "call {call} destroys:\n{told}");
        assert!(
            made.iter().all(|object| census.contains(object)),
            "call {call} makes something anew:\n{told}"
        );
        assert_eq!(census.len(), reference, "call {call}:\n{told}\n{census:#?}");
        assert_eq!(story.recorded(), census, "call {call}");
        if is_past_the_end {
            assert!(run.is_some_and(|run| run.applied.is_complete()));
            assert!(call > 40, "there were only {call} calls");
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn finishes_after_a_refusal_at_any_call() {
    fails_at_each_call_then_finishes(Trouble::refused(""), true).await;
    fails_at_each_call_then_finishes(Trouble::refused(""), false).await;
}

#[tokio::test(start_paused = true)]
async fn finishes_after_a_lost_answer_to_any_call() {
    for when in [When::Before, When::After] {
        fails_at_each_call_then_finishes(Trouble::unanswered("").when(when), true).await;
        fails_at_each_call_then_finishes(Trouble::unanswered("").when(when), false).await;
    }
}

#[tokio::test(start_paused = true)]
async fn finishes_after_dying_at_any_call() {
    for when in [When::Before, When::After] {
        fails_at_each_call_then_finishes(Trouble::crash("").when(when), true).await;
        fails_at_each_call_then_finishes(Trouble::crash("").when(when), false).await;
    }
}

#[tokio::test(start_paused = true)]
async fn destroys_everything_after_a_failure_at_any_call() {
    let troubles = [Trouble::refused(""), Trouble::unanswered("").after(), Trouble::crash("").after()];
    for (trouble, keeps_its_state) in troubles.iter().flat_map(|trouble| [(trouble, true), (trouble, false)])
    {
        for call in 0.. {
            let mut story = Story::default();
            story.bring(&some()).await;
            story.cloud.trouble(trouble.clone().skip(call));
            story.attempt_to_destroy().await;
            let is_past_the_end = story.cloud.world().troubles[0].times == 1;
            story.cloud.calm();
            if !keeps_its_state {
                story.inventory.clear();
            }
            let run = story.destroy().await;
            assert!(run.applied.is_complete(), "call {call}: {}", run.told());
            assert_eq!(story.cloud.world().census(), [""; 0], "call {call}");
            if is_past_the_end {
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn finds_what_an_unanswered_create_made_though_searching_lags() {
    let mut story = Story::default();
    for kind in
        ["create network", "create subnet", "create gateway", "create table", "create ro", "create database"]
    {
        story.cloud.trouble(Trouble::unanswered(kind).after().always());
    }
    story.bring(&everything()).await;
    assert_eq!(story.recorded(), story.cloud.world().census());
}

#[tokio::test(start_paused = true)]
async fn makes_again_what_an_unanswered_create_did_not_make() {
    let mut story = Story::default();
    story.cloud.trouble(Trouble::unanswered("create network").times(2));
    story.bring(&everything()).await;

    let mut story = Story::default();
    story.cloud.trouble(Trouble::unanswered("create network").always());
    let run = story.run(&Wish::default()).await;
    assert_snapshot!(run.told(), @r"
    + network (network)
    + default (default_group)
    + subnet.a (subnet)
    + gateway.a (gateway)
    + table.a (table)
    + route.a (route)
    ! network (network) could not be created: create network: InternalError: an internal error has occurred
    ");
    assert_eq!(run.applied.blocked.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn does_not_make_again_what_may_exist_while_nobody_can_look() {
    let mut story = Story::default();
    story.cloud.trouble(Trouble::unanswered("create network").after());
    story.cloud.trouble(Trouble::denied("search network").skip(1));
    let run = story.run(&Wish::default()).await;
    assert_snapshot!(run.told(), @r"
    + network (network)
    + default (default_group)
    + subnet.a (subnet)
    + gateway.a (gateway)
    + table.a (table)
    + route.a (route)
    ! network (network) could not be created: create network: InternalError: an internal error has occurred
    ");
    sleep(Duration::from_secs(10)).await;
    story.bring(&Wish::default()).await;
    assert_eq!(story.cloud.world().of("network").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_name_taken_by_an_earlier_run_of_ours_is_found() {
    let mut story = Story::default();
    story.cloud.trouble(Trouble::crash("create role").after());
    assert!(story.run(&everything()).await.applied.stopped);
    assert!(!story.inventory.contains_key("role"));

    sleep(Duration::from_secs(10)).await;
    story.look = Look::Recorded;
    let run = story.run(&everything()).await;
    assert!(run.told().contains("+ role"));
    assert!(run.applied.is_complete(), "{}", run.told());
    assert!(story.inventory.contains_key("role"));
}

#[tokio::test(start_paused = true)]
async fn failures_are_told_in_the_same_order_whichever_came_first() {
    for delayed in [0, 1] {
        let mut story = Story::default();
        // One subnet is still waiting when the other is refused.
        story.cloud.trouble(Trouble::throttled("create subnet").skip(delayed));
        story.cloud.trouble(Trouble::refused("create subnet").always());
        let run = story.attempt(&everything()).await.expect("it is begun");
        let failed: Vec<&str> = run.applied.failures.iter().map(|failure| failure.address.as_str()).collect();
        assert!(failed.len() > 1 && failed.is_sorted(), "{failed:?}");
    }
}
