//! What is known of a value that is otherwise unknown.

use super::{Number, Value};

/// What is known of an unknown value; by default nothing.
///
/// What a plan says here, applying has to keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refinements(Option<Box<Parts>>);

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Parts {
    nullness: Option<Nullness>,
    prefix: Option<String>,
    lower: Option<Bound>,
    upper: Option<Bound>,
    shortest: Option<u64>,
    longest: Option<u64>,
}

/// What is known of whether a value will be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nullness {
    /// It will be null.
    Null,
    /// It will not be null.
    NotNull,
}

/// An end of a range of numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bound {
    /// The end.
    pub number: Number,
    /// Whether the end belongs to the range.
    pub inclusive: bool,
}

impl Refinements {
    /// Nothing is known.
    pub const NONE: Self = Self(None);

    /// Whether nothing is known.
    pub fn is_none(&self) -> bool {
        self.0.as_deref().is_none_or(|parts| *parts == Parts::default())
    }

    /// The value will not be null.
    #[must_use]
    pub fn not_null(self) -> Self {
        self.with(|parts| parts.nullness = Some(Nullness::NotNull))
    }

    /// The same with what is known of its being null.
    #[must_use]
    pub fn nullness(self, nullness: Nullness) -> Self {
        self.with(|parts| parts.nullness = Some(nullness))
    }

    /// The string will begin with `prefix`.
    #[must_use]
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        self.with(|parts| parts.prefix = Some(prefix.into()))
    }

    /// The number will not be below `bound`.
    #[must_use]
    pub fn at_least(self, bound: Bound) -> Self {
        self.with(|parts| parts.lower = Some(bound))
    }

    /// The number will not be above `bound`.
    #[must_use]
    pub fn at_most(self, bound: Bound) -> Self {
        self.with(|parts| parts.upper = Some(bound))
    }

    /// The list, set or map will have at least `length` elements.
    #[must_use]
    pub fn shortest(self, length: u64) -> Self {
        self.with(|parts| parts.shortest = Some(length))
    }

    /// The list, set or map will have at most `length` elements.
    #[must_use]
    pub fn longest(self, length: u64) -> Self {
        self.with(|parts| parts.longest = Some(length))
    }

    /// What is known of its being null.
    pub fn get_nullness(&self) -> Option<Nullness> {
        self.0.as_ref()?.nullness
    }

    /// What the string begins with.
    pub fn get_prefix(&self) -> Option<&str> {
        self.0.as_ref()?.prefix.as_deref()
    }

    /// The end below the number.
    pub fn get_lower(&self) -> Option<&Bound> {
        self.0.as_ref()?.lower.as_ref()
    }

    /// The end above the number.
    pub fn get_upper(&self) -> Option<&Bound> {
        self.0.as_ref()?.upper.as_ref()
    }

    /// The least number of elements.
    pub fn get_shortest(&self) -> Option<u64> {
        self.0.as_ref()?.shortest
    }

    /// The greatest number of elements.
    pub fn get_longest(&self) -> Option<u64> {
        self.0.as_ref()?.longest
    }

    /// Whether the unknown value may turn out to be `value`. Whatever is unknown of `value` may be anything.
    pub fn allow(&self, value: &Value) -> bool {
        let value = value.inner();
        match value {
            Value::Unknown(_) => return true,
            Value::Null => return self.get_nullness() != Some(Nullness::NotNull),
            _ if self.get_nullness() == Some(Nullness::Null) => return false,
            _ => {}
        }
        let starts = |text: &str| self.get_prefix().is_none_or(|prefix| text.starts_with(prefix));
        match value {
            Value::String(text) => starts(&super::normal::nfc(text)),
            Value::Number(number) => {
                self.get_lower().is_none_or(|it| *number > it.number || it.inclusive && *number == it.number)
                    && self
                        .get_upper()
                        .is_none_or(|it| *number < it.number || it.inclusive && *number == it.number)
            }
            Value::List(elements) => self.allows_length(elements.len(), elements.len()),
            Value::Map(elements) => self.allows_length(elements.len(), elements.len()),
            Value::Set(elements) => {
                let (least, most) = super::compare::set_lengths(elements);
                self.allows_length(least, most)
            }
            _ => true,
        }
    }

    fn allows_length(&self, least: usize, most: usize) -> bool {
        self.get_shortest().is_none_or(|it| most as u64 >= it)
            && self.get_longest().is_none_or(|it| least as u64 <= it)
    }

    fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(self.0.get_or_insert_default());
        self
    }
}
