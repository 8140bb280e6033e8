//! What a query asks for, as a tree, since older servers do not know some fields.

use std::fmt;

/// The fields that are asked for of an object, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Selection(Vec<Field>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    name: String,
    fields: Selection,
}

impl Selection {
    /// The selection of a text such as `id owner{id name}`. What only some kind of object has stands
    /// behind dots and the kind, as in `...ColumnField{dataType}`.
    pub(super) fn parse(text: &str) -> Self {
        let mut open: Vec<Self> = vec![Self::default()];
        let spaced = text.replace('{', " { ").replace('}', " } ");
        for word in spaced.split_whitespace() {
            match word {
                "{" => open.push(Self::default()),
                "}" => {
                    let fields = open.pop().unwrap_or_default();
                    let outer = open.last_mut().and_then(|outer| outer.0.last_mut());
                    outer.expect("a field before its fields").fields = fields;
                }
                name => open.last_mut().expect("an open selection").0.push(Field {
                    name: name.to_owned(),
                    fields: Self::default(),
                }),
            }
        }
        open.pop().unwrap_or_default()
    }

    /// Removes the field at a path, and those above it that are left without any. Reports whether it
    /// was there.
    pub(super) fn remove(&mut self, path: &[String]) -> bool {
        let Some((first, rest)) = path.split_first() else {
            return false;
        };
        let Some(at) = self.0.iter().position(|field| field.name == *first) else {
            return self.remove_of_a_kind(path);
        };
        if rest.is_empty() {
            self.0.remove(at);
            return true;
        }
        let inner = &mut self.0[at].fields;
        let is_removed = inner.remove(rest);
        if is_removed && inner.0.is_empty() {
            self.0.remove(at);
        }
        is_removed
    }

    /// Removes what only some kind of object has: paths do not name the kind.
    fn remove_of_a_kind(&mut self, path: &[String]) -> bool {
        let mut kinds = self.0.iter_mut().filter(|field| field.kind().is_some());
        let is_removed = kinds.any(|kind| kind.fields.remove(path));
        self.0
            .retain(|field| field.kind().is_none() || !field.fields.is_empty());
        is_removed
    }

    /// Of the fields of the objects themselves, these alone.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        let fields = self.0.iter();
        let fields = fields.filter(|field| names.contains(&&*field.name));
        Self(fields.cloned().collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Field {
    /// The kind of objects that alone has the fields below, if it is one.
    fn kind(&self) -> Option<&str> {
        self.name.strip_prefix("...")
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, field) in self.0.iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            match field.kind() {
                Some(kind) => write!(f, "{space}... on {kind}")?,
                None => write!(f, "{space}{}", field.name)?,
            }
            if !field.fields.is_empty() {
                write!(f, "{{{}}}", field.fields)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn a_selection_is_written_as_it_was_read() {
        let text = "id owner{id name} database{id inner{x}} tags{name}";
        assert_eq!(Selection::parse(text).to_string(), text);
    }

    #[test]
    fn a_field_is_removed_with_all_that_is_left_empty() {
        let mut selection = Selection::parse("id owner{id name} flows{id} deep{er{est}}");
        assert!(selection.remove(&path("owner/name")));
        assert!(selection.remove(&path("flows/id")));
        assert!(selection.remove(&path("deep/er/est")));
        assert_eq!(selection.to_string(), "id owner{id}");
        let mut selection = Selection::parse("id ...Column{type} ...Calculated{formula kind}");
        assert!(selection.remove(&path("type")));
        assert!(selection.remove(&path("kind")));
        assert_eq!(selection.to_string(), "id ... on Calculated{formula}");
        let mut selection = Selection::parse("id owner{id}");
        assert_eq!(selection.only(&["id", "luid"]).to_string(), "id");
        for missing in ["name", "owner/name", "owner/id/more", "flows"] {
            assert!(!selection.remove(&path(missing)), "{missing}");
        }
    }
}
