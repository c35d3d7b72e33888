//! What exists in the fake cloud.

use super::{Call, nature::Nature, trouble::Trouble};
use reconcile::{Birth, Fault, Id, Observed, Settling, Sort, Tags};
use serde_json::{Map, Value};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;

/// One object.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) fields: Map<String, Value>,
    pub(crate) tags: Tags,
    /// When it was made: it shows up later.
    pub(crate) born: Instant,
    /// Until when it is being made or changed.
    pub(crate) underway: Instant,
    /// What it reads back as until a change is seen.
    pub(crate) stale: Option<(Instant, Map<String, Value>, Tags)>,
    /// Why it failed.
    pub(crate) failure: Option<String>,
    /// Why its last change came to nothing.
    pub(crate) disappointment: Option<String>,
    /// When it will be gone, once it was deleted.
    pub(crate) gone: Option<Instant>,
    /// Identifiers it keeps from being deleted.
    holds: &'static [&'static str],
    /// The field with the identifier of what it vanishes with.
    belongs_to: Option<&'static str>,
}

#[derive(Default)]
pub(crate) struct World {
    /// By kind and identifier.
    pub(crate) things: BTreeMap<(&'static str, String), Thing>,
    pub(crate) calls: Vec<Call>,
    pub(crate) troubles: Vec<Trouble>,
    pub(crate) latency: Duration,
    /// How much longer than usual a search by tags misses new objects.
    pub(crate) search_lag: Duration,
    /// How long changed fields and tags read back as they were.
    pub(crate) change_lag: Duration,
    /// The kinds of which the next one made fails.
    pub(crate) doomed: Vec<&'static str>,
    /// The kinds of which the next change comes to nothing, and why.
    pub(crate) fruitless: Vec<(&'static str, &'static str)>,
    /// The kinds of which a read finds nothing, once each, while one of them goes.
    pub(crate) overlooked: Vec<&'static str>,
    /// Whether the process making the calls has died.
    pub(crate) is_dead: bool,
    made: BTreeMap<&'static str, usize>,
    tokens: BTreeMap<String, (String, Value)>,
}

impl Thing {
    fn refers_to(&self, id: &str, fields: &[&str]) -> bool {
        fields.iter().any(|field| names(self.fields.get(*field), id))
    }
}

/// Whether `value` is `id` or a list with it.
fn names(value: Option<&Value>, id: &str) -> bool {
    match value {
        Some(Value::String(text)) => text == id,
        Some(Value::Array(items)) => items.iter().any(|item| item == id),
        _ => false,
    }
}

impl World {
    /// The objects of a kind that are not gone, with their identifiers.
    pub(crate) fn of(&self, kind: &str) -> Vec<(&str, &Thing)> {
        let all = self.things.iter().filter(|((of, _), thing)| *of == kind && exists(thing));
        all.map(|((_, id), thing)| (id.as_str(), thing)).collect()
    }

    /// The kinds and identifiers of all objects there are.
    pub(crate) fn census(&self) -> Vec<String> {
        let here = self.things.iter().filter(|(_, thing)| exists(thing));
        here.map(|((kind, id), _)| format!("{kind} {id}")).collect()
    }

    /// Somebody else makes an object that keeps this one from being deleted.
    pub(crate) fn put_in_the_way(&mut self, kind: &'static str, id: &str) -> String {
        let mut stranger = self.things[&(kind, id.to_owned())].clone();
        stranger.tags.clear();
        stranger.fields.insert("cidr".into(), Value::from("stranger"));
        self.things.insert((kind, format!("{id}-stranger")), stranger);
        format!("{id}-stranger")
    }

    /// Somebody else deletes an object.
    pub(crate) fn vanish(&mut self, kind: &'static str, id: &str) {
        self.things.get_mut(&(kind, id.to_owned())).unwrap().gone = Some(Instant::now());
    }

    /// Whether there is or was such an object.
    pub(crate) fn knows(&self, kind: &str, id: &str) -> bool {
        self.things.keys().any(|(of, other)| *of == kind && other == id)
    }

    /// The one object of a kind with this address tag.
    pub(crate) fn at(&mut self, address: &str) -> (String, &mut Thing) {
        let tagged = |thing: &Thing| thing.tags.get("test:address").is_some_and(|tag| tag == address);
        let mut found: Vec<_> =
            self.things.iter_mut().filter(|(_, thing)| exists(thing) && tagged(thing)).collect();
        assert_eq!(found.len(), 1, "objects at {address}");
        let (id, thing) = found.remove(0);
        (id.1.clone(), thing)
    }

    pub(crate) fn trouble_for(&mut self, operation: &str) -> Option<Trouble> {
        for trouble in self.troubles.iter_mut().filter(|trouble| operation.starts_with(trouble.operation)) {
            if trouble.skip > 0 {
                trouble.skip -= 1;
            } else if trouble.times > 0 {
                trouble.times -= 1;
                return Some(trouble.clone());
            }
        }
        None
    }

    pub(crate) fn create<O: Nature>(&mut self, object: &O, birth: &Birth) -> Result<Id<O>, Fault> {
        let Value::Object(mut fields) = serde_json::to_value(object).unwrap() else { unreachable!() };
        if let Some((id, same)) = self.tokens.get(&birth.token).filter(|_| O::TOKENS) {
            let mismatch =
                || refused("IdempotentParameterMismatch", "the token was used for another request");
            return if *same == Value::Object(fields) { Ok(Id::new(id)) } else { Err(mismatch()) };
        }
        let asked = Value::Object(fields.clone());
        for field in O::STANDS_ON {
            self.is_there(fields.get(*field))?;
        }
        let key = object.key();
        if O::COMPANION
            && let Some(id) =
                key.clone().filter(|id| self.things.get(&(O::KIND, id.clone())).is_some_and(exists))
        {
            return Ok(Id::new(id));
        }
        if self.of(O::KIND).iter().any(|(_, thing)| key.is_some() && self.key_of::<O>(thing) == key) {
            return Err(refused("AlreadyExists", "there is one already"));
        }
        for (field, default) in O::AFTERWARDS {
            fields.insert((*field).to_owned(), serde_json::from_str(default).unwrap());
        }
        fields.retain(|_, value| !value.is_null());
        let number = self.made.entry(O::KIND).or_default();
        *number += 1;
        let id = key.filter(|_| O::NAMED).unwrap_or_else(|| format!("{}-{number}", O::KIND));
        let doomed = self.doomed.iter().position(|kind| *kind == O::KIND);
        let failure = doomed.map(|at| self.doomed.remove(at)).map(|kind| format!("no room for a {kind}"));
        let now = Instant::now();
        let tags = if O::TAGGED && !O::COMPANION { birth.tags.clone() } else { Tags::new() };
        let thing = Thing {
            fields,
            tags,
            born: now,
            underway: now + O::TAKES,
            stale: None,
            failure,
            disappointment: None,
            gone: None,
            holds: O::HOLDS,
            belongs_to: O::BELONGS_TO,
        };
        self.things.insert((O::KIND, id.clone()), thing);
        self.tokens.insert(birth.token.clone(), (id.clone(), asked));
        Ok(Id::new(id))
    }

    fn key_of<O: Nature>(&self, thing: &Thing) -> Option<String> {
        serde_json::from_value::<O>(Value::Object(thing.fields.clone())).ok()?.key()
    }

    /// What a new object stands on must be there, and have shown up.
    fn is_there(&self, reference: Option<&Value>) -> Result<(), Fault> {
        let ids: Vec<&str> = match reference {
            Some(Value::String(id)) => vec![id],
            Some(Value::Array(ids)) => ids.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        for id in ids {
            let shown = |(other, thing): (&(&str, String), &Thing)| other.1 == id && thing.gone.is_none();
            if !self.things.iter().any(shown) {
                return Err(Fault::new(Sort::NotYet, "", "NotFound", format!("there is no {id}")));
            }
        }
        Ok(())
    }

    pub(crate) fn read<O: Nature>(
        &self,
        whole: bool,
        wanted: impl Fn(&str, &Thing) -> bool,
    ) -> Vec<Observed<O>> {
        let shown = |(_, thing): &(&str, &Thing)| thing.born.elapsed() >= O::HIDDEN;
        let wanted = self.of(O::KIND).into_iter().filter(shown).filter(|(id, thing)| wanted(id, thing));
        wanted.map(|(id, thing)| observed(id, thing, whole)).collect()
    }

    pub(crate) fn search<O: Nature>(&self, tags: &Tags) -> Vec<Observed<O>> {
        let carries = |thing: &Thing| tags.iter().all(|(key, value)| thing.tags.get(key) == Some(value));
        self.read(true, |_, thing| {
            thing.born.elapsed() >= O::UNSEARCHABLE + self.search_lag && carries(thing)
        })
    }

    pub(crate) fn change(
        &mut self,
        kind: &'static str,
        id: &str,
        takes: Duration,
    ) -> Result<&mut Thing, Fault> {
        let lag = self.change_lag;
        let thing =
            self.things.get_mut(&(kind, id.to_owned())).filter(|thing| exists(thing) && thing.gone.is_none());
        let thing =
            thing.ok_or_else(|| Fault::new(Sort::NotFound, "", "NotFound", format!("there is no {id}")))?;
        if thing.underway > Instant::now() {
            return Err(Fault::new(Sort::Busy, "", "IncorrectState", format!("{id} is being changed")));
        }
        thing.underway = Instant::now() + takes;
        if !lag.is_zero() {
            thing.stale = Some((Instant::now() + lag, thing.fields.clone(), thing.tags.clone()));
        }
        Ok(thing)
    }

    /// Why the change now made comes to nothing, if it does.
    pub(crate) fn disappointment(&mut self, kind: &str) -> Option<String> {
        let at = self.fruitless.iter().position(|(of, _)| *of == kind)?;
        Some(self.fruitless.remove(at).1.to_owned())
    }

    /// Whether a replica answers that has forgotten already what is on its way out.
    pub(crate) fn overlooks(&mut self, kind: &str) -> bool {
        let is_going = self.of(kind).iter().any(|(_, thing)| thing.gone.is_some());
        let at = self.overlooked.iter().position(|of| *of == kind).filter(|_| is_going);
        at.map(|at| self.overlooked.remove(at)).is_some()
    }

    pub(crate) fn delete(&mut self, kind: &'static str, id: &str, takes: Duration) -> Result<(), Fault> {
        if !self.things.get(&(kind, id.to_owned())).is_some_and(exists) {
            return Err(Fault::new(Sort::NotFound, "", "NotFound", format!("there is no {id}")));
        }
        if self.things.values().any(|thing| exists(thing) && thing.refers_to(id, thing.holds)) {
            return Err(Fault::new(Sort::Busy, "", "DependencyViolation", format!("{id} is in use")));
        }
        let now = Instant::now();
        for (other, thing) in &mut self.things {
            let goes_with = thing.belongs_to.is_some_and(|field| names(thing.fields.get(field), id));
            if (other.0 == kind && other.1 == id) || goes_with {
                thing.gone.get_or_insert(now + takes);
            }
        }
        Ok(())
    }
}

fn refused(code: &str, message: &str) -> Fault {
    Fault::refused("", code, message)
}

fn exists(thing: &Thing) -> bool {
    thing.gone.is_none_or(|gone| gone > Instant::now())
}

fn observed<O: Nature>(id: &str, thing: &Thing, whole: bool) -> Observed<O> {
    let stale = thing.stale.as_ref().filter(|(until, ..)| *until > Instant::now());
    let (mut fields, tags) = match stale {
        Some((_, fields, tags)) => (fields.clone(), tags.clone()),
        None => (thing.fields.clone(), thing.tags.clone()),
    };
    let unread = if whole { &[] } else { O::DEEP };
    fields.retain(|field, _| !unread.contains(&field.as_str()));
    let settling = match &thing.failure {
        _ if thing.gone.is_some() => Settling::Underway("deleting".to_owned()),
        Some(reason) if thing.underway <= Instant::now() => Settling::Failed(reason.clone()),
        _ if thing.underway > Instant::now() => Settling::Underway("pending".to_owned()),
        _ => Settling::Settled,
    };
    let spec: O = serde_json::from_value(Value::Object(fields)).unwrap();
    Observed {
        id: Id::new(id),
        outputs: spec.gives(id),
        spec,
        settling,
        tags: O::TAGGED.then_some(tags),
        unread,
    }
}
