//! The values of rows in a column, as Parquet keeps them.

/// Null values are left out; the levels say where they are, and where the list of a row begins.
pub(super) struct Cells<V> {
    pub(super) values: Vec<V>,
    /// One for each value and each null; empty if nothing can be missing.
    pub(super) definitions: Vec<i16>,
    /// As many; 0 where a row begins. Empty if the column has no lists.
    pub(super) repetitions: Vec<i16>,
}

impl<V> Cells<V> {
    pub(super) fn new() -> Self {
        Self {
            values: Vec::new(),
            definitions: Vec::new(),
            repetitions: Vec::new(),
        }
    }

    /// Those of the rows that stay. `full` is the definition level of a value that is there.
    pub(super) fn of_rows(self, stays: &[bool], full: i16) -> Self {
        let mut kept = Self::new();
        let entries = self.definitions.len().max(self.values.len());
        let mut values = self.values.into_iter();
        let mut row = 0;
        for entry in 0..entries {
            let repetition = self.repetitions.get(entry);
            let begins_row = repetition.is_none_or(|level| *level == 0);
            row += usize::from(begins_row && entry > 0);
            let definition = self.definitions.get(entry);
            let is_there = definition.is_none_or(|level| *level == full);
            let value = if is_there { values.next() } else { None };
            if stays.get(row).copied().unwrap_or_default() {
                kept.values.extend(value);
                kept.definitions.extend(definition);
                kept.repetitions.extend(repetition);
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_lists_and_nulls() {
        // ["a", null], [], ["b"], null: lists that may be missing, of texts that may be missing.
        let lists = || Cells {
            values: vec!["a", "b"],
            definitions: vec![3, 2, 1, 3, 0],
            repetitions: vec![0, 1, 0, 0, 0],
        };
        let kept = lists().of_rows(&[true, false, false, true], 3);
        assert_eq!(kept.values, ["a"]);
        assert_eq!(kept.definitions, [3, 2, 0]);
        assert_eq!(kept.repetitions, [0, 1, 0]);
        let kept = lists().of_rows(&[false, true, true, false], 3);
        assert_eq!(kept.values, ["b"]);
        assert_eq!(kept.definitions, [1, 3]);
        assert_eq!(kept.repetitions, [0, 0]);
        let plain = Cells {
            values: vec![1, 2, 3],
            definitions: Vec::new(),
            repetitions: Vec::new(),
        };
        assert_eq!(plain.of_rows(&[false, true, true], 0).values, [2, 3]);
    }
}
