//! How much memory a process took at most, as Linux counts it.

use std::fs;

/// The most that the process `id` took so far, in MB; `None` when it is gone.
pub(super) fn peak(id: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
    kilobytes.map(|kilobytes: f64| kilobytes / 1024.0)
}

/// The most that any child of the process `parent` took so far, in MB; 0 when it has none.
pub(super) fn of_children(parent: u32) -> f64 {
    let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let ids: Vec<u32> = lists
        .flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect();
    ids.into_iter().filter_map(peak).fold(0.0, f64::max)
}
