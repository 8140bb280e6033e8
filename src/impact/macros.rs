//! Which macros changed, and what calls them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::code::{Code, Written};
use super::side::Indexed;
use crate::model::Adapter;
use crate::model::definition::{Definition, MacroDefinition};

/// How a macro differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Differs {
    /// In comments and layout.
    Layout,
    /// In what it does, or in what it calls.
    Changed,
}

/// The macros that differ.
pub(super) struct Macros {
    /// How macros differ that do, by their ids.
    differ: BTreeMap<Arc<str>, Differs>,
    /// For each macro that calls one of these, directly or through others, or is one: which ones.
    reach: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    /// Whether dbt's own macros are left out, since another dbt has others.
    pub(super) is_other_dbt: bool,
    /// Whether one of both is dbt 2, whose lists of macros hold more.
    is_other_engine: bool,
}

impl Macros {
    pub(super) fn new(base: &Indexed, head: &Indexed) -> Self {
        let is_other_dbt = base.dbt() != head.dbt();
        let engine = |side: &Indexed| side.dbt().map(|(major, _)| major.to_owned());
        let mut macros = Self {
            differ: BTreeMap::new(),
            reach: BTreeMap::new(),
            is_other_dbt,
            is_other_engine: engine(base) != engine(head),
        };
        macros.compare(base, head);
        macros.follow(base, head);
        macros
    }

    fn compare(&mut self, base: &Indexed, head: &Indexed) {
        let (before, now) = (&base.side.definitions.macros, macros_of(head));
        let written = Written::Macro(base.adapter().dialect());
        let differ = before.par_iter().filter(|one| self.counts(&one.unique_id));
        let differ = differ.filter_map(|one| {
            let at = head.side.definitions.macro_at(&one.unique_id);
            let differs = match at {
                Some(at) => self.difference(one, &now[at], written)?,
                None if self.is_other_engine => return None,
                None => Differs::Changed,
            };
            Some((Arc::from(one.unique_id.as_ref()), differs))
        });
        let mut differ = differ.collect::<BTreeMap<Arc<str>, _>>();
        let new = now.iter().filter(|one| self.counts(&one.unique_id));
        let new = new.filter(|one| {
            !self.is_other_engine && base.side.definitions.macro_at(&one.unique_id).is_none()
        });
        differ.extend(new.map(|one| (Arc::from(one.unique_id.as_ref()), Differs::Changed)));
        self.differ = differ;
    }

    fn difference(
        &self,
        base: &MacroDefinition,
        head: &MacroDefinition,
        written: Written,
    ) -> Option<Differs> {
        if base.text.spelling != head.text.spelling {
            let (base, head) = (base.text.text(), head.text.text());
            if base != head {
                let code = |text: &str| Code::new(text, written);
                let is_same = code(&base).makes_the_same(&code(&head), &[]);
                return Some(if is_same {
                    Differs::Layout
                } else {
                    Differs::Changed
                });
            }
        }
        // Dispatch finds another implementation.
        let is_same =
            self.is_other_engine || self.called(&base.macros) == self.called(&head.macros);
        (!is_same).then_some(Differs::Changed)
    }

    /// Those of these ids that are compared.
    fn called<'m>(&self, ids: &'m [std::borrow::Cow<str>]) -> Vec<&'m str> {
        let ids = ids.iter().map(AsRef::as_ref);
        ids.filter(|id| self.counts(id)).collect()
    }

    /// Whether a macro is compared: dbt's own ones are of the project only while dbt is the same.
    fn counts(&self, id: &str) -> bool {
        !self.is_other_dbt || !is_of_dbt(id.split('.').nth(1).unwrap_or_default())
    }

    /// Finds what calls macros that differ.
    fn follow(&mut self, base: &Indexed, head: &Indexed) {
        let mut callers = BTreeMap::<&str, Vec<&str>>::new();
        if !self.differ.is_empty() {
            add_callers(&base.side.definitions.macros, &mut callers);
            add_callers(&head.side.definitions.macros, &mut callers);
        }
        let mut reach = BTreeMap::<Arc<str>, BTreeSet<Arc<str>>>::new();
        for changed in self.differ.keys() {
            let mut stack = vec![changed.as_ref()];
            while let Some(id) = stack.pop() {
                let of_id = reach.entry(Arc::from(id)).or_default();
                if of_id.insert(Arc::clone(changed)) {
                    stack.extend(callers.get(id).into_iter().flatten());
                }
            }
        }
        self.reach = reach;
    }

    /// The macros that differ and that a node calls, directly or through others: those that changed, and
    /// those of which only the layout did.
    pub(super) fn of_node(
        &self,
        base: &Definition,
        head: &Definition,
    ) -> (BTreeSet<Arc<str>>, BTreeSet<Arc<str>>) {
        let is_in = |id: &str, node: &Definition| node.macros.iter().any(|other| other == id);
        let mut found = BTreeSet::new();
        for id in base.macros.iter().chain(&head.macros) {
            let is_in_both = is_in(id, base) && is_in(id, head);
            if is_in_both || !self.is_other_engine {
                found.extend(self.reach.get(id.as_ref()).into_iter().flatten().cloned());
            }
            // Dispatch finds another implementation, or the node calls another macro.
            if !is_in_both && !self.is_other_engine && self.counts(id) {
                found.insert(Arc::from(id.as_ref()));
            }
        }
        found
            .into_iter()
            .partition(|id| self.differ.get(id) != Some(&Differs::Layout))
    }

    /// Whether this macro itself changed.
    pub(super) fn is_changed(&self, id: &str) -> bool {
        self.differ.get(id) == Some(&Differs::Changed)
    }

    /// Whether a macro of this name, or what it calls, changed: one that dbt has of its own and that
    /// projects replace.
    pub(super) fn changes_names(&self, name: &str) -> bool {
        let is_it = |id: &str| {
            id.splitn(3, '.')
                .nth(2)
                .is_some_and(|other| other.ends_with(name))
        };
        self.reach
            .iter()
            .filter(|(id, _)| is_it(id))
            .any(|(_, changed)| {
                let mut changed = changed.iter();
                changed.any(|id| self.differ.get(id) == Some(&Differs::Changed))
            })
    }
}

fn macros_of<'s, 'a>(side: &Indexed<'s, 'a>) -> &'s [MacroDefinition<'a>] {
    &side.side.definitions.macros
}

/// Adds the macros by what they call.
fn add_callers<'m>(macros: &'m [MacroDefinition], callers: &mut BTreeMap<&'m str, Vec<&'m str>>) {
    for one in macros {
        for called in &one.macros {
            callers.entry(called).or_default().push(&one.unique_id);
        }
    }
}

/// Whether a package is dbt itself, or one of its adapters.
fn is_of_dbt(package: &str) -> bool {
    let adapter = package.strip_prefix("dbt_");
    package == "dbt" || adapter.is_some_and(|name| Adapter::from_name(name).is_known())
}
