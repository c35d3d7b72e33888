//! How a story speaks of a finished run.

use xtask::run::Run;

/// What a run is expected to have done.
pub trait Said {
    /// The run itself; a panic with all it printed if it failed.
    fn succeeds(self) -> Self;
    /// The run itself; a panic with all it printed if it ended with another code than 1.
    fn fails(self) -> Self;
    /// The run itself; a panic with all it printed if it is not the plan of an empty change.
    fn plans_nothing(self) -> Self;
    /// The run itself; a panic with all it printed if it is not a plan with changes.
    fn plans_changes(self) -> Self;
}

impl Said for Run {
    fn succeeds(self) -> Self {
        or_panic(self.ended_with(0))
    }

    fn fails(self) -> Self {
        or_panic(self.ended_with(1))
    }

    fn plans_nothing(self) -> Self {
        or_panic(self.ended_with(0))
    }

    fn plans_changes(self) -> Self {
        or_panic(self.ended_with(2))
    }
}

/// The error messages of a run as a user reads them, normalised.
pub fn errors(run: &Run) -> String {
    xtask::normalise::text(&run.errors())
}

/// A story has no use for an error of its own tools but to end and show it.
#[track_caller]
pub(crate) fn or_panic<T>(result: xtask::Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
