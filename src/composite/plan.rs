//! Planning: all choices are made here.

use super::{
    Composite, Identity, Managed, Prospect, Unready,
    attributes::{self, ABSENT, READY},
    errors,
    private::{PlanKind, PlanPrivate, StatePrivate},
    workshop::{self, Generation, Workshop},
};
use reconcile::{Action, Address, Inventory, Look, Observation, Plan, Record, Step};
use tfplugin::{Call, Diagnostic, Diagnostics, Path, PlanRequest, PlanResponse, Value};

impl<C: Composite> Managed<C> {
    /// Says what goes besides the objects that Terraform lists.
    pub(super) async fn plan_destroy(&self, request: &PlanRequest) -> Result<PlanResponse, Diagnostics> {
        let prior = &request.prior;
        errors::protected(prior, C::TYPE)?;
        let known = Identity::of(prior)
            .and_then(|identity| StatePrivate::read(&request.prior_private, &identity))
            .unwrap_or_default();
        let private = PlanPrivate::new(PlanKind::Destroy, &named(prior), true, &Plan::default());
        let private = private.keeping(&known, &C::kinds());
        let mut response = PlanResponse::new(Value::Null, private.write());
        if let (Ok(session), Some(identity)) = (self.session.get(), Identity::of(prior))
            && let Ok(aws) = session.aws(&identity.region).await
        {
            response.diagnostics = C::takes_along(&aws, prior).await;
        }
        Ok(response)
    }

    pub(super) async fn plan_existence(
        &self,
        request: &PlanRequest,
        call: &Call,
    ) -> Result<PlanResponse, Diagnostics> {
        let session = self.session.get()?;
        let prior = &request.prior;
        let mut planned = attributes::with_defaults::<C>(&request.proposed, &request.config, prior, &session);
        let replaced_by = if prior.is_null() { Vec::new() } else { self.replaced_by(prior, &planned) };
        if !replaced_by.is_empty() {
            errors::protected(prior, C::TYPE)?;
            return Ok(replacement::<C>(planned, replaced_by));
        }
        // Unknown tags destroy nothing: the plan of something that exists goes on with those it has.
        let tags_to_come = !prior.get("tags_all").is_null() && !planned.get("tags_all").is_wholly_known();
        let mut known = planned.clone();
        if tags_to_come {
            known.set("tags_all", prior.get("tags_all").clone());
        }
        let (config, identity, tags) = match attributes::parsed::<C>(&known) {
            Ok(parsed) => parsed,
            Err(Unready::Wrong(diagnostics)) => return Err(diagnostics),
            Err(Unready::Unknown(paths)) => return unknown_until_apply::<C>(request, planned, &paths),
        };
        let half_of_replacement = prior.is_null() && !request.prior_private.is_empty();
        if !half_of_replacement && !self.census.claim(&identity) {
            return Err(errors::claimed_twice(C::TYPE, &identity.to_string()).into());
        }
        if prior.is_null() {
            session.check_region(&identity.region).await?;
        }
        let generation = Generation::of_or_new(prior);
        let protection = planned.get("deletion_protection").as_bool().unwrap_or(true);
        let workshop =
            Workshop::<C>::open(&session, &identity, &generation, (config, tags), (prior, protection), call)
                .await?;
        let mut diagnostics = Diagnostics::default();
        let mut observation = if half_of_replacement {
            // What exists goes before this is made.
            Observation::default()
        } else if prior.is_null() {
            self.what_exists(&workshop, &identity, call, &mut diagnostics).await?
        } else {
            recorded(&workshop, request, &identity).await?
        };
        let mut plan = workshop.engine.plan(&workshop.graph, &observation);
        if !prior.is_null() && creates(&plan, &workshop) {
            // What has no tags, or was lost with a state, may be there: it is found by its name.
            observation = workshop.observe(&observation.objects, Look::Everywhere).await?;
            plan = workshop.engine.plan(&workshop.graph, &observation);
        }
        if !plan.refusals.is_empty() {
            return Err(errors::refusals(&plan.refusals, C::TYPE, &identity.to_string()));
        }
        let goes_though_protected = |step: &Step| {
            step.action == Action::Delete
                && workshop.engine.kinds.get(step.kind).is_some_and(|kind| kind.protected())
        };
        if plan.steps.iter().any(goes_though_protected) {
            errors::protected(prior, C::TYPE)?;
            diagnostics.extend(C::takes_along(&workshop.engine.cloud, prior).await);
        }
        diagnostics.extend(errors::out_of_reach(&observation));
        diagnostics.extend(workshop.cautions());
        if !plan.is_empty() {
            workshop.take_sensitive_values(&request.config);
            let prospect = Prospect { plan: &plan, objects: &observation.objects, prior };
            diagnostics.extend(workshop.preflight(prospect).await);
            if diagnostics.has_errors() {
                return Err(diagnostics);
            }
        }
        workshop.show_planned(&plan, &observation.objects, &mut planned);
        if tags_to_come {
            forget_settings(&workshop, &mut planned);
        }
        planned.set("status", READY);
        let generation = prior.get("generation").clone();
        planned.set("generation", if generation.is_null() { Value::unknown() } else { generation });
        let kind = if prior.is_null() { PlanKind::Create } else { PlanKind::Update };
        let private = PlanPrivate::new(kind, &identity.to_string(), half_of_replacement, &plan)
            .keeping(&observation.objects, &workshop.engine.kinds);
        let mut response = PlanResponse::new(planned, private.write());
        response.identity = Some(identity.value());
        response.diagnostics = diagnostics;
        Ok(response)
    }

    fn replaced_by(&self, prior: &Value, planned: &Value) -> Vec<Path> {
        if prior.get("status").as_str() == Some(ABSENT) {
            return Vec::new();
        }
        let paths = [Path::root("name"), Path::root("region")].into_iter().chain(C::replaced_by());
        let differs = |path: &Path| match (prior.at(path), planned.at(path)) {
            (Some(before), Some(after)) => !before.is_null() && after.is_wholly_known() && before != after,
            _ => false,
        };
        paths.filter(differs).collect()
    }

    /// What a creation meets: nothing, its own unfinished objects, or a namesake.
    async fn what_exists(
        &self,
        workshop: &Workshop<C>,
        identity: &Identity,
        call: &Call,
        diagnostics: &mut Diagnostics,
    ) -> Result<Observation, Diagnostics> {
        let observation = workshop.observe(&Inventory::new(), Look::Everywhere).await?;
        if observation.objects.is_empty() {
            return Ok(observation);
        }
        let root = workshop.root(&observation.objects);
        let finished = root.is_some_and(|root| workshop.engine.owner.is_finished(&root.tags));
        // Core allows deferral only while it applies (1.9 and newer). Then the plan has looked before, and a finished
        // stack that is met here is the one that create_before_destroy replaces.
        let is_applying = call.capabilities().deferral_allowed;
        if finished && !is_applying && !self.census.is_stored(identity) {
            return Err(errors::namesake(C::TYPE, &identity.to_string()).into());
        }
        diagnostics.push(already_there(workshop, &observation, identity));
        Ok(observation)
    }
}

/// Whether something would be made that can be looked for.
fn creates<C: Composite>(plan: &Plan, workshop: &Workshop<C>) -> bool {
    let can_be_looked_for =
        |step: &&Step| workshop.engine.kinds.get(step.kind).is_some_and(|kind| !kind.only_recorded());
    plan.steps.iter().filter(can_be_looked_for).any(|step| step.action == Action::Create)
}

/// What a creation takes over, and what of it goes.
fn already_there<C: Composite>(
    workshop: &Workshop<C>,
    observation: &Observation,
    identity: &Identity,
) -> Diagnostic {
    let wanted = workshop.graph.nodes();
    let (kept, leaving): (Vec<&Address>, Vec<&Address>) =
        observation.objects.keys().partition(|address| wanted.contains_key(*address));
    let mut detail =
        "They carry this resource's tags. Nothing of them is made anew: the apply goes on from there."
            .to_owned();
    if !leaving.is_empty() {
        let leaving: Vec<&str> = leaving.into_iter().map(Address::as_str).collect();
        detail.push_str(&format!(" No longer asked for, and deleted by the apply: {}.", leaving.join(", ")));
    }
    let summary = format!("{} of {} objects of {identity} exist already", kept.len(), wanted.len());
    Diagnostic::warning(summary, detail)
}

/// What exists of something that is in the state: as refreshed, or found anew where that was lost or incomplete.
async fn recorded<C: Composite>(
    workshop: &Workshop<C>,
    request: &PlanRequest,
    identity: &Identity,
) -> Result<Observation, Diagnostics> {
    let prior = &request.prior;
    let known = StatePrivate::read(&request.prior_private, identity);
    let is_ready = prior.get("status").as_str() == Some(READY);
    match known {
        Some(known) if is_ready => {
            let objects = workshop::inventory_in(prior, Some(known));
            Ok(Observation { objects, ..Observation::default() })
        }
        known => {
            let recorded = workshop::inventory_in(prior, known);
            let observation = workshop.observe(&recorded, Look::Everywhere).await?;
            // A stub of what did not exist. Somebody else may have made and finished one of the same name since.
            let owner = &workshop.engine.owner;
            let root = workshop.root(&observation.objects);
            let is_anothers = |root: &Record| {
                owner.is_finished(&root.tags)
                    && owner.generation_on(&root.tags) != Some(owner.generation.as_str())
            };
            if prior.get("status").as_str() == Some(ABSENT) && root.is_some_and(is_anothers) {
                return Err(errors::made_meanwhile(C::TYPE, &identity.to_string()).into());
            }
            Ok(observation)
        }
    }
}

/// The identity in a plan's private data while region or name are not known: no handover is made on it.
const UNNAMED: &str = "?";

fn named(value: &Value) -> String {
    Identity::of(value).map_or_else(|| UNNAMED.to_owned(), |identity| identity.to_string())
}

/// A plan that makes everything anew; Terraform asks again for its second half.
fn replacement<C: Composite>(mut planned: Value, requires_replace: Vec<Path>) -> PlanResponse {
    forget_computed::<C>(&mut planned);
    let identity = named(&planned);
    let private = PlanPrivate::new(PlanKind::Create, &identity, true, &Plan::default());
    PlanResponse { requires_replace, ..PlanResponse::new(planned, private.write()) }
}

/// A plan whose configuration is known only at apply: fine for something new, refused for something that exists.
///
/// Rule: nothing is destroyed that the plan did not show. What an unknown network would destroy cannot be shown.
fn unknown_until_apply<C: Composite>(
    request: &PlanRequest,
    mut planned: Value,
    paths: &[Path],
) -> Result<PlanResponse, Diagnostics> {
    let exists = !request.prior.is_null() && request.prior.get("status").as_str() != Some(ABSENT);
    if exists {
        let error = |path: &Path| {
            Diagnostic::error(
                format!("{path} must be known while planning"),
                "This resource exists, and its plan must show what would change and go. Apply the resources that \
                 the value comes from first (terraform apply -target=...), then plan again.",
            )
            .at(path.clone())
        };
        return Err(paths.iter().map(error).collect());
    }
    forget_computed::<C>(&mut planned);
    let had_prior = request.prior.is_null() && !request.prior_private.is_empty();
    let private = PlanPrivate::new(PlanKind::Create, UNNAMED, had_prior, &Plan::default());
    Ok(PlanResponse::new(planned, private.write()))
}

/// The settings of what has tags, which are among them.
fn forget_settings<C: Composite>(workshop: &Workshop<C>, planned: &mut Value) {
    let Some(objects) = planned.get_mut("objects") else { return };
    for (address, node) in workshop.graph.nodes() {
        if let Some(object) = objects.get_mut(address.as_str()).filter(|_| node.kind.tagged()) {
            object.set("settings", Value::unknown());
        }
    }
}

fn forget_computed<C: Composite>(planned: &mut Value) {
    for name in ["objects", "status", "generation"].into_iter().chain(C::computed()) {
        planned.set(name, Value::unknown());
    }
}
