//! Which captures list everything of a kind, so that older ones count no more.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::versions::is_later;
use crate::input::tableau::section::Section;
use crate::model::ObjectKind;

/// For each kind of object, the last capture of the site that lists all objects of that kind.
#[derive(Debug, Default)]
pub(crate) struct Covered {
    kinds: BTreeMap<ObjectKind, Timestamp>,
    /// The last capture that has all of a section that shows parts of other objects.
    sections: BTreeMap<Section, Timestamp>,
}

impl Covered {
    /// Notes that a capture lists all objects of a kind.
    pub(crate) fn add(&mut self, kind: ObjectKind, time: Timestamp) {
        let last = self.kinds.entry(kind).or_insert(time);
        *last = time.max(*last);
    }

    /// Notes that a capture has all of a section.
    pub(crate) fn add_section(&mut self, section: Section, time: Timestamp) {
        let last = self.sections.entry(section).or_insert(time);
        *last = time.max(*last);
    }

    /// Whether a later capture has all of a section.
    pub(crate) fn supersedes_section(&self, section: Section, time: Option<Timestamp>) -> bool {
        let last = |section| self.sections.get(&section).copied();
        is_later(last(section).max(last(section.widest())), time)
    }

    /// The last capture that lists all objects of a kind.
    pub(super) fn last(&self, kind: ObjectKind) -> Option<Timestamp> {
        let last = |kind| self.kinds.get(&kind).copied();
        match kind {
            ObjectKind::Datasource => {
                let both = last(ObjectKind::Embedded).zip(last(ObjectKind::Published));
                last(kind).max(both.map(|(one, other)| one.min(other)))
            }
            _ => last(kind),
        }
    }

    /// Whether a later capture lists all objects of a kind.
    pub(crate) fn supersedes(&self, kind: ObjectKind, time: Option<Timestamp>) -> bool {
        is_later(self.last(kind), time)
    }
}
