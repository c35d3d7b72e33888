//! Any graph, any troubles.

use crate::{
    fake::{
        Cloud,
        blocks::{Block, Label},
        trouble::{Trouble, When},
    },
    story::Story,
    wish::Asks,
};
use proptest::{collection::vec, prelude::*};
use reconcile::Graph;
use std::time::Duration;

/// A block by its number: what it stands on (taken modulo those before it), shape, colour, and whether it is labelled.
type Part = (Vec<usize>, u8, Option<u8>, bool);

#[derive(Clone, Debug)]
struct Pile(Vec<Option<Part>>);

impl Pile {
    fn size(&self) -> usize {
        self.0.iter().flatten().map(|part| 1 + usize::from(part.3)).sum()
    }
}

impl Asks for Pile {
    fn graph(&self) -> Graph<Cloud> {
        let mut graph = Graph::default();
        let mut handles = Vec::new();
        for (number, part) in self.0.iter().enumerate() {
            let Some((on, shape, colour, is_labelled)) = part else { continue };
            let mut on: Vec<usize> = on.iter().filter_map(|other| other.checked_rem(handles.len())).collect();
            on.sort_unstable();
            on.dedup();
            let on = on.into_iter().map(|other| reconcile::Handle::<Block>::id(&handles[other])).collect();
            let block = Block { on, shape: *shape, colour: *colour };
            let block = graph.add(format!("block.{number}"), format!("{number}"), block);
            if *is_labelled {
                let label = Label { text: format!("label of {number}"), block: block.id() };
                graph.add(format!("label.{number}"), "", label);
            }
            handles.push(block);
        }
        graph.finish().unwrap()
    }
}

fn pile() -> impl Strategy<Value = Pile> {
    let part = (vec(0..10_usize, 0..3), 0..2_u8, proptest::option::of(0..3_u8), any::<bool>());
    vec(proptest::option::weighted(0.8, part), 1..8).prop_map(Pile)
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let what = prop_oneof![
        Just(Trouble::refused("")),
        Just(Trouble::denied("")),
        Just(Trouble::busy("")),
        Just(Trouble::not_yet("")),
        Just(Trouble::throttled("")),
        Just(Trouble::unanswered("")),
        Just(Trouble::crash("")),
        Just(Trouble::unanswered("create")),
        Just(Trouble::refused("delete")),
    ];
    (what, 0..60_usize, any::<bool>()).prop_map(|(trouble, skip, after)| {
        trouble.skip(skip).when(if after { When::After } else { When::Before })
    })
}

/// Runs with troubles until they are over, then until nothing is left to do.
async fn settle(story: &mut Story, pile: &Pile, troubles: &[Trouble]) -> Result<(), TestCaseError> {
    troubles.iter().for_each(|trouble| story.cloud.trouble(trouble.clone()));
    for _ in 0..3 {
        story.attempt(pile).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    story.cloud.calm();
    let last = story.run(pile).await;
    prop_assert!(last.applied.is_complete(), "{}", last.told());
    let again = story.run(pile).await;
    prop_assert_eq!(again.told(), "");
    prop_assert_eq!(story.cloud.world().census().len(), pile.size());
    prop_assert_eq!(story.recorded(), story.cloud.world().census());
    Ok(())
}

async fn build_change_and_destroy(
    first: Pile,
    second: Pile,
    troubles: Vec<Trouble>,
) -> Result<(), TestCaseError> {
    let mut story = Story::default();
    settle(&mut story, &first, &troubles).await?;
    settle(&mut story, &second, &troubles).await?;
    troubles.into_iter().for_each(|trouble| story.cloud.trouble(trouble));
    for _ in 0..3 {
        story.attempt_to_destroy().await;
    }
    story.cloud.calm();
    let last = story.destroy().await;
    prop_assert!(last.applied.is_complete(), "{}", last.told());
    prop_assert_eq!(story.cloud.world().census(), Vec::<String>::new());
    prop_assert!(story.inventory.is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_reached_through_any_troubles(
        first in pile(),
        second in pile(),
        troubles in vec(trouble(), 0..8),
    ) {
        let paused = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        paused.unwrap().block_on(build_change_and_destroy(first, second, troubles))?;
    }
}
