//! Walks from observation to graph: everything whose needs are met runs.

use crate::{
    Action, Address, Engine, Fault, Graph, Ledger, Plan, Settling, Status,
    schedule::{Schedule, Task},
    settle::Halt,
};
use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use std::collections::BTreeSet;

/// One object's step that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The object.
    pub address: Address,
    /// Its kind.
    pub kind: &'static str,
    /// What was to happen, as a participle: `created`, `changed`, `replaced`, `deleted`.
    pub done: &'static str,
    /// Why it did not.
    pub fault: Fault,
}

/// How far a run came.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// The steps that failed, by address. Steps that stood on them were not started; all others ran.
    pub failures: Vec<Failure>,
    /// Objects that could not be deleted and went with what they were in, by address.
    pub left_to_die: Vec<Failure>,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// The objects whose step was not begun, because of a failure before it or of the stop.
    pub blocked: BTreeSet<Address>,
    /// How many objects of the graph are as asked.
    pub ready: usize,
    /// How many objects the graph has.
    pub wanted: usize,
}

impl Applied {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && !self.stopped && self.blocked.is_empty()
    }
}

impl<C: Send + Sync + 'static> Engine<C> {
    /// Does what `plan` says. The ledger is true at every moment, also after failures and stops. A plan with refusals
    /// is not begun.
    ///
    /// Rule: nothing is deleted that `plan` does not show as deleted or replaced.
    pub async fn apply(&self, graph: &Graph<C>, plan: &Plan, ledger: &Ledger<'_>) -> Applied {
        let mut schedule = Schedule::of(graph, plan, &ledger.inventory(), &self.kinds);
        let mut applied = Applied { wanted: graph.nodes().len(), ..Applied::default() };
        if plan.refusals.is_empty() {
            for step in plan.steps.iter().filter(|step| step.action == Action::Forget) {
                ledger.remove(&step.address);
            }
            self.carry_out(&mut schedule, graph, plan, ledger, &mut applied).await;
            // In the same order each time, whichever failed first.
            applied.failures.sort_by(|one, other| one.address.cmp(&other.address));
            applied.left_to_die.sort_by(|one, other| one.address.cmp(&other.address));
        }
        let as_asked = |address: &&Address| {
            let kept = matches!(plan.action(address), Some(Action::Keep));
            let settled = || ledger.get(address).is_some_and(|record| record.settling == Settling::Settled);
            schedule.is_done(&Task::Bring((*address).clone())) || (kept && settled())
        };
        applied.ready = graph.nodes().keys().filter(as_asked).count();
        applied.blocked = schedule.waiting();
        applied
    }

    async fn carry_out(
        &self,
        schedule: &mut Schedule,
        graph: &Graph<C>,
        plan: &Plan,
        ledger: &Ledger<'_>,
        applied: &mut Applied,
    ) {
        let mut running: FuturesUnordered<BoxFuture<'_, (Task, Result<(), Halt>)>> = FuturesUnordered::new();
        loop {
            applied.stopped |= self.is_stopped() && !schedule.waiting().is_empty();
            if !applied.stopped {
                for task in schedule.take_ready() {
                    running.push(Box::pin(self.run(task, graph, plan, ledger)));
                }
            }
            let Some((task, result)) = running.next().await else { return };
            match result {
                Ok(()) => schedule.finish(task),
                Err(Halt::Stopped) => applied.stopped = true,
                Err(Halt::LeftToDie(fault)) => {
                    applied.left_to_die.push(failure(task.clone(), fault, plan));
                    schedule.finish(task);
                }
                // A stop also ends the patience with what would have passed.
                Err(Halt::Fault(fault)) if fault.passes() && self.is_stopped() => applied.stopped = true,
                Err(Halt::Fault(fault)) => applied.failures.push(failure(task, fault, plan)),
            }
        }
    }

    async fn run(
        &self,
        task: Task,
        graph: &Graph<C>,
        plan: &Plan,
        ledger: &Ledger<'_>,
    ) -> (Task, Result<(), Halt>) {
        let result = match &task {
            Task::Remove(address) => self.remove(address, plan, ledger).await,
            Task::Bring(address) => self.bring(address, graph, plan, ledger).await,
        };
        (task, result)
    }

    async fn bring(
        &self,
        address: &Address,
        graph: &Graph<C>,
        plan: &Plan,
        ledger: &Ledger<'_>,
    ) -> Result<(), Halt> {
        let Some(node) = graph.nodes().get(address) else { return Ok(()) };
        let action = plan.action(address);
        let spec = self.filled(address, node, ledger)?;
        let recorded = ledger.get(address);
        if let (Some(record), Some(Action::Keep)) = (&recorded, action)
            && record.settling == Settling::Settled
            // An output that changed on the way makes a change even of what was to be kept.
            && self.differences(address, node, record, &spec).0.is_empty()
        {
            ledger.stands_on(address, &node.needs);
            return Ok(());
        }
        if node.kind.only_recorded() {
            ledger.put(address, self.recorded(address, node, spec).await?);
            return Ok(());
        }
        if recorded.is_none() || matches!(action, Some(Action::Create | Action::Replace(_))) {
            let birthmark = (graph.root() == Some(address)).then(|| self.owner.status_tag(Status::Creating));
            self.create(address, node, &spec, birthmark, ledger).await?;
        }
        self.converge(address, node, &spec, ledger).await?;
        ledger.stands_on(address, &node.needs);
        Ok(())
    }
}

fn failure(task: Task, fault: Fault, plan: &Plan) -> Failure {
    let step = plan.steps.iter().find(|step| step.address == *task.address());
    let done = match (&task, step.map(|step| &step.action)) {
        (Task::Remove(_), Some(Action::Replace(_))) => "replaced",
        (Task::Remove(_), _) => "deleted",
        (_, Some(Action::Create)) => "created",
        (_, Some(Action::Replace(_))) => "replaced",
        _ => "changed",
    };
    let kind = step.map_or("object", |step| step.kind);
    Failure { address: task.address().clone(), kind, done, fault }
}
