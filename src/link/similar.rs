//! Names that are a few edits away from another one, among thousands.
//!
//! A schema may hold tens of thousands of names, and an export as many tables that it does not
//! have, so comparing each with each takes too long. Here the names are a tree of letters, and a row
//! of edit distances is computed once for all names that begin alike. Where a beginning is already
//! too far away, all names that begin so are skipped at once. In a schema of names that are all
//! alike this is not enough, so each search ends after a certain effort.

/// The most edits that can be asked for.
pub const MOST_EDITS: usize = 2;
/// How many relations of one name are worth finding.
const MOST_OF_ONE_NAME: usize = 3;
/// Distances of one row that may be small enough: those of beginnings about as long.
const BAND: usize = 2 * MOST_EDITS + 1;

/// How many rows of distances a search may still compute.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    rows: usize,
    is_exceeded: bool,
}

impl Effort {
    /// As much as so many rows.
    pub fn of_rows(rows: usize) -> Self {
        Self {
            rows,
            is_exceeded: false,
        }
    }

    /// Whether a search wanted more, so that it ended before it had seen all names.
    pub fn is_exceeded(self) -> bool {
        self.is_exceeded
    }

    /// Whether one more row may be computed.
    fn spend(&mut self) -> bool {
        self.is_exceeded |= self.rows == 0;
        self.rows = self.rows.saturating_sub(1);
        !self.is_exceeded
    }
}

/// Sorted names, each with the position that it stands for.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<(String, usize)>,
    /// The tree of their letters: each branch is followed by those that go on from it.
    branches: Vec<Branch>,
}

/// Letters that all names have in common that begin as those do which stand before them.
#[derive(Debug)]
struct Branch {
    /// The first name that has these letters.
    first: usize,
    /// Where the letters are in that name, in bytes.
    start: usize,
    end: usize,
    /// How many letters stand before them.
    depth: usize,
    /// How many names end with these letters.
    ending: usize,
    /// The next branch that does not go on from this one.
    next: usize,
}

impl Names {
    /// Sorts the names. Equal ones stay in their order.
    pub fn new(mut names: Vec<(String, usize)>) -> Self {
        names.sort_by(|(one, _), (other, _)| one.cmp(other));
        let branches = branches(&names);
        Self { names, branches }
    }

    /// The positions of the names that are at least one and at most `most` edits (letters added,
    /// left out or exchanged) away, with their distance; of equal names, the first few. The search
    /// ends early where it takes too much effort.
    pub fn near(&self, name: &str, most: usize, effort: &mut Effort) -> Vec<(usize, usize)> {
        let mut distances = Distances::new(name, most);
        let mut near = Vec::new();
        let mut at = 0;
        while let Some(branch) = self.branches.get(at) {
            let letters = &self.names[branch.first].0[branch.start..branch.end];
            distances.rows.truncate(branch.depth + 1);
            match distances.follow(letters, effort) {
                Followed::Near => {
                    let found = &self.names[branch.first..][..branch.ending];
                    let distance = distances.last();
                    if (1..=most).contains(&distance) {
                        let found = found.iter().take(MOST_OF_ONE_NAME);
                        near.extend(found.map(|(_, position)| (*position, distance)));
                    }
                    at += 1;
                }
                Followed::TooFar => at = branch.next,
                Followed::TooLong => break,
            }
        }
        near
    }
}

/// The tree of the letters of sorted names.
fn branches(names: &[(String, usize)]) -> Vec<Branch> {
    let mut branches: Vec<Branch> = Vec::new();
    // Branches that others may still go on from, each with the end of its names.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut todo = vec![(0..names.len(), 0, 0)];
    while let Some((range, start, depth)) = todo.pop() {
        let Some((last, _)) = names[range.clone()].last() else {
            continue;
        };
        while let Some((branch, _)) = open.pop_if(|(_, end)| *end <= range.start) {
            branches[branch].next = branches.len();
        }
        let first = &names[range.start].0;
        let (length, letters) = shared(&first[start..], &last[start..]);
        let end = start + length;
        let ending = names[range.clone()].partition_point(|(name, _)| name.len() <= end);
        open.push((branches.len(), range.end));
        branches.push(Branch {
            first: range.start,
            start,
            end,
            depth,
            ending,
            next: usize::MAX,
        });
        let rest = range.start + ending..range.end;
        let from = todo.len();
        let mut rest_of_names = &names[rest.clone()];
        let mut at = rest.start;
        while let Some(letter) = rest_of_names
            .first()
            .and_then(|(name, _)| name[end..].chars().next())
        {
            let count = rest_of_names.partition_point(|(name, _)| name[end..].starts_with(letter));
            todo.push((at..at + count, end, depth + letters));
            rest_of_names = &rest_of_names[count..];
            at += count;
        }
        todo[from..].reverse();
    }
    branches
}

/// The length in bytes, and the number, of the letters with which both texts begin.
fn shared(one: &str, other: &str) -> (usize, usize) {
    let letters = one.chars().zip(other.chars());
    letters
        .take_while(|(one, other)| one == other)
        .fold((0, 0), |(length, count), (letter, _)| {
            (length + letter.len_utf8(), count + 1)
        })
}

/// The edit distances of the beginnings of a candidate from the beginnings of a name.
struct Distances {
    name: Vec<char>,
    /// Any distance beyond the most edits.
    too_far: usize,
    /// The row after each beginning of the candidate, from the empty one on. Its middle is the
    /// distance from the beginning of the name that is as long. A distance beyond `most` may be too
    /// small, but stays beyond `most`.
    rows: Vec<[u8; BAND]>,
}

/// What became of following the letters of a candidate.
enum Followed {
    /// A name that begins so may be near.
    Near,
    /// No name that begins so can be near.
    TooFar,
    /// The effort is spent.
    TooLong,
}

impl Distances {
    fn new(name: &str, most: usize) -> Self {
        let name = name.chars().collect::<Vec<_>>();
        let too_far = most.min(MOST_EDITS) + 1;
        let mut distances = Self {
            name,
            too_far,
            rows: Vec::new(),
        };
        distances.rows.push(distances.first_row());
        distances
    }

    /// Adds the rows of more letters of a candidate.
    fn follow(&mut self, letters: &str, effort: &mut Effort) -> Followed {
        for letter in letters.chars() {
            if !effort.spend() {
                return Followed::TooLong;
            }
            let row = self.next_row(letter);
            if row
                .iter()
                .all(|distance| usize::from(*distance) >= self.too_far)
            {
                return Followed::TooFar;
            }
            self.rows.push(row);
        }
        Followed::Near
    }

    /// The distances of the empty beginning.
    fn first_row(&self) -> [u8; BAND] {
        self.row(0, |at, _| at)
    }

    /// The distances after one more letter.
    fn next_row(&self, letter: char) -> [u8; BAND] {
        let before = &self.rows[self.rows.len() - 1];
        let distance = |place: Option<&u8>| place.map_or(self.too_far, |at| usize::from(*at));
        self.row(self.rows.len(), |at, (place, left)| {
            // One letter more than before: what was above is now one place further to the right.
            let left_out = distance(before.get(place + 1)) + 1;
            if at == 0 {
                return left_out;
            }
            let exchanged = distance(before.get(place));
            let exchanged = exchanged + usize::from(self.name[at - 1] != letter);
            exchanged.min(left_out).min(left + 1)
        })
    }

    /// A row at this depth. `distance` computes one at a length of the name's beginning, from its
    /// place in the row and the distance to its left.
    fn row(&self, depth: usize, distance: impl Fn(usize, (usize, usize)) -> usize) -> [u8; BAND] {
        let mut row = [0; BAND];
        let mut left = self.too_far;
        for (place, cell) in row.iter_mut().enumerate() {
            let at = (depth + place).checked_sub(MOST_EDITS);
            let at = at.filter(|at| *at <= self.name.len());
            left = at.map_or(self.too_far, |at| distance(at, (place, left)));
            left = left.min(self.too_far);
            *cell = left as u8;
        }
        row
    }

    /// The distance of the candidate that was followed to its end.
    fn last(&self) -> usize {
        let depth = self.rows.len() - 1;
        let place = (self.name.len() + MOST_EDITS).checked_sub(depth);
        let last = place.and_then(|place| self.rows[depth].get(place));
        last.map_or(self.too_far, |distance| usize::from(*distance))
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
        let mut effort = Effort::of_rows(usize::MAX);
        let mut near = Names::new(names.collect()).near(name, most, &mut effort);
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

    #[test]
    fn a_search_ends_when_its_effort_is_spent() {
        let names = (0..100).map(|number| (format!("orders_{number}"), number));
        let names = Names::new(names.collect());
        let near = |rows| {
            let mut effort = Effort::of_rows(rows);
            let near = names.near("orders_100", 2, &mut effort).len();
            (near, effort.is_exceeded())
        };
        assert_eq!(
            [near(0), near(10), near(1000)],
            [(0, true), (3, true), (20, false)]
        );
    }

    #[test]
    fn long_names_do_not_take_long() {
        let long = |end: &str| "a".repeat(1_000_000) + end;
        let names = Names::new(vec![(long("b"), 0), (long("c"), 1)]);
        let near = names.near(&long("d"), 2, &mut Effort::of_rows(usize::MAX));
        assert_eq!(near, [(0, 1), (1, 1)]);
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
            // Of equal names, the first few are enough.
            let is_first = |(number, _): &(usize, usize)| {
                names[..*number].iter().filter(|name| **name == names[*number]).count() < 3
            };
            expected.retain(is_first);
            let names = names.iter().map(String::as_str).collect::<Vec<_>>();
            prop_assert_eq!(near(&names, &name, most), expected);
        }
    }
}
