//! Running the provider's code so that neither its panics nor a caller that hangs up do harm.

use std::any::Any;
use std::future::Future;

use tracing::Instrument;

use super::running::Running;
use crate::diagnostic::Diagnostic;
use crate::provider::{Call, Capabilities, StopSource};

/// How a piece of the provider's code ended.
pub(crate) enum Outcome<T> {
    Returned(T),
    /// It panicked; the call has the state it knew best.
    Panicked(Diagnostic, Call),
}

/// Runs `work` to its end, in a task of its own: a caller that hangs up only asks it to stop.
pub(crate) async fn run<T, F, W>(
    running: &Running,
    capabilities: Capabilities,
    span: tracing::Span,
    work: W,
) -> Outcome<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send,
    W: FnOnce(Call) -> F + Send + 'static,
{
    let entry = running.begin();
    let call = Call::new(entry.source(), capabilities);
    let _hung_up = StopOnDrop(entry.source());
    let task = tokio::spawn({
        let call = call.clone();
        async move {
            let _entry = entry;
            work(call).await
        }
        .instrument(span)
    });
    match task.await {
        Ok(value) => Outcome::Returned(value),
        Err(error) => {
            let message = match error.try_into_panic() {
                Ok(payload) => panic_message(payload.as_ref()).to_owned(),
                Err(error) => error.to_string(),
            };
            Outcome::Panicked(diagnostic(&message), call)
        }
    }
}

struct StopOnDrop(StopSource);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

fn diagnostic(message: &str) -> Diagnostic {
    Diagnostic::error(
        "The provider broke off",
        format!(
            "This is a bug in the provider: it panicked with \"{message}\". What it last knew of the object has been kept. \
             Please report this with the output of the same command under TF_LOG_PROVIDER=debug."
        ),
    )
}

/// The text a panic was given.
pub(super) fn panic_message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
