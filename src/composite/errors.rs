//! What users read when something goes wrong: what happened, to which object, and what to do next.

use reconcile::{Address, Applied, Failure, Fault, GraphError, Observation, ObserveError, Refusal, Sort};
use tfplugin::{Diagnostic, Diagnostics, Path, Value};

/// An error when `state` is protected from deletion.
pub(super) fn protected(state: &Value, r#type: &str) -> Result<(), Diagnostics> {
    if state.get("deletion_protection").as_bool() != Some(true) {
        return Ok(());
    }
    let name = state.get("name").as_str().unwrap_or_default();
    let region = state.get("region").as_str().unwrap_or_default();
    Err(Diagnostic::error(
        format!("{type} {region}/{name} is protected from deletion"),
        "Set `deletion_protection = false` and apply that first, then destroy or replace it.",
    )
    .at(Path::root("deletion_protection"))
    .into())
}

pub(super) fn claimed_twice(r#type: &str, identity: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Two resources are {type} {identity}"),
        "Region and name tell stacks apart. Give one of the two another `name` or `region`.",
    )
    .at(Path::root("name"))
}

pub(super) fn namesake(r#type: &str, identity: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{type} {identity} exists already"),
        format!(
            "A finished one of this name is in this account and region, and is not in this state. Choose another \
             `name`, or take it into the state: terraform import '{type}.<label>' '{identity}'. (If it is in this \
             state and is being replaced: two of one name cannot exist side by side, so replace it without \
             create_before_destroy.)"
        ),
    )
    .at(Path::root("name"))
}

pub(super) fn made_meanwhile(r#type: &str, identity: &str) -> Diagnostic {
    Diagnostic::error(
        format!("{type} {identity} was made by somebody else meanwhile"),
        "It did not exist when this state took note of it. Choose another `name`; or, if it is the one that is meant, \
         take the note out of the state (terraform state rm) and import it.",
    )
    .at(Path::root("name"))
}

pub(super) fn graph(error: &GraphError) -> Diagnostics {
    let detail =
        format!("The objects cannot be drawn: {error}. This is a defect of the provider: please report it.");
    Diagnostic::error("The provider drew an impossible graph", detail).into()
}

pub(super) fn observe(error: &ObserveError) -> Diagnostics {
    Diagnostic::error(format!("The {} objects could not be read", words(error.kind)), explained(&error.fault))
        .into()
}

/// What could not be looked at is as it was last seen.
pub(super) fn out_of_reach(observation: &Observation) -> Diagnostics {
    let warning = |(kind, fault): (&&str, &Fault)| {
        Diagnostic::warning(
            format!("The {} objects could not be looked at", words(kind)),
            format!("{} They are taken to be as they were last seen.", explained(fault)),
        )
    };
    observation.out_of_reach.iter().map(warning).collect()
}

pub(super) fn still_unknown(paths: &[Path]) -> Diagnostics {
    let error = |path: &Path| {
        Diagnostic::error(format!("{path} is not known"), "It must be known when the resource is applied.")
            .at(path.clone())
    };
    paths.iter().map(error).collect()
}

pub(super) fn changed_since(addresses: &[Address]) -> Diagnostic {
    let shown: Vec<&str> = addresses.iter().map(Address::as_str).collect();
    Diagnostic::error(
        "AWS has changed since the plan was made",
        format!("The plan does not fit any more for {}. Nothing was done. Plan again.", shown.join(", ")),
    )
}

pub(super) fn refusals(refusals: &[Refusal], r#type: &str, identity: &str) -> Diagnostics {
    refusals.iter().map(|refusal| refused(refusal, r#type, identity)).collect()
}

fn refused(refusal: &Refusal, r#type: &str, identity: &str) -> Diagnostic {
    match refusal {
        Refusal::WouldReplace { address, kind, because } => Diagnostic::error(
            format!("The {} would have to be replaced", the(kind, address)),
            format!(
                "It is never replaced by itself, because what it holds would be lost ({because}). Put the setting \
                 back as it was, or make a new {type} under another name and move over."
            ),
        ),
        Refusal::Impossible { address, kind, because } => {
            Diagnostic::error(format!("The {} cannot be changed so", the(kind, address)), because.clone())
        }
        Refusal::Foreign { address, kind, id, owner } => {
            let owner =
                owner.as_ref().map_or("nobody we know of".to_owned(), |owner| format!("luneo {owner}"));
            Diagnostic::error(
                format!("The {} belongs to somebody else", the(kind, address)),
                format!(
                    "{id} is there already, and its tags say that it belongs to {owner}. It was not touched. Delete \
                     it, choose another `name`, or adopt it: terraform import '{type}.<label>' \
                     '{identity},{address}={id}'."
                ),
            )
        }
    }
}

/// A failed step of a creation or change.
pub(super) fn failure(failure: &Failure, applied: &Applied, prior: &Value) -> Diagnostic {
    let Failure { address, kind, done, fault } = failure;
    let mut detail = format!(
        "{}\n{} of {} objects are ready. Apply again: it goes on from there.",
        explained(fault),
        applied.ready,
        applied.wanted
    );
    if prior.is_null() {
        detail.push_str(
            " Terraform will show the resource as tainted and to be replaced; nothing that exists is made anew by that \
             (terraform untaint makes the plan say so too).",
        );
    }
    Diagnostic::error(format!("The {} could not be {done}", the(kind, address)), detail)
}

/// What could not be deleted, and went with what it was in.
pub(super) fn left_to_die(failure: &Failure) -> Diagnostic {
    let Failure { address, kind, fault, .. } = failure;
    Diagnostic::warning(
        format!("The {} could not be deleted, and went with what it was in", the(kind, address)),
        format!("{} What it had in AWS was looked for by its tags.", explained(fault)),
    )
}

pub(super) fn destroy_failure(failure: &Failure, left: usize) -> Diagnostic {
    let Failure { address, kind, fault, .. } = failure;
    Diagnostic::error(
        format!("The {} could not be deleted", the(kind, address)),
        format!("{}\n{left} objects are left. Destroy again: it goes on from there.", explained(fault)),
    )
}

pub(super) fn stopped(applied: &Applied) -> Diagnostic {
    Diagnostic::error(
        "Stopped before the end",
        format!(
            "{} of {} objects are ready; what exists is in the state. Apply again: it goes on from there.",
            applied.ready, applied.wanted
        ),
    )
}

pub(super) fn destroy_stopped(left: usize) -> Diagnostic {
    let detail = format!("{left} objects are left and in the state. Destroy again: it goes on from there.");
    Diagnostic::error("Stopped before the end", detail)
}

pub(super) fn unwritten_mark(fault: &Fault) -> Diagnostics {
    let detail = format!("{} Nothing was done. Apply again.", explained(fault));
    Diagnostic::error("The beginning of the change could not be written on the tags", detail).into()
}

pub(super) fn blocked(applied: &Applied) -> Diagnostic {
    let blocked: Vec<&str> = applied.blocked.iter().map(Address::as_str).collect();
    let detail = format!(
        "Nothing failed, and yet these objects were never begun: {}. This is a defect of the provider: please report \
         it. What exists is in the state.",
        blocked.join(", ")
    );
    Diagnostic::error("Some objects wait for each other", detail)
}

pub(super) fn unfinished_mark(fault: &Fault) -> Diagnostic {
    Diagnostic::warning(
        "Everything is ready, but that could not be written on the tags",
        format!("{} The next apply writes it.", explained(fault)),
    )
}

/// A fault in AWS's words, with what to do where that is known.
pub(crate) fn explained(fault: &Fault) -> String {
    if fault.unreachable {
        return format!("{} could not be sent: {}.", fault.operation, fault.message.trim_end_matches('.'));
    }
    // Helm and Kubernetes say in their own words what went wrong, and what to do about it.
    if fault.operation.starts_with("helm") || fault.operation.starts_with("Kubernetes") {
        return format!("{}: {}.", fault.operation, fault.message.trim_end_matches('.'));
    }
    let message = fault.message.trim_end_matches('.');
    // What was seen while waiting, and no answer to a call.
    if fault.operation.starts_with("waiting") || fault.operation.starts_with("deleting") {
        return match fault.code.as_str() {
            "Failed" => format!("AWS began it, and it failed: {message}."),
            "NotTaken" => format!("AWS took the change, and did not make it: {message}."),
            _ => format!("AWS began it, and it did not come to its end: {message}."),
        };
    }
    let verb = match fault.sort {
        Sort::Denied => "denied",
        Sort::Refused => "refused",
        _ => "answered",
    };
    let request = fault.request_id.as_ref().map(|id| format!(" (request {id})")).unwrap_or_default();
    let hint = match fault.sort {
        Sort::Denied => format!(" The credentials need a permission for {}.", fault.operation),
        _ => String::new(),
    };
    format!("AWS {verb} {}: {}: {message}{request}.{hint}", fault.operation, fault.code)
}

/// The object at `address` as people say it: `subnet subnet.public.eu-west-1a`, and `cluster` where that says it all.
fn the(kind: &str, address: &Address) -> String {
    let words = words(kind);
    if address.as_str() == kind { words } else { format!("{words} {address}") }
}

/// `nat_gateway` as people say it.
fn words(kind: &str) -> String {
    kind.replace('_', " ")
}
