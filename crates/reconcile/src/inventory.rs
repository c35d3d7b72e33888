//! The objects that exist and are ours.

use crate::{Address, Seen, Settling, Tags};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

/// What is known of an object that exists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its kind.
    pub kind: String,
    /// Its identifier.
    pub id: String,
    /// Its fields as last seen; `null` when it was not looked at yet.
    #[serde(default)]
    pub spec: Value,
    /// Its outputs, `id` included.
    #[serde(default)]
    pub outputs: Value,
    /// Its tags as last seen.
    #[serde(default)]
    pub tags: Tags,
    /// The objects it was made from, as far as known. [`needs`] finds the rest in its fields.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub needs: BTreeSet<Address>,
    /// How it stood.
    #[serde(default)]
    pub settling: Settling,
}

impl Default for Settling {
    fn default() -> Self {
        Settling::Underway("unknown".to_owned())
    }
}

/// The objects of one composite that exist, by address.
pub type Inventory = BTreeMap<Address, Record>;

impl Record {
    /// An object of which only kind and identifier are known.
    pub fn of(kind: impl Into<String>, id: impl Into<String>) -> Self {
        let id = id.into();
        Record {
            kind: kind.into(),
            outputs: serde_json::json!({ "id": id }),
            id,
            spec: Value::Null,
            tags: Tags::new(),
            needs: BTreeSet::new(),
            settling: Settling::default(),
        }
    }

    /// This record brought up to date by a look at the object. What the look left out stays as it was.
    pub(crate) fn seen(&self, seen: Seen) -> Record {
        let mut spec = seen.spec;
        if let (Value::Object(fields), Value::Object(last)) = (&mut spec, &self.spec) {
            for field in seen.unread {
                fields.insert((*field).to_owned(), last.get(*field).cloned().unwrap_or(Value::Null));
            }
        }
        let mut outputs = seen.outputs;
        if let (Value::Object(outputs), Value::Object(last)) = (&mut outputs, &self.outputs) {
            for (name, value) in last {
                outputs.entry(name).or_insert_with(|| value.clone());
            }
        }
        Record {
            kind: self.kind.clone(),
            id: seen.id,
            spec,
            outputs,
            tags: seen.tags.unwrap_or_else(|| self.tags.clone()),
            needs: self.needs.clone(),
            settling: seen.settling,
        }
    }
}

/// The object that each identifier and ARN belongs to.
///
/// An identifier that is among the object's own fields is a name, or another's identifier (an association is known by
/// its subnet): whoever has it in a field does not mean this object.
pub fn givers(inventory: &Inventory) -> BTreeMap<&str, &Address> {
    let mut givers = BTreeMap::new();
    for (address, record) in inventory {
        let mut own = BTreeSet::new();
        texts(&record.spec, &mut |text| own.extend([text.to_owned()]));
        // Other outputs, such as a zone or a state, are shared by many.
        let names = ["id", "arn"].into_iter().filter_map(|name| record.outputs.get(name)?.as_str());
        givers.extend(
            names.filter(|text| !text.is_empty() && !own.contains(*text)).map(|text| (text, address)),
        );
    }
    givers
}

/// The objects that each object stands on: those recorded, and those whose identifier or ARN is among its fields.
pub(crate) fn needs(inventory: &Inventory) -> BTreeMap<Address, BTreeSet<Address>> {
    let giver = givers(inventory);
    let of = |(address, record): (&Address, &Record)| {
        let mut needs: BTreeSet<Address> =
            record.needs.iter().filter(|need| inventory.contains_key(*need)).cloned().collect();
        texts(&record.spec, &mut |text| needs.extend(giver.get(text).map(|giver| (*giver).clone())));
        needs.remove(address);
        (address.clone(), needs)
    };
    inventory.iter().map(of).collect()
}

fn texts(value: &Value, visit: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, visit)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, visit)),
        _ => {}
    }
}

/// The inventory while steps run side by side. Told of each change, so that nothing is lost to a crash.
pub struct Ledger<'a> {
    inventory: Mutex<Inventory>,
    told: Box<dyn Fn(&Inventory) + Send + Sync + 'a>,
}

impl<'a> Ledger<'a> {
    /// Keeps `inventory`; `told` hears of each change, at once.
    pub fn new(inventory: Inventory, told: impl Fn(&Inventory) + Send + Sync + 'a) -> Self {
        Ledger { inventory: Mutex::new(inventory), told: Box::new(told) }
    }

    /// The inventory as it is now.
    pub fn inventory(&self) -> Inventory {
        self.lock().clone()
    }

    pub(crate) fn get(&self, address: &Address) -> Option<Record> {
        self.lock().get(address).cloned()
    }

    pub(crate) fn output(&self, object: &Address, output: &str) -> Option<Value> {
        self.lock().get(object)?.outputs.get(output).cloned()
    }

    pub(crate) fn put(&self, address: &Address, record: Record) {
        let mut inventory = self.lock();
        inventory.insert(address.clone(), record);
        (self.told)(&inventory);
    }

    /// Notes what the object at `address` stands on from now on.
    pub(crate) fn stands_on(&self, address: &Address, needs: &BTreeSet<Address>) {
        let mut inventory = self.lock();
        if let Some(record) = inventory.get_mut(address).filter(|record| record.needs != *needs) {
            record.needs.clone_from(needs);
            (self.told)(&inventory);
        }
    }

    pub(crate) fn remove(&self, address: &Address) {
        let mut inventory = self.lock();
        inventory.remove(address);
        (self.told)(&inventory);
    }

    fn lock(&self) -> MutexGuard<'_, Inventory> {
        // A listener that panicked leaves the inventory itself whole.
        self.inventory.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_look_left_out_stays_as_it_was() {
        let last = Record {
            spec: json!({ "name": "a", "groups": ["b"] }),
            outputs: json!({ "id": "1", "arn": "arn:1", "state": "old" }),
            tags: Tags::from([("team".to_owned(), "sky".to_owned())]),
            ..Record::of("entry", "1")
        };
        let seen = last.seen(Seen {
            id: "1".to_owned(),
            spec: json!({ "name": "a", "groups": [] }),
            outputs: json!({ "id": "1", "state": "new" }),
            settling: Settling::Settled,
            tags: None,
            unread: &["groups"],
        });
        assert_eq!(seen.spec, last.spec);
        assert_eq!(seen.outputs, json!({ "id": "1", "arn": "arn:1", "state": "new" }));
        assert_eq!(seen.tags, last.tags);
    }
}
