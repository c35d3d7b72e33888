//! The table that a benchmark prints.

use serde::Serialize;

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    /// What was measured.
    pub(super) what: String,
    pub(super) value: f64,
    /// What it counts: calls, ms, MB, times.
    pub(super) unit: &'static str,
    /// The most it may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Option<f64>,
    /// How it was measured, where that is not plain.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) remark: &'static str,
}

impl Row {
    pub(super) fn new(what: &str, value: f64, unit: &'static str) -> Self {
        Self { what: what.to_owned(), value, unit, limit: None, remark: "" }
    }

    pub(super) fn at_most(self, limit: f64) -> Self {
        Self { limit: Some(limit), ..self }
    }

    pub(super) fn remark(self, remark: &'static str) -> Self {
        Self { remark, ..self }
    }

    pub(super) fn is_kept(&self) -> bool {
        self.limit.is_none_or(|limit| self.value <= limit)
    }
}

/// The rows under each other, with their remarks below.
pub(super) fn text(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
    let mut text = format!("{:width$}  {:>10}  {:8}  {:>10}\n", "what", "measured", "", "at most");
    for row in rows {
        let limit = row.limit.map_or(String::new(), number);
        let kept = if row.is_kept() { "" } else { "  NOT KEPT" };
        let line =
            format!("{:width$}  {:>10}  {:8}  {limit:>10}{kept}", row.what, number(row.value), row.unit);
        text += &format!("{}\n", line.trim_end());
    }
    for row in rows.iter().filter(|row| !row.remark.is_empty()) {
        text += &format!("  {}: {}\n", row.what, row.remark);
    }
    text
}

fn number(value: f64) -> String {
    if value.fract().abs() < 0.005 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// The middle one, which one slow run does not move.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_not_kept_stands_out() {
        let rows =
            [Row::new("calls of a refresh", 15.0, "calls").at_most(14.0), Row::new("wall", 1.234, "s")];
        assert_eq!(
            text(&rows),
            "\
what                  measured               at most
calls of a refresh          15  calls             14  NOT KEPT
wall                      1.23  s
"
        );
    }

    #[test]
    fn nothing_measured_is_not_within_a_limit() {
        assert!(!Row::new("wall", median(vec![]), "s").at_most(1.0).is_kept());
    }
}
