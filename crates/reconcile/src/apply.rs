//! Walks from observation to graph: everything whose needs are met runs.

use crate::{Action, Address, Engine, Fault, Graph, Ledger, Plan, Settling, inventory, settle::Halt};
use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use std::collections::{BTreeMap, BTreeSet};

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
    /// The steps that failed. Steps that stood on them were not started; all others ran.
    pub failures: Vec<Failure>,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// How many objects of the graph are as asked.
    pub ready: usize,
    /// How many objects the graph has.
    pub wanted: usize,
}

impl Applied {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty() && !self.stopped
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Task {
    Remove(Address),
    Bring(Address),
}

impl Task {
    fn address(&self) -> &Address {
        match self {
            Task::Remove(address) | Task::Bring(address) => address,
        }
    }
}

impl<C: Send + Sync + 'static> Engine<C> {
    /// Does what `plan` says. The ledger is true at every moment, also after failures and stops.
    ///
    /// Rule: nothing is deleted that `plan` does not show as deleted or replaced.
    pub async fn apply(&self, graph: &Graph<C>, plan: &Plan, ledger: &Ledger<'_>) -> Applied {
        for step in plan.steps.iter().filter(|step| step.action == Action::Forget) {
            ledger.remove(&step.address);
        }
        let mut waiting = tasks(graph, plan, ledger);
        let mut done: BTreeSet<Task> = BTreeSet::new();
        let mut running: FuturesUnordered<BoxFuture<'_, (Task, Result<(), Halt>)>> = FuturesUnordered::new();
        let mut applied = Applied { wanted: graph.nodes().len(), ..Applied::default() };
        loop {
            applied.stopped |= self.is_stopped() && !waiting.is_empty();
            if !applied.stopped {
                let runnable = |needs: &BTreeSet<Task>| needs.iter().all(|need| done.contains(need));
                let ready: Vec<Task> = waiting
                    .iter()
                    .filter(|(_, needs)| runnable(needs))
                    .map(|(task, _)| task.clone())
                    .collect();
                for task in ready {
                    waiting.remove(&task);
                    running.push(Box::pin(self.run(task, graph, plan, ledger)));
                }
            }
            let Some((task, result)) = running.next().await else { break };
            match result {
                Ok(()) => drop(done.insert(task)),
                Err(Halt::Stopped) => applied.stopped = true,
                Err(Halt::Fault(fault)) => applied.failures.push(failure(task, fault, plan)),
            }
        }
        let settled = |address: &&Address| done.contains(&Task::Bring((**address).clone()));
        applied.ready = graph.nodes().keys().filter(settled).count();
        applied
    }

    async fn run(
        &self,
        task: Task,
        graph: &Graph<C>,
        plan: &Plan,
        ledger: &Ledger<'_>,
    ) -> (Task, Result<(), Halt>) {
        let result = match &task {
            Task::Remove(address) => self.remove(address, ledger).await,
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
        let recorded = ledger.get(address);
        let settled = recorded.as_ref().is_some_and(|record| record.settling == Settling::Settled);
        let action = plan.action(address);
        if settled && matches!(action, Some(Action::Keep)) {
            return Ok(());
        }
        let spec = self.filled(address, node, ledger)?;
        if recorded.is_none() || matches!(action, Some(Action::Create | Action::Replace(_))) {
            let birthmark = (graph.root() == Some(address)).then(|| self.owner.status_tag(false));
            self.create(address, node, &spec, birthmark, ledger).await?;
        }
        self.converge(address, node, &spec, ledger).await
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

/// Each task and what must be done before it.
fn tasks<C: Send + Sync + 'static>(
    graph: &Graph<C>,
    plan: &Plan,
    ledger: &Ledger<'_>,
) -> BTreeMap<Task, BTreeSet<Task>> {
    let destroyed = plan.destroys();
    let mut tasks: BTreeMap<Task, BTreeSet<Task>> = BTreeMap::new();
    for (address, node) in graph.nodes() {
        let mut needs: BTreeSet<Task> = node.needs.iter().cloned().map(Task::Bring).collect();
        if destroyed.contains(address) {
            needs.insert(Task::Remove(address.clone()));
        }
        tasks.insert(Task::Bring(address.clone()), needs);
    }
    let mut stands_on: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
    for (address, needs) in inventory::needs(&ledger.inventory()) {
        for need in needs {
            stands_on.entry(need).or_default().insert(address.clone());
        }
    }
    for address in &destroyed {
        let comes_back = graph.nodes().contains_key(address);
        let before = |dependent: &Address| match destroyed.contains(dependent) {
            true => Some(Task::Remove(dependent.clone())),
            // A dependent that stays is led elsewhere first, unless it waits for this very object to come back.
            false if !comes_back && graph.nodes().contains_key(dependent) => {
                Some(Task::Bring(dependent.clone()))
            }
            false => None,
        };
        let needs = stands_on.get(address).into_iter().flatten().filter_map(before).collect();
        tasks.insert(Task::Remove(address.clone()), needs);
    }
    tasks
}
