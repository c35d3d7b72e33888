//! One composite, its user and the fake cloud.

use crate::{
    fake::{Cloud, kinds},
    wish::Asks,
};
use reconcile::{
    Applied, Engine, Failure, Graph, IgnoredTags, Inventory, Ledger, Limiter, Look, Observation,
    ObserveError, Owner, Plan, Refusal, Stop, never,
};
use std::sync::{Arc, Mutex};

/// What came of a run.
pub(crate) struct Run {
    pub(crate) plan: Plan,
    pub(crate) applied: Applied,
}

impl Run {
    /// The plan as a user reads it, then what went wrong.
    pub(crate) fn told(&self) -> String {
        let mut told = self.plan.to_string();
        for refusal in &self.plan.refusals {
            told += &match refusal {
                Refusal::WouldReplace { address, kind, because } => {
                    format!("! {address} ({kind}) would be replaced: {because}\n")
                }
                Refusal::Impossible { address, kind, because } => {
                    format!("! {address} ({kind}) cannot be changed so: {because}\n")
                }
                Refusal::Foreign { address, kind, id, owner } => {
                    let owner = owner.as_deref().unwrap_or("nobody we know");
                    format!("! {address} ({kind}) is taken by {id} of {owner}\n")
                }
            };
        }
        for Failure { address, kind, done, fault } in &self.applied.failures {
            told += &format!("! {address} ({kind}) could not be {done}: {fault}\n");
        }
        told
    }
}

/// A composite and its user's state.
pub(crate) struct Story {
    pub(crate) cloud: Arc<Cloud>,
    /// The user's state.
    pub(crate) inventory: Inventory,
    pub(crate) owner: Owner,
    pub(crate) ignored_tags: IgnoredTags,
    pub(crate) limiter: Arc<Limiter>,
    pub(crate) stop: Stop,
    pub(crate) look: Look,
    pub(crate) runs: usize,
}

impl Default for Story {
    fn default() -> Self {
        Story {
            cloud: Arc::default(),
            inventory: Inventory::new(),
            owner: Owner {
                prefix: "test".to_owned(),
                composite: "network".to_owned(),
                name: "main".to_owned(),
                generation: "1".to_owned(),
            },
            ignored_tags: IgnoredTags::default(),
            limiter: Arc::default(),
            stop: never(),
            look: Look::Everywhere,
            runs: 0,
        }
    }
}

impl Story {
    /// Another composite in the same cloud.
    pub(crate) fn beside(&self, name: &str, generation: &str) -> Story {
        let owner = Owner { name: name.to_owned(), generation: generation.to_owned(), ..self.owner.clone() };
        Story { cloud: self.cloud.clone(), owner, ..Story::default() }
    }

    pub(crate) fn engine(&self) -> Engine<Cloud> {
        Engine {
            inherits: reconcile::Inherits::Nothing,
            patience: Default::default(),
            cloud: self.cloud.clone(),
            owner: self.owner.clone(),
            kinds: kinds::all(),
            limiter: self.limiter.clone(),
            ignored_tags: self.ignored_tags.clone(),
            run: format!("{} {}", self.owner.generation, self.runs),
            stop: self.stop.clone(),
        }
    }

    /// What exists and what would be done.
    pub(crate) async fn plan(&self, wish: &impl Asks) -> Result<(Plan, Observation), ObserveError> {
        let (engine, graph) = (self.engine(), wish.graph());
        let observation = engine.observe(&graph, &self.inventory, self.look).await?;
        Ok((engine.plan(&graph, &observation), observation))
    }

    /// Plans and applies.
    pub(crate) async fn run(&mut self, wish: &impl Asks) -> Run {
        self.attempt(wish).await.expect("what exists can be read")
    }

    /// Plans and applies, if the process does not die and the plan can be made.
    pub(crate) async fn attempt(&mut self, wish: &impl Asks) -> Option<Run> {
        let cloud = self.cloud.clone();
        cloud.start_over();
        let (plan, observation) = tokio::select! {
            biased;
            () = cloud.crashed() => return None,
            planned = self.plan(wish) => planned.ok()?,
        };
        Some(self.apply(wish, plan, observation).await)
    }

    /// The plan of a run that leaves nothing undone, and of which the next has nothing to do.
    pub(crate) async fn bring(&mut self, wish: &impl Asks) -> String {
        let run = self.run(wish).await;
        assert!(run.applied.is_complete(), "{}", run.told());
        assert_eq!(run.applied.ready, run.applied.wanted);
        let again = self.run(wish).await;
        assert_eq!(again.told(), "", "the second plan");
        run.told()
    }

    pub(crate) async fn apply(&mut self, wish: &impl Asks, plan: Plan, observation: Observation) -> Run {
        let (engine, graph) = (self.engine(), wish.graph());
        if !plan.refusals.is_empty() {
            return Run { plan, applied: Applied::default() };
        }
        let applied = self.carry_out(&engine, &graph, &plan, observation).await;
        Run { plan, applied }
    }

    /// Plans and applies the way to nothing.
    pub(crate) async fn destroy(&mut self) -> Run {
        self.attempt_to_destroy().await.expect("what exists can be read")
    }

    pub(crate) async fn attempt_to_destroy(&mut self) -> Option<Run> {
        let (engine, graph) = (self.engine(), Graph::default());
        let cloud = self.cloud.clone();
        cloud.start_over();
        let observation = tokio::select! {
            biased;
            () = cloud.crashed() => return None,
            observed = engine.observe(&graph, &self.inventory, self.look) => observed.ok()?,
        };
        let plan = engine.plan_destroy(&observation);
        let applied = self.carry_out(&engine, &graph, &plan, observation).await;
        Some(Run { plan, applied })
    }

    /// The kinds and identifiers that the user's state knows.
    pub(crate) fn recorded(&self) -> Vec<String> {
        let mut ids: Vec<_> =
            self.inventory.values().map(|record| format!("{} {}", record.kind, record.id)).collect();
        ids.sort();
        ids
    }

    /// Applies, and keeps what the ledger told last, also when the process dies in the middle.
    async fn carry_out(
        &mut self,
        engine: &Engine<Cloud>,
        graph: &Graph<Cloud>,
        plan: &Plan,
        observation: Observation,
    ) -> Applied {
        let state = Mutex::new(observation.objects.clone());
        let ledger = Ledger::new(observation.objects, |inventory| {
            for record in inventory.values() {
                let made = record.kind == "sweeping" || self.cloud.world().knows(&record.kind, &record.id);
                assert!(made, "{} was never made", record.id);
            }
            *state.lock().unwrap() = inventory.clone();
        });
        let whole = async {
            let mut applied = engine.apply(graph, plan, &ledger).await;
            if applied.is_complete()
                && let Err(fault) = engine.mark_finished(graph, &ledger).await
            {
                let address = graph.root().unwrap().clone();
                applied.failures.push(Failure {
                    address,
                    kind: "network",
                    done: "marked as finished",
                    fault,
                });
            }
            applied
        };
        let applied = tokio::select! {
            biased;
            () = self.cloud.crashed() => Applied { stopped: true, ..Applied::default() },
            applied = whole => applied,
        };
        drop(ledger);
        self.runs += 1;
        self.inventory = state.into_inner().unwrap();
        applied
    }
}
