//! Applying: does what the plan showed, and gives back a true state however far it came.

use super::{
    Composite, Identity, Managed, Unready,
    attributes::{self, INCOMPLETE, READY},
    errors,
    private::{PlanKind, PlanPrivate, StatePrivate},
    workshop::{self, Generation, Workshop},
};
use crate::objects_attribute::Shown;
use aws_objects::Aws;
use reconcile::{Applied, Engine, Graph, Inventory, Ledger, Look};
use tfplugin::{ApplyRequest, ApplyResponse, Call, Diagnostics, Value};

impl<C: Composite> Managed<C> {
    pub(super) async fn apply_existence(&self, request: &ApplyRequest, call: &Call) -> ApplyResponse {
        let kept = (!request.prior.is_null()).then(|| request.prior.clone());
        let failed = |diagnostics: Diagnostics| ApplyResponse::failed(kept.clone(), Vec::new(), diagnostics);
        let (config, identity, tags) = match attributes::parsed::<C>(&request.planned) {
            Ok(parsed) => parsed,
            Err(Unready::Wrong(diagnostics)) => return failed(diagnostics),
            Err(Unready::Unknown(paths)) => return failed(errors::still_unknown(&paths)),
        };
        let session = match self.session.get() {
            Ok(session) => session,
            Err(diagnostic) => return failed(diagnostic.into()),
        };
        let generation = Generation::of_or_new(&request.prior);
        let protection = request.planned.get("deletion_protection").as_bool().unwrap_or(true);
        let given = (&request.planned, protection);
        let opened = Workshop::<C>::open(&session, &identity, &generation, (config, tags), given, call).await;
        match opened {
            Ok(workshop) => self.build(&workshop, &identity, request, call).await.unwrap_or_else(failed),
            Err(diagnostics) => failed(diagnostics),
        }
    }

    async fn build(
        &self,
        workshop: &Workshop<C>,
        identity: &Identity,
        request: &ApplyRequest,
        call: &Call,
    ) -> Result<ApplyResponse, Diagnostics> {
        let recorded = PlanPrivate::inventory(&request.planned_private, &request.prior);
        workshop.take_sensitive_values(&request.config);
        let mut observation = workshop.observe(&recorded, Look::Everywhere).await?;
        let shown = PlanPrivate::read(&request.planned_private);
        if let Some(shown) = &shown {
            // What nobody asks for and the plan did not show stays where it is. The next look finds it by its tags.
            let wanted = workshop.graph.nodes();
            observation.objects.retain(|address, _| wanted.contains_key(address) || shown.shows(address));
        }
        let plan = workshop.engine.plan(&workshop.graph, &observation);
        if !plan.refusals.is_empty() {
            return Err(errors::refusals(&plan.refusals, C::TYPE, &identity.to_string()));
        }
        if let Some(shown) = shown {
            let surprises = shown.not_shown(&plan, &workshop.engine.kinds);
            if !surprises.is_empty() {
                return Err(errors::changed_since(&surprises).into());
            }
        }
        let state_of = |inventory: &Inventory, status: &str| {
            let mut state = request.planned.clone();
            workshop.show_observed(inventory, &mut state);
            state.set("status", status);
            (state, StatePrivate::write(identity, inventory))
        };
        let ledger = Ledger::new(observation.objects, |inventory| {
            let (state, private) = state_of(inventory, INCOMPLETE);
            call.best_known(state, private);
        });
        if !plan.is_empty() {
            let begun = workshop.engine.mark_begun(&workshop.graph, &ledger).await;
            begun.map_err(|fault| errors::unwritten_mark(&fault))?;
        }
        let applied = workshop.engine.apply(&workshop.graph, &plan, &ledger).await;
        let mut diagnostics = self.diagnostics_of(&applied, &request.prior);
        if applied.is_complete()
            && let Err(fault) = workshop.engine.mark_finished(&workshop.graph, &ledger).await
        {
            diagnostics.push(errors::unfinished_mark(&fault));
        }
        let status = if diagnostics.has_errors() { INCOMPLETE } else { READY };
        let inventory = ledger.inventory();
        let (state, private) = state_of(&inventory, status);
        let identity = Some(identity.value());
        Ok(ApplyResponse { state: Some(state), private, identity, diagnostics })
    }

    fn diagnostics_of(&self, applied: &Applied, prior: &Value) -> Diagnostics {
        let mut diagnostics: Diagnostics =
            applied.failures.iter().map(|failure| errors::failure(failure, applied, prior)).collect();
        diagnostics.extend(applied.left_to_die.iter().map(errors::left_to_die));
        if applied.stopped {
            diagnostics.push(errors::stopped(applied));
        } else if applied.failures.is_empty() && !applied.blocked.is_empty() {
            diagnostics.push(errors::blocked(applied));
        }
        diagnostics
    }

    pub(super) async fn apply_destroy(&self, request: &ApplyRequest, call: &Call) -> ApplyResponse {
        let prior = &request.prior;
        let failed =
            |diagnostics: Diagnostics| ApplyResponse::failed(Some(prior.clone()), Vec::new(), diagnostics);
        let Some(identity) = Identity::of(prior) else { return ApplyResponse::deleted() };
        if is_handover(&request.planned_private, &identity) {
            // Rule: taint never deletes. The create half, which comes next, finds the objects by their tags.
            return ApplyResponse::deleted();
        }
        if let Err(diagnostics) = errors::protected(prior, C::TYPE) {
            return failed(diagnostics);
        }
        let recorded = PlanPrivate::inventory(&request.planned_private, prior);
        self.tear_down(&identity, prior, &recorded, call).await.unwrap_or_else(failed)
    }

    async fn tear_down(
        &self,
        identity: &Identity,
        prior: &Value,
        recorded: &Inventory,
        call: &Call,
    ) -> Result<ApplyResponse, Diagnostics> {
        let session = self.session.get()?;
        let generation = Generation::of(prior);
        let (work, observation) = match attributes::parsed::<C>(prior) {
            Ok((config, _, tags)) => {
                let (given, pinned) = ((config, tags), (prior, false));
                let workshop =
                    Workshop::<C>::open(&session, identity, &generation, given, pinned, call).await?;
                let observation = workshop.observe(recorded, Look::Everywhere).await?;
                (Work::Drawn(Box::new(workshop)), observation)
            }
            // A stub, or a state that an import left: whatever carries our tags goes.
            Err(_) => {
                let engine = workshop::engine::<C>(&session, identity, &generation, call).await?;
                let seen = engine.observe(&Graph::default(), recorded, Look::Everywhere).await;
                (Work::Bare(Box::new(engine)), seen.map_err(|error| errors::observe(&error))?)
            }
        };
        let engine = work.engine();
        let plan = engine.plan_destroy(&observation);
        let state_of = |inventory: &Inventory| {
            let mut state = prior.clone();
            state.set("status", INCOMPLETE);
            work.show(inventory, &mut state);
            (state, StatePrivate::write(identity, inventory))
        };
        let ledger = Ledger::new(observation.objects, |inventory| {
            let (state, private) = state_of(inventory);
            call.best_known(state, private);
        });
        let applied = engine.apply(&Graph::default(), &plan, &ledger).await;
        let left_to_die = applied.left_to_die.iter().map(errors::left_to_die);
        if applied.is_complete() {
            return Ok(ApplyResponse { diagnostics: left_to_die.collect(), ..ApplyResponse::deleted() });
        }
        let left = ledger.inventory();
        let (state, private) = state_of(&left);
        let mut diagnostics: Diagnostics =
            applied.failures.iter().map(|failure| errors::destroy_failure(failure, left.len())).collect();
        diagnostics.extend(left_to_die);
        if applied.stopped {
            diagnostics.push(errors::destroy_stopped(left.len()));
        }
        Ok(ApplyResponse::failed(Some(state), private, diagnostics))
    }
}

/// An engine, with or without a graph around it.
enum Work<C: Composite> {
    Drawn(Box<Workshop<C>>),
    Bare(Box<Engine<Aws>>),
}

impl<C: Composite> Work<C> {
    fn engine(&self) -> &Engine<Aws> {
        match self {
            Work::Drawn(workshop) => &workshop.engine,
            Work::Bare(engine) => engine,
        }
    }

    fn show(&self, inventory: &Inventory, state: &mut Value) {
        match self {
            Work::Drawn(workshop) => workshop.show_observed(inventory, state),
            Work::Bare(engine) => {
                let shown = Shown::of(engine);
                state.set("objects", shown.observed(None, inventory));
            }
        }
    }
}

/// Whether this is the destroying half of a tainted creation, as against a real deletion.
///
/// Core gives the destroying half the private data of the *create* plan (terraform-protocol section 1).
fn is_handover(planned_private: &[u8], identity: &Identity) -> bool {
    PlanPrivate::read(planned_private).is_some_and(|private| {
        private.kind == PlanKind::Create && !private.had_prior && private.identity == identity.to_string()
    })
}
