//! Tables that stand for a node and are not its own relation.

use super::Speller;
use crate::accuracy::expect::Expected;
use crate::accuracy::parts::brackets;
use crate::accuracy::relations::Relation;

impl Speller<'_> {
    /// Spellings of a relation that is not the own one of a node, with its database where that does
    /// not decide.
    pub(crate) fn spell_other(&mut self, other: &Relation) {
        let parts = self.parts(other);
        self.quoted(&parts);
        self.without_full_name(&parts);
        let elsewhere = parts.with_schema(&format!("{}_old", parts.schema));
        self.add(
            "a view in another schema",
            &elsewhere,
            Some(&elsewhere.three(brackets)),
        );
        if other.in_database {
            let nowhere = parts.with_database(None);
            self.add(
                "a view, no database",
                &nowhere,
                Some(&nowhere.two(brackets)),
            );
            let elsewhere = parts.with_database(Some("other-books-99"));
            let full = elsewhere.three(brackets);
            self.add("a view in another database", &elsewhere, Some(&full));
        }
    }

    /// The view of a latest version of which nobody knows whether it exists: its model is told.
    pub(crate) fn spell_perhaps(&mut self, view: &Relation) {
        let parts = self.parts(view);
        self.add("perhaps a view", &parts, Some(&parts.three(brackets)));
        let last = self.tables.last_mut().unwrap();
        if last.expected == Expected::Unlinked("unknown") {
            last.nearest = view.owners.first().cloned();
        }
    }
}
