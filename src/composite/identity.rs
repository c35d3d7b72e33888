//! Which composite is meant: a region and a name.

use super::Composite;
use reconcile::Owner;
use std::fmt;
use tfplugin::Value;

/// What tells one composite of a type from another, in one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    pub(super) region: String,
    pub(super) name: String,
}

impl Identity {
    /// The identity in a state or plan; `None` while a part of it is unknown or missing.
    pub(super) fn of(value: &Value) -> Option<Identity> {
        let part = |name: &str| value.get(name).as_str().map(str::to_owned);
        Some(Identity { region: part("region")?, name: part("name")? })
    }

    /// The identity as Terraform 1.12 and newer keep it.
    pub(super) fn value(&self) -> Value {
        Value::object([("region", self.region.as_str()), ("name", self.name.as_str())])
    }

    /// Whom its objects belong to, in the given creation.
    pub(super) fn owner<C: Composite>(&self, generation: &str) -> Owner {
        Owner {
            prefix: "luneo".to_owned(),
            composite: C::WORD.to_owned(),
            name: self.name.clone(),
            generation: generation.to_owned(),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.region, self.name)
    }
}
