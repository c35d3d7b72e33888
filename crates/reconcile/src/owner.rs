//! Who an object belongs to, as written on the object itself.

use crate::{Address, Tags};

/// How far a composite came, for whoever finds it without a state, or with one that a crash has made old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was never finished.
    Creating,
    /// It was finished, and a change of it is not.
    Changing,
    /// All is done.
    Ready,
}

impl Status {
    const ALL: [Status; 3] = [Status::Creating, Status::Changing, Status::Ready];

    fn word(self) -> &'static str {
        match self {
            Status::Creating => "creating",
            Status::Changing => "changing",
            Status::Ready => "ready",
        }
    }
}

/// The composite that a run works for. Its tags on an object make the object ours, and findable after any crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Begins every key: `luneo` gives `luneo:composite`, `luneo:name`, `luneo:address`, `luneo:generation`.
    pub prefix: String,
    /// The type of composite, such as `region_stack`.
    pub composite: String,
    /// Its name, unique among the composites of that type in one account and region.
    pub name: String,
    /// Which creation the objects belong to. A delete only touches objects of its own generation.
    pub generation: String,
}

impl Owner {
    fn key(&self, word: &str) -> String {
        format!("{}:{word}", self.prefix)
    }

    /// The tags that all objects of the composite share, whatever their generation: what to search by.
    pub fn search(&self) -> Tags {
        Tags::from([(self.key("composite"), self.composite.clone()), (self.key("name"), self.name.clone())])
    }

    /// The tags of the object at `address`.
    pub fn tags(&self, address: &Address) -> Tags {
        let mut tags = self.search();
        tags.insert(self.key("address"), address.to_string());
        tags.insert(self.key("generation"), self.generation.clone());
        tags
    }

    /// The address written on an object of ours; `None` when it belongs to nobody or to another.
    pub fn address_on(&self, tags: &Tags) -> Option<Address> {
        let ours = self.search().iter().all(|(key, value)| tags.get(key) == Some(value));
        tags.get(&self.key("address")).filter(|_| ours).map(|text| Address::from(text.as_str()))
    }

    /// The generation written on an object.
    pub fn generation_on<'a>(&self, tags: &'a Tags) -> Option<&'a str> {
        tags.get(&self.key("generation")).map(String::as_str)
    }

    /// The tag that says how far a composite came, on its root.
    pub fn status_tag(&self, status: Status) -> (String, String) {
        (self.key("status"), status.word().to_owned())
    }

    /// How far the composite came, as written on its root.
    pub fn status_on(&self, root_tags: &Tags) -> Option<Status> {
        let word = root_tags.get(&self.key("status"))?;
        Status::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether the composite was once finished, as written on its root.
    pub fn is_finished(&self, root_tags: &Tags) -> bool {
        matches!(self.status_on(root_tags), Some(Status::Ready | Status::Changing))
    }

    /// Who else owns an object, in words, when its tags name another composite.
    pub fn other_owner(&self, tags: &Tags) -> Option<String> {
        let (composite, name) = (tags.get(&self.key("composite"))?, tags.get(&self.key("name"))?);
        (*composite != self.composite || *name != self.name).then(|| format!("{composite} {name:?}"))
    }

    /// Whether `key` is one of the tags by which objects are owned.
    pub fn marks(&self, key: &str) -> bool {
        key.strip_prefix(&self.prefix).is_some_and(|rest| rest.starts_with(':'))
    }
}
