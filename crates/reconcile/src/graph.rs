//! The objects that a configuration asks for.

use crate::{Address, AnyObject, Id, Late, Object, Output, Tags, erased, late};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    marker::PhantomData,
    sync::Arc,
};

/// One object that is asked for.
pub struct Node<C> {
    /// Its fields; references to other objects are still in it.
    pub spec: Value,
    /// What people see it called: the `Name` tag, where the kind has tags.
    pub name: String,
    /// Its tags, without those of the owner.
    pub tags: Tags,
    /// The objects whose outputs it takes.
    pub needs: BTreeSet<Address>,
    /// Its kind.
    pub kind: Arc<dyn AnyObject<C>>,
}

/// Why a graph cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Two objects were given one address.
    #[error("two objects are called {0}")]
    TwoWithOneAddress(Address),
    /// A reference to nothing.
    #[error("{from} takes {output} of {object}, which is not in the graph")]
    NoSuchObject {
        /// The object with the reference.
        from: Address,
        /// The object it names.
        object: Address,
        /// The output it names.
        output: String,
    },
    /// A reference to an output that the kind does not have.
    #[error("{from} takes {output} of {object}, and a {kind} has no such output")]
    NoSuchOutput {
        /// The object with the reference.
        from: Address,
        /// The object it names.
        object: Address,
        /// The kind of that object.
        kind: &'static str,
        /// The output it names.
        output: String,
    },
    /// Objects that need each other.
    #[error("these objects need each other: {}", .0.iter().map(Address::as_str).collect::<Vec<_>>().join(", "))]
    Cycle(Vec<Address>),
}

/// The objects that a configuration asks for: no two with one address, no reference to nothing, no cycle.
pub struct Graph<C> {
    nodes: BTreeMap<Address, Node<C>>,
    order: Vec<Address>,
    doubled: Vec<Address>,
    tags: Tags,
    root: Option<Address>,
}

impl<C: Send + Sync + 'static> Default for Graph<C> {
    fn default() -> Self {
        Graph::new(Tags::new())
    }
}

impl<C: Send + Sync + 'static> Graph<C> {
    /// A graph without objects, whose objects will all carry `tags`.
    pub fn new(tags: Tags) -> Self {
        Graph { nodes: BTreeMap::new(), order: Vec::new(), doubled: Vec::new(), tags, root: None }
    }

    /// Adds an object. What its fields refer to is made before it and deleted after it.
    pub fn add<O: Object<Cloud = C>>(
        &mut self,
        address: impl Into<Address>,
        name: impl Into<String>,
        object: O,
    ) -> Handle<O> {
        self.add_tagged(address, name, Tags::new(), object)
    }

    /// Adds an object with tags of its own beside the graph's.
    pub fn add_tagged<O: Object<Cloud = C>>(
        &mut self,
        address: impl Into<Address>,
        name: impl Into<String>,
        tags: Tags,
        object: O,
    ) -> Handle<O> {
        let (address, name) = (address.into(), name.into());
        let spec = serde_json::to_value(&object).expect("specifications are plain data");
        let mut references = Vec::new();
        late::references(&spec, &mut references);
        let needs = references.into_iter().map(|(object, _)| object).collect();
        let tags = self.tags.clone().into_iter().chain(tags).collect();
        let node = Node { spec, name, tags, needs, kind: erased::erase::<O>() };
        if self.nodes.insert(address.clone(), node).is_some() {
            self.doubled.push(address.clone());
        }
        Handle { address, kind: PhantomData }
    }

    /// Names the object on which the composite's status is written: the first one made and the last one deleted.
    pub fn set_root<O: Object<Cloud = C>>(&mut self, root: &Handle<O>) {
        self.root = Some(root.address.clone());
    }

    /// Adds a tag to the root, if there is one.
    pub fn tag_root(&mut self, key: &str, value: &str) {
        if let Some(node) = self.root.as_ref().and_then(|root| self.nodes.get_mut(root)) {
            node.tags.insert(key.to_owned(), value.to_owned());
        }
    }

    /// The object on which the composite's status is written.
    pub fn root(&self) -> Option<&Address> {
        self.root.as_ref()
    }

    /// The graph, once it is known to be one. Only a finished graph has an order.
    pub fn finish(mut self) -> Result<Self, GraphError> {
        if let Some(address) = self.doubled.pop() {
            return Err(GraphError::TwoWithOneAddress(address));
        }
        for (from, node) in &self.nodes {
            self.references_lead_somewhere(from, node)?;
        }
        self.order = in_order(&self.nodes)?;
        Ok(self)
    }

    fn references_lead_somewhere(&self, from: &Address, node: &Node<C>) -> Result<(), GraphError> {
        let mut references = Vec::new();
        late::references(&node.spec, &mut references);
        for (object, output) in references {
            let from = from.clone();
            let Some(target) = self.nodes.get(&object) else {
                return Err(GraphError::NoSuchObject { from, object, output });
            };
            if output != "id" && !target.kind.outputs().contains(&output.as_str()) {
                return Err(GraphError::NoSuchOutput { from, object, kind: target.kind.kind(), output });
            }
        }
        Ok(())
    }

    /// The objects by address.
    pub fn nodes(&self) -> &BTreeMap<Address, Node<C>> {
        &self.nodes
    }

    /// Whether an update in place gives the object at `address` another output called `output`.
    pub fn renews(&self, address: &Address, output: &str) -> bool {
        self.nodes.get(address).is_some_and(|node| node.kind.renewed_outputs().contains(&output))
    }

    /// The addresses, each after those it needs.
    pub fn in_order(&self) -> &[Address] {
        &self.order
    }
}

fn in_order<C>(nodes: &BTreeMap<Address, Node<C>>) -> Result<Vec<Address>, GraphError> {
    let mut waiting: BTreeMap<&Address, usize> =
        nodes.iter().map(|(a, node)| (a, node.needs.len())).collect();
    let mut needed_by: BTreeMap<&Address, Vec<&Address>> = BTreeMap::new();
    for (address, node) in nodes {
        node.needs.iter().for_each(|need| needed_by.entry(need).or_default().push(address));
    }
    let mut ready: BTreeSet<&Address> = waiting.iter().filter(|(_, n)| **n == 0).map(|(a, _)| *a).collect();
    let mut sorted = Vec::new();
    while let Some(address) = ready.pop_first() {
        waiting.remove(address);
        sorted.push(address.clone());
        for dependent in needed_by.get(address).into_iter().flatten() {
            if let Some(left) = waiting.get_mut(dependent) {
                *left -= 1;
                if *left == 0 {
                    ready.insert(dependent);
                }
            }
        }
    }
    if waiting.is_empty() {
        Ok(sorted)
    } else {
        Err(GraphError::Cycle(waiting.into_keys().cloned().collect()))
    }
}

/// Stands for an object of the graph in the fields of others.
pub struct Handle<O> {
    address: Address,
    kind: PhantomData<fn() -> O>,
}

impl<O> Clone for Handle<O> {
    fn clone(&self) -> Self {
        Handle { address: self.address.clone(), kind: PhantomData }
    }
}

impl<O: Object> Handle<O> {
    /// Its identifier, once it exists.
    pub fn id(&self) -> Late<Id<O>> {
        self.output(Output::named("id"))
    }

    /// One of its outputs, once it exists.
    pub fn output<T>(&self, output: Output<O, T>) -> Late<T> {
        Late::From { object: self.address.clone(), output: output.name.to_owned() }
    }

    /// Its address.
    pub fn address(&self) -> &Address {
        &self.address
    }
}
