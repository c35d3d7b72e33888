//! How fast a graph can be built at all.

use crate::{Address, Graph};
use std::{collections::BTreeMap, time::Duration};

impl<C: Send + Sync + 'static> Graph<C> {
    /// The longest way through the graph when each object takes what `takes` says of its address and kind, and the
    /// objects along it: no run can be faster, however much it does at once.
    pub fn critical_path(
        &self,
        takes: &dyn Fn(&Address, &'static str) -> Duration,
    ) -> (Duration, Vec<Address>) {
        let mut ready_at: BTreeMap<&Address, (Duration, Option<&Address>)> = BTreeMap::new();
        for address in self.in_order() {
            let node = &self.nodes()[address];
            let last = node.needs.iter().max_by_key(|need| ready_at[*need].0);
            let begins = last.map_or(Duration::ZERO, |need| ready_at[need].0);
            ready_at.insert(address, (begins + takes(address, node.kind.kind()), last));
        }
        let mut at = ready_at.iter().max_by_key(|(_, (ready, _))| *ready).map(|(address, _)| *address);
        let whole = at.map_or(Duration::ZERO, |address| ready_at[address].0);
        let mut path = Vec::new();
        while let Some(address) = at {
            path.push(address.clone());
            at = ready_at[address].1;
        }
        path.reverse();
        (whole, path)
    }
}
