//! What tells the fake cloud's kinds from each other.

use super::Cloud;
use reconcile::{Birth, Changes, Depth, Fault, Id, Object, Observed, Tags};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};

/// How the cloud treats a kind.
pub(crate) trait Nature: Object<Cloud = Cloud> {
    /// How long a new one is pending.
    const TAKES: Duration = Duration::ZERO;
    /// How long a changed one is pending.
    const CHANGES_IN: Duration = Duration::ZERO;
    /// How long a deleted one is deleting.
    const GOES_IN: Duration = Duration::ZERO;
    /// How long a new one cannot be read.
    const HIDDEN: Duration = Duration::ZERO;
    /// How long a new one cannot be found by its tags.
    const UNSEARCHABLE: Duration = Duration::ZERO;
    /// Whether creating it takes a token.
    const TOKENS: bool = false;
    /// Whether it can be looked up by its key.
    const FINDABLE: bool = false;
    /// Whether it comes by itself, untagged: creating it only gives its identifier.
    const COMPANION: bool = false;
    /// Whether its key is its identifier.
    const NAMED: bool = false;
    /// Fields with identifiers of what must be there before.
    const STANDS_ON: &'static [&'static str] = &[];
    /// Those of them that cannot be deleted while it is there.
    const HOLDS: &'static [&'static str] = Self::STANDS_ON;
    /// The field with the identifier of what it vanishes with.
    const BELONGS_TO: Option<&'static str> = None;
    /// Fields that creating does not take, with what they are at first.
    const AFTERWARDS: &'static [(&'static str, &'static str)] = &[];
    /// Whether a change takes only the first of the fields that it is given.
    const ONE_AT_A_TIME: bool = false;
    /// Fields that the surface does not show.
    const DEEP: &'static [&'static str] = &[];

    /// What no other of its kind may have.
    fn key(&self) -> Option<String> {
        None
    }

    /// Its outputs.
    fn gives(&self, id: &str) -> BTreeMap<&'static str, Value> {
        let _ = id;
        BTreeMap::new()
    }
}

fn operation<O: Nature>(verb: &str) -> String {
    format!("{verb} {}", O::KIND)
}

pub(crate) async fn read<O: Nature>(
    cloud: &Cloud,
    ids: &[Id<O>],
    depth: Depth,
) -> Result<Vec<Observed<O>>, Fault> {
    let subject = ids.iter().map(Id::as_str).collect::<Vec<_>>().join(" ");
    let wanted = |id: &str| ids.iter().any(|wanted| wanted.as_str() == id);
    let look = |world: &mut super::World| match world.overlooks(O::KIND) {
        true => Ok(Vec::new()),
        false => Ok(world.read(depth == Depth::Whole, |id, _| wanted(id))),
    };
    cloud.call(operation::<O>("read"), subject, look).await
}

pub(crate) async fn search<O: Nature>(cloud: &Cloud, tags: &Tags) -> Result<Vec<Observed<O>>, Fault> {
    cloud.call(operation::<O>("search"), String::new(), |world| Ok(world.search(tags))).await
}

pub(crate) async fn find<O: Nature>(cloud: &Cloud, object: &O) -> Result<Option<Observed<O>>, Fault> {
    let Some(key) = object.key() else { return Ok(None) };
    let look = |world: &mut super::World| {
        Ok(world
            .read(true, |_, _| true)
            .into_iter()
            .find(|seen: &Observed<O>| seen.spec.key().as_ref() == Some(&key)))
    };
    cloud.call(operation::<O>("find"), key.clone(), look).await
}

pub(crate) async fn create<O: Nature>(cloud: &Cloud, object: &O, birth: &Birth) -> Result<Id<O>, Fault> {
    let subject = birth.tags.get("test:address").cloned().or_else(|| object.key()).unwrap_or_default();
    cloud.call(operation::<O>("create"), subject, |world| world.create(object, birth)).await
}

pub(crate) async fn update<O: Nature>(
    cloud: &Cloud,
    object: &O,
    id: &Id<O>,
    changes: &Changes,
) -> Result<(), Fault> {
    let taken = if O::ONE_AT_A_TIME { &changes.0[..1] } else { &changes.0[..] };
    let update = |world: &mut super::World| {
        let disappointment = world.disappointment(O::KIND);
        let thing = world.change(O::KIND, id.as_str(), O::CHANGES_IN)?;
        let Value::Object(mut fields) = serde_json::to_value(object).unwrap() else { unreachable!() };
        fields.retain(|field, _| taken.iter().any(|change| change.field == *field));
        if disappointment.is_none() {
            thing.fields.extend(fields);
        }
        thing.disappointment = disappointment;
        Ok(())
    };
    cloud.call(operation::<O>("update"), id.to_string(), update).await
}

pub(crate) async fn why_not_taken<O: Nature>(cloud: &Cloud, id: &Id<O>) -> Result<Option<String>, Fault> {
    let look = |world: &mut super::World| {
        Ok(world.things.get(&(O::KIND, id.to_string())).and_then(|thing| thing.disappointment.clone()))
    };
    cloud.call(operation::<O>("read"), id.to_string(), look).await
}

pub(crate) async fn retag<O: Nature>(
    cloud: &Cloud,
    id: &Id<O>,
    put: &Tags,
    remove: &[String],
) -> Result<(), Fault> {
    let retag = |world: &mut super::World| {
        let thing = world.change(O::KIND, id.as_str(), Duration::ZERO)?;
        thing.tags.retain(|key, _| !remove.contains(key));
        thing.tags.extend(put.clone());
        Ok(())
    };
    cloud.call(operation::<O>("retag"), id.to_string(), retag).await
}

pub(crate) async fn delete<O: Nature>(cloud: &Cloud, id: &Id<O>) -> Result<(), Fault> {
    cloud
        .call(operation::<O>("delete"), id.to_string(), |world| {
            world.delete(O::KIND, id.as_str(), O::GOES_IN)
        })
        .await
}

/// The methods of an [`Object`] that only make the cloud's calls.
macro_rules! makes_its_calls {
    () => {
        async fn read(
            cloud: &Cloud,
            ids: &[Id<Self>],
            depth: reconcile::Depth,
        ) -> Result<Vec<reconcile::Observed<Self>>, Fault> {
            $crate::fake::nature::read(cloud, ids, depth).await
        }
        async fn owned(
            cloud: &Cloud,
            tags: &reconcile::Tags,
        ) -> Result<Vec<reconcile::Observed<Self>>, Fault> {
            if Self::TAGGED { $crate::fake::nature::search(cloud, tags).await } else { Ok(Vec::new()) }
        }
        async fn find(&self, cloud: &Cloud) -> Result<Option<reconcile::Observed<Self>>, Fault> {
            if Self::FINDABLE { $crate::fake::nature::find(cloud, self).await } else { Ok(None) }
        }
        async fn create(&self, cloud: &Cloud, birth: &reconcile::Birth) -> Result<Id<Self>, Fault> {
            $crate::fake::nature::create(cloud, self, birth).await
        }
        async fn update(
            &self,
            cloud: &Cloud,
            id: &Id<Self>,
            _: &Self,
            changes: &reconcile::Changes,
        ) -> Result<(), Fault> {
            $crate::fake::nature::update(cloud, self, id, changes).await
        }
        async fn why_not_taken(cloud: &Cloud, id: &Id<Self>) -> Result<Option<String>, Fault> {
            $crate::fake::nature::why_not_taken(cloud, id).await
        }
        async fn retag(
            cloud: &Cloud,
            id: &Id<Self>,
            put: &reconcile::Tags,
            remove: &[String],
        ) -> Result<(), Fault> {
            $crate::fake::nature::retag(cloud, id, put, remove).await
        }
        async fn delete(&self, cloud: &Cloud, id: &Id<Self>) -> Result<(), Fault> {
            $crate::fake::nature::delete(cloud, id).await
        }
    };
}
pub(crate) use makes_its_calls;
