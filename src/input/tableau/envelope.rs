//! The envelope: responses of the Metadata API in a wrapper that adds what they do not contain,
//! such as the server, the site and its projects.
//!
//! ```json
//! {
//!   "autoexpose_export": 1,
//!   "server": "https://10ax.online.tableau.com",
//!   "site": {"content_url": "sales"},
//!   "user": {"name": "ada", "luid": "…", "site_role": "SiteAdministratorExplorer"},
//!   "captured_at": "2026-05-04T06:00:00Z",
//!   "sections": {"workbooks": {"complete": true}},
//!   "projects": [{"luid": "…", "name": "Finance", "parent_luid": "…"}],
//!   "answers": [{"data": {"workbooks": []}, "errors": []}]
//! }
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::wire::{Doubt, List, Luid, Text};
use crate::model::User;

/// The format of envelopes that is read here.
pub(crate) const FORMAT: u64 = 1;

/// Responses and where they come from. Each field has the name of its key. A response without an
/// envelope is treated like one in an envelope without any other keys.
///
/// The same type is read and written; what comes behind the answers is known last.
#[derive(Debug, Serialize)]
pub(crate) struct Envelope<'a, R> {
    /// The format; `None` if there is no envelope.
    pub autoexpose_export: Option<u64>,
    /// The server's address.
    pub server: Option<Text<'a>>,
    /// The version of the server's product, which is only written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_version: Option<Text<'a>>,
    /// The version of the REST API that was used, which is only written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<Text<'a>>,
    /// The site on that server.
    pub site: Option<EnvelopeSite<'a>>,
    /// Who asked for the responses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<EnvelopeUser>,
    /// When the responses were saved, as ISO 8601.
    pub captured_at: Option<Text<'a>>,
    /// All projects of the site, which responses do not list.
    pub projects: Vec<Project<'a>>,
    /// The responses.
    pub answers: Vec<R>,
    /// Facts about the lists of objects, by the name of their section.
    pub sections: EnvelopeSections,
    /// Whether a key comes twice in the envelope.
    #[serde(skip)]
    pub is_doubtful: bool,
}

/// Who asked for the responses of an envelope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct EnvelopeUser {
    /// The name with which the user signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub luid: Option<String>,
    /// What the user may do, such as `SiteAdministratorExplorer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_role: Option<String>,
}

impl EnvelopeUser {
    /// The user of a JSON object, with keys as Tableau's REST API has them or as ours.
    pub(crate) fn of(named: &Value) -> Self {
        let text = |keys: [&str; 2]| {
            let mut values = keys.iter().filter_map(|key| named.get(key)?.as_str());
            values
                .find(|text| !text.trim().is_empty())
                .map(str::to_owned)
        };
        Self {
            luid: text(["luid", "id"]),
            name: text(["name", "username"]),
            site_role: text(["site_role", "siteRole"]),
        }
    }

    /// Whether the user may see everything of the site. The roles of administrators, of the site or the
    /// server, are called so (`siteRole` of "Query User On Site"); `None` if the role is not told.
    pub(crate) fn is_administrator(&self) -> Option<bool> {
        let role = self.site_role.as_ref()?;
        Some(role.to_lowercase().contains("administrator"))
    }

    /// The user, if known by anything.
    fn into_user(self) -> Option<User> {
        let user = User {
            is_administrator: self.is_administrator(),
            luid: self.luid,
            name: self.name,
        };
        (user.luid.is_some() || user.name.is_some()).then_some(user)
    }
}

/// A site of a server.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EnvelopeSite<'a> {
    /// Its content URL, the part of its address after `/site/`; empty for the default site.
    #[serde(borrow, default)]
    pub content_url: Option<Text<'a>>,
    /// Its id, which is only written.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub luid: Option<String>,
}

/// Facts about lists of objects, by the name of their section.
#[derive(Debug, Default, Serialize)]
pub(crate) struct EnvelopeSections(BTreeMap<String, EnvelopeSection>);

impl FromIterator<(String, EnvelopeSection)> for EnvelopeSections {
    fn from_iter<I: IntoIterator<Item = (String, EnvelopeSection)>>(sections: I) -> Self {
        Self(sections.into_iter().collect())
    }
}

impl EnvelopeSections {
    fn extend(&mut self, other: Self) {
        for (name, section) in other.0 {
            self.add(name, section);
        }
    }

    fn add(&mut self, name: String, section: EnvelopeSection) {
        let known = self.0.entry(name).or_default();
        known.said.extend(section.said);
        known.count = known.count.or(section.count);
        known.total = known.total.max(section.total);
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
#[derive(Debug, Default, Serialize)]
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
    /// The fields that the server does not know, which are only written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
    /// What is missing, which is only written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn all_say<S: Serializer>(said: &[bool], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(!said.is_empty() && !said.contains(&false))
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
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(section)
            }
        }
        deserializer.deserialize_any(SectionVisitor)
    }
}

/// A project.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Project<'a> {
    /// Its id.
    #[serde(borrow)]
    pub luid: Luid<'a>,
    /// Its name.
    #[serde(borrow, default)]
    pub name: Option<Text<'a>>,
    /// The project that it is in.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub parent_luid: Option<Luid<'a>>,
}

#[cfg(feature = "fetch")]
impl Project<'_> {
    /// The same project with texts of its own.
    pub(crate) fn to_owned(&self) -> Project<'static> {
        Project {
            luid: Luid::of(&self.luid),
            name: self.name.as_ref().map(|name| Text(name.to_string().into())),
            parent_luid: self.parent_luid.as_deref().map(Luid::of),
        }
    }
}

impl Doubt for Project<'_> {}

impl<R> Default for Envelope<'_, R> {
    fn default() -> Self {
        Self {
            autoexpose_export: None,
            server: None,
            server_version: None,
            api_version: None,
            site: None,
            user: None,
            captured_at: None,
            sections: EnvelopeSections::default(),
            projects: Vec::new(),
            answers: Vec::new(),
            is_doubtful: false,
        }
    }
}

impl<'a, R: Deserialize<'a>> Envelope<'a, R> {
    /// Reads the value of a key, if it is one of an envelope.
    ///
    /// # Errors
    /// A value of another form.
    pub(crate) fn read_key<A: MapAccess<'a>>(
        &mut self,
        key: &str,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        match key {
            "autoexpose_export" => self.autoexpose_export = map.next_value()?,
            "server" => self.server = map.next_value()?,
            "site" => self.site = map.next_value()?,
            "user" => self.user = Some(EnvelopeUser::of(&map.next_value()?)),
            "captured_at" => self.captured_at = map.next_value()?,
            "sections" => self.sections.extend(map.next_value()?),
            "projects" => self.projects = map.next_value::<List<Project<'a>>>()?.items,
            "answers" => self.answers.extend(map.next_value::<Vec<R>>()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'a, R> Envelope<'a, R> {
    /// Responses without an envelope.
    pub(crate) fn bare(answers: Vec<R>) -> Self {
        Self {
            answers,
            ..Self::default()
        }
    }

    /// Who asked for the responses, if known by anything.
    pub(crate) fn user(&self) -> Option<User> {
        self.user.clone()?.into_user()
    }

    /// The content URL of the site, if it is named.
    pub(crate) fn content_url(&self) -> Option<&str> {
        let Text(content_url) = self.site.as_ref()?.content_url.as_ref()?;
        Some(content_url)
    }

    /// The sections that the envelope calls complete or incomplete, by name.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (String, bool)> {
        self.sections.0.iter().filter_map(|(name, section)| {
            let complete = section.is_complete()?;
            Some((name.clone(), complete))
        })
    }

    /// The same envelope with each response converted by `form`, also into several.
    ///
    /// # Errors
    /// The first one of `form`.
    pub(crate) fn try_map<S, E>(
        self,
        mut form: impl FnMut(R) -> Result<Vec<S>, E>,
    ) -> Result<Envelope<'a, S>, E> {
        let Self {
            autoexpose_export,
            server,
            server_version,
            api_version,
            site,
            user,
            captured_at,
            sections,
            projects,
            answers,
            is_doubtful,
        } = self;
        let mut converted = Vec::with_capacity(answers.len());
        for answer in answers {
            converted.extend(form(answer)?);
        }
        Ok(Envelope {
            autoexpose_export,
            server,
            server_version,
            api_version,
            site,
            user,
            captured_at,
            sections,
            projects,
            answers: converted,
            is_doubtful,
        })
    }
}
