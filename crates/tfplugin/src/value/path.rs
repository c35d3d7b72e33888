//! Where in a value something stands.

use std::fmt;

use super::Value;
use super::show::quoted;

/// The steps from a whole value to a part of it. `Path::default()` is the whole.
///
/// ```
/// use tfplugin::value::Path;
///
/// let path = Path::root("members").key("eu-west-1").attribute("cidrs").index(0);
/// assert_eq!(path.to_string(), r#"members["eu-west-1"].cidrs[0]"#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// To an attribute of an object, or to a block.
    Attribute(String),
    /// To an element of a map.
    Key(String),
    /// To an element of a list or tuple.
    Index(i64),
    /// To an element of a set, which has no other name than itself.
    Element(Value),
}

impl Path {
    /// To an attribute of the whole.
    pub fn root(name: impl Into<String>) -> Self {
        Self::default().attribute(name)
    }

    /// From here on to an attribute of an object.
    #[must_use]
    pub fn attribute(self, name: impl Into<String>) -> Self {
        self.then(Step::Attribute(name.into()))
    }

    /// From here on to an element of a map.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// From here on to an element of a list or tuple.
    #[must_use]
    pub fn index(self, index: i64) -> Self {
        self.then(Step::Index(index))
    }

    /// From here on to an element of a set.
    #[must_use]
    pub fn element(self, element: Value) -> Self {
        self.then(Step::Element(element))
    }

    /// From here on by `step`.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// The steps, from the whole to the part.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the whole.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

/// As it would be written in a configuration.
impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => formatter.write_str(name)?,
                Step::Attribute(name) => write!(formatter, ".{name}")?,
                Step::Key(key) => write!(formatter, "[{}]", quoted(key))?,
                Step::Index(index) => write!(formatter, "[{index}]")?,
                Step::Element(element) => write!(formatter, "[{element}]")?,
            }
        }
        Ok(())
    }
}
