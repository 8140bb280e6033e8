//! The entries of `parent_map` and `child_map` that change with the exposures, as dbt builds them:
//! the lists are sorted, and each exposure has an entry in both maps.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use rayon::prelude::*;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::json::style::Style;
use crate::input::manifest::{Document, Members};
use crate::model::{Exposure, Node, StandingExposure};

/// How many braces are open around the members of the three maps.
pub(super) const DEPTH: usize = 2;

/// A dbt id in a list of `parent_map` or `child_map`.
#[derive(Debug, Clone)]
pub(super) struct Id<'a> {
    text: Cow<'a, str>,
    /// How the file spells it, which stays: JSON has several spellings of one text, as `/` and `\/`.
    spelling: Option<&'a RawValue>,
}

impl<'a> Id<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: Cow::Borrowed(text),
            spelling: None,
        }
    }
}

impl PartialEq for Id<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Id<'_> {}

impl PartialOrd for Id<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spelling = <&RawValue>::deserialize(deserializer)?;
        let text = Text::deserialize(spelling).map_err(D::Error::custom)?;
        Ok(Self {
            text: text.0,
            spelling: Some(spelling),
        })
    }
}

impl Serialize for Id<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.spelling {
            Some(spelling) => spelling.serialize(serializer),
            None => self.text.serialize(serializer),
        }
    }
}

/// A text, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The value of a member of `parent_map` or `child_map`.
#[derive(Debug, PartialEq, Eq)]
enum List<'a> {
    /// There is no such member.
    Missing,
    /// A list of ids, as dbt writes it.
    Ids(Vec<Id<'a>>),
    /// Something else. It stays as it is, unless it belongs to an exposure of ours.
    Other,
}

impl<'a> List<'a> {
    fn into_ids(self) -> Vec<Id<'a>> {
        match self {
            Self::Ids(ids) => ids,
            Self::Missing | Self::Other => Vec::new(),
        }
    }
}

/// An exposure that is added or changed, with the ids of what it reads.
pub(super) struct Parents<'p> {
    exposure: &'p str,
    /// Sorted and without duplicates, as in dbt.
    parents: Vec<Id<'p>>,
}

impl<'p> Parents<'p> {
    pub(super) fn new(id: &'p str, exposure: &Exposure, nodes: &'p [Node<'p>]) -> Self {
        let mut parents = exposure
            .dependencies
            .iter()
            .map(|dependency| Id::new(&nodes[dependency.node].unique_id))
            .collect::<Vec<_>>();
        parents.sort_unstable();
        parents.dedup();
        Self {
            exposure: id,
            parents,
        }
    }
}

/// The exposures that change, and the manifest that they change in.
pub(super) struct Change<'c, 'a> {
    pub document: &'c Document<'a>,
    /// The exposures that are added or changed.
    pub parents: &'c [Parents<'c>],
    /// The present versions of the exposures that are changed or removed.
    pub former: &'c [&'c StandingExposure],
    /// The ids of the exposures that are removed.
    pub removed: &'c BTreeSet<&'c str>,
}

/// New values of a map's members by key, as JSON text.
type Values<'c> = BTreeMap<Cow<'c, str>, String>;

impl<'c> Change<'c, '_> {
    /// The new members of `parent_map`; `None` if the manifest lacks this map.
    pub(super) fn parent_map(&self, style: &Style) -> Option<Values<'c>> {
        let members = self.document.spans.parent_map.as_ref()?;
        let lists = self.parents.par_iter().filter_map(|new| {
            let old = self.list(members, new.exposure);
            let is_same = matches!(old, List::Ids(old) if old == new.parents);
            (!is_same).then(|| {
                (
                    Cow::Borrowed(new.exposure),
                    style.value(&new.parents, DEPTH),
                )
            })
        });
        Some(lists.collect::<Vec<_>>().into_iter().collect())
    }

    /// The new members of `child_map`; `None` if the manifest lacks this map.
    pub(super) fn child_map(&self, style: &Style) -> Option<Values<'c>> {
        let members = self.document.spans.child_map.as_ref()?;
        let set = self.parents.iter().map(|new| new.exposure);
        let gone = set.clone().chain(self.removed.iter().copied()).collect();
        let readers = self.readers();
        let lists = readers
            .par_chunk_by(|a, b| a.0 == b.0)
            .filter_map(|readers| {
                let list = self.children(members, readers, &gone)?;
                Some((readers[0].0.clone(), style.value(&list, DEPTH)))
            });
        let mut values = lists.collect::<Vec<_>>().into_iter().collect::<Values>();
        let without_own = set.filter(|id| self.list(members, id) != List::Ids(Vec::new()));
        values.extend(without_own.map(|id| (Cow::Borrowed(id), style.value(&[(); 0], DEPTH))));
        Some(values)
    }

    /// The parents that exposures had until now, without a reader, and the new ones, each with the
    /// exposure that reads it. Sorted by parent.
    fn readers(&self) -> Vec<(Cow<'c, str>, Option<&'c str>)> {
        let former = self.former_parents().map(|parent| (parent, None));
        let mut readers = former.collect::<Vec<_>>();
        for Parents { exposure, parents } in self.parents {
            let parents = parents.iter();
            readers.extend(parents.map(|parent| (Cow::Borrowed(&*parent.text), Some(*exposure))));
        }
        readers.par_sort_unstable();
        readers
    }

    /// The parents that exposures had until now, according to `depends_on` or `parent_map`.
    fn former_parents(&self) -> impl Iterator<Item = Cow<'c, str>> {
        let parent_map = self.document.spans.parent_map.as_ref();
        self.former.iter().flat_map(move |exposure| {
            let in_map = parent_map
                .map(|members| self.list(members, &exposure.unique_id).into_ids())
                .unwrap_or_default()
                .into_iter()
                .map(|id| Cow::Owned(id.text.into_owned()));
            exposure
                .depends_on
                .iter()
                .map(|dependency| Cow::Borrowed(dependency.unique_id.as_str()))
                .chain(in_map)
        })
    }

    /// The new children of a parent that gains or loses exposures; `None` if they do not change.
    /// `gone` are the exposures to be taken out first.
    fn children<'r>(
        &'r self,
        members: &Members,
        readers: &'r [(Cow<str>, Option<&str>)],
        gone: &HashSet<&str>,
    ) -> Option<Vec<Id<'r>>> {
        let parent = readers[0].0.as_ref();
        let old = match self.list(members, parent) {
            List::Ids(old) => Some(old),
            // A node that no longer exists gets no list.
            List::Missing if self.document.has_id(parent) => None,
            List::Missing | List::Other => return None,
        };
        let mut new = old.clone().unwrap_or_default();
        new.retain(|child| !gone.contains(child.text.as_ref()));
        let new = with_readers(new, readers.iter().filter_map(|(_, id)| *id));
        (old.as_ref() != Some(&new)).then_some(new)
    }

    fn list(&self, members: &Members, key: &str) -> List<'c> {
        let Some(member) = members.get(key) else {
            return List::Missing;
        };
        serde_json::from_str(&self.document.text[member.value]).map_or(List::Other, List::Ids)
    }
}

/// Adds exposures to children where dbt would put them: it sorts the whole list. In a list that is
/// not sorted, the others stay in their places.
fn with_readers<'c>(
    mut children: Vec<Id<'c>>,
    readers: impl Iterator<Item = &'c str>,
) -> Vec<Id<'c>> {
    let readers = readers.map(Id::new);
    if children.is_sorted() {
        children.extend(readers);
        children.sort();
        return children;
    }
    for id in readers {
        let at = children
            .iter()
            .position(|child| *child > id)
            .unwrap_or(children.len());
        children.insert(at, id);
    }
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_spelling() {
        let text = r#"["\u0061\/b","a/b"]"#;
        let mut ids: Vec<Id> = serde_json::from_str(text).expect("a list of ids");
        assert_eq!(ids[0], ids[1]);
        ids.push(Id::new("c"));
        let written = serde_json::to_string(&ids).expect("written");
        assert_eq!(written, r#"["\u0061\/b","a/b","c"]"#);
    }
}
