//! Names that are a few edits away from another one, among thousands.
//!
//! A schema may hold tens of thousands of names, and an export as many tables that it does not
//! have, so comparing each with each takes too long. Here the names are sorted, and the table of
//! edit distances is reused for the beginning that a name shares with the one before it. Where that
//! beginning is already too far away, all names that begin so are skipped at once.

/// Sorted names, each with the position that it stands for.
#[derive(Debug, Default)]
pub struct Names(Vec<(String, usize)>);

impl Names {
    /// Sorts the names.
    pub fn new(mut names: Vec<(String, usize)>) -> Self {
        names.sort_unstable();
        Self(names)
    }

    /// The positions of the names that are at least one and at most `most` edits (letters added,
    /// left out or exchanged) away, with their distance.
    pub fn near(&self, name: &str, most: usize) -> Vec<(usize, usize)> {
        let mut distances = Distances::new(name, most);
        let mut near = Vec::new();
        let mut at = 0;
        while let Some((candidate, position)) = self.0.get(at) {
            if let Some(beginning) = distances.follow(candidate) {
                let rest = &self.0[at..];
                at += rest.partition_point(|(name, _)| name.starts_with(beginning));
                continue;
            }
            let distance = distances.last();
            if (1..=most).contains(&distance) {
                near.push((*position, distance));
            }
            at += 1;
        }
        near
    }
}

/// The edit distances of the beginnings of a candidate from the beginnings of a name.
struct Distances {
    name: Vec<char>,
    most: usize,
    /// The letters of the candidate that have a row.
    candidate: Vec<char>,
    /// The row after each beginning of the candidate, from the empty one on. A distance beyond
    /// `most` may be too small, but stays beyond `most`.
    rows: Vec<Vec<usize>>,
}

impl Distances {
    fn new(name: &str, most: usize) -> Self {
        let name = name.chars().collect::<Vec<_>>();
        let first = (0..=name.len()).collect();
        Self {
            name,
            most,
            candidate: Vec::new(),
            rows: vec![first],
        }
    }

    /// Computes the rows of a candidate. Returns its shortest beginning with which no name can be
    /// near, if there is one.
    fn follow<'c>(&mut self, candidate: &'c str) -> Option<&'c str> {
        let shared = self
            .candidate
            .iter()
            .zip(candidate.chars())
            .take_while(|(one, other)| **one == *other)
            .count();
        self.candidate.truncate(shared);
        self.rows.truncate(shared + 1);
        for (start, letter) in candidate.char_indices().skip(shared) {
            let row = self.row(letter);
            let is_too_far = row.iter().all(|distance| *distance > self.most);
            self.candidate.push(letter);
            self.rows.push(row);
            if is_too_far {
                return Some(&candidate[..start + letter.len_utf8()]);
            }
        }
        None
    }

    /// The row after one more letter.
    fn row(&self, letter: char) -> Vec<usize> {
        let before = &self.rows[self.rows.len() - 1];
        let depth = self.rows.len();
        let mut row = vec![self.most + 1; self.name.len() + 1];
        row[0] = depth;
        let (start, end) = (depth.saturating_sub(self.most).max(1), depth + self.most);
        for at in start..=end.min(self.name.len()) {
            let exchanged = before[at - 1] + usize::from(self.name[at - 1] != letter);
            row[at] = exchanged.min(before[at] + 1).min(row[at - 1] + 1);
        }
        row
    }

    /// The distance of the candidate that was followed to its end.
    fn last(&self) -> usize {
        self.rows[self.rows.len() - 1][self.name.len()]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(names: &[&str], name: &str, most: usize) -> Vec<(usize, usize)> {
        let names = names
            .iter()
            .enumerate()
            .map(|(at, name)| ((*name).to_owned(), at));
        let mut near = Names::new(names.collect()).near(name, most);
        near.sort_unstable();
        near
    }

    #[test]
    fn names_are_compared_by_letters() {
        let names = [
            "orders",
            "order",
            "ordered",
            "orders_x",
            "borders",
            "売上_日次集計",
        ];
        assert_eq!(near(&names, "orders", 2), [(1, 1), (2, 2), (3, 2), (4, 1)]);
        assert_eq!(near(&names, "売上_日次集", 1), [(5, 1)]);
        assert_eq!(near(&names, "", 2), []);
        assert_eq!(near(&["", "a", "ab", "abc"], "", 2), [(1, 1), (2, 2)]);
    }

    proptest! {
        #[test]
        fn nothing_near_is_passed_over(
            names in proptest::collection::vec("[abä]{0,6}", 0..40),
            name in "[abä]{0,6}",
            most in 0_usize..3,
        ) {
            let mut expected = Vec::new();
            for (number, other) in names.iter().enumerate() {
                let distance = strsim::levenshtein(&name, other);
                if (1..=most).contains(&distance) {
                    expected.push((number, distance));
                }
            }
            let names = names.iter().map(String::as_str).collect::<Vec<_>>();
            prop_assert_eq!(near(&names, &name, most), expected);
        }
    }
}
