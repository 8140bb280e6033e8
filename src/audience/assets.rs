//! Finds what is asked about by its name, its place or its luid.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::access::{Access, AssetId, AssetKind, Location, SiteAccess};
use crate::model::{SiteId, luid};

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundAsset {
    /// What identifies it.
    pub id: AssetId,
    /// Its site.
    pub site: SiteId,
    /// Its name: of a project with those above it, of a table with its database and schema, as far as
    /// these are known.
    pub name: Option<String>,
}

impl fmt::Display for FoundAsset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{} {name:?} ({})", self.id.kind, self.id.luid),
            None => write!(f, "{} {}", self.id.kind, self.id.luid),
        }
    }
}

/// That a text names nothing, or several things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAsset {
    /// No export names it.
    NotFound(String),
    /// Several things have this name.
    Several(String, Vec<FoundAsset>),
}

impl fmt::Display for NoAsset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(text) => write!(
                f,
                "{text:?} is not a workbook, view, data source, flow, virtual connection, project, database or table of these exports"
            ),
            Self::Several(text, found) => {
                let found = found.iter().map(ToString::to_string).collect::<Vec<_>>();
                write!(f, "{text:?} may be any of these: {}", found.join(", "))
            }
        }
    }
}

impl NoAsset {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotFound(_) => {
                "give its luid, or its name as Tableau has it; of a project the names from the top, as in 'Finance/Month End'"
            }
            Self::Several(..) => {
                "give the luid in place of the name, or say what it is, as in `project:Finance`"
            }
        }
    }
}

/// The words that may stand before a name, to say what it is.
const WORDS: &[(&str, AssetKind)] = &[
    ("workbook", AssetKind::Workbook),
    ("view", AssetKind::View),
    ("datasource", AssetKind::Datasource),
    ("flow", AssetKind::Flow),
    ("virtual-connection", AssetKind::VirtualConnection),
    ("project", AssetKind::Project),
    ("database", AssetKind::Database),
    ("table", AssetKind::Table),
];

/// Finds what a text means.
///
/// # Errors
/// It means nothing, or several things.
pub fn find_asset(access: &Access, text: &str) -> Result<FoundAsset, NoAsset> {
    let of_word = text.split_once(':').and_then(|(word, name)| {
        let (_, kind) = WORDS.iter().find(|(known, _)| *known == word)?;
        Some((Some(*kind), name.trim()))
    });
    let asked = of_word.into_iter().chain([(None, text.trim())]);
    for (kind, name) in asked {
        let by_luid = found(access, kind, |_, id| id.luid == luid::identity(name));
        let matches = if by_luid.is_empty() {
            let wanted = name.to_lowercase();
            found(access, kind, |site, id| is_named(site, id, &wanted))
        } else {
            by_luid
        };
        let mut matches = matches.into_iter();
        match (matches.next(), matches.len()) {
            (None, _) => {}
            (Some(only), 0) => return Ok(only),
            (Some(first), _) => {
                let all = std::iter::once(first).chain(matches).collect();
                return Err(NoAsset::Several(text.to_owned(), all));
            }
        }
    }
    Err(NoAsset::NotFound(text.to_owned()))
}

fn found(
    access: &Access,
    kind: Option<AssetKind>,
    is_meant: impl Fn(&SiteAccess, &AssetId) -> bool,
) -> BTreeSet<FoundAsset> {
    let all = access.sites.iter().flat_map(|site| {
        let ids = site.assets.keys().chain(site.rules.keys());
        ids.map(move |id| (site, id))
    });
    let meant =
        all.filter(|(site, id)| kind.is_none_or(|kind| id.kind == kind) && is_meant(site, id));
    meant
        .map(|(site, id)| FoundAsset {
            id: id.clone(),
            site: site.site.clone(),
            name: full_name(site, id),
        })
        .collect()
}

fn is_named(site: &SiteAccess, id: &AssetId, wanted: &str) -> bool {
    names(site, id)
        .iter()
        .any(|name| name.to_lowercase() == wanted)
}

/// The whole name of an asset of a site, if any answer tells it: of a project with those above it, of a
/// table with its database and schema, as far as these are known.
pub fn full_name(site: &SiteAccess, id: &AssetId) -> Option<String> {
    names(site, id).pop()
}

/// The names of an asset, the fullest last.
fn names(site: &SiteAccess, id: &AssetId) -> Vec<String> {
    let Some(asset) = site.asset(id) else {
        return Vec::new();
    };
    let Some(name) = &asset.name else {
        return Vec::new();
    };
    let mut names = vec![name.clone()];
    match id.kind {
        AssetKind::Project => {
            let above = project_path(site, id);
            if !above.is_empty() {
                names.push(format!("{}/{name}", above.join("/")));
            }
        }
        AssetKind::Table => {
            let with_schema = asset
                .schema
                .as_ref()
                .map(|schema| format!("{schema}.{name}"));
            let database = asset.database.value();
            let database = database.map(|luid| AssetId::new(AssetKind::Database, luid));
            let database = database.and_then(|id| site.asset(&id)?.name.clone());
            names.extend(with_schema.clone());
            if let Some((database, table)) = database.zip(with_schema) {
                names.push(format!("{database}.{table}"));
            }
        }
        _ => {}
    }
    names
}

/// The names of the projects that an asset is in, from the top; of one without a name its luid.
pub fn project_path(site: &SiteAccess, id: &AssetId) -> Vec<String> {
    let mut path = Vec::new();
    let mut seen = BTreeSet::from([id.luid.clone()]);
    let mut at = id.clone();
    while let Some(Location::Project(above)) = site.asset(&at).and_then(|one| one.location.value())
    {
        if !seen.insert(above.clone()) {
            break;
        }
        at = AssetId::new(AssetKind::Project, above);
        let name = site.asset(&at).and_then(|project| project.name.clone());
        path.push(name.unwrap_or_else(|| above.clone()));
    }
    path.reverse();
    path
}
