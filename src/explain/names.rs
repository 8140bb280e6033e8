//! Whether a name that somebody typed is that of a workbook, a node or a table.

use crate::model::relation::{same_but_case, split};
use crate::model::{Node, Relation, Table};
use crate::settings::Pattern;

/// A name as somebody typed it.
pub struct Typed<'t> {
    text: &'t str,
    /// Its parts, if it can be the name of a relation.
    parts: Vec<String>,
    /// The pattern that it is, if it has a `*` or `?`.
    pattern: Option<Pattern>,
}

impl<'t> Typed<'t> {
    /// Reads a name.
    pub fn new(text: &'t str) -> Self {
        let parts = split(text).unwrap_or_default().into_iter();
        let pattern = text.contains(['*', '?']).then(|| Pattern::new(text).ok());
        Self {
            text,
            parts: parts.map(|part| part.into_owned()).collect(),
            pattern: pattern.flatten(),
        }
    }

    /// Whether this is the name, or a pattern that fits it.
    pub fn fits(&self, name: &str) -> bool {
        let pattern = self.pattern.as_ref();
        same_but_case(self.text, name) || pattern.is_some_and(|pattern| pattern.fits(name))
    }

    /// Whether this is the name, and not a pattern.
    pub fn fits_name(&self, name: &str) -> bool {
        self.pattern.is_none() && self.fits(name)
    }

    /// Whether this is the name or the id of a node, or that of one of its relations, from which parts at
    /// the start may be left out.
    pub fn fits_node(&self, node: &Node) -> bool {
        let of_source = node.source_name.as_deref();
        let of_source = of_source.map(|source| format!("{source}.{}", node.name));
        self.fits(&node.name)
            || self.fits(&node.unique_id)
            || of_source.is_some_and(|name| self.fits(&name))
            || self.fits_relation(&node.typed, None)
            || node
                .relations()
                .any(|(_, (relation, database))| self.fits_relation(relation, database))
    }

    /// Whether this is the name of a table, from which parts at the start may be left out.
    pub fn fits_table(&self, table: &Table) -> bool {
        let relation = table.name.as_ref().ok();
        self.fits(&table.to_string())
            || relation.is_some_and(|relation| self.fits_relation(relation, None))
    }

    fn fits_relation(&self, relation: &Relation, unrendered_database: Option<&str>) -> bool {
        let database = relation.database.as_deref().or(unrendered_database);
        let own = [Some(&*relation.name), relation.schema.as_deref(), database];
        let parts = self.parts.iter().rev();
        !self.parts.is_empty()
            && self.parts.len() <= own.len()
            && parts
                .zip(own)
                .all(|(part, own)| own.is_some_and(|own| same_but_case(part, own)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(parts: [Option<&'static str>; 3]) -> Relation<'static> {
        Relation {
            database: parts[0].map(Into::into),
            schema: parts[1].map(Into::into),
            name: parts[2].unwrap_or_default().into(),
        }
    }

    #[test]
    fn parts_at_the_start_may_be_left_out() {
        let own = relation([Some("SHOP"), Some("CORE"), Some("ORDERS")]);
        let fits = |text: &str| Typed::new(text).fits_relation(&own, None);
        for name in [
            "orders",
            "core.orders",
            "[Shop].[core].\"ORDERS\"",
            "`SHOP`.CORE.orders",
        ] {
            assert!(fits(name), "{name}");
        }
        for name in [
            "order",
            "shop.orders",
            "x.shop.core.orders",
            "core.",
            "\"core",
        ] {
            assert!(!fits(name), "{name}");
        }
    }

    #[test]
    fn what_is_not_known_of_a_relation_fits_nothing() {
        let own = relation([None, Some("CORE"), Some("ORDERS")]);
        assert!(!Typed::new("shop.core.orders").fits_relation(&own, None));
        assert!(Typed::new("shop.core.orders").fits_relation(&own, Some("shop")));
    }

    #[test]
    fn only_stars_and_question_marks_make_a_pattern() {
        assert!(Typed::new("sales*").fits("Sales overview"));
        assert!(Typed::new("q? kpi").fits("Q1 KPI"));
        assert!(Typed::new("[Draft] Sales").fits("[draft] sales"));
        assert!(!Typed::new("[Draft] Sales").fits("d Sales"));
    }
}
