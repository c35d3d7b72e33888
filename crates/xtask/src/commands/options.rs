//! Reading a command's options: few and plain, so no crate for it.

use xtask::{Error, Result};

/// What follows a command's name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options<'a> {
    switches: Vec<&'a str>,
    values: Vec<(&'a str, &'a str)>,
    /// The words that belong to no option.
    pub(crate) words: Vec<&'a str>,
}

impl<'a> Options<'a> {
    /// Sorts the words of a command line by the options the command has.
    pub(crate) fn read(given: &[&'a str], switches: &[&str], with_value: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        let mut given = given.iter();
        while let Some(&word) = given.next() {
            if !word.starts_with('-') {
                options.words.push(word);
            } else if switches.contains(&word) {
                options.switches.push(word);
            } else if with_value.contains(&word) {
                let value = given.next().ok_or_else(|| Error::Missing(format!("{word} needs a value.")))?;
                options.values.push((word, value));
            } else {
                return Err(Error::Missing(format!("There is no option {word} here.")));
            }
        }
        Ok(options)
    }

    pub(crate) fn has(&self, switch: &str) -> bool {
        self.switches.contains(&switch)
    }

    /// The last value given to an option.
    pub(crate) fn value(&self, name: &str) -> Option<&'a str> {
        self.values.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_option_is_refused() {
        let error = Options::read(&["--fats"], &["--fast"], &["--port"]).unwrap_err();
        assert_eq!(error.to_string(), "There is no option --fats here.");
    }

    #[test]
    fn words_switches_and_values_may_come_in_any_order() {
        let options = Options::read(&["drift", "--port", "80", "--fast"], &["--fast"], &["--port"]).unwrap();
        assert_eq!((options.words.as_slice(), options.has("--fast")), (["drift"].as_slice(), true));
        assert_eq!(options.value("--port"), Some("80"));
    }
}
