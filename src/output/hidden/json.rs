//! Renders what would show hidden tables as one JSON document, for scripts. New fields may be added at any
//! time; a change of a field's meaning, or its removal, needs another `schema_version`.
//!
//! The doc comments of these structs are the descriptions in the JSON schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::words::{grant, headline, needs, not_told};
use super::{GrantAnswer, HiddenAnswer, OfSite, ReaderAnswer, TableAnswer};
use crate::audience::Need;
use crate::model;
use crate::output::json;

/// The version of this document.
const SCHEMA_VERSION: u32 = 1;

/// Renders the answer, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(answer: &HiddenAnswer) -> serde_json::Result<String> {
    json::document(&Document::new(answer))
}

/// The JSON schema of the document, with a line feed at its end.
///
/// # Errors
/// None in practice.
pub fn schema() -> serde_json::Result<String> {
    json::schema_of::<Document>()
}

/// What would show the tables whose names Tableau hides.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "autoexpose hidden tables")]
struct Document<'a> {
    /// The version of this document: 1.
    schema_version: u32,
    /// Each site of the exports.
    sites: Vec<Site<'a>>,
    /// What else the user should know.
    diagnostics: Vec<Diagnostic<'a>>,
}

impl<'a> Document<'a> {
    fn new(answer: &'a HiddenAnswer) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            sites: answer.sites.iter().map(Site::new).collect(),
            diagnostics: answer.diagnostics.iter().map(Diagnostic::new).collect(),
        }
    }
}

/// The hidden tables of one site.
#[derive(Serialize, JsonSchema)]
struct Site<'a> {
    /// The site.
    site: String,
    /// How many tables are hidden, in one line.
    headline: String,
    /// Who made the exports, as far as they say so. The answer is for the user if it is one.
    users: Vec<String>,
    /// The role of that user, as `administrator`, `publisher`, `explorer`, `viewer` or `unlicensed`; null
    /// if it is not known.
    role: Option<&'static str>,
    /// Whether the site gives users permissions on tables from content that uses them; null if it is not
    /// known.
    automatic_access: Option<bool>,
    /// Whether the site has Data Management; null if it is not known.
    data_management: Option<bool>,
    /// Whether the export lists everything.
    complete: bool,
    /// How many tables are hidden.
    hidden: usize,
    /// How many of these workbooks are known to read.
    hidden_and_read: usize,
    /// How many tables with a name workbooks read.
    named: usize,
    /// What would show hidden tables: first what shows most.
    grants: Vec<Grant<'a>>,
    /// The hidden tables.
    tables: Vec<Table<'a>>,
    /// What the export does not tell, in sentences without a full stop.
    not_told: Vec<String>,
}

impl<'a> Site<'a> {
    fn new(site: &'a OfSite) -> Self {
        Self {
            site: site.site.to_string(),
            headline: headline(site),
            users: site.users.iter().map(ToString::to_string).collect(),
            role: site.standing.role.map(model::access::SiteRole::key),
            automatic_access: site.standing.automatic_access,
            data_management: site.standing.data_management,
            complete: site.gaps.is_none(),
            hidden: site.tables.len(),
            hidden_and_read: site.read(),
            named: site.named,
            grants: site
                .grants
                .iter()
                .map(|one| Grant::new(one, site))
                .collect(),
            tables: site.tables.iter().map(Table::new).collect(),
            not_told: not_told(site),
        }
    }
}

/// Something that would show hidden tables if the user were given it.
#[derive(Serialize, JsonSchema)]
struct Grant<'a> {
    /// `nothing` (what the user has is enough, under the needs), `table-rule`, `content-rule`,
    /// `database-rule`, `project-rule`, `owner`, `leader` or `administrator`.
    grant: &'static str,
    /// The same in words.
    text: String,
    /// What kind of thing it is about, such as `workbook`; null if it is about none or each table.
    kind: Option<&'static str>,
    /// The luid of that thing; null if the export does not tell it.
    luid: Option<&'a str>,
    /// The name of that thing; null if the export does not tell it.
    name: Option<&'a str>,
    /// What has to be so beside: `role`, `automatic-access`, `data-management`, `not-embedded`,
    /// `database-unlocked` or `database-locked`.
    needs: Vec<&'static str>,
    /// The needs in words, without those that are known to be met; null if there are none.
    needs_text: Option<String>,
    /// Whether it shows the tables on a site without Data Management as well.
    without_data_management: bool,
    /// How many tables it would show.
    count: usize,
    /// These tables, by their positions in `tables`, from 0.
    tables: &'a [usize],
}

impl<'a> Grant<'a> {
    fn new(answer: &'a GrantAnswer, site: &OfSite) -> Self {
        let about = answer.grant.about();
        let luid = about.map(|id| id.luid.as_str());
        Self {
            grant: answer.grant.key(),
            text: grant(answer),
            kind: about.map(|id| id.kind.text()),
            luid: luid.filter(|luid| !luid.starts_with('\0')),
            name: answer.name.as_deref(),
            needs: answer.needs.iter().map(|need| need.text()).collect(),
            needs_text: needs(answer, &site.standing),
            without_data_management: !answer.needs.contains(&Need::DataManagement),
            count: answer.tables.len(),
            tables: &answer.tables,
        }
    }
}

/// A hidden table.
#[derive(Serialize, JsonSchema)]
struct Table<'a> {
    /// Its luid, or its id of the Metadata API; null if the export tells neither.
    id: Option<&'a str>,
    /// What it is called in messages.
    label: &'a str,
    /// The name of its database; null if Tableau hides it or the export does not tell.
    database: Option<&'a str>,
    /// Its kind of connection; null if the export does not tell.
    connection: Option<&'a str>,
    /// The names of the custom SQL that reads it.
    custom_sql: &'a [String],
    /// Who reads it.
    readers: Vec<Reader<'a>>,
    /// Whether the rules let the user view it as things are: `allowed`, `denied` or `unknown`.
    decision: &'static str,
    /// The rule behind that.
    rule: &'static str,
    /// What that rule saw.
    why: &'a str,
    /// What would show it, the smallest first: positions in `grants`, from 0. Empty if the rules show it.
    grants: &'a [usize],
}

impl<'a> Table<'a> {
    fn new(table: &'a TableAnswer) -> Self {
        Self {
            id: table.id.as_deref(),
            label: &table.label,
            database: table.database.as_deref(),
            connection: table.connection.as_deref(),
            custom_sql: &table.custom_sql,
            readers: table.readers.iter().map(Reader::new).collect(),
            decision: table.decision.text(),
            rule: table.rule.key(),
            why: &table.why,
            grants: &table.grants,
        }
    }
}

/// Content that reads a hidden table.
#[derive(Serialize, JsonSchema)]
struct Reader<'a> {
    /// `workbook`, `data source` or `flow`.
    kind: &'static str,
    /// Its luid.
    luid: &'a str,
    /// Its name; null if it is not told.
    name: Option<&'a str>,
    /// Its owner; null if it is not told.
    owner: Option<&'a str>,
    /// Its project with those above it; null if it is not told.
    project: Option<&'a str>,
    /// Through what it reads the table; null if it reads it itself.
    through: Option<&'a str>,
}

impl<'a> Reader<'a> {
    fn new(reader: &'a ReaderAnswer) -> Self {
        Self {
            kind: reader.kind.text(),
            luid: &reader.luid,
            name: reader.name.as_deref(),
            owner: reader.owner.as_deref(),
            project: reader.project.as_deref(),
            through: reader.through.as_deref(),
        }
    }
}

/// Something that the user should know.
#[derive(Serialize, JsonSchema)]
struct Diagnostic<'a> {
    /// Its code.
    code: &'static str,
    /// `note` or `warning`.
    severity: &'static str,
    /// What it is about; empty if it is about the run.
    place: &'a str,
    /// The message.
    message: &'a str,
    /// What to do about it.
    help: Option<&'a str>,
}

impl<'a> Diagnostic<'a> {
    fn new(diagnostic: &'a model::Diagnostic) -> Self {
        Self {
            code: diagnostic.code.as_str(),
            severity: diagnostic.code.severity().as_str(),
            place: &diagnostic.place,
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
        }
    }
}
