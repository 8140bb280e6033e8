//! What Tableau told of itself.

use crate::model::Failure;
use crate::remote::call::NoReplyKind;

/// What a question came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Told<T> {
    /// It was not asked.
    #[default]
    NotAsked,
    /// It was answered.
    Told(T),
    /// It was asked in vain.
    Refused(Refusal),
}

impl<T> Told<T> {
    /// The answer, if there is one.
    pub fn told(&self) -> Option<&T> {
        match self {
            Self::Told(told) => Some(told),
            Self::NotAsked | Self::Refused(_) => None,
        }
    }
}

/// Why a question was asked in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What stood in the way.
    pub reason: Reason,
    /// The same in words, with what to do about it.
    pub failure: Failure,
}

/// What stood in the way of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There was not an answer.
    NoReply(NoReplyKind),
    /// The HTTP status.
    Status(u16),
    /// An answer that is not one of Tableau.
    NotUnderstood,
    /// A code of the Metadata API.
    Code(String),
    /// Tableau says again and again that there are too many queries.
    TooOften,
    /// The server sends its users elsewhere.
    Moved,
    /// The connection is not encrypted.
    Open,
    /// Tableau ended the session again and again.
    Lost,
    /// The time of the run is over.
    Late,
}

/// What a site tells, as far as it was asked and as far as the user may know it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// The server's address, which a redirect may have made a safer one.
    pub server: String,
    /// Which server it is.
    pub greeting: Told<Server>,
    /// Whether it let the user in.
    pub session: Told<()>,
    /// Who the user is.
    pub user: Told<Person>,
    /// How the site is set.
    pub site: Told<Settings>,
    /// Whether the metadata store is built; `None` if the answer does not say.
    pub backfill: Told<Option<bool>>,
    /// How many objects the REST API lists.
    pub listed: Lists<Told<u64>>,
    /// How many the Metadata API has.
    pub totals: Told<Lists<Option<u64>>>,
    /// What the first page of workbooks came to.
    pub page: Told<Page>,
    /// What the first tables are called.
    pub names: Told<Names>,
    /// What is upstream of the first workbooks and flows.
    pub upstream: Told<Upstreams>,
    /// Codes, words and advice of what the Metadata API warned of, in the order of the codes.
    pub warnings: Vec<Warned>,
}

/// A number or an answer for each kind of object that both APIs list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists<T> {
    /// Workbooks.
    pub workbooks: T,
    /// Published data sources.
    pub datasources: T,
    /// Flows.
    pub flows: T,
    /// Tables.
    pub tables: T,
}

/// Which server answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Server {
    /// The version of the product, such as `2026.2.0`, if it is told.
    pub product: Option<String>,
    /// The version of the REST API, such as `3.29`.
    pub api: String,
    /// Whether it has a Metadata API.
    pub is_new_enough: bool,
}

/// Who signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name with which the user signs in.
    pub name: Option<String>,
    /// The role on the site, such as `SiteAdministratorExplorer`.
    pub role: Option<String>,
}

/// How a site is set, which Tableau tells administrators.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether Tableau Catalog is on.
    pub catalog: Option<bool>,
    /// Whether owners see the tables that their content reads.
    pub derived_permissions: Option<bool>,
    /// Whether lineage shows that something hidden is there.
    pub obfuscates: Option<bool>,
}

/// What a page of workbooks came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// How many were asked for.
    pub asked: u64,
    /// How many came.
    pub came: usize,
    /// Why that was too much, if it was.
    pub too_much: Option<String>,
    /// The fields that the server does not know.
    pub without: Vec<String>,
}

/// How the first tables are named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Names {
    /// How many came.
    pub all: usize,
    /// How many of them have no name.
    pub nameless: usize,
}

/// What is upstream of the first workbooks and flows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Upstreams {
    /// How many workbooks came.
    pub workbooks: usize,
    /// How many of them show fewer databases than their data sources.
    pub fewer_databases: usize,
    /// How many flows came.
    pub flows: usize,
    /// How many of them show nothing upstream.
    pub flows_without: usize,
}

/// What the Metadata API warned of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warned {
    /// Tableau's code.
    pub code: String,
    /// Tableau's words.
    pub message: String,
    /// What to do.
    pub advice: &'static str,
}
