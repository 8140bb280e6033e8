//! Which of several answers about one thing counts: the one that was captured last.

use std::collections::BTreeSet;

use crate::model::access::Told;

/// The answers about one thing that may count. An answer without a time may be as recent as any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Newest<T> {
    dated: Option<(i64, BTreeSet<T>)>,
    undated: BTreeSet<T>,
}

impl<T> Default for Newest<T> {
    fn default() -> Self {
        Self {
            dated: None,
            undated: BTreeSet::new(),
        }
    }
}

impl<T: Ord + Clone> Newest<T> {
    /// Adds an answer with its time, in milliseconds since 1970.
    pub(super) fn add(&mut self, at: Option<i64>, value: T) {
        let Some(at) = at else {
            self.undated.insert(value);
            return;
        };
        match &mut self.dated {
            Some((known, values)) if *known == at => drop(values.insert(value)),
            Some((known, _)) if *known > at => {}
            dated => *dated = Some((at, BTreeSet::from([value]))),
        }
    }

    /// Adds the answers of another export of the site.
    pub(super) fn absorb(&mut self, other: Self) {
        if let Some((at, values)) = other.dated {
            for value in values {
                self.add(Some(at), value);
            }
        }
        self.undated.extend(other.undated);
    }

    /// What the answers that count tell: one thing, or different ones.
    pub(super) fn told(&self) -> Told<T> {
        let dated = self.dated.iter().flat_map(|(_, values)| values);
        let mut values = dated.chain(&self.undated);
        match values.next() {
            None => Told::Missing,
            Some(first) if values.all(|value| value == first) => Told::Given {
                value: first.clone(),
                captured_at: self.dated.as_ref().map(|(at, _)| *at),
            },
            Some(_) => Told::Differing,
        }
    }

    /// Any of the answers that count, which is the same for any order of them.
    pub(super) fn any(&self) -> Option<&T> {
        let dated = self.dated.iter().flat_map(|(_, values)| values);
        dated.chain(&self.undated).next()
    }
}

impl<T: Ord + Clone> Newest<Result<T, String>> {
    /// What the answers that count tell, some of which may be refusals.
    pub(super) fn answered(&self) -> Told<T> {
        match self.told() {
            Told::Given { value, captured_at } => match value {
                Ok(value) => Told::Given { value, captured_at },
                Err(reason) => Told::Refused(reason),
            },
            Told::Missing => Told::Missing,
            Told::Refused(reason) => Told::Refused(reason),
            Told::Differing => Told::Differing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_answer_counts_in_any_order() {
        let told = |answers: &[(Option<i64>, u8)]| {
            let mut newest = Newest::default();
            for (at, value) in answers {
                newest.add(*at, *value);
            }
            let mut other = Newest::default();
            for (at, value) in answers.iter().rev() {
                let mut one = Newest::default();
                one.add(*at, *value);
                other.absorb(one);
            }
            assert_eq!(newest, other);
            newest.told()
        };
        let given = |value, captured_at| Told::Given { value, captured_at };
        assert_eq!(told(&[]), Told::Missing);
        assert_eq!(told(&[(Some(1), 1), (Some(2), 2)]), given(2, Some(2)));
        assert_eq!(told(&[(Some(2), 1), (Some(2), 2)]), Told::Differing);
        assert_eq!(told(&[(None, 1), (Some(2), 2)]), Told::Differing);
        assert_eq!(told(&[(None, 2), (Some(2), 2)]), given(2, Some(2)));
        assert_eq!(told(&[(None, 1)]), given(1, None));
    }
}
