//! What an old server does not know of queries, and how these are without it.

use std::collections::BTreeSet;

use crate::input::tableau::GraphqlError;
use crate::remote::answer;

/// The lists whose objects are counted.
pub(super) const COUNTED: [&str; 4] = [
    "workbooksConnection",
    "publishedDatasourcesConnection",
    "flowsConnection",
    "databaseTablesConnection",
];

/// What the server does not know of queries, since it is old.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Unknown {
    /// Lists, or that they are counted.
    lists: BTreeSet<String>,
    /// The order of lists. Without one, they are sorted by id as well.
    order: bool,
}

impl Unknown {
    /// What errors tell that a server does not know, as far as a query can do without.
    pub(super) fn of(errors: &[GraphqlError]) -> Self {
        let paths = errors.iter().filter_map(GraphqlError::undefined_field);
        let lists = paths.filter_map(|path| match path.as_slice() {
            [list] => Some(list.clone()),
            [list, total] if total == "totalCount" => Some(list.clone()),
            _ => None,
        });
        Self {
            lists: lists.collect(),
            order: errors.iter().any(answer::is_of_order),
        }
    }

    /// Adds what another answer tells. Reports whether any of it is new.
    pub(super) fn add(&mut self, other: Self) -> bool {
        let before = self.clone();
        self.lists.extend(other.lists);
        self.order |= other.order;
        *self != before
    }

    /// Whether the list is known without which nothing can be said.
    pub(super) fn has_workbooks(&self) -> bool {
        !self.lists.contains(COUNTED[0])
    }

    /// What a list is asked with.
    fn asked(&self, first: u32) -> String {
        match self.order {
            true => format!("(first: {first})"),
            false => format!("(first: {first}, orderBy: {{field: ID, direction: ASC}})"),
        }
    }

    pub(super) fn totals(&self) -> String {
        let known = COUNTED.iter().filter(|list| !self.lists.contains(**list));
        let counts = known.map(|list| format!("{list}(first: 1) {{totalCount}}"));
        let counts = counts.collect::<Vec<_>>().join(" ");
        format!("query totals {{{counts}}}")
    }

    pub(super) fn names(&self) -> String {
        let asked = self.asked(500);
        format!("query names {{databaseTablesConnection{asked} {{nodes{{id name fullName}}}}}}")
    }

    pub(super) fn upstream(&self) -> String {
        let (workbooks, flows) = (self.asked(20), self.asked(50));
        format!(
            "query upstream {{workbooksConnection{workbooks} {{nodes{{id upstreamDatabases{{id}} \
             embeddedDatasources{{upstreamDatabases{{id}}}}}}}} \
             flowsConnection{flows} {{nodes{{id upstreamTables{{id}}}}}}}}"
        )
    }
}
