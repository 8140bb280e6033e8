//! The visits of a walk, and the way to each of them.
//!
//! A visit knows the one that it came from, and not the whole way: in a row of thousands of flows,
//! whole ways would take the square of their number. Each also knows one of the visits far before
//! it ("jump pointers" as in Myers, "An applicative random-access stack", 1983), so that finding an
//! earlier one takes a few steps.

use std::borrow::Cow;

use crate::input::tableau::store::ObjectIx;
use crate::model::{Path, Step, StepKind};

/// The number of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VisitIx(u32);

/// The way to what an object links to: a visit of that object, and perhaps its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) from: VisitIx,
    pub(super) is_by_columns: bool,
}

/// A visit of an object.
struct Visit<'a> {
    at: ObjectIx,
    /// The way to the object; the first visit has itself in it.
    way: Way,
    /// The step of paths through the object, if it is one.
    step: Option<Step<'a>>,
    /// How many visits come before this one.
    depth: u32,
    /// How many steps its path has.
    steps: usize,
    is_through_sql: bool,
    /// A visit before this one, often far before.
    jump: VisitIx,
    /// The last visit of the same object, by another way.
    last_of_object: Option<VisitIx>,
}

/// All visits of a walk, in their order.
pub(super) struct Trail<'a>(Vec<Visit<'a>>);

impl VisitIx {
    /// The first visit, that of the object at which the walk begins.
    pub(super) const FIRST: Self = Self(0);

    pub(super) fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The way to what the visited object links to.
    pub(super) fn onward(self) -> Way {
        Way {
            from: self,
            is_by_columns: false,
        }
    }
}

impl<'a> Trail<'a> {
    /// A trail that begins at an object, with the step of paths that it is.
    pub(super) fn from(at: ObjectIx, step: Option<Step<'a>>) -> Self {
        let is_sql = |step: &Step| step.kind == StepKind::CustomSql;
        Self(vec![Visit {
            at,
            way: VisitIx::FIRST.onward(),
            depth: 0,
            steps: usize::from(step.is_some()),
            is_through_sql: step.as_ref().is_some_and(is_sql),
            step,
            jump: VisitIx::FIRST,
            last_of_object: None,
        }])
    }

    /// The object of a visit, if there are so many visits.
    pub(super) fn object(&self, visit: VisitIx) -> Option<ObjectIx> {
        self.0.get(visit.0 as usize).map(|visit| visit.at)
    }

    /// Adds a visit.
    pub(super) fn add(
        &mut self,
        at: ObjectIx,
        way: Way,
        step: Option<Step<'a>>,
        last_of_object: Option<VisitIx>,
    ) -> VisitIx {
        let new = VisitIx(self.0.len() as u32);
        let before = self.get(way.from);
        let far = self.get(before.jump);
        let is_as_far = before.depth - far.depth == far.depth - self.get(far.jump).depth;
        self.0.push(Visit {
            at,
            way,
            depth: before.depth + 1,
            steps: self.steps(way) + usize::from(step.is_some()),
            is_through_sql: self.is_through_sql(way, step.as_ref()),
            jump: if is_as_far { far.jump } else { way.from },
            step,
            last_of_object,
        });
        new
    }

    /// Whether a way, with this step more, is through custom SQL.
    pub(super) fn is_through_sql(&self, way: Way, step: Option<&Step>) -> bool {
        self.get(way.from).is_through_sql
            || step.is_some_and(|step| step.kind == StepKind::CustomSql)
    }

    /// Whether a way is through any visit of an object, of which this is the last.
    pub(super) fn is_through(&self, way: Way, last: Option<VisitIx>) -> bool {
        let mut next = last;
        while let Some(visit) = next {
            let Visit {
                depth,
                last_of_object,
                ..
            } = *self.get(visit);
            if depth <= self.get(way.from).depth
                && self.first_with(way.from, |one| one.depth >= depth) == visit
            {
                return true;
            }
            next = last_of_object;
        }
        false
    }

    /// The path of a way; of a long one, its first and last steps.
    pub(super) fn path(&self, way: Way) -> Path<'a> {
        let steps = self.steps(way);
        if steps <= Path::MOST_STEPS {
            return self
                .steps_back(way)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
        }
        let half = Path::MOST_STEPS / 2;
        let early = self.first_with(way.from, |visit| visit.steps >= half);
        let first = self.steps_back(early.onward()).collect::<Vec<_>>();
        let first = first.into_iter().rev().take(half);
        let last = self.steps_back(way).take(half).collect::<Vec<_>>();
        let kept = first.chain(last.into_iter().rev()).collect();
        Path::shortened(kept, steps - Path::MOST_STEPS)
    }

    /// The last step of a way.
    pub(super) fn last_step(&self, way: Way) -> Option<Step<'a>> {
        self.steps_back(way).next()
    }

    fn get(&self, visit: VisitIx) -> &Visit<'a> {
        &self.0[visit.0 as usize]
    }

    fn steps(&self, way: Way) -> usize {
        self.get(way.from).steps + usize::from(way.is_by_columns)
    }

    /// The first visit on the way to this one of which something holds that holds for all behind it.
    fn first_with(&self, visit: VisitIx, holds: impl Fn(&Visit) -> bool) -> VisitIx {
        let mut first = visit;
        loop {
            let Visit {
                jump, way, depth, ..
            } = *self.get(first);
            first = match [jump, way.from]
                .into_iter()
                .find(|one| holds(self.get(*one)))
            {
                Some(earlier) if depth > 0 => earlier,
                Some(_) | None => return first,
            };
        }
    }

    /// The steps of a way from its end.
    fn steps_back(&self, way: Way) -> impl Iterator<Item = Step<'a>> {
        let mut next = Some(way);
        std::iter::from_fn(move || {
            let way = next?;
            let visit = self.get(way.from);
            next = (visit.depth > 0).then_some(visit.way);
            let columns = way.is_by_columns.then(|| Step {
                kind: StepKind::Columns,
                name: Cow::default(),
                place: None,
            });
            Some([columns, visit.step.clone()])
        })
        .flatten()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn step(number: usize) -> Step<'static> {
        Step {
            kind: StepKind::Flow,
            name: Cow::Owned(number.to_string()),
            place: None,
        }
    }

    proptest! {
        /// A trail of visits, of which each comes from an earlier one, beside whole ways.
        #[test]
        fn ways_are_found_back(
            visits in proptest::collection::vec((1..4_usize, 0..20_usize), 1..200)
        ) {
            let object = ObjectIx::new;
            let mut trail = Trail::from(object(20), None);
            let mut ways = vec![vec![20]];
            let mut names = vec![Vec::new()];
            let mut last = [None; 20];
            for (number, (back, at)) in visits.into_iter().enumerate() {
                let before = ways.len().saturating_sub(back);
                let is_by_columns = number % 3 == 0;
                let way = Way { from: VisitIx(before as u32), is_by_columns };
                prop_assert_eq!(trail.is_through(way, last[at]), ways[before].contains(&at));
                last[at] = Some(trail.add(object(at), way, Some(step(number)), last[at]));
                ways.push([ways[before].as_slice(), &[at]].concat());
                let columns = is_by_columns.then(|| Step { kind: StepKind::Columns, name: "".into(), place: None });
                let steps = columns.into_iter().chain([step(number)]);
                let names_before: &Vec<Step> = &names[before];
                names.push(names_before.iter().cloned().chain(steps).collect());
            }
            for (number, steps) in names.into_iter().enumerate() {
                let path = trail.path(VisitIx(number as u32).onward());
                prop_assert_eq!(path.len(), steps.len());
                if steps.len() <= Path::MOST_STEPS {
                    prop_assert_eq!(path, steps.into_iter().collect::<Path>());
                } else {
                    let half = Path::MOST_STEPS / 2;
                    let left_out = steps.len() - Path::MOST_STEPS;
                    let kept = [&steps[..half], &steps[steps.len() - half..]].concat();
                    prop_assert_eq!(path, Path::shortened(kept.into(), left_out));
                }
            }
        }
    }
}
