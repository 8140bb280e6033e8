//! What the user asks about.

use crate::model::display::display_enum;

display_enum! {
    /// What kind of thing the user asks about.
    pub enum Kind {
        /// A workbook.
        Workbook => "workbook";
        /// A node of dbt, as a rule a model.
        Model => "model";
        /// A table that workbooks read.
        Table => "table";
    }
}

/// What the user asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its kind, if the user says it.
    pub kind: Option<Kind>,
    /// Its name, id, pattern or URL.
    pub text: String,
}

impl Subject {
    /// Reads `model:orders` or `orders`.
    pub fn parse(text: &str) -> Self {
        let kinds = Kind::ALL.iter();
        let kinds = kinds.filter_map(|kind| Some((*kind, text.split_once(':')?)));
        let given = kinds
            .filter(|(kind, (prefix, _))| prefix.eq_ignore_ascii_case(kind.text()))
            .map(|(kind, (_, rest))| (Some(kind), rest));
        let (kind, text) = given.into_iter().next().unwrap_or((None, text));
        Self {
            kind,
            text: text.trim().to_owned(),
        }
    }

    /// Whether it may be of this kind.
    pub fn may_be(&self, kind: Kind) -> bool {
        self.kind.is_none_or(|given| given == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_says_the_kind() {
        let check = |text: &str, kind: Option<Kind>, rest: &str| {
            let text = Subject::parse(text);
            assert_eq!((text.kind, text.text.as_str()), (kind, rest));
        };
        check("orders", None, "orders");
        check("model: orders", Some(Kind::Model), "orders");
        check("Workbook:table: x", Some(Kind::Workbook), "table: x");
        check("https://x/#/workbooks/1", None, "https://x/#/workbooks/1");
        check("Sales: 2024", None, "Sales: 2024");
    }
}
