//! When the process ends: told to by its host, by a signal, or by the death of its host.

use std::time::Duration;

use tokio::sync::watch;

use super::running::Running;

/// How long calls may take to return after their caller has gone. What they return is lost; what they were doing need not be.
const GRACE: Duration = Duration::from_secs(30);

/// Whether a process belongs to one host, or serves any that come until a user ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    OneHost,
    UntilSignal,
}

/// The end, as it is announced to the server. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Ending(watch::Sender<bool>);

impl Ending {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(crate) fn announce(&self) {
        self.0.send_replace(true);
    }

    pub(crate) async fn announced(&self) {
        // The sender is alive as long as `self` is.
        let _ = self.0.subscribe().wait_for(|ended| *ended).await;
    }
}

/// Watches signals and the host, and announces the end.
#[cfg(unix)]
pub(crate) fn watch(ending: &Ending, running: &Running, life: Life) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let host = std::os::unix::process::parent_id();
    let (ending, running) = (ending.clone(), running.clone());
    tokio::spawn(async move {
        loop {
            tokio::select! {
                // A terminal sends Ctrl-C to us and to Terraform, which then calls StopProvider and wants our answers.
                Some(()) = interrupt.recv() => if life == Life::OneHost { continue },
                Some(()) = terminate.recv() => {}
                () = orphaned(host), if life == Life::OneHost => tracing::warn!("the host has died; ending"),
            }
            break;
        }
        running.stop();
        if tokio::time::timeout(GRACE, running.ended()).await.is_err() {
            tracing::warn!("calls are still under way after {} s; ending all the same", GRACE.as_secs());
        }
        ending.announce();
    });
    Ok(())
}

/// Waits until this process has another parent than `host`.
#[cfg(unix)]
async fn orphaned(host: u32) {
    let mut clock = tokio::time::interval(Duration::from_secs(1));
    while std::os::unix::process::parent_id() == host {
        clock.tick().await;
    }
}

/// Watches Ctrl-C, and announces the end.
#[cfg(not(unix))]
pub(crate) fn watch(ending: &Ending, running: &Running, life: Life) -> std::io::Result<()> {
    let (ending, running) = (ending.clone(), running.clone());
    tokio::spawn(async move {
        // Catching it is what keeps the system from ending the process.
        while tokio::signal::ctrl_c().await.is_ok() {
            if life == Life::UntilSignal {
                running.stop();
                let _ = tokio::time::timeout(GRACE, running.ended()).await;
                ending.announce();
            }
        }
    });
    Ok(())
}
