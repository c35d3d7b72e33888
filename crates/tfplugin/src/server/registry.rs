//! What a provider serves, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::ServeError;
use crate::provider::{DataSource, Function, IdentitySchema, Provider, Resource, Signature};
use crate::schema::Schema;
use crate::value::Type;

/// Everything a provider serves, with the schemas asked for once.
#[derive(Clone)]
pub(crate) struct Registry {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) schema: Arc<Typed>,
    pub(crate) resources: BTreeMap<String, Arc<ServedResource>>,
    pub(crate) data_sources: BTreeMap<String, Arc<ServedDataSource>>,
    pub(crate) functions: BTreeMap<String, Arc<ServedFunction>>,
}

/// A schema with the type of its values.
pub(crate) struct Typed {
    pub(crate) schema: Schema,
    pub(crate) r#type: Type,
}

pub(crate) struct ServedResource {
    pub(crate) resource: Arc<dyn Resource>,
    pub(crate) typed: Typed,
    pub(crate) identity: Option<IdentitySchema>,
}

pub(crate) struct ServedDataSource {
    pub(crate) data_source: Arc<dyn DataSource>,
    pub(crate) typed: Typed,
}

pub(crate) struct ServedFunction {
    pub(crate) function: Arc<dyn Function>,
    pub(crate) signature: Signature,
}

impl From<Schema> for Typed {
    fn from(schema: Schema) -> Self {
        let r#type = schema.r#type();
        Self { schema, r#type }
    }
}

impl Registry {
    pub(crate) fn new(provider: Arc<dyn Provider>) -> Result<Self, ServeError> {
        let resources = provider.resources().into_iter().map(|resource| {
            let name = resource.type_name().to_owned();
            let typed = resource.schema().into();
            let identity = resource.identity();
            (name, Arc::new(ServedResource { resource, typed, identity }))
        });
        let data_sources = provider.data_sources().into_iter().map(|data_source| {
            let name = data_source.type_name().to_owned();
            let typed = data_source.schema().into();
            (name, Arc::new(ServedDataSource { data_source, typed }))
        });
        let functions = provider.functions().into_iter().map(|function| {
            let name = function.name().to_owned();
            let signature = function.signature();
            (name, Arc::new(ServedFunction { function, signature }))
        });
        Ok(Self {
            resources: by_name("resources", resources)?,
            data_sources: by_name("data sources", data_sources)?,
            functions: by_name("functions", functions)?,
            schema: Arc::new(provider.schema().into()),
            provider,
        })
    }
}

fn by_name<T>(
    what: &'static str,
    all: impl Iterator<Item = (String, T)>,
) -> Result<BTreeMap<String, T>, ServeError> {
    let mut named = BTreeMap::new();
    for (name, one) in all {
        if named.insert(name.clone(), one).is_some() {
            return Err(ServeError::Duplicate { what, name });
        }
    }
    Ok(named)
}
