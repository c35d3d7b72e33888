//! Deletes one object, and waits until it is gone.

use crate::{Address, Engine, Fault, Ledger, Outcome, Plan, Settling, Sort, settle::Halt};
use std::time::Duration;
use tokio::time::Instant;

impl<C: Send + Sync + 'static> Engine<C> {
    /// Deletes the object at `address`; its record goes when it is gone.
    ///
    /// One that may be out of reach and dies with another that goes too is left to die with it, whatever keeps it.
    pub(crate) async fn remove(
        &self,
        address: &Address,
        plan: &Plan,
        ledger: &Ledger<'_>,
    ) -> Result<(), Halt> {
        // Nobody has ever seen it: what was known of it is lost, and its door is closed.
        let is_unseen = ledger.get(address).is_some_and(|record| record.spec.is_null());
        if is_unseen && self.dies_anyway(address, plan, ledger) {
            ledger.remove(address);
            return Ok(());
        }
        match self.remove_reachable(address, ledger).await {
            Err(Halt::Fault(fault)) if !self.is_stopped() && self.dies_anyway(address, plan, ledger) => {
                ledger.remove(address);
                Err(Halt::LeftToDie(fault))
            }
            other => other,
        }
    }

    fn dies_anyway(&self, address: &Address, plan: &Plan, ledger: &Ledger<'_>) -> bool {
        let Some(record) = ledger.get(address) else { return true };
        let kind = self.kinds.get(record.kind.as_str()).filter(|kind| kind.may_be_out_of_reach());
        let dies_with = kind.map_or(&[][..], |kind| kind.dies_with());
        let destroyed = plan.destroys();
        let goes = |step: &crate::Step| destroyed.contains(&step.address) && dies_with.contains(&step.kind);
        plan.steps.iter().any(goes)
    }

    async fn remove_reachable(&self, address: &Address, ledger: &Ledger<'_>) -> Result<(), Halt> {
        let Some(record) = ledger.get(address) else { return Ok(()) };
        let Some(kind) = self.kinds.get(record.kind.as_str()) else {
            let message = format!("{address} is a {}, which this version does not know", record.kind);
            return Err(Fault::refused("delete", "UnknownKind", message).into());
        };
        if kind.left_behind() {
            ledger.remove(address);
            return Ok(());
        }
        let (pace, start) = (kind.pace(), Instant::now());
        let patience = self.patience.working(pace.gone_within);
        let delete = || async {
            self.admit_write(kind.service()).await?;
            kind.delete(&self.cloud, &record.id, &record.spec).await
        };
        match self.patiently(patience, delete).await {
            Err(fault) if fault.sort == Sort::NotFound => {}
            // Looking tells whether it went.
            Err(fault) if fault.outcome == Outcome::Unknown && !fault.passes() => {}
            other => other?,
        }
        if kind.only_recorded() {
            ledger.remove(address);
            return Ok(());
        }
        let mut looks = 0;
        loop {
            match self.patiently(patience, || self.look(kind.kind(), &record.id)).await? {
                None => looks += 1,
                Some(seen) => {
                    looks = 0;
                    // One that had failed before it was deleted may go on saying so for a moment.
                    if let Settling::Failed(reason) = &seen.settling
                        && seen.settling != record.settling
                    {
                        let operation = format!("deleting {address}");
                        return Err(Fault::refused(operation, "Failed", reason.clone()).into());
                    }
                    ledger.put(address, record.seen(seen));
                }
            }
            if looks >= pace.looks_when_gone {
                ledger.remove(address);
                return Ok(());
            }
            if start.elapsed() > pace.gone_within {
                let (id, waited) = (&record.id, start.elapsed().as_secs());
                let message = format!("{address} ({id}) is still there after {waited} s");
                return Err(Fault::refused("waiting", "TimedOut", message).into());
            }
            let waited = if looks > 0 { Duration::ZERO } else { start.elapsed() };
            let pause = pace.pause_after(waited);
            if !self.pause(pause).await {
                return Err(Halt::Stopped);
            }
        }
    }
}
