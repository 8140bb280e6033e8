//! The envelope: responses of the Metadata API in a wrapper that adds what they do not contain,
//! such as the server, the site and its projects.
//!
//! ```json
//! {
//!   "autoexpose_export": 1,
//!   "server": "https://10ax.online.tableau.com",
//!   "site": {"content_url": "sales"},
//!   "captured_at": "2026-05-04T06:00:00Z",
//!   "sections": {"workbooks": {"complete": true}},
//!   "projects": [{"luid": "…", "name": "Finance", "parent_luid": "…"}],
//!   "answers": [{"data": {"workbooks": []}, "errors": []}]
//! }
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::MapAccess;

use super::wire::{List, Text};

/// The format of envelopes that is read here.
pub(crate) const FORMAT: u64 = 1;

/// Responses and where they come from. Each field has the name of its key. A response without an
/// envelope is treated like one in an envelope without any other keys.
#[derive(Debug)]
pub(crate) struct Envelope<'a, R> {
    /// The format; `None` if there is no envelope.
    pub autoexpose_export: Option<u64>,
    /// The server's address.
    pub server: Option<Text<'a>>,
    /// The site on that server.
    pub site: Option<EnvelopeSite<'a>>,
    /// When the responses were saved, as ISO 8601.
    pub captured_at: Option<Text<'a>>,
    /// Facts about the lists of objects, by the name of their section.
    pub sections: BTreeMap<String, EnvelopeSection>,
    /// All projects of the site, which responses do not list.
    pub projects: Vec<Project<'a>>,
    /// The responses.
    pub answers: Vec<R>,
}

/// A site of a server.
#[derive(Debug, Deserialize)]
pub(crate) struct EnvelopeSite<'a> {
    /// Its content URL, the part of its address after `/site/`; empty for the default site.
    #[serde(borrow, default)]
    pub content_url: Option<Text<'a>>,
}

/// Facts about one list of objects.
#[derive(Debug, Deserialize)]
pub(crate) struct EnvelopeSection {
    /// Whether it has all objects of the site.
    pub complete: Option<bool>,
}

/// A project.
#[derive(Debug, Deserialize)]
pub(crate) struct Project<'a> {
    /// Its id.
    #[serde(borrow)]
    pub luid: Text<'a>,
    /// Its name.
    #[serde(borrow, default)]
    pub name: Option<Text<'a>>,
    /// The project that it is in.
    #[serde(borrow, default)]
    pub parent_luid: Option<Text<'a>>,
}

impl<R> Default for Envelope<'_, R> {
    fn default() -> Self {
        Self {
            autoexpose_export: None,
            server: None,
            site: None,
            captured_at: None,
            sections: BTreeMap::new(),
            projects: Vec::new(),
            answers: Vec::new(),
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
            "captured_at" => self.captured_at = map.next_value()?,
            "sections" => self.sections = map.next_value()?,
            "projects" => self.projects = map.next_value::<List<Project<'a>>>()?.items,
            "answers" => self.answers = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl<'a, R> Envelope<'a, R> {
    /// A response without an envelope.
    pub(crate) fn bare(response: R) -> Self {
        Self {
            answers: vec![response],
            ..Self::default()
        }
    }

    /// The content URL of the site, if it is named.
    pub(crate) fn content_url(&self) -> Option<&str> {
        let Text(content_url) = self.site.as_ref()?.content_url.as_ref()?;
        Some(content_url)
    }

    /// Whether the envelope calls the list of workbooks complete; `None` if it does not say.
    pub(crate) fn has_all_workbooks(&self) -> Option<bool> {
        self.sections.get("workbooks")?.complete
    }

    /// The sections of what workbooks read that are marked as incomplete.
    pub(crate) fn incomplete_lineage(&self) -> impl Iterator<Item = String> {
        self.sections
            .iter()
            .filter(|(name, section)| section.complete == Some(false) && is_of_lineage(name))
            .map(|(name, _)| name.clone())
    }

    /// The same envelope with each response converted by `form`.
    ///
    /// # Errors
    /// The first one of `form`.
    pub(crate) fn try_map<S, E>(
        self,
        form: impl FnMut(R) -> Result<S, E>,
    ) -> Result<Envelope<'a, S>, E> {
        let Self {
            autoexpose_export,
            server,
            site,
            captured_at,
            sections,
            projects,
            answers,
        } = self;
        Ok(Envelope {
            autoexpose_export,
            server,
            site,
            captured_at,
            sections,
            projects,
            answers: answers.into_iter().map(form).collect::<Result<_, _>>()?,
        })
    }
}

/// Whether what workbooks read hangs on this section.
fn is_of_lineage(section: &str) -> bool {
    matches!(
        section.strip_suffix("Connection").unwrap_or(section),
        "datasources"
            | "embeddedDatasources"
            | "publishedDatasources"
            | "databaseTables"
            | "tables"
            | "customSQLTables"
            | "virtualConnections"
            | "virtualConnectionTables"
            | "flows"
            | "databases"
            | "databaseServers"
    )
}
