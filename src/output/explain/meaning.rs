//! What rules mean, in a few words.

use crate::link::Rule;

/// What fits by a rule.
pub fn of_rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Exact => "all parts of the name are equal",
        Rule::Case => "all parts of the name are equal but for case",
        Rule::Latest => "dbt makes this view for the latest version of the model",
        Rule::Deferred => "dbt deferred to a state, in which the node had this relation",
        Rule::Mapped => "the name fits as `match.rewrite` reads it",
        Rule::Database => "schema and name are equal, and Tableau shows no usable database",
        Rule::Schema => "schema and name are equal, and dbt's relation has no database",
        Rule::Wildcard => "the source stands for all tables whose names begin so",
        Rule::Name => "the name alone is equal, which `match.name_only` allows",
    }
}
