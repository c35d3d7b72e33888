//! Refreshing: a few calls for the whole composite.

use super::{
    Composite, Identity, Managed,
    attributes::{self, ABSENT, READY},
    errors,
    private::StatePrivate,
    workshop::{self, Generation, Workshop},
};
use reconcile::{Inventory, Look, Observation, Status};
use tfplugin::{Call, Diagnostic, Diagnostics, ReadRequest, ReadResponse, Value};

impl<C: Composite> Managed<C> {
    pub(super) async fn refresh(&self, request: ReadRequest, call: &Call) -> ReadResponse {
        let (state, private) = (request.current, request.private);
        let identity = Identity::of(&state);
        let (Some(identity), false) = (identity, state.get("status").as_str() == Some(ABSENT)) else {
            // A stub of something that does not exist yet: the plan looks for it.
            return ReadResponse { identity: request.identity, ..ReadResponse::found(state, private) };
        };
        match self.look_again(&identity, state.clone(), &private, call).await {
            Ok((state, private, diagnostics)) => {
                ReadResponse { state: Some(state), private, identity: Some(identity.value()), diagnostics }
            }
            Err(diagnostics) => ReadResponse { diagnostics, ..ReadResponse::found(state, private) },
        }
    }

    async fn look_again(
        &self,
        identity: &Identity,
        mut state: Value,
        private: &[u8],
        call: &Call,
    ) -> Result<(Value, Vec<u8>, Diagnostics), Diagnostics> {
        let session = self.session.get()?;
        let known = StatePrivate::read(private, identity);
        let recorded = workshop::inventory_in(&state, known.clone());
        let generation = Generation::of(&state);
        let Ok((config, _, tags)) = attributes::parsed::<C>(&state) else {
            return self.look_without_configuration(identity, state, &recorded, call).await;
        };
        let protection = state.get("deletion_protection").as_bool().unwrap_or(true);
        let workshop =
            Workshop::<C>::open(&session, identity, &generation, (config, tags), (&state, protection), call)
                .await?;
        let observation = if state.get("status").as_str() == Some(READY) {
            observed_in_few_calls(&workshop, &recorded, known.as_ref()).await?
        } else {
            workshop.observe(&recorded, Look::Everywhere).await?
        };
        let mut diagnostics = C::warnings(&observation.objects);
        diagnostics.extend(errors::out_of_reach(&observation));
        if observation.objects.is_empty() && !recorded.is_empty() {
            state.set("status", ABSENT);
            diagnostics.push(Diagnostic::warning(
                format!("{} {identity} does not exist any more", C::TYPE),
                "None of its objects is left in AWS. The plan makes all of them anew.",
            ));
        }
        workshop.show_observed(&observation.objects, &mut state);
        Ok((state, StatePrivate::write(identity, &observation.objects), diagnostics))
    }

    /// What an import that was cut short leaves: objects, and no configuration to compare them with.
    async fn look_without_configuration(
        &self,
        identity: &Identity,
        mut state: Value,
        recorded: &Inventory,
        call: &Call,
    ) -> Result<(Value, Vec<u8>, Diagnostics), Diagnostics> {
        let session = self.session.get()?;
        let engine = workshop::engine::<C>(&session, identity, &Generation::of(&state), call).await?;
        let nothing = reconcile::Graph::default();
        let observation = engine
            .observe(&nothing, recorded, Look::Everywhere)
            .await
            .map_err(|error| errors::observe(&error))?;
        let shown = crate::objects_attribute::Shown::of(&engine);
        state.set("objects", shown.observed(None, &observation.objects));
        Ok((state, StatePrivate::write(identity, &observation.objects), Diagnostics::default()))
    }
}

/// A look at the surface; a whole one when that shows anything that is not as it should be, or nothing was known.
async fn observed_in_few_calls<C: Composite>(
    workshop: &Workshop<C>,
    recorded: &Inventory,
    known: Option<&Inventory>,
) -> Result<Observation, Diagnostics> {
    let Some(known) = known else {
        // The private data was lost with a provider that broke off: what it made last may not be in the state.
        return workshop.observe(recorded, Look::Everywhere).await;
    };
    let observation = workshop.observe(recorded, Look::Recorded).await?;
    let status = |inventory: &Inventory| {
        workshop.root(inventory).and_then(|root| workshop.engine.owner.status_on(&root.tags))
    };
    if status(known) == Some(Status::Ready) && status(&observation.objects) != Some(Status::Ready) {
        // Another run has begun to change things, and has not finished or did not save its state.
        return workshop.observe(recorded, Look::Everywhere).await;
    }
    let as_it_should_be = workshop.engine.plan(&workshop.graph, &observation).is_empty();
    if as_it_should_be && C::warnings(&observation.objects).is_empty() {
        return Ok(observation);
    }
    workshop.observe(recorded, Look::RecordedWhole).await
}
