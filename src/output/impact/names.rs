//! Names of others in sentences of ours, as each format shows them.

use crate::model::listing::first_few;
use crate::output::markdown::{code, prose};
use crate::output::{counted, printable, visible};

/// How a format shows what is not in our own words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    /// A name, as of a node, a table or a column.
    pub(super) name: fn(&str) -> String,
    /// Something to copy.
    pub(super) code: fn(&str) -> String,
    /// A sentence with names in it.
    pub(super) sentence: fn(&str) -> String,
}

/// For a terminal.
pub(super) const TEXT: Words = Words {
    name: |name| printable(&visible(name)),
    code: |code| format!("`{}`", printable(&visible(code))),
    sentence: |sentence| printable(&visible(sentence)),
};
/// For Markdown, in which names are code.
pub(super) const MARKDOWN: Words = Words {
    name: |name| code(&visible(name)),
    code: |text| code(&visible(text)),
    sentence: |sentence| prose(&visible(sentence)),
};
/// For annotations, which make whole texts inert.
pub(super) const PLAIN: Words = Words {
    name: |name| visible(name).into_owned(),
    code: |code| format!("`{}`", visible(code)),
    sentence: |sentence| visible(sentence).into_owned(),
};

impl Words {
    /// A node by its name: `fct_rides`, `pass_tiers.v1`, `weather.snow`.
    pub(super) fn node(self, unique_id: &str) -> String {
        (self.name)(short(unique_id))
    }

    /// A node with what it is, unless that is a model: `seed pass_prices`.
    pub(super) fn kind_and_node(self, unique_id: &str) -> String {
        let name = self.node(unique_id);
        match unique_id.split('.').next() {
            Some(kind @ ("seed" | "snapshot" | "source")) => format!("{kind} {name}"),
            _ => name,
        }
    }

    /// Some nodes by their names, in a sentence.
    pub(super) fn nodes<'n>(self, ids: impl IntoIterator<Item = &'n str>) -> String {
        listed(ids.into_iter().map(|id| self.node(id)))
    }

    /// Some names in a sentence.
    pub(super) fn names<'n>(self, names: impl IntoIterator<Item = &'n str>) -> String {
        listed(names.into_iter().map(self.name))
    }
}

/// A node without its resource type and its package.
pub(super) fn short(unique_id: &str) -> &str {
    unique_id.splitn(3, '.').nth(2).unwrap_or(unique_id)
}

/// `3 models`, or `3 nodes` if not all of them are models.
pub(super) fn counted_nodes<'n>(ids: impl Iterator<Item = &'n str> + Clone) -> String {
    let are_models = ids.clone().all(|id| id.starts_with("model."));
    let noun = if are_models { "model" } else { "node" };
    counted(ids.count(), noun)
}

/// Some names in a sentence: `a`, `a and b`, `a, b and c`, `a, b, c and 2 more`.
pub(super) fn listed(names: impl IntoIterator<Item = String>) -> String {
    let names = names.into_iter().collect::<Vec<_>>();
    match &names[..] {
        [first @ .., last] if !first.is_empty() && first.len() < 3 => {
            format!("{} and {last}", first.join(", "))
        }
        _ => first_few(names.len(), names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_shown_by_their_names() {
        for (id, name) in [
            ("model.piste.fct_rides", "fct_rides"),
            ("model.piste.tiers.v1", "tiers.v1"),
            ("source.piste.weather.snow", "source weather.snow"),
            ("odd", "odd"),
        ] {
            assert_eq!(TEXT.kind_and_node(id), name);
        }
        assert_eq!(MARKDOWN.kind_and_node("seed.piste.rates"), "seed `rates`");
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        let names = ["a", "b", "c", "d", "e"];
        let expected = [
            "",
            "a",
            "a and b",
            "a, b and c",
            "a, b, c and 1 more",
            "a, b, c and 2 more",
        ];
        for (count, expected) in expected.into_iter().enumerate() {
            assert_eq!(TEXT.names(names[..count].iter().copied()), expected);
        }
    }
}
