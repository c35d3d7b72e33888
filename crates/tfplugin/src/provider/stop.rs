//! The wish to end early, as it reaches a running call.

use tokio::sync::watch;

/// Tells a running call that the user wants it to end (Ctrl-C), so that it can return what it has so far.
///
/// Clones watch the same wish. A stop is never taken back.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Whether the wish has been uttered.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for the wish; forever, if it never comes.
    pub async fn stopped(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|stopped| *stopped).await.is_err() {
            // The source is gone and cannot stop anyone any more.
            std::future::pending::<()>().await;
        }
    }
}

/// The end that utters the wish.
#[derive(Clone, Debug)]
pub(crate) struct StopSource(watch::Sender<bool>);

impl StopSource {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn watch(&self) -> Stop {
        Stop(self.0.subscribe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stop_reaches_every_clone_and_those_who_ask_later() {
        let source = StopSource::new();
        let early = source.watch();
        let waiting = tokio::spawn({
            let early = early.clone();
            async move { early.stopped().await }
        });
        assert!(!early.is_stopped());

        source.stop();

        waiting.await.unwrap();
        assert!(early.is_stopped());
        assert!(source.watch().is_stopped());
    }
}
