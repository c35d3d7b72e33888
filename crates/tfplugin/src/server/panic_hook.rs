//! Panics as Terraform recognises them: only lines after one that begins `panic: ` are shown to users.

use std::io::Write;

use super::outcome::panic_message;

/// Replaces the standard hook, whose text Terraform takes for a log line.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|location| format!("\n  at {location}")).unwrap_or_default();
        let backtrace = std::backtrace::Backtrace::capture();
        let trace = match backtrace.status() {
            std::backtrace::BacktraceStatus::Captured => format!("\n{backtrace}"),
            _ => String::new(),
        };
        // Nobody is left to tell if stderr is gone.
        let _ = writeln!(std::io::stderr().lock(), "panic: {}{place}{trace}", panic_message(panic.payload()));
    }));
}
