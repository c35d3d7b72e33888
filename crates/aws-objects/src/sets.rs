//! Lists whose order means nothing (aws-behaviours section 1.10).

/// `observed` in the order of `wanted` where both hold the same, so that lists compare as sets.
pub(crate) fn in_order_of<T: PartialEq + Clone>(observed: &mut Vec<T>, wanted: &[T]) {
    let mut ordered: Vec<T> = wanted.iter().filter(|item| observed.contains(item)).cloned().collect();
    ordered.extend(observed.iter().filter(|item| !wanted.contains(item)).cloned());
    *observed = ordered;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_compare_as_sets() {
        let mut same = vec![3, 1, 2];
        in_order_of(&mut same, &[1, 2, 3]);
        assert_eq!(same, [1, 2, 3]);
        let mut with_a_stranger = vec![9, 2];
        in_order_of(&mut with_a_stranger, &[1, 2]);
        assert_eq!(with_a_stranger, [2, 9]);
    }
}
