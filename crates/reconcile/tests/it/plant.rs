//! Things that bear a load while they change, and things out of reach.

use crate::{
    fake::{
        Cloud,
        plant::{Crew, Hall, Notice, Sweeping, Tool},
        trouble::Trouble,
    },
    story::Story,
};
use insta::assert_snapshot;
use reconcile::{Fault, Graph, Record, Sort};

#[derive(Clone, Copy)]
struct Plant {
    plan: u32,
    crew: &'static str,
    skill: u32,
    edge: u32,
    notice: Option<&'static str>,
}

const PLANT: Plant = Plant { plan: 1, crew: "early", skill: 1, edge: 1, notice: None };

impl Plant {
    fn draw(self) -> impl Fn(&mut Graph<Cloud>) {
        move |graph| {
            let hall = graph.add("hall", "main", Hall { name: "main".to_owned(), plan: self.plan });
            let crew = Crew { hall: hall.id(), skill: self.skill, edition: hall.output(Hall::EDITION) };
            let crew = graph.add(format!("crew.{}", self.crew), self.crew, crew);
            graph.add("tool", "tool", Tool { hall: hall.id(), edge: self.edge, crews: vec![crew.id()] });
            if let Some(text) = self.notice {
                graph.add("notice", "", Notice { hall: hall.id(), text: text.to_owned() });
            }
        }
    }
}

fn out_of_reach(operation: &'static str) -> Trouble {
    let mut fault = Fault::new(Sort::Busy, "", "Unreachable", "nobody answers at 10.0.0.1");
    fault.unreachable = true;
    Trouble { what: crate::fake::trouble::What::Fault(fault), ..Trouble::busy(operation) }.always()
}

#[tokio::test(start_paused = true)]
async fn what_a_change_gives_anew_is_planned_to_change_what_takes_it() {
    let mut story = Story::default();
    story.bring(&PLANT.draw()).await;
    assert_snapshot!(story.bring(&Plant { plan: 2, ..PLANT }.draw()).await, @r#"
    ~ hall (hall)
        plan: 1 -> 2
    ~ crew.early (crew)
        edition: "edition 1" -> (new hall.edition)
    "#);
}

/// A tool needs a crew to be set up; both existing, the tool is changed first.
#[tokio::test(start_paused = true)]
async fn changes_in_the_order_of_the_kinds() {
    let mut story = Story::default();
    story.bring(&PLANT.draw()).await;
    assert_snapshot!(story.cloud.take_changes().join("\n"), @r"
    create hall hall
    create crew crew.early
    create tool tool
    ");
    story.bring(&Plant { plan: 2, skill: 2, edge: 2, ..PLANT }.draw()).await;
    assert_snapshot!(story.cloud.take_changes().join("\n"), @r"
    update hall main
    update tool tool-1
    update crew crew-1
    ");
}

#[tokio::test(start_paused = true)]
async fn the_new_one_bears_the_load_before_the_old_one_goes() {
    let mut story = Story::default();
    story.bring(&PLANT.draw()).await;
    story.cloud.take_calls();
    assert_snapshot!(story.bring(&Plant { crew: "late", ..PLANT }.draw()).await, @r"
    + crew.late (crew)
    - crew.early (crew)
    ");
    assert_snapshot!(story.cloud.take_changes().join("\n"), @r"
    create crew crew.late
    delete crew crew-1
    ");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_done_is_refused_with_the_remedy() {
    let mut story = Story::default();
    story.bring(&Plant { plan: 2, ..PLANT }.draw()).await;
    assert_snapshot!(story.run(&PLANT.draw()).await.told(), @r#"
    ~ hall (hall)
        plan: 2 -> 1
    ~ crew.early (crew)
        edition: "edition 2" -> (new hall.edition)
    ! hall (hall) cannot be changed so: A hall cannot shrink. Build another one.
    "#);
}

#[tokio::test(start_paused = true)]
async fn what_is_out_of_reach_is_as_it_was_last_seen() {
    let wish = Plant { notice: Some("welcome"), ..PLANT };
    let mut story = Story::default();
    story.bring(&wish.draw()).await;
    story.cloud.trouble(out_of_reach("read notice"));
    story.cloud.trouble(out_of_reach("find notice"));
    let (plan, observation) = story.plan(&wish.draw()).await.unwrap();
    assert!(plan.is_empty());
    assert!(observation.out_of_reach["notice"].message.contains("10.0.0.1"));
    assert_snapshot!(story.bring(&Plant { edge: 2, ..wish }.draw()).await, @r"
    ~ tool (tool)
        edge: 1 -> 2
    ");
}

#[tokio::test(start_paused = true)]
async fn what_is_out_of_reach_and_was_forgotten_is_as_it_is_asked_for() {
    let wish = Plant { notice: Some("welcome"), ..PLANT };
    let mut story = Story::default();
    story.bring(&wish.draw()).await;
    let notice = story.inventory.get_mut("notice").unwrap();
    *notice = Record::of(notice.kind.as_str(), notice.id.as_str());
    for operation in ["read notice", "find notice"] {
        story.cloud.trouble(out_of_reach(operation));
    }
    let (plan, _) = story.plan(&wish.draw()).await.unwrap();
    assert!(plan.is_empty(), "{plan:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_out_of_reach_does_not_keep_the_rest_from_being_made() {
    let wish = Plant { notice: Some("welcome"), ..PLANT };
    let mut story = Story::default();
    for operation in ["read notice", "find notice", "create notice"] {
        story.cloud.trouble(out_of_reach(operation));
    }
    let run = story.run(&wish.draw()).await;
    assert_eq!((run.applied.ready, run.applied.wanted), (3, 4), "{}", run.told());
    assert!(run.told().contains("notice (notice) could not be created"));
    story.cloud.calm();
    assert_snapshot!(story.bring(&wish.draw()).await, @"+ notice (notice)");
}

#[tokio::test(start_paused = true)]
async fn what_is_out_of_reach_goes_with_what_it_is_in() {
    let wish = Plant { notice: Some("welcome"), ..PLANT };
    let mut story = Story::default();
    story.bring(&wish.draw()).await;
    for operation in ["read notice", "find notice", "delete notice"] {
        story.cloud.trouble(out_of_reach(operation));
    }
    // By itself it cannot go.
    let run = story.run(&PLANT.draw()).await;
    assert!(run.told().contains("notice (notice) could not be deleted"), "{}", run.told());
    assert!(story.destroy().await.applied.is_complete());
    assert_eq!(story.cloud.world().census(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn what_is_only_recorded_is_never_looked_at_and_does_its_work_when_it_goes() {
    let wish = |how: &'static str| {
        move |graph: &mut Graph<Cloud>| {
            let hall = graph.add("hall", "main", Hall { name: "main".to_owned(), plan: 1 });
            let sweeping = Sweeping { hall: hall.id(), name: "sweep".to_owned(), how: how.to_owned() };
            graph.add("sweeping", "sweeping", sweeping);
        }
    };
    let mut story = Story::default();
    assert_snapshot!(story.bring(&wish("broom")).await, @r"
    + hall (hall)
    + sweeping (sweeping)
    ");
    assert_snapshot!(story.bring(&wish("vacuum")).await, @r#"
    ~ sweeping (sweeping)
        how: "broom" -> "vacuum"
    "#);
    // Lost with a state, it is there again as soon as what it stands on is.
    story.inventory.remove(&reconcile::Address::from("sweeping"));
    assert_snapshot!(story.bring(&wish("vacuum")).await, @"");
    story.cloud.take_calls();
    story.cloud.trouble(Trouble::busy("delete sweeping").times(2));
    assert!(story.destroy().await.applied.is_complete());
    assert_snapshot!(story.cloud.take_changes().join("\n"), @r"
    delete sweeping vacuum
    delete sweeping vacuum
    delete sweeping vacuum
    delete hall main
    ");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_deleted_goes_with_what_it_is_in_and_is_told() {
    let wish = Plant { notice: Some("welcome"), ..PLANT };
    let mut story = Story::default();
    story.bring(&wish.draw()).await;
    story.cloud.trouble(Trouble::refused("delete notice").always());
    let run = story.destroy().await;
    assert!(run.applied.is_complete());
    assert_eq!(run.applied.left_to_die[0].address.as_str(), "notice");
    assert_eq!(story.cloud.world().census(), Vec::<String>::new());
}
