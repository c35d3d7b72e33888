//! What went wrong with a call, as the engine treats it. Codes are sorted by the one table in `table.rs`.
//!
//! Rule: nowhere else is a code compared. Whoever treats a code specially asks one of the questions below.

mod table;

use crate::http::{Undelivered, causes};
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use reconcile::{Fault, Outcome, Sort};
use std::error::Error;

/// Sorts what came of `operation`, a read or a delete: an absent object is `NotFound`.
pub(crate) fn of<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    move |error| sorted(operation, &error)
}

/// Sorts what came of `operation`, which made or changed something that leans on other objects.
///
/// Whatever is absent then has just been made or was seen a moment ago and is not visible everywhere, so `NotFound`
/// becomes `NotYet`.
pub(crate) fn of_dependent<E>(operation: &'static str) -> impl FnOnce(SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    move |error| not_visible_yet(sorted(operation, &error))
}

/// `NotFound` as `NotYet`, everything else as it is.
pub(crate) fn not_visible_yet(fault: Fault) -> Fault {
    match fault.sort {
        Sort::NotFound => Fault { sort: Sort::NotYet, ..fault },
        _ => fault,
    }
}

/// Sorts a code that came in an answer of HTTP 200, as the lists of what was unsuccessful do.
pub(crate) fn in_answer(operation: &'static str, code: Option<&str>, message: Option<&str>) -> Fault {
    answered(operation, code.unwrap_or("Unknown"), message.unwrap_or_default(), 200)
}

/// An answer that lacks what it must have. The call may well have had its effect.
pub(crate) fn unreadable(operation: &'static str, what: &str) -> Fault {
    Fault::refused(operation, "UnreadableAnswer", format!("the answer has no usable {what}"))
        .outcome_unknown()
}

/// Whether the credentials were good once and are no longer.
pub(crate) fn is_expired(fault: &Fault) -> bool {
    table::EXPIRED.contains(&fault.code.as_str())
}

/// Whether no source had credentials.
pub(crate) fn is_without_credentials(fault: &Fault) -> bool {
    fault.code == NO_CREDENTIALS
}

/// Whether the service was reached, or seemed to be, and never answered.
pub(crate) fn is_without_answer(fault: &Fault) -> bool {
    matches!(fault.code.as_str(), NO_ANSWER | TIMEOUT)
}

/// Whether what was to be added is there already, or its name is taken: a call whose answer was lost says so when it
/// is made again.
pub(crate) fn is_there_already(fault: &Fault) -> bool {
    table::is_there_already(fault)
}

/// Whether a change was refused only because everything is as asked already.
pub(crate) fn is_nothing_to_do(fault: &Fault) -> bool {
    table::is_nothing_to_do(fault)
}

/// Whether a deletion was refused because deletion is switched off.
pub(crate) fn is_protected(fault: &Fault) -> bool {
    table::is_protected(fault)
}

/// Whether a deletion was refused because something is attached to what was to go.
pub(crate) fn has_something_attached(fault: &Fault) -> bool {
    table::has_something_attached(fault)
}

const NO_CREDENTIALS: &str = "NoCredentials";
const NO_ANSWER: &str = "NoAnswer";
const TIMEOUT: &str = "Timeout";

fn sorted<E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Fault
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let fault = match error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let (code, message) = (error.code().unwrap_or_default(), error.message().unwrap_or_default());
            answered(operation, code, message, status)
        }
        SdkError::ResponseError(answer) => answered(operation, "", "", answer.raw().status().as_u16()),
        SdkError::TimeoutError(_) => {
            Fault::new(Sort::Busy, operation, TIMEOUT, "the service did not answer in time").outcome_unknown()
        }
        _ => unsent(operation, error),
    };
    let request_id = error.request_id().or_else(|| error.meta().request_id()).map(str::to_owned);
    Fault { request_id, ..fault }
}

/// A request that was refused by the SDK itself, found no credentials, or got no answer.
fn unsent(operation: &str, error: &(dyn Error + 'static)) -> Fault {
    if let Some(undelivered) = causes(error).find_map(|cause| cause.downcast_ref::<Undelivered>()) {
        let fault = Fault::new(Sort::Busy, operation, NO_ANSWER, undelivered.to_string());
        return match undelivered.was_connected {
            true => fault.outcome_unknown(),
            false => Fault { unreachable: true, code: "Unreachable".to_owned(), ..fault },
        };
    }
    let said = causes(error).last().map(ToString::to_string).unwrap_or_default();
    if causes(error).any(|cause| cause.is::<CredentialsError>()) {
        return Fault::new(Sort::Denied, operation, NO_CREDENTIALS, said);
    }
    Fault::refused(operation, "NotSent", said)
}

/// What came of asking for credentials.
pub(crate) fn of_credentials(error: &CredentialsError) -> Fault {
    unsent("finding credentials", error)
}

/// Nobody set credentials up.
pub(crate) fn without_credentials() -> Fault {
    Fault::new(Sort::Denied, "finding credentials", NO_CREDENTIALS, "no source of credentials is set up")
}

/// What the service answered, with the HTTP status it answered with.
fn answered(operation: &str, code: &str, message: &str, status: u16) -> Fault {
    let code = bare(code);
    let said = if message.is_empty() { "no reason is given" } else { without_signature(code, message) };
    let fault = Fault::new(Sort::Refused, operation, code, said);
    if table::THROTTLING.contains(&code) || message.contains("Rate exceeded") || status == 429 {
        return Fault { sort: Sort::Busy, throttled: true, ..fault };
    }
    let is_failing = matches!(status, 500 | 502 | 503 | 504);
    if let Some(sort) = table::sort(operation, code, message) {
        let outcome = if is_failing { Outcome::Unknown } else { Outcome::NothingDone };
        return Fault { sort, outcome, ..fault };
    }
    if is_failing || matches!(code, "InternalError" | "InternalFailure") {
        let code = if code.is_empty() { format!("HTTP {status}") } else { code.to_owned() };
        return Fault { sort: Sort::Busy, outcome: Outcome::Unknown, code, ..fault };
    }
    if code.is_empty() {
        return Fault { code: format!("HTTP {status}"), ..fault };
    }
    fault
}

/// A code without the namespace before it and the suffix behind it that JSON protocols may add.
fn bare(code: &str) -> &str {
    let code = code.rsplit_once('#').map_or(code, |(_, name)| name);
    code.split_once(':').map_or(code, |(name, _)| name)
}

/// Services answer a wrong signature with all that was signed, a session token included. That part is not passed on.
fn without_signature<'a>(code: &str, message: &'a str) -> &'a str {
    match code {
        "SignatureDoesNotMatch" | "InvalidSignatureException" | "IncompleteSignature" => {
            let end = message.find(['\n', '.', '\'', ':']).unwrap_or(message.len());
            &message[..end]
        }
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_with_what_json_protocols_add() {
        let fault = answered("CreateLogGroup", "com.amazonaws#OperationAbortedException:http", "", 400);
        assert_eq!((fault.sort, fault.code.as_str()), (Sort::Busy, "OperationAbortedException"));
    }

    #[test]
    fn throttling_is_told_from_a_full_quota() {
        for (code, message) in
            [("RequestLimitExceeded", ""), ("Throttling", "Rate exceeded"), ("X", "Rate exceeded")]
        {
            let fault = answered("CreateVpc", code, message, 503);
            assert!(fault.throttled && fault.sort == Sort::Busy, "{code}");
            assert_eq!(fault.outcome, Outcome::NothingDone, "a throttled call did nothing: {code}");
        }
        assert!(!answered("CreateRole", "LimitExceeded", "", 409).throttled);
    }

    #[test]
    fn a_failing_service_may_have_acted() {
        let fault = answered("CreateVpc", "InternalError", "An internal error has occurred", 500);
        assert_eq!((fault.sort, fault.outcome), (Sort::Busy, Outcome::Unknown));
        let unnamed = answered("CreateVpc", "", "", 503);
        assert_eq!((unnamed.outcome, unnamed.code.as_str()), (Outcome::Unknown, "HTTP 503"));
        let timed_out = answered("CreateKey", "DependencyTimeoutException", "", 503);
        assert_eq!((timed_out.sort, timed_out.outcome), (Sort::Busy, Outcome::Unknown));
        let unknown_operation = answered("CreateVpc", "NotImplemented", "", 501);
        assert_eq!(
            (unknown_operation.sort, unknown_operation.outcome),
            (Sort::Refused, Outcome::NothingDone)
        );
    }

    #[test]
    fn what_a_new_object_leans_on_is_not_gone_but_not_visible_yet() {
        let fault =
            answered("CreateSubnet", "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist", 400);
        assert_eq!(not_visible_yet(fault).sort, Sort::NotYet);
        let refused = answered("CreateSubnet", "InvalidSubnet.Conflict", "", 400);
        assert_eq!(not_visible_yet(refused).sort, Sort::Refused);
    }

    #[test]
    fn a_wrong_signature_does_not_leak_what_was_signed() {
        let message = "The request signature we calculated does not match the signature you provided. Check your key.\n\
                       The Canonical String for this request should have been\n'GET\nx-amz-security-token:SECRET'";
        let fault = answered("GetCallerIdentity", "SignatureDoesNotMatch", message, 403);
        assert!(fault.message.starts_with("The request signature"));
        assert!(!fault.to_string().contains("SECRET"));
    }
}
