//! The matching rules. [`Rule`] lists them in the order in which they are tried; each is one
//! function of [`Lookup`], which returns the relations that fit by it.

use std::collections::HashMap;

use super::entries::Entry;
use super::index::Index;
use super::outcome::Rule;
use crate::model::connection::Reach;
use crate::model::relation::{folded, same_but_case};
use crate::model::{Adapter, ConnectionType, Relation, Role, Table};
use crate::settings::Matching;

/// A table with everything that the rules ask.
pub struct Lookup<'l, 'n, 'a> {
    index: &'l Index<'n, 'a>,
    /// The table's name; its database only where it is usable.
    shown: &'l Relation<'l>,
    connection: &'l ConnectionType<'l>,
    matching: &'l Matching,
    /// Whether another case is another name.
    heeds_case: bool,
    /// Relations of the same schema and name but for case, in any database. Empty where Tableau
    /// gives no schema.
    candidates: Vec<&'l Entry<'n, 'a>>,
}

/// Which parts of a name are spelled by a query for a database to which another case is another name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed {
    /// The database.
    pub database: bool,
    /// The schema.
    pub schema: bool,
    /// The table's own name.
    pub name: bool,
}

impl Typed {
    /// Those of a table. Databases of BigQuery are projects, which have no upper case.
    pub fn of(table: &Table, adapter: Adapter) -> Self {
        Self {
            database: table.has_stored_name
                && table.has_typed_database
                && !adapter.has_project_ids(),
            schema: table.has_stored_name && table.hints.is_none(),
            name: table.has_stored_name,
        }
    }
}

/// Relations that fit by one rule.
pub type Fitting<'l, 'n, 'a> = Vec<&'l Entry<'n, 'a>>;

impl<'l, 'n, 'a> Lookup<'l, 'n, 'a> {
    /// Looks up the relations of the table's schema and name.
    pub fn new(
        index: &'l Index<'n, 'a>,
        shown: &'l Relation<'l>,
        connection: &'l ConnectionType<'l>,
        matching: &'l Matching,
    ) -> Self {
        let candidates = shown
            .schema
            .iter()
            .flat_map(|schema| {
                index.with_schema_and_name(schema, &shown.name, shown.database.as_deref())
            })
            .filter(|entry| entry.role != Role::PerhapsLatest)
            .collect();
        Self {
            index,
            shown,
            connection,
            matching,
            heeds_case: false,
            candidates,
        }
    }

    /// Only relations whose parts have the same case fit, as far as a query spells them.
    #[must_use]
    pub fn heeding_case(mut self, typed: Typed) -> Self {
        self.heeds_case = typed.name;
        let is_same = |has_typed: bool, stored: Option<&str>, shown: Option<&str>| {
            !has_typed || stored.is_none() || self.is_same(stored, shown)
        };
        let relation = self.shown;
        let fits = |entry: &Entry| {
            let stored = &entry.relation;
            is_same(typed.name, Some(&stored.name), Some(&relation.name))
                && is_same(
                    typed.schema,
                    stored.schema.as_deref(),
                    relation.schema.as_deref(),
                )
                && is_same(
                    typed.database,
                    stored.database.as_deref(),
                    relation.database.as_deref(),
                )
        };
        let candidates = self.candidates_where(fits);
        self.candidates = candidates;
        self
    }

    /// The relations that fit by this rule. By `mapped` none does: it asks the others about another
    /// name.
    pub fn fitting(&self, rule: Rule) -> Fitting<'l, 'n, 'a> {
        match rule {
            Rule::Exact => self.exact(),
            Rule::Case => self.case(),
            Rule::Latest => self.other(Role::Latest),
            Rule::Deferred => self.other(Role::Deferred),
            Rule::Mapped => Vec::new(),
            Rule::Database => self.database(),
            Rule::Schema => self.schema(),
            Rule::Wildcard => self.wildcard(),
            Rule::Name => self.name(),
        }
    }

    /// Rule `exact`. Database, schema and name are those of the relation as its database stores
    /// them, and no other relation can have the same.
    fn exact(&self) -> Fitting<'l, 'n, 'a> {
        let shown = self.shown.database.as_deref();
        self.candidates_where(|entry| {
            let stored = entry.relation.database.as_deref();
            entry.role == Role::Own && self.is_same(stored, shown) && self.is_exact(entry)
        })
    }

    /// Rule `case`. Database, schema and name are those of the relation but for case, which proves
    /// that it is this relation as long as no other one has them too.
    fn case(&self) -> Fitting<'l, 'n, 'a> {
        let shown = self.shown.database.as_deref();
        self.candidates_where(|entry| {
            let stored = entry.relation.database.as_deref();
            entry.role == Role::Own && equal_but_case(stored, shown)
        })
    }

    /// Rules `latest` and `deferred`. The relation is none of a node's own: dbt makes it beside
    /// that, or reads it instead of that. Any node that may have it as its own goes first, and where
    /// Tableau gives no database, all that may be meant count alike.
    fn other(&self, role: Role) -> Fitting<'l, 'n, 'a> {
        let fitting = self
            .candidates_where(|entry| self.may_share_database(entry.relation.database.as_deref()));
        let has = |role: Role| fitting.iter().any(|entry| entry.role == role);
        if has(Role::Own) || !has(role) {
            return Vec::new();
        }
        let is_database_known = self.shown.database.is_some();
        let of_role = fitting
            .into_iter()
            .filter(|entry| entry.role == role || !is_database_known)
            .collect();
        self.in_shown_database_else_all(self.exact_else_all(of_role))
    }

    /// Rule `database`. Tableau gives no usable database. Schema and name prove that it is this
    /// relation as long as no other database has them too.
    fn database(&self) -> Fitting<'l, 'n, 'a> {
        let has_database = |entry: &&Entry| entry.relation.database.is_some();
        if self.shown.database.is_some() || !self.candidates.iter().any(has_database) {
            return Vec::new();
        }
        self.exact_else_all(self.candidates.clone())
    }

    /// Rule `schema`. dbt has no database, or leaves it out of the relation. Schema and name prove
    /// that it is this relation as long as no other relation has them too. Tableau may also show as
    /// the database what dbt calls the schema.
    fn schema(&self) -> Fitting<'l, 'n, 'a> {
        match (&self.shown.schema, &self.shown.database) {
            (Some(_), _) => self.without_rendered_database(),
            (None, Some(database)) => self.without_any_database(database),
            (None, None) => Vec::new(),
        }
    }

    /// Relations that dbt renders without a database. If several fit, those in Tableau's database
    /// go first.
    fn without_rendered_database(&self) -> Fitting<'l, 'n, 'a> {
        let unrendered = self.candidates_where(|entry| entry.relation.database.is_none());
        self.in_shown_database_else_all(self.exact_else_all(unrendered))
    }

    /// Of several relations those in Tableau's database, which dbt leaves out of them; without
    /// any, all.
    fn in_shown_database_else_all(&self, fitting: Fitting<'l, 'n, 'a>) -> Fitting<'l, 'n, 'a> {
        let shown = self.shown.database.as_deref();
        let in_shown_database = fitting
            .iter()
            .copied()
            .filter(|entry| equal_but_case(entry.unrendered_database, shown))
            .collect::<Vec<_>>();
        if fitting.len() > 1 && !in_shown_database.is_empty() {
            in_shown_database
        } else {
            fitting
        }
    }

    /// Relations of which dbt knows no database, in the schema of this name.
    fn without_any_database(&self, schema: &str) -> Fitting<'l, 'n, 'a> {
        let fitting = self
            .index
            .with_schema_and_name(schema, &self.shown.name, None)
            .filter(|entry| {
                entry.role != Role::PerhapsLatest
                    && entry.relation.database.is_none()
                    && entry.unrendered_database.is_none()
            })
            .collect();
        self.exact_else_all(fitting)
    }

    /// Rule `wildcard`. A source such as `events_*` stands for every table of its schema whose name
    /// begins so, and this is one of them unless it is in another database. A table is a table of
    /// the narrowest source that fits: `events_intraday_*` goes before `events_*`.
    fn wildcard(&self) -> Fitting<'l, 'n, 'a> {
        let Some(schema) = self.shown.schema.as_deref() else {
            return Vec::new();
        };
        if !self.may_have_wildcards() {
            return Vec::new();
        }
        let name = folded(&self.shown.name);
        let fitting = self
            .index
            .wildcards_for(self.shown.database.as_deref(), schema, &self.shown.name)
            .filter(|entry| self.may_share_database(entry.relation.database.as_deref()))
            .filter(|entry| {
                let prefix = folded(entry.wildcard_prefix());
                name.len() > prefix.len() && name.starts_with(&prefix)
            })
            .collect();
        narrowest(exact_else_all(fitting, |entry| {
            self.is_same(Some(entry.schema()), Some(schema))
                && self.shown.name.starts_with(entry.wildcard_prefix())
        }))
    }

    /// Whether the warehouse is BigQuery, the only one with wildcard tables: elsewhere `*` is a
    /// letter of the name, or a pattern of files. Where the manifest does not name its adapter, the
    /// connection decides.
    fn may_have_wildcards(&self) -> bool {
        let adapter = self.index.adapter();
        adapter.has_wildcard_tables()
            || (adapter.name().is_empty() && self.connection.has_project_ids())
    }

    /// Rule `name`. Tableau gives only name and database, and no other relation of that database
    /// has this name. It may still be a table that dbt does not know, so the rule is off unless the
    /// user allows it for the connection type.
    fn name(&self) -> Fitting<'l, 'n, 'a> {
        let has_only_name = self.shown.schema.is_none() && self.shown.database.is_some();
        if !has_only_name || !self.allows_name_only() {
            return Vec::new();
        }
        let fitting = self
            .index
            .with_name(&self.shown.name, self.shown.database.as_deref())
            .filter(|entry| !self.heeds_case || self.has_exact_name(entry))
            .filter(|entry| {
                let rendered = entry.relation.database.as_deref();
                entry.role != Role::PerhapsLatest
                    && self.may_share_database(rendered.or(entry.unrendered_database))
            })
            .collect();
        exact_else_all(fitting, |entry| self.has_exact_name(entry))
    }

    /// Whether the user lets a name alone link over this connection, which must lead to one
    /// platform.
    fn allows_name_only(&self) -> bool {
        let base = self.connection.base();
        base.is_some_and(|base| self.matching.name_only.contains(base))
            && self.connection.reach() != Reach::Anything
    }

    fn candidates_where(&self, fits: impl Fn(&Entry) -> bool) -> Fitting<'l, 'n, 'a> {
        self.candidates
            .iter()
            .copied()
            .filter(|entry| fits(entry))
            .collect()
    }

    /// The relations whose schema and name are exactly the stored ones; without any, all.
    fn exact_else_all(&self, entries: Fitting<'l, 'n, 'a>) -> Fitting<'l, 'n, 'a> {
        exact_else_all(entries, |entry| self.is_exact(entry))
    }

    /// Whether schema and name are exactly the stored ones. Without a schema, the database stands
    /// for it.
    fn is_exact(&self, entry: &Entry) -> bool {
        let schema = self.shown.schema.as_deref();
        let shown = schema.or(self.shown.database.as_deref());
        self.is_same(Some(entry.schema()), Some(shown.unwrap_or_default()))
            && self.has_exact_name(entry)
    }

    fn has_exact_name(&self, entry: &Entry) -> bool {
        self.is_same(Some(&entry.relation.name), Some(&self.shown.name))
    }

    /// Whether both are known and Tableau's is the stored one.
    fn is_same(&self, stored: Option<&str>, shown: Option<&str>) -> bool {
        let casing = self.index.adapter().casing();
        stored
            .zip(shown)
            .is_some_and(|(stored, shown)| casing.same(stored, shown))
    }

    /// Whether the databases are the same but for case, or one side does not know its own.
    fn may_share_database(&self, stored: Option<&str>) -> bool {
        stored
            .zip(self.shown.database.as_deref())
            .is_none_or(|(stored, shown)| same_but_case(stored, shown))
    }
}

/// The relations that are exact; without any, all.
fn exact_else_all<'l, 'n, 'a>(
    entries: Fitting<'l, 'n, 'a>,
    is_exact: impl Fn(&Entry) -> bool,
) -> Fitting<'l, 'n, 'a> {
    let exact = entries
        .iter()
        .copied()
        .filter(|entry| is_exact(entry))
        .collect::<Vec<_>>();
    if exact.is_empty() { entries } else { exact }
}

/// The wildcard sources without those that a narrower one of the same database stands before.
fn narrowest<'l, 'n, 'a>(sources: Fitting<'l, 'n, 'a>) -> Fitting<'l, 'n, 'a> {
    let mut longest = HashMap::<Option<&str>, usize>::new();
    for source in &sources {
        let length = longest
            .entry(source.relation.database.as_deref())
            .or_default();
        *length = source.wildcard_prefix().len().max(*length);
    }
    sources
        .into_iter()
        .filter(|source| {
            let database = source.relation.database.as_deref();
            longest[&database] == source.wildcard_prefix().len()
        })
        .collect()
}

/// Whether both are known and equal but for case.
fn equal_but_case(stored: Option<&str>, shown: Option<&str>) -> bool {
    stored
        .zip(shown)
        .is_some_and(|(stored, shown)| same_but_case(stored, shown))
}
