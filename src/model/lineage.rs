//! What a workbook reads, and the objects between the workbook and its tables.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::connection::ConnectionType;
use super::custom_sql::Place;
use super::display::display_enum;
use super::index::{CustomSqlIx, ObjectKey, TableIx};
use super::object_kind::ObjectKind;
use super::reason::{UnreadableSql, UnresolvedReason};

/// One thing that a workbook reads.
#[derive(Debug, Clone)]
pub struct Read<'a> {
    /// The table, or what is known instead.
    pub upstream: Upstream<'a>,
    /// What kind of object it is.
    pub kind: ObjectKind,
    /// Which object it is; `None` for a table with a name, and where the export does not say.
    pub object: Option<ObjectKey>,
    /// How the workbook reaches it, the shortest path first.
    pub paths: Vec<Path<'a>>,
}

impl Read<'_> {
    /// How many paths to one thing are kept, the shortest ones.
    pub const MOST_PATHS: usize = 8;
}

/// Custom SQL that a workbook reads.
#[derive(Debug, Clone)]
pub struct ReadSql<'a> {
    /// The custom SQL.
    pub sql: CustomSqlIx,
    /// How the workbook reaches it, the shortest path first; it is itself the last step of each.
    pub paths: Vec<Path<'a>>,
}

/// A table, or what is known instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Upstream<'a> {
    /// A table with a name.
    Table(TableIx),
    /// A table whose name Tableau hides, with what else identifies it.
    Hidden(Arc<str>),
    /// An object that does not lead to tables.
    Unresolved(Unresolved<'a>),
    /// Custom SQL whose tables are not all known.
    Unreadable {
        /// Its name, often the one that Tableau gives to all custom SQL.
        name: Cow<'a, str>,
        /// The connection over which it runs.
        connection: ConnectionType<'a>,
        /// Why its tables are not known.
        reason: UnreadableSql,
    },
}

/// An object that does not lead to tables. Reports show these objects in the order of their texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unresolved<'a> {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name, else its id.
    pub label: Cow<'a, str>,
    /// Why it does not lead to tables.
    pub reason: UnresolvedReason,
}

impl fmt::Display for Unresolved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.label)
    }
}

impl PartialOrd for Unresolved<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Unresolved<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind.text(), &self.label, self.reason).cmp(&(
            other.kind.text(),
            &other.label,
            other.reason,
        ))
    }
}

/// How a workbook reaches a table: the steps between the two, none if the workbook names the table
/// itself. Many tables share one path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path<'a> {
    /// The steps in order; of a long path, the first and the last ones.
    steps: Arc<[Step<'a>]>,
    /// How many steps are left out in the middle.
    left_out: usize,
}

/// One step of a [`Path`]: an object between a workbook and a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step<'a> {
    /// What it is.
    pub kind: StepKind,
    /// Its name; empty if it has no name.
    pub name: Cow<'a, str>,
    /// Where in its query custom SQL names the table.
    pub place: Option<Place>,
}

display_enum! {
    /// The kind of a [`Step`].
    pub enum StepKind {
        /// A data source inside the workbook.
        EmbeddedDatasource => "embedded data source";
        /// A data source published for many workbooks.
        PublishedDatasource => "published data source";
        /// A table of a virtual connection.
        VirtualConnectionTable => "virtual connection table";
        /// Custom SQL, which names the table in its query.
        CustomSql => "custom SQL";
        /// Custom SQL that alone names the table, and that could not be read without a doubt.
        DoubtfulSql => "custom SQL (inferred)";
        /// A Prep flow that writes the next step.
        Flow => "flow";
        /// The columns that the fields of a data source come from.
        Columns => "columns";
        /// The setting that gives a table its schema, where Tableau shows none.
        DefaultSchema => "default schema";
    }
}

impl StepKind {
    /// Custom SQL, whether or not it could be read without a doubt.
    pub const SQL: [Self; 2] = [Self::CustomSql, Self::DoubtfulSql];
}

impl<'a> Path<'a> {
    /// How many steps a path shows. Tens of thousands of tables may have tens of thousands of steps
    /// before them, and nobody reads those.
    pub const MOST_STEPS: usize = 16;

    /// A path of which only the first and the last steps are given, half of [`Self::MOST_STEPS`] each.
    pub fn shortened(steps: Arc<[Step<'a>]>, left_out: usize) -> Self {
        Self { steps, left_out }
    }

    /// This path with one more step.
    #[must_use]
    pub fn then(&self, step: Step<'a>) -> Self {
        Self {
            steps: self.steps.iter().cloned().chain([step]).collect(),
            left_out: self.left_out,
        }
    }

    /// This path, with the place in the query of the custom SQL that is its last step, and whether the
    /// query could not be read without a doubt.
    #[must_use]
    pub fn at(&self, place: Place, is_doubtful: bool) -> Self {
        let mut steps = self.steps.to_vec();
        if let Some(last) = steps.last_mut() {
            last.place = Some(place);
            if is_doubtful {
                last.kind = StepKind::DoubtfulSql;
            }
        }
        Self {
            steps: steps.into(),
            left_out: self.left_out,
        }
    }

    /// This path with each of its steps changed.
    #[must_use]
    pub fn map_steps(&self, change: impl Fn(&Step<'a>) -> Step<'a>) -> Self {
        Self {
            steps: self.steps.iter().map(change).collect(),
            left_out: self.left_out,
        }
    }

    /// Its steps; of a long path, the first and the last ones.
    pub fn steps(&self) -> &[Step<'a>] {
        &self.steps
    }

    /// Whether both have the same steps, whatever is known of the place in a query.
    pub fn is_same_way(&self, other: &Self) -> bool {
        let kind = |step: &Step| match step.kind {
            StepKind::DoubtfulSql => StepKind::CustomSql,
            kind => kind,
        };
        let same =
            |(one, other): (&Step, &Step)| kind(one) == kind(other) && one.name == other.name;
        self.left_out == other.left_out
            && self.steps.len() == other.steps.len()
            && self.steps.iter().zip(&*other.steps).all(same)
    }

    /// Where in its query custom SQL on the way names the table, if this is known.
    pub fn place(&self) -> Option<Place> {
        self.steps.iter().rev().find_map(|step| step.place)
    }

    /// Whether its first steps are those of another path; not of one whose middle is left out.
    pub fn begins_with(&self, other: &Self) -> bool {
        self.left_out == 0 && other.left_out == 0 && self.steps.starts_with(&other.steps)
    }

    /// Whether custom SQL is on the way that could not be read without a doubt.
    pub fn is_doubtful(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| step.kind == StepKind::DoubtfulSql)
    }

    /// This path, and another one behind it.
    #[must_use]
    pub fn and(&self, rest: &Self) -> Self {
        if self.is_empty() {
            return rest.clone();
        }
        let all = self.steps.iter().chain(&*rest.steps);
        let count = self.steps.len() + rest.steps.len();
        let left_out = self.left_out + rest.left_out;
        let Some(more) = count.checked_sub(Self::MOST_STEPS).filter(|more| *more > 0) else {
            return Self::shortened(all.cloned().collect(), left_out);
        };
        // Where steps are left out already, there are enough before them and behind them.
        let half = Self::MOST_STEPS / 2;
        let first = all.clone().take(half);
        let kept = first.chain(all.skip(count - half)).cloned().collect();
        Self::shortened(kept, left_out + more)
    }

    /// How many steps it has, those that are left out included.
    pub fn len(&self) -> usize {
        self.steps.len() + self.left_out
    }

    /// Whether the workbook names the table itself.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The kinds of its steps, without names: `workbook` if there is none.
    pub fn kinds(&self) -> Cow<'static, str> {
        match &*self.steps {
            [] => Cow::Borrowed("workbook"),
            [step] => Cow::Borrowed(step.kind.text()),
            steps => {
                let kinds = steps.iter().map(|step| step.kind.text().to_owned());
                Cow::Owned(self.with_gap(kinds.collect()).join(" > "))
            }
        }
    }

    /// The texts of its steps, and what stands for those that are left out.
    fn with_gap(&self, mut steps: Vec<String>) -> Vec<String> {
        if self.left_out > 0 {
            let gap = format!("… {} more steps …", self.left_out);
            steps.insert(Self::MOST_STEPS / 2, gap);
        }
        steps
    }
}

impl<'a> FromIterator<Step<'a>> for Path<'a> {
    fn from_iter<I: IntoIterator<Item = Step<'a>>>(steps: I) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            left_out: 0,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("workbook");
        }
        let steps = self.steps.iter().map(Step::to_string).collect();
        f.write_str(&self.with_gap(steps).join(" > "))
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if !self.name.is_empty() {
            write!(f, " {:?}", self.name)?;
        }
        match self.place {
            Some(place) => write!(f, ", {place}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn path(numbers: Range<usize>) -> Path<'static> {
        let step = |number: usize| Step {
            kind: StepKind::Flow,
            name: number.to_string().into(),
            place: None,
        };
        let Some(left_out) = numbers.len().checked_sub(Path::MOST_STEPS) else {
            return numbers.map(step).collect();
        };
        let half = Path::MOST_STEPS / 2;
        let first = numbers.clone().take(half);
        let last = numbers.skip(half + left_out);
        Path::shortened(first.chain(last).map(step).collect(), left_out)
    }

    #[test]
    fn two_paths_are_one() {
        for before in 0..40 {
            for behind in 0..40 {
                let all = before + behind;
                let joined = path(0..before).and(&path(before..all));
                assert_eq!(joined, path(0..all), "{before} {behind}");
            }
        }
    }
}
