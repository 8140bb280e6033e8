//! What an envelope says of each list: whether it is complete, and of which projects.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::Serializer;

use super::super::section::base;
use super::super::wire::Text;

/// Facts about lists of objects, by the name of their section.
#[derive(Debug, Default, Serialize)]
pub(crate) struct EnvelopeSections(BTreeMap<String, EnvelopeSection>);

impl FromIterator<(String, EnvelopeSection)> for EnvelopeSections {
    fn from_iter<I: IntoIterator<Item = (String, EnvelopeSection)>>(sections: I) -> Self {
        Self(sections.into_iter().collect())
    }
}

impl EnvelopeSections {
    /// Those that the envelope calls complete or incomplete, by name. One that was asked for some
    /// projects alone is as complete as it is within these.
    pub(super) fn declared(&self) -> impl Iterator<Item = (String, bool)> {
        self.0.iter().filter_map(|(name, section)| {
            let complete = if section.narrowed_to.is_empty() {
                section.is_complete()?
            } else {
                says_yes(&section.complete_within)
            };
            Some((name.clone(), complete))
        })
    }

    /// The patterns of the projects to which a section is narrowed; empty if it is not.
    pub(super) fn narrowed_to(&self, section: &str) -> BTreeSet<String> {
        let sections = self.0.iter().filter(|(name, _)| base(name) == section);
        let patterns = sections.flat_map(|(_, section)| &section.narrowed_to);
        patterns.cloned().collect()
    }

    pub(super) fn extend(&mut self, other: Self) {
        for (name, section) in other.0 {
            self.add(name, section);
        }
    }

    fn add(&mut self, name: String, section: EnvelopeSection) {
        let known = self.0.entry(name).or_default();
        known.said.extend(section.said);
        known.count = known.count.or(section.count);
        known.total = known.total.max(section.total);
        known.narrowed_to.extend(section.narrowed_to);
        known.complete_within.extend(section.complete_within);
    }
}

impl<'de> Deserialize<'de> for EnvelopeSections {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SectionsVisitor;
        impl<'de> Visitor<'de> for SectionsVisitor {
            type Value = EnvelopeSections;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a section for each key")
            }
            fn visit_unit<E: de::Error>(self) -> Result<EnvelopeSections, E> {
                Ok(EnvelopeSections::default())
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<EnvelopeSections, A::Error> {
                let mut sections = EnvelopeSections::default();
                while let Some((name, section)) = map.next_entry::<String, EnvelopeSection>()? {
                    sections.add(name, section);
                }
                Ok(sections)
            }
        }
        deserializer.deserialize_any(SectionsVisitor)
    }
}

/// Facts about one list of objects.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct EnvelopeSection {
    /// Whether it has all objects of the site; several times if the key is repeated.
    #[serde(rename = "complete", serialize_with = "all_say")]
    pub said: Vec<bool>,
    /// How many objects it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// How many objects the site has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The patterns of the projects that were asked for; empty if it was the whole site.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub narrowed_to: Vec<String>,
    /// Whether it has all objects of these projects; several times if the key is repeated. Such a list
    /// is never called complete, so that readers that do not know of this remove nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "all_say")]
    pub complete_within: Vec<bool>,
    /// The fields that the server does not know, which are only written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// What is missing, which is only written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn all_say<S: Serializer>(said: &[bool], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(says_yes(said))
}

/// Whether it is said, and never denied.
fn says_yes(said: &[bool]) -> bool {
    !said.is_empty() && !said.contains(&false)
}

impl EnvelopeSection {
    /// Whether it has all objects of the site; `None` if the envelope does not say.
    fn is_complete(&self) -> Option<bool> {
        let is_cut =
            matches!((self.count, self.total), (Some(count), Some(total)) if count < total);
        if is_cut {
            return Some(false);
        }
        let said = self.said.iter().copied();
        said.reduce(|one, other| one && other)
    }
}

impl<'de> Deserialize<'de> for EnvelopeSection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SectionVisitor;
        impl<'de> Visitor<'de> for SectionVisitor {
            type Value = EnvelopeSection;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with `complete`")
            }
            fn visit_unit<E: de::Error>(self) -> Result<EnvelopeSection, E> {
                Ok(EnvelopeSection::default())
            }
            fn visit_bool<E: de::Error>(self, complete: bool) -> Result<EnvelopeSection, E> {
                let said = vec![complete];
                Ok(EnvelopeSection {
                    said,
                    ..EnvelopeSection::default()
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EnvelopeSection, A::Error> {
                let mut section = EnvelopeSection::default();
                while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                    match key.as_ref() {
                        "complete" => section.said.extend(map.next_value::<Option<bool>>()?),
                        "count" => section.count = map.next_value()?,
                        "total" => section.total = section.total.max(map.next_value()?),
                        "narrowed_to" => section.narrowed_to.extend(map.next_value::<Vec<_>>()?),
                        "complete_within" => {
                            section
                                .complete_within
                                .extend(map.next_value::<Option<bool>>()?);
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(section)
            }
        }
        deserializer.deserialize_any(SectionVisitor)
    }
}
