//! Which task waits for which.

use crate::{Action, Address, Graph, Inventory, Kinds, Plan, inventory};
use std::collections::{BTreeMap, BTreeSet};

/// Half of an object's step: a replacement is both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Task {
    /// Takes away what is there.
    Remove(Address),
    /// Makes it what it should be.
    Bring(Address),
}

impl Task {
    pub(crate) fn address(&self) -> &Address {
        match self {
            Task::Remove(address) | Task::Bring(address) => address,
        }
    }
}

/// The tasks of a run, and which of them have to be done before which.
///
/// Rule: no task waits for itself, however indirectly. An order that would make it so is only wished for (what stands
/// on a thing goes first, what leaves a thing leaves before it goes), is left out, and the service sorts out the rest.
#[derive(Default)]
pub(crate) struct Schedule {
    waiting: BTreeMap<Task, BTreeSet<Task>>,
    done: BTreeSet<Task>,
}

impl Schedule {
    /// Everything that has to be done to get from `inventory` to `graph` by way of `plan`.
    pub(crate) fn of<C: Send + Sync + 'static>(
        graph: &Graph<C>,
        plan: &Plan,
        inventory: &Inventory,
        kinds: &Kinds<C>,
    ) -> Schedule {
        let destroyed = plan.destroys();
        let mut schedule = Schedule::default();
        for (address, node) in graph.nodes() {
            let mut needs: BTreeSet<Task> = node.needs.iter().cloned().map(Task::Bring).collect();
            if destroyed.contains(address) {
                needs.insert(Task::Remove(address.clone()));
            }
            schedule.waiting.insert(Task::Bring(address.clone()), needs);
        }
        for address in &destroyed {
            schedule.waiting.insert(Task::Remove(address.clone()), BTreeSet::new());
        }
        schedule.change_in_order(graph, plan);
        schedule.leave_last(graph, plan, kinds);
        let stands_on = inventory::needs(inventory);
        let pairs =
            || stands_on.iter().flat_map(|(upper, needs)| needs.iter().map(move |lower| (upper, lower)));
        let pairs = || pairs().filter(|(_, lower)| destroyed.contains(*lower));
        for (upper, lower) in pairs().filter(|(upper, _)| destroyed.contains(*upper)) {
            schedule.order(Task::Remove(upper.clone()), Task::Remove(lower.clone()));
        }
        // What stays is led elsewhere first.
        for (upper, lower) in pairs().filter(|(upper, _)| !destroyed.contains(*upper)) {
            if graph.nodes().contains_key(upper) {
                schedule.order(Task::Bring(upper.clone()), Task::Remove(lower.clone()));
            }
        }
        schedule
    }

    /// What both exists and changes follows the order of its kinds, whichever of the two stands on the other: an object
    /// that only changes has its outputs already.
    fn change_in_order<C: Send + Sync + 'static>(&mut self, graph: &Graph<C>, plan: &Plan) {
        let updated = || plan.steps.iter().filter(|step| matches!(step.action, Action::Update(_)));
        for later in updated() {
            let Some(node) = graph.nodes().get(&later.address) else { continue };
            for first in updated().filter(|first| node.kind.changed_after().contains(&first.kind)) {
                let (first, then) = (Task::Bring(first.address.clone()), Task::Bring(later.address.clone()));
                if let Some(needs) = self.waiting.get_mut(&first) {
                    needs.remove(&then);
                }
                self.order(first, then);
            }
        }
    }

    /// What leaves last waits for all of its kind that stay or come.
    fn leave_last<C: Send + Sync + 'static>(&mut self, graph: &Graph<C>, plan: &Plan, kinds: &Kinds<C>) {
        for leaver in plan.steps.iter().filter(|step| step.action == Action::Delete) {
            if !kinds.get(leaver.kind).is_some_and(|kind| kind.leaves_last()) {
                continue;
            }
            for (address, _) in graph.nodes().iter().filter(|(_, node)| node.kind.kind() == leaver.kind) {
                self.order(Task::Bring(address.clone()), Task::Remove(leaver.address.clone()));
            }
        }
    }

    /// Puts `first` before `then`, unless `first` already waits for `then`.
    fn order(&mut self, first: Task, then: Task) {
        if self.waits_for(&first, &then) {
            tracing::debug!(?first, ?then, "these cannot be done in this order");
        } else if let Some(needs) = self.waiting.get_mut(&then) {
            needs.insert(first);
        }
    }

    fn waits_for(&self, task: &Task, other: &Task) -> bool {
        let mut seen = BTreeSet::from([task]);
        let mut open = vec![task];
        while let Some(task) = open.pop() {
            if task == other {
                return true;
            }
            open.extend(self.waiting.get(task).into_iter().flatten().filter(|need| seen.insert(*need)));
        }
        false
    }

    /// The tasks that wait for nothing any more.
    pub(crate) fn take_ready(&mut self) -> Vec<Task> {
        let is_ready = |needs: &BTreeSet<Task>| needs.iter().all(|need| self.done.contains(need));
        let ready = self.waiting.iter().filter(|(_, needs)| is_ready(needs));
        let ready: Vec<Task> = ready.map(|(task, _)| task.clone()).collect();
        ready.iter().for_each(|task| drop(self.waiting.remove(task)));
        ready
    }

    pub(crate) fn finish(&mut self, task: Task) {
        self.done.insert(task);
    }

    pub(crate) fn is_done(&self, task: &Task) -> bool {
        self.done.contains(task)
    }

    /// The objects with a task that was not begun.
    pub(crate) fn waiting(&self) -> BTreeSet<Address> {
        self.waiting.keys().map(|task| task.address().clone()).collect()
    }
}
