//! Functions.

use crate::value::{Type, Value};

/// A pure function that configurations can call.
#[tonic::async_trait]
pub trait Function: Send + Sync + 'static {
    /// The name after `provider::<provider>::`.
    fn name(&self) -> &'static str;

    /// What it takes and gives.
    fn signature(&self) -> Signature;

    /// The result for `arguments`, one value for each parameter and then one for each variadic argument.
    async fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// What a function takes and gives.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The positional parameters.
    pub parameters: Vec<Parameter>,
    /// What any further arguments are.
    pub variadic: Option<Parameter>,
    /// The type of the result.
    pub returns: Type,
    /// One line.
    pub summary: String,
    /// Markdown.
    pub description: String,
}

impl Signature {
    /// A function without parameters that gives a `returns`.
    pub fn new(returns: Type, summary: impl Into<String>) -> Self {
        Self {
            parameters: Vec::new(),
            variadic: None,
            returns,
            summary: summary.into(),
            description: String::new(),
        }
    }

    /// The same with Markdown that says more.
    #[must_use]
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same with one more positional parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// The same taking any number of further arguments.
    #[must_use]
    pub fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }
}

/// One parameter of a function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name shown to users.
    pub name: String,
    /// The type an argument is converted to.
    pub r#type: Type,
    /// Markdown.
    pub description: String,
    /// Whether null may be passed; else the caller is refused.
    pub allow_null: bool,
    /// Whether unknown values may be passed; else the function is not called and its result is unknown.
    pub allow_unknown: bool,
}

impl Parameter {
    /// A parameter that takes neither null nor unknown values.
    pub fn new(name: impl Into<String>, r#type: Type, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            r#type,
            description: description.into(),
            allow_null: false,
            allow_unknown: false,
        }
    }
}

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// The argument at fault, counted from zero over all arguments.
    pub argument: Option<i64>,
    /// A sentence for the user.
    pub text: String,
}

impl FunctionError {
    /// An error that is no single argument's fault.
    pub fn new(text: impl Into<String>) -> Self {
        Self { argument: None, text: text.into() }
    }

    /// An error that is the fault of the argument at `index`.
    pub fn argument(index: i64, text: impl Into<String>) -> Self {
        Self { argument: Some(index), text: text.into() }
    }
}
