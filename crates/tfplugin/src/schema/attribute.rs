//! Attributes.

use std::fmt;
use std::sync::Arc;

use super::Kind;
use crate::value::{Type, Value};

/// An attribute. The four constructors are the four sorts that Terraform knows.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub(crate) kind: Kind,
    pub(crate) need: Need,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
    pub(crate) description: String,
    pub(crate) deprecation: Option<String>,
    pub(crate) validators: Vec<Validator>,
}

/// Who gives an attribute its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The user.
    Required,
    /// The user, or nobody.
    Optional,
    /// The provider.
    Computed,
    /// The user, or else the provider.
    OptionalComputed,
}

type Check = dyn Fn(&Value) -> Result<(), String> + Send + Sync;

/// A check of a single known value.
#[derive(Clone)]
pub(crate) struct Validator(pub(crate) Arc<Check>);

impl fmt::Debug for Validator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Validator")
    }
}

impl Attribute {
    /// An attribute the user has to give.
    pub fn required(kind: impl Into<Kind>) -> Self {
        Self::new(kind.into(), Need::Required)
    }

    /// An attribute the user may give, and that else is null.
    pub fn optional(kind: impl Into<Kind>) -> Self {
        Self::new(kind.into(), Need::Optional)
    }

    /// An attribute only the provider gives.
    pub fn computed(kind: impl Into<Kind>) -> Self {
        Self::new(kind.into(), Need::Computed)
    }

    /// An attribute the user may give, and else the provider does.
    pub fn optional_computed(kind: impl Into<Kind>) -> Self {
        Self::new(kind.into(), Need::OptionalComputed)
    }

    fn new(kind: Kind, need: Need) -> Self {
        Self {
            kind,
            need,
            sensitive: false,
            write_only: false,
            description: String::new(),
            deprecation: None,
            validators: Vec::new(),
        }
    }

    /// The same with a description in Markdown.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same, hidden wherever Terraform or we print it.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// The same, given to the provider while applying, and never stored. Needs Terraform 1.11.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// The same, to be used no longer; `instead` says what to use.
    #[must_use]
    pub fn deprecated(mut self, instead: impl Into<String>) -> Self {
        self.deprecation = Some(instead.into());
        self
    }

    /// The same with a check of configured values. It is called when the value is neither null nor unknown, though parts of
    /// it may be; the text of its error is what the user reads.
    #[must_use]
    pub fn validate(mut self, check: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.validators.push(Validator(Arc::new(check)));
        self
    }

    /// What it holds.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Who gives the value.
    pub fn need(&self) -> Need {
        self.need
    }

    /// Whether it is hidden.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Whether it is never stored.
    pub fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// The type of its values.
    pub fn r#type(&self) -> Type {
        self.kind.r#type()
    }

    /// Whether the provider may give the value.
    pub(crate) fn is_computed(&self) -> bool {
        matches!(self.need, Need::Computed | Need::OptionalComputed)
    }

    /// Whether its values must not be printed.
    pub(crate) fn is_secret(&self) -> bool {
        self.sensitive || self.write_only
    }

    /// Whether any part of it is never stored.
    pub(crate) fn has_write_only(&self) -> bool {
        self.write_only
            || self.kind.nested().is_some_and(|it| it.attributes.values().any(Self::has_write_only))
    }
}
