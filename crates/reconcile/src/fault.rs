//! What can go wrong with a call, as far as the engine treats it differently.

use std::fmt;

/// The five ways in which a call can fail. Whoever makes calls sorts the service's codes into these, in one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The object is not there. A delete is done; a read says "gone".
    NotFound,
    /// Something made a moment ago is not visible everywhere yet. Retried densely, for about two minutes.
    NotYet,
    /// The service is throttling, failing, or something else is in progress. Retried with growing pauses.
    Busy,
    /// The caller may not do this.
    Denied,
    /// Everything else: the request is wrong, a quota is full, the name is taken. Never retried.
    Refused,
}

/// Whether the service may have acted on the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service answered that it did nothing, or was never reached.
    NothingDone,
    /// No answer, or a server error after the request was sent: the object may exist.
    Unknown,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Fault {
    /// How the engine treats it.
    pub sort: Sort,
    /// Whether the call may have had its effect.
    pub outcome: Outcome,
    /// The service is asking for fewer calls (a throttling code), as against a conflict of states.
    pub throttled: bool,
    /// No connection could be made at all.
    pub unreachable: bool,
    /// The operation as the service calls it, such as `CreateSubnet`.
    pub operation: String,
    /// The service's own code, such as `InvalidSubnet.Conflict`.
    pub code: String,
    /// The service's own words.
    pub message: String,
    /// The service's id of the request, for support cases.
    pub request_id: Option<String>,
}

impl Fault {
    /// Whether it came of a door that is closed: nobody answers there, or we are not let in.
    pub(crate) fn is_before_a_closed_door(&self) -> bool {
        self.unreachable || matches!(self.sort, Sort::Denied | Sort::NotYet)
    }

    /// A fault of the given sort that had no effect.
    pub fn new(
        sort: Sort,
        operation: impl Into<String>,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Fault {
            sort,
            outcome: Outcome::NothingDone,
            throttled: false,
            unreachable: false,
            operation: operation.into(),
            code: code.into(),
            message: message.into(),
            request_id: None,
        }
    }

    /// A refusal in our own words, where the service gives no code: an object that ended as failed, a missing answer.
    pub fn refused(
        operation: impl Into<String>,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Fault::new(Sort::Refused, operation, code, message)
    }

    /// Whether the same call may succeed later without anything else being done.
    pub fn passes(&self) -> bool {
        self.throttled || self.unreachable || matches!(self.sort, Sort::NotYet | Sort::Busy)
    }

    /// The same fault, with the outcome unknown.
    pub fn outcome_unknown(mut self) -> Self {
        self.outcome = Outcome::Unknown;
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { operation, code, message, .. } = self;
        write!(f, "{operation}: {code}: {message}")?;
        match &self.request_id {
            Some(request) => write!(f, " (request {request})"),
            None => Ok(()),
        }
    }
}
