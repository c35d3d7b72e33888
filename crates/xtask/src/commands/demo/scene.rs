//! How the demo talks: a title, sentences, and how long what it waited for took.

use std::time::Instant;

use xtask::{Error, Result};

/// One part of the story.
pub(super) struct Scene;

impl Scene {
    pub(super) fn new(title: &str) -> Self {
        println!("\n== {title}");
        Self
    }

    pub(super) fn say(&self, sentence: &str) {
        println!("   {sentence}");
    }

    /// Several lines, set off from what we say ourselves.
    pub(super) fn quote(&self, text: &str) {
        text.lines().for_each(|line| println!("   | {line}"));
    }

    /// Says what is being waited for before it begins, and how long it took afterwards.
    pub(super) fn while_waiting<T>(&self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("   {what} ...");
        let began = Instant::now();
        let result = work()?;
        println!("   ... done in {:.1} s", began.elapsed().as_secs_f32());
        Ok(result)
    }

    /// A promise of the product: said if it holds, the end of the demo if not.
    pub(super) fn holds(&self, promise: &str, kept: bool, otherwise: impl FnOnce() -> String) -> Result<()> {
        if !kept {
            return Err(Error::DoesNotHold(format!("This does not hold: {promise}.\n{}", otherwise())));
        }
        println!("   ok: {promise}");
        Ok(())
    }
}
