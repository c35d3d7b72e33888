//! What can be ordered to go wrong.

use reconcile::{Fault, Sort};

/// Whether a call fails before or after it had its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    /// The call fails.
    Fault(Fault),
    /// The process that made the call dies.
    Crash,
}

/// An order for trouble.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// The beginning of the operations it hits: `create`, `create subnet`, or nothing for all.
    pub(crate) operation: &'static str,
    /// How many matching calls are let through before.
    pub(crate) skip: usize,
    /// How many are hit.
    pub(crate) times: usize,
    pub(crate) when: When,
    pub(crate) what: What,
}

impl Trouble {
    fn new(operation: &'static str, what: What) -> Self {
        Trouble { operation, skip: 0, times: 1, when: When::Before, what }
    }

    /// No answer comes, or a server error.
    pub(crate) fn unanswered(operation: &'static str) -> Self {
        let fault = Fault::new(Sort::Busy, "", "InternalError", "an internal error has occurred");
        Trouble::new(operation, What::Fault(fault.outcome_unknown()))
    }

    pub(crate) fn refused(operation: &'static str) -> Self {
        Trouble::new(operation, What::Fault(Fault::refused("", "LimitExceeded", "no more of these")))
    }

    pub(crate) fn denied(operation: &'static str) -> Self {
        let fault = Fault::new(Sort::Denied, "", "UnauthorizedOperation", "you may not do this");
        Trouble::new(operation, What::Fault(fault))
    }

    pub(crate) fn busy(operation: &'static str) -> Self {
        let fault = Fault::new(Sort::Busy, "", "IncorrectState", "something else is in progress");
        Trouble::new(operation, What::Fault(fault))
    }

    pub(crate) fn not_yet(operation: &'static str) -> Self {
        let fault = Fault::new(Sort::NotYet, "", "NoSuchEntity", "never heard of it");
        Trouble::new(operation, What::Fault(fault))
    }

    pub(crate) fn throttled(operation: &'static str) -> Self {
        let mut fault = Fault::new(Sort::Busy, "", "RequestLimitExceeded", "slow down");
        fault.throttled = true;
        Trouble::new(operation, What::Fault(fault))
    }

    pub(crate) fn crash(operation: &'static str) -> Self {
        Trouble::new(operation, What::Crash)
    }

    pub(crate) fn after(self) -> Self {
        Trouble { when: When::After, ..self }
    }

    pub(crate) fn when(self, when: When) -> Self {
        Trouble { when, ..self }
    }

    pub(crate) fn skip(self, skip: usize) -> Self {
        Trouble { skip, ..self }
    }

    pub(crate) fn times(self, times: usize) -> Self {
        Trouble { times, ..self }
    }

    pub(crate) fn always(self) -> Self {
        self.times(usize::MAX)
    }
}
