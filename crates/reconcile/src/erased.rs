//! Kinds of objects with their types erased, so that one graph holds all.

use crate::{Birth, Bucket, Changes, Depth, Fault, Id, Object, Observed, Pace, Settling, Tags};
use futures::future::BoxFuture;
use serde_json::Value;
use std::{collections::BTreeMap, marker::PhantomData, sync::Arc};

/// [`Observed`] with its type erased.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its identifier.
    pub id: String,
    /// Its fields.
    pub spec: Value,
    /// Its outputs, `id` included.
    pub outputs: Value,
    /// How it stands.
    pub settling: Settling,
    /// Its tags, if read.
    pub tags: Option<Tags>,
    /// Fields that were not read.
    pub unread: &'static [&'static str],
}

/// [`Object`] with its types erased, so that one graph holds every kind.
pub trait AnyObject<C>: Send + Sync {
    /// [`Object::KIND`].
    fn kind(&self) -> &'static str;
    /// [`Object::SERVICE`].
    fn service(&self) -> &'static str;
    /// [`Object::REPLACED_BY`].
    fn replaced_by(&self) -> &'static [&'static str];
    /// [`Object::OUTPUTS`].
    fn outputs(&self) -> &'static [&'static str];
    /// [`Object::TAGGED`].
    fn tagged(&self) -> bool;
    /// [`Object::STATEFUL`].
    fn stateful(&self) -> bool;
    /// [`Object::FAILS_EMPTY`].
    fn fails_empty(&self) -> bool;
    /// [`Object::LEFT_BEHIND`].
    fn left_behind(&self) -> bool;
    /// [`Object::PROTECTED`].
    fn protected(&self) -> bool;
    /// [`Object::LEAVES_LAST`].
    fn leaves_last(&self) -> bool;
    /// [`Object::CHANGED_AFTER`].
    fn changed_after(&self) -> &'static [&'static str];
    /// [`Object::DIES_WITH`].
    fn dies_with(&self) -> &'static [&'static str];
    /// [`Object::MAY_BE_OUT_OF_REACH`].
    fn may_be_out_of_reach(&self) -> bool;
    /// [`Object::ONLY_RECORDED`].
    fn only_recorded(&self) -> bool;
    /// [`Object::RENEWED_OUTPUTS`].
    fn renewed_outputs(&self) -> &'static [&'static str];
    /// [`Object::ONLY_ORDERS`].
    fn only_orders(&self) -> &'static [&'static str];
    /// [`Object::SHOWN_AS_DIGEST`].
    fn shown_as_digest(&self) -> &'static [&'static str];
    /// [`Object::PACE`].
    fn pace(&self) -> Pace;
    /// [`Object::CREATE_LIMIT`].
    fn create_limit(&self) -> Option<Bucket>;
    /// [`Object::read`].
    fn read<'a>(
        &'a self,
        cloud: &'a C,
        ids: &'a [String],
        depth: Depth,
    ) -> BoxFuture<'a, Result<Vec<Seen>, Fault>>;
    /// [`Object::owned`].
    fn owned<'a>(&'a self, cloud: &'a C, tags: &'a Tags) -> BoxFuture<'a, Result<Vec<Seen>, Fault>>;
    /// [`Object::find`]; `spec` has this kind's fields, in part still referring to others.
    fn find<'a>(&'a self, cloud: &'a C, spec: &'a Value) -> BoxFuture<'a, Result<Option<Seen>, Fault>>;
    /// [`Object::create`], giving the identifier.
    fn create<'a>(
        &'a self,
        cloud: &'a C,
        spec: &'a Value,
        birth: &'a Birth,
    ) -> BoxFuture<'a, Result<String, Fault>>;
    /// [`Object::update`].
    fn update<'a>(
        &'a self,
        cloud: &'a C,
        id: &'a str,
        before: &'a Value,
        after: &'a Value,
        changes: &'a Changes,
    ) -> BoxFuture<'a, Result<(), Fault>>;
    /// [`Object::why_not_taken`].
    fn why_not_taken<'a>(&'a self, cloud: &'a C, id: &'a str)
    -> BoxFuture<'a, Result<Option<String>, Fault>>;
    /// [`Object::retag`].
    fn retag<'a>(
        &'a self,
        cloud: &'a C,
        id: &'a str,
        put: &'a Tags,
        remove: &'a [String],
    ) -> BoxFuture<'a, Result<(), Fault>>;
    /// [`Object::delete`]; `last` is the object as last seen.
    fn delete<'a>(&'a self, cloud: &'a C, id: &'a str, last: &'a Value) -> BoxFuture<'a, Result<(), Fault>>;
    /// [`Object::refuses`]; `None` when either cannot be read as this kind.
    fn refuses(&self, observed: &Value, wanted: &Value) -> Option<String>;
    /// [`Object::is_stray`].
    fn is_stray(&self, observed: &Value) -> bool;
    /// `observed` as it reads beside `wanted`; unchanged when either cannot be read as this kind.
    fn align(&self, observed: &Value, wanted: &Value) -> Value;
}

struct Erased<O>(PhantomData<fn() -> O>);

/// The kinds of a composite, by name.
pub type Kinds<C> = BTreeMap<&'static str, Arc<dyn AnyObject<C>>>;

/// The entry of `O` in a table of kinds.
pub fn kind<O: Object>() -> (&'static str, Arc<dyn AnyObject<O::Cloud>>) {
    (O::KIND, erase::<O>())
}

pub(crate) fn erase<O: Object>() -> Arc<dyn AnyObject<O::Cloud>> {
    Arc::new(Erased::<O>(PhantomData))
}

fn typed<O: Object>(spec: &Value) -> Result<O, Fault> {
    serde_json::from_value(spec.clone())
        .map_err(|error| Fault::refused(O::KIND, "UnreadableSpecification", error.to_string()))
}

fn untyped<O: Object>(seen: Observed<O>) -> Seen {
    let mut outputs: serde_json::Map<String, Value> =
        seen.outputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    outputs.insert("id".to_owned(), Value::from(seen.id.as_str()));
    Seen {
        spec: serde_json::to_value(&seen.spec).expect("specifications are plain data"),
        id: seen.id.into_string(),
        outputs: Value::Object(outputs),
        settling: seen.settling,
        tags: seen.tags,
        unread: seen.unread,
    }
}

impl<O: Object> AnyObject<O::Cloud> for Erased<O> {
    fn kind(&self) -> &'static str {
        O::KIND
    }
    fn service(&self) -> &'static str {
        O::SERVICE
    }
    fn replaced_by(&self) -> &'static [&'static str] {
        O::REPLACED_BY
    }
    fn outputs(&self) -> &'static [&'static str] {
        O::OUTPUTS
    }
    fn tagged(&self) -> bool {
        O::TAGGED
    }
    fn stateful(&self) -> bool {
        O::STATEFUL
    }
    fn fails_empty(&self) -> bool {
        O::FAILS_EMPTY
    }
    fn left_behind(&self) -> bool {
        O::LEFT_BEHIND
    }
    fn protected(&self) -> bool {
        O::PROTECTED
    }
    fn leaves_last(&self) -> bool {
        O::LEAVES_LAST
    }
    fn changed_after(&self) -> &'static [&'static str] {
        O::CHANGED_AFTER
    }
    fn dies_with(&self) -> &'static [&'static str] {
        O::DIES_WITH
    }
    fn may_be_out_of_reach(&self) -> bool {
        O::MAY_BE_OUT_OF_REACH
    }
    fn only_recorded(&self) -> bool {
        O::ONLY_RECORDED
    }
    fn renewed_outputs(&self) -> &'static [&'static str] {
        O::RENEWED_OUTPUTS
    }
    fn only_orders(&self) -> &'static [&'static str] {
        O::ONLY_ORDERS
    }
    fn shown_as_digest(&self) -> &'static [&'static str] {
        O::SHOWN_AS_DIGEST
    }
    fn pace(&self) -> Pace {
        O::PACE
    }
    fn create_limit(&self) -> Option<Bucket> {
        O::CREATE_LIMIT
    }
    fn read<'a>(
        &'a self,
        cloud: &'a O::Cloud,
        ids: &'a [String],
        depth: Depth,
    ) -> BoxFuture<'a, Result<Vec<Seen>, Fault>> {
        Box::pin(async move {
            let ids: Vec<Id<O>> = ids.iter().map(Id::new).collect();
            Ok(O::read(cloud, &ids, depth).await?.into_iter().map(untyped).collect())
        })
    }
    fn owned<'a>(&'a self, cloud: &'a O::Cloud, tags: &'a Tags) -> BoxFuture<'a, Result<Vec<Seen>, Fault>> {
        Box::pin(async move { Ok(O::owned(cloud, tags).await?.into_iter().map(untyped).collect()) })
    }
    fn find<'a>(
        &'a self,
        cloud: &'a O::Cloud,
        spec: &'a Value,
    ) -> BoxFuture<'a, Result<Option<Seen>, Fault>> {
        Box::pin(async move { Ok(typed::<O>(spec)?.find(cloud).await?.map(untyped)) })
    }
    fn create<'a>(
        &'a self,
        cloud: &'a O::Cloud,
        spec: &'a Value,
        birth: &'a Birth,
    ) -> BoxFuture<'a, Result<String, Fault>> {
        Box::pin(async move { Ok(typed::<O>(spec)?.create(cloud, birth).await?.into_string()) })
    }
    fn update<'a>(
        &'a self,
        cloud: &'a O::Cloud,
        id: &'a str,
        before: &'a Value,
        after: &'a Value,
        changes: &'a Changes,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            typed::<O>(after)?.update(cloud, &Id::new(id), &typed::<O>(before)?, changes).await
        })
    }
    fn why_not_taken<'a>(
        &'a self,
        cloud: &'a O::Cloud,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, Fault>> {
        Box::pin(async move { O::why_not_taken(cloud, &Id::new(id)).await })
    }
    fn retag<'a>(
        &'a self,
        cloud: &'a O::Cloud,
        id: &'a str,
        put: &'a Tags,
        remove: &'a [String],
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move { O::retag(cloud, &Id::new(id), put, remove).await })
    }
    fn delete<'a>(
        &'a self,
        cloud: &'a O::Cloud,
        id: &'a str,
        last: &'a Value,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move { typed::<O>(last)?.delete(cloud, &Id::new(id)).await })
    }
    fn refuses(&self, observed: &Value, wanted: &Value) -> Option<String> {
        O::refuses(&typed::<O>(observed).ok()?, &typed::<O>(wanted).ok()?)
    }
    fn is_stray(&self, observed: &Value) -> bool {
        typed::<O>(observed).is_ok_and(|observed| O::is_stray(&observed))
    }
    fn align(&self, observed: &Value, wanted: &Value) -> Value {
        let (Ok(mut seen), Ok(wanted)) = (typed::<O>(observed), typed::<O>(wanted)) else {
            return observed.clone();
        };
        O::align(&mut seen, &wanted);
        serde_json::to_value(&seen).expect("specifications are plain data")
    }
}
