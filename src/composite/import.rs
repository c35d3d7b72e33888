//! Importing: finds the objects by their tags, adopts named ones, and makes a stub of what does not exist yet.

use super::{
    Composite, Identity, Managed, Search,
    attributes::{ABSENT, INCOMPLETE, READY},
    errors,
    private::StatePrivate,
    workshop::{self, Generation, PROTECTION_TAG, Workshop},
};
use crate::objects_attribute::Shown;
use reconcile::{Address, Engine, Graph, Inventory, Look, Record, Tags};
use tfplugin::{Call, Diagnostic, Diagnostics, ImportRequest, Imported, Value};

impl<C: Composite> Managed<C> {
    pub(super) async fn take_in(
        &self,
        request: &ImportRequest,
        call: &Call,
    ) -> Result<Imported, Diagnostics> {
        let wanted = Wanted::of::<C>(request)?;
        let session = self.session.get()?;
        let identity = wanted.identity;
        let mut state = super::attributes::schema::<C>().empty();
        state.set("name", identity.name.as_str());
        state.set("region", identity.region.as_str());
        let engine = workshop::engine::<C>(&session, &identity, &Generation::new(), call).await?;
        let adopted = adopted::<C>(&engine, wanted.adopt)?;
        let found = observe(&engine, &adopted).await?;
        // An apply that is cut short leaves this state as it is: by its generation a destroy knows what it may delete.
        state.set("generation", engine.owner.generation.as_str());
        if found.is_empty() {
            state.set("status", ABSENT);
            return Ok(imported::<C>(state, Vec::new(), &identity));
        }
        C::recover(&found, Search::ByTags, &mut state);
        let root = found.values().find(|record| record.tags.contains_key(PROTECTION_TAG));
        let root_tags = root.map(|record| record.tags.clone()).unwrap_or_default();
        let finished = adopted.is_empty() && engine.owner.is_finished(&root_tags);
        recover_shared(&mut state, &root_tags, &engine, &session.default_tags);
        state.set("status", if finished { READY } else { INCOMPLETE });
        if let Some(generation) = engine.owner.generation_on(&root_tags) {
            state.set("generation", generation);
        }
        let open = async |state: &Value| match super::attributes::parsed::<C>(state) {
            Ok((config, _, tags)) => {
                let protection = state.get("deletion_protection").as_bool().unwrap_or(true);
                let (given, pinned) = ((config, tags), (state, protection));
                Workshop::<C>::open(&session, &identity, &Generation::of(state), given, pinned, call)
                    .await
                    .map(Ok)
            }
            Err(unready) => Ok(Err(unready)),
        };
        let inventory = match open(&state).await? {
            Ok(workshop) => {
                let objects = workshop.observe(&found, Look::Everywhere).await?.objects;
                C::recover(&objects, Search::ByNames, &mut state);
                let workshop = open(&state).await?.unwrap_or(workshop);
                workshop.show_observed(&objects, &mut state);
                objects
            }
            // Too little to draw the graph from, such as a VPC alone: the objects themselves are what is known.
            Err(_) => {
                let shown = Shown::of(&engine);
                state.set("objects", shown.observed(None, &found));
                found
            }
        };
        let private = StatePrivate::write(&identity, &inventory);
        Ok(imported::<C>(state, private, &identity))
    }
}

async fn observe(engine: &Engine<aws_objects::Aws>, adopted: &Inventory) -> Result<Inventory, Diagnostics> {
    let look = async |recorded: &Inventory| {
        let seen = engine.observe(&Graph::default(), recorded, Look::Everywhere).await;
        seen.map_err(|error| errors::observe(&error))
    };
    if !adopted.is_empty() {
        places_are_free(adopted, &look(&Inventory::new()).await?.objects)?;
    }
    let observation = look(adopted).await?;
    if let Some(gone) = observation.gone.iter().next() {
        let id = adopted.get(gone).map(|record| record.id.clone()).unwrap_or_default();
        let detail = format!("There is no {id} in this account and region to become {gone}.");
        return Err(Diagnostic::error("An object to be adopted does not exist", detail).into());
    }
    let taken = observation
        .objects
        .iter()
        .find_map(|(address, record)| Some((address, record, engine.owner.other_owner(&record.tags)?)));
    match taken {
        None => Ok(observation.objects),
        Some((address, record, owner)) => Err(Diagnostic::error(
            format!("{} cannot be adopted as {address}", record.id),
            format!("Its tags say that it belongs to luneo {owner}. Remove it there from the state and its luneo: tags first."),
        )
        .into()),
    }
}

/// What is adopted must not push out an object that already has its place.
fn places_are_free(adopted: &Inventory, own: &Inventory) -> Result<(), Diagnostics> {
    for (address, wanted) in adopted {
        if let Some(seen) = own.get(address).filter(|seen| seen.id != wanted.id) {
            let summary = format!("{} cannot be adopted as {address}", wanted.id);
            let detail = format!(
                "By its tags {} is there already. Import without {address}=..., or delete that object first.",
                seen.id
            );
            return Err(Diagnostic::error(summary, detail).into());
        }
    }
    Ok(())
}

fn recover_shared(state: &mut Value, root: &Tags, engine: &Engine<aws_objects::Aws>, defaults: &Tags) {
    let protection = root.get(PROTECTION_TAG).is_none_or(|text| text != "false");
    state.set("deletion_protection", protection);
    let tags = workshop::given_tags(root, &engine.owner, &engine.ignored_tags, defaults);
    let mut all = defaults.clone();
    all.extend(super::attributes::text_map(&tags));
    state.set("tags", tags);
    state.set("tags_all", Value::map(all));
}

fn imported<C: Composite>(state: Value, private: Vec<u8>, identity: &Identity) -> Imported {
    Imported { type_name: C::TYPE.to_owned(), state, private, identity: Some(identity.value()) }
}

/// What an import asks for: `<region>/<name>`, then `,address=id` for each foreign object to adopt.
struct Wanted {
    identity: Identity,
    adopt: Vec<(Address, String)>,
}

impl Wanted {
    fn of<C: Composite>(request: &ImportRequest) -> Result<Wanted, Diagnostics> {
        if let Some(identity) = request.identity.as_ref().and_then(Identity::of) {
            return Ok(Wanted { identity, adopt: Vec::new() });
        }
        let form = || {
            let detail = format!(
                "{:?} is not of the form <region>/<name>, followed by ,<address>=<id> for each object to adopt. \
                 Example: terraform import '{}.main' 'eu-west-1/luneo-prod'.",
                request.id,
                C::TYPE
            );
            Diagnostics::from(Diagnostic::error("The import id cannot be read", detail))
        };
        let mut parts = request.id.split(',');
        let (region, name) = parts.next().and_then(|part| part.split_once('/')).ok_or_else(form)?;
        if region.is_empty() || name.is_empty() {
            return Err(form());
        }
        let pair = |part: &str| {
            let (address, id) = part.split_once('=')?;
            Some((Address::from(address.trim()), id.trim().to_owned()))
        };
        let adopt = parts.map(|part| pair(part).ok_or_else(form)).collect::<Result<_, _>>()?;
        Ok(Wanted { identity: Identity { region: region.to_owned(), name: name.to_owned() }, adopt })
    }
}

/// The named objects as records, each with the kind that its address has.
fn adopted<C: Composite>(
    engine: &Engine<aws_objects::Aws>,
    pairs: Vec<(Address, String)>,
) -> Result<Inventory, Diagnostics> {
    let record = |(address, id): (Address, String)| match C::kind_at(&address) {
        Some(kind) if engine.kinds.contains_key(kind) => Ok((address, Record::of(kind, id))),
        _ => Err(Diagnostics::from(Diagnostic::error(
            format!("{address} is not an address of {}", C::TYPE),
            "Addresses are the keys of `objects`, such as vpc or subnet.private.eu-west-1a.",
        ))),
    };
    pairs.into_iter().map(record).collect()
}
