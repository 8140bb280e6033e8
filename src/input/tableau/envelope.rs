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
//!   "answers": [{"data": {"workbooks": []}, "errors": []}],
//!   "rest": [{"get": "workbooks/…/permissions", "captured_at": "2026-05-04T06:00:00Z", "body": {}}]
//! }
//! ```

mod sections;

use std::collections::BTreeSet;

use serde::de::MapAccess;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(feature = "fetch")]
pub(crate) use self::sections::EnvelopeSection;
pub(crate) use self::sections::EnvelopeSections;
use super::wire::{Doubt, List, Luid, Text};
use crate::model::{Narrowing, User};

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
    /// Answers of the REST API about permissions, each with what was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rest: Vec<Value>,
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
    /// The workbooks in it, of a server whose answers do not name the projects of workbooks by luid
    /// (before Tableau 2022.3).
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub workbooks: Vec<Luid<'a>>,
}

#[cfg(feature = "fetch")]
impl Project<'_> {
    /// The same project with texts of its own.
    pub(crate) fn to_owned(&self) -> Project<'static> {
        Project {
            luid: Luid::of(&self.luid),
            name: self.name.as_ref().map(|name| Text(name.to_string().into())),
            parent_luid: self.parent_luid.as_deref().map(Luid::of),
            workbooks: self.workbooks.iter().map(|luid| Luid::of(luid)).collect(),
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
            rest: Vec::new(),
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
            "rest" => match map.next_value()? {
                Value::Array(answers) => self.rest.extend(answers),
                Value::Null => {}
                answer => self.rest.push(answer),
            },
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
        self.sections.declared()
    }

    /// The projects to which the list of workbooks is narrowed, if it is.
    pub(crate) fn narrowing(&self) -> Option<Narrowing> {
        let patterns = self.sections.narrowed_to("workbooks");
        (!patterns.is_empty()).then(|| Narrowing {
            patterns,
            nested: self.nested_projects(),
        })
    }

    /// The names of projects that lie in others, in lower case.
    fn nested_projects(&self) -> BTreeSet<String> {
        let nested = self.projects.iter();
        let nested = nested.filter(|project| project.parent_luid.is_some());
        nested
            .filter_map(|project| Some(project.name.as_deref()?.to_lowercase()))
            .collect()
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
            rest,
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
            rest,
            answers: converted,
            is_doubtful,
        })
    }
}
