//! What the engine asks of a kind of object.

use crate::{Bucket, Fault, Id, Pace, Tags};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeMap, future::Future};

/// How an object stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settling {
    /// It is what it will be.
    Settled,
    /// It is being made, changed or deleted, in the service's word.
    Underway(String),
    /// It ended badly and will not recover, with the service's own reason.
    Failed(String),
}

impl Settling {
    /// An object on its way out, as [`Object::read`] is to tell it.
    pub fn leaving() -> Self {
        Settling::Underway("deleting".to_owned())
    }

    /// Whether the object is on its way out.
    pub fn is_leaving(&self) -> bool {
        *self == Settling::leaving()
    }
}

/// How much of an object to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What one cheap call shows. Parts that need further calls are named in [`Observed::unread`].
    Surface,
    /// Everything the specification has.
    Whole,
}

/// An object as the cloud has it.
#[derive(Clone, Debug)]
pub struct Observed<O> {
    /// Its identifier.
    pub id: Id<O>,
    /// Its fields, as they would have to be asked for to get this object.
    pub spec: O,
    /// The outputs that `O::OUTPUTS` lists, by name. The engine adds `id`.
    pub outputs: BTreeMap<&'static str, Value>,
    /// How it stands.
    pub settling: Settling,
    /// Its tags, `aws:` ones included; `None` when they were not read.
    pub tags: Option<Tags>,
    /// Fields that a look at [`Depth::Surface`] did not read.
    pub unread: &'static [&'static str],
}

/// What an object is given at birth, besides its specification.
#[derive(Clone, Debug)]
pub struct Birth {
    /// All tags, `Name` and those of the owner included. They go into the creating call itself.
    pub tags: Tags,
    /// At most 64 ASCII characters, the same for each try of one creation and never reused for another.
    pub token: String,
}

/// A field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The field's name, or `tags`.
    pub field: String,
    /// As it is.
    pub before: Value,
    /// As it should be; may still refer to objects that are to be made.
    pub after: Value,
}

/// The fields that differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes(pub Vec<Change>);

impl Changes {
    /// Whether `field` differs.
    pub fn contains(&self, field: &str) -> bool {
        self.0.iter().any(|change| change.field == field)
    }
}

/// One kind of cloud object. The fields of the implementing type are its desired state; one that serialises to `null`
/// is not managed.
///
/// Rule: each method makes the calls it needs once and returns what came of it. The engine alone retries, waits,
/// limits, records and resolves unknown outcomes.
pub trait Object: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// What calls are made with.
    type Cloud: Send + Sync + 'static;

    /// How the kind is called in plans, states and messages: `nat_gateway`.
    const KIND: &'static str;
    /// Whose rate limit its calls count against: `ec2`.
    const SERVICE: &'static str;
    /// Fields that only a new object can change.
    const REPLACED_BY: &'static [&'static str] = &[];
    /// The names of its outputs, besides `id`.
    const OUTPUTS: &'static [&'static str] = &[];
    /// Whether the service keeps tags for it.
    const TAGGED: bool = true;
    /// Whether it holds what cannot be made again: then it is never replaced, a plan that would need it is refused.
    const STATEFUL: bool = false;
    /// Whether one that has failed holds nothing yet, and is replaced though the kind is [`Object::STATEFUL`].
    const FAILS_EMPTY: bool = false;
    /// Whether it came with its parent and goes with it: deleting only forgets it.
    const LEFT_BEHIND: bool = false;
    /// Whether a composite that is protected from deletion keeps it, whatever its configuration says.
    const PROTECTED: bool = false;
    /// Whether one that goes waits for those of its kind that come: there is always one to bear the load.
    const LEAVES_LAST: bool = false;
    /// Kinds whose changes come before a change of this one, where both exist: nodes follow the add-ons that run on them.
    const CHANGED_AFTER: &'static [&'static str] = &[];
    /// Kinds with whose objects it goes by itself: it counts as deleted where it cannot be reached and they go too.
    const DIES_WITH: &'static [&'static str] = &[];
    /// Whether it is kept where calls may not reach. Then it is as it was last seen, and a warning says so.
    const MAY_BE_OUT_OF_REACH: bool = false;
    /// Whether nothing in the cloud stands for it, and only its deletion does something: it exists as long as it is recorded,
    /// is never looked at, and is gone once [`Object::delete`] says so.
    const ONLY_RECORDED: bool = false;
    /// Outputs that an update in place changes: what takes them is planned to change too.
    const RENEWED_OUTPUTS: &'static [&'static str] = &[];
    /// Fields that only give the order. They are no settings: they are not shown, and [`Object::align`] makes them equal.
    const ONLY_ORDERS: &'static [&'static str] = &[];
    /// Fields that are shown as a digest, for they are long.
    const SHOWN_AS_DIGEST: &'static [&'static str] = &[];
    /// How long it takes.
    const PACE: Pace = Pace::AT_ONCE;
    /// A narrower limit on its creating call, where the service has one.
    const CREATE_LIMIT: Option<Bucket> = None;

    /// The objects of `ids` that exist, in one call or a few in parallel, never one for each. Absent ones and those in
    /// a terminal deleted state are left out; an object on its way out is [`Settling::leaving`].
    fn read(
        cloud: &Self::Cloud,
        ids: &[Id<Self>],
        depth: Depth,
    ) -> impl Future<Output = Result<Vec<Observed<Self>>, Fault>> + Send;

    /// All objects of this kind that carry `tags`, where the service can search by tag.
    fn owned(
        cloud: &Self::Cloud,
        tags: &Tags,
    ) -> impl Future<Output = Result<Vec<Observed<Self>>, Fault>> + Send {
        let _ = (cloud, tags);
        async { Ok(Vec::new()) }
    }

    /// The object with this object's natural key (a name, a table and a destination), where the kind has one. Only the
    /// fields of [`Object::REPLACED_BY`] are sure to be known: others may refer to objects that are yet to be made.
    fn find(
        &self,
        cloud: &Self::Cloud,
    ) -> impl Future<Output = Result<Option<Observed<Self>>, Fault>> + Send {
        let _ = cloud;
        async { Ok(None) }
    }

    /// Makes the object, by one creating call that carries all tags. Whatever takes further calls is left to
    /// [`Object::update`], which the engine calls as long as the object reads back different.
    fn create(
        &self,
        cloud: &Self::Cloud,
        birth: &Birth,
    ) -> impl Future<Output = Result<Id<Self>, Fault>> + Send;

    /// Brings the fields in `changes` (never `tags`) from `before` to `self`.
    fn update(
        &self,
        cloud: &Self::Cloud,
        id: &Id<Self>,
        before: &Self,
        changes: &Changes,
    ) -> impl Future<Output = Result<(), Fault>> + Send {
        let _ = (cloud, id, before, changes);
        async { Ok(()) }
    }

    /// Why what [`Object::update`] last sent came to nothing, where the service says so only afterwards. Asked of an
    /// object that has settled and reads back as before.
    fn why_not_taken(
        cloud: &Self::Cloud,
        id: &Id<Self>,
    ) -> impl Future<Output = Result<Option<String>, Fault>> + Send {
        let _ = (cloud, id);
        async { Ok(None) }
    }

    /// Adds or overwrites the tags in `put` and removes the keys in `remove`.
    fn retag(
        cloud: &Self::Cloud,
        id: &Id<Self>,
        put: &Tags,
        remove: &[String],
    ) -> impl Future<Output = Result<(), Fault>> + Send {
        let _ = (cloud, id, put, remove);
        async { Ok(()) }
    }

    /// Deletes the object, last seen as `self`. One that is gone already is success or [`crate::Sort::NotFound`].
    fn delete(&self, cloud: &Self::Cloud, id: &Id<Self>) -> impl Future<Output = Result<(), Fault>> + Send;

    /// Why `wanted` cannot be made of what is `observed`, neither in place nor anew, and what to do instead. Two sentences
    /// at most; fields of `wanted` may still refer to objects that are yet to be made.
    fn refuses(observed: &Self, wanted: &Self) -> Option<String> {
        let _ = (observed, wanted);
        None
    }

    /// Whether one that carries no tags at all, and reads so, was made by the service itself and by nobody: then it is taken
    /// over where the graph asks for it.
    fn is_stray(observed: &Self) -> bool {
        let _ = observed;
        false
    }

    /// Makes `observed` read like `wanted` where both mean the same: order of lists, JSON formatting, defaults.
    fn align(observed: &mut Self, wanted: &Self) {
        let _ = (observed, wanted);
    }
}
