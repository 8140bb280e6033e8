//! Reports settings that had no effect in this run, often because a name is misspelled or was
//! changed.

use std::collections::BTreeSet;

use crate::link::index::{deciding_packages, has_spellings};
use crate::link::{Links, Outcome, Rule};
use crate::model::display::display_enum;
use crate::model::{Code, Diagnostic, Project, Site};
use crate::settings::{Matching, Settings, WorkbookFilter};

display_enum! {
    /// Why a setting had no effect.
    #[derive(Copy)]
    pub enum UnusedReason {
        /// It matches nothing of this kind.
        FitsNone(kind: Fitted) => "it matches no {kind}";
        /// Earlier entries of its list match everything of this kind that it matches.
        Shadowed(kind: Fitted) => "an earlier entry already matches every {kind} that this one matches";
        /// A connection type of `name_only`, by which no table is linked.
        NoLinkByName => "no table was linked by name alone over this connection type";
        /// A package of `prefer_packages` that takes precedence over no other one.
        NoPrecedence => "it never takes precedence over another package";
        /// `ignore_case` where no two names are one by it.
        NoSpellings => "no relations of the project differ only in case";
    }
}

display_enum! {
    /// What a setting may match.
    pub enum Fitted {
        /// The workbooks of all exports.
        Workbook => "workbook of this run";
        /// The connections over which tables are read.
        Connection => "connection";
        /// The tables that come without a schema, as from custom SQL.
        TableWithoutSchema => "table without a schema";
        /// The databases that Tableau shows.
        Database => "database of a table";
        /// The packages of the project's nodes.
        Package => "package";
    }
}

/// A diagnostic for each setting that had no effect in this run.
pub fn diagnostics(
    settings: &Settings,
    project: &Project,
    site: &Site,
    links: &Links,
) -> Vec<Diagnostic> {
    let Settings {
        selection,
        matching,
        exposure,
        ..
    } = settings;
    let filters = selection
        .wanted
        .iter()
        .chain(selection.this_run.iter())
        .chain(exposure.rules.iter().map(|rule| &rule.when));
    [
        unused_filters(filters, site),
        unused_connection_types(matching, site),
        unused_default_schemas(matching, site),
        unused_names(matching, links),
        unused_packages(matching, project),
        unused_ignore_case(matching, project),
        unused_databases(matching, site),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Filters that match no workbook.
fn unused_filters<'s>(
    filters: impl Iterator<Item = &'s WorkbookFilter>,
    site: &Site,
) -> Vec<Diagnostic> {
    let mut workbooks = site.workbooks.iter();
    let has_paths = workbooks.any(|workbook| workbook.has_project_path);
    filters
        .filter_map(|filter| {
            if filter.needs_project_paths() && !has_paths {
                return Some(paths_are_missing(&filter.place));
            }
            let is_used = site.workbooks.iter().any(|workbook| filter.fits(workbook));
            let reason = UnusedReason::FitsNone(Fitted::Workbook);
            (!is_used).then(|| unused(&filter.place, reason))
        })
        .collect()
}

fn paths_are_missing(place: &str) -> Diagnostic {
    let message = "a project pattern with `/` matches nothing, since the export does not contain the paths of projects";
    let help = "use the project's own name, or an export that lists projects";
    Diagnostic::new(Code::ConfigNeedsPaths, place, message).help(help)
}

/// Patterns of connection types that are not the first to match any connection.
fn unused_connection_types(matching: &Matching, site: &Site) -> Vec<Diagnostic> {
    let connections = site
        .tables
        .iter()
        .map(|table| &table.connection)
        .collect::<BTreeSet<_>>();
    let used = connections
        .iter()
        .filter_map(|connection| matching.find_read_as(connection))
        .map(|read_as| read_as.pattern.as_str())
        .collect::<BTreeSet<_>>();
    matching
        .connection_types
        .iter()
        .filter(|read_as| !used.contains(read_as.pattern.as_str()))
        .map(|read_as| {
            let place = format!("match.connection_types.{}", read_as.pattern.as_str());
            let fits_one = connections
                .iter()
                .any(|connection| read_as.fits(connection));
            never_first(&place, fits_one, Fitted::Connection)
        })
        .collect()
}

/// Default schemas that are not the first to match any table without a schema.
fn unused_default_schemas(matching: &Matching, site: &Site) -> Vec<Diagnostic> {
    let tables = site.tables.iter();
    let used = tables
        .clone()
        .filter_map(|table| matching.find_default_schema(table))
        .map(|schema| schema.place.as_str())
        .collect::<BTreeSet<_>>();
    matching
        .default_schemas
        .iter()
        .filter(|schema| !used.contains(schema.place.as_str()))
        .map(|schema| {
            let fits_one = tables
                .clone()
                .any(|table| matching.fits_default_schema(schema, table));
            never_first(&schema.place, fits_one, Fitted::TableWithoutSchema)
        })
        .collect()
}

/// Connection types of `name_only` over which no table is linked by name alone.
fn unused_names(matching: &Matching, links: &Links) -> Vec<Diagnostic> {
    let is_by_name =
        |outcome: &Outcome| matches!(outcome, Outcome::Linked { rule, .. } if *rule == Rule::Name);
    let connections = links
        .workbooks
        .iter()
        .flat_map(|workbook| &workbook.tables)
        .filter(|read| is_by_name(&read.table.outcome))
        .map(|read| matching.read_as(&read.table.connection))
        .collect::<BTreeSet<_>>();
    let used = connections
        .iter()
        .filter_map(|connection| connection.base())
        .collect::<BTreeSet<_>>();
    matching
        .name_only
        .iter()
        .filter(|name| !used.contains(name.as_str()))
        .map(|name| {
            let place = format!("match.name_only: {name}");
            unused(&place, UnusedReason::NoLinkByName)
        })
        .collect()
}

/// Packages of `prefer_packages` that take precedence over no other one.
fn unused_packages(matching: &Matching, project: &Project) -> Vec<Diagnostic> {
    let used = deciding_packages(&project.nodes, project.adapter(), matching);
    matching
        .prefer_packages
        .iter()
        .filter(|package| !used.contains(package.as_str()))
        .map(|package| {
            let is_known = project.nodes.iter().any(|node| node.package == *package);
            let reason = if is_known {
                UnusedReason::NoPrecedence
            } else {
                UnusedReason::FitsNone(Fitted::Package)
            };
            unused(&format!("match.prefer_packages: {package}"), reason)
        })
        .collect()
}

/// `ignore_case` where the project has no names that differ only in case, or none that are not one
/// to its database anyway.
fn unused_ignore_case(matching: &Matching, project: &Project) -> Vec<Diagnostic> {
    let is_used = !project.adapter().ignores_case() && has_spellings(&project.nodes);
    let unused = (matching.ignore_case && !is_used)
        .then(|| unused("match.ignore_case", UnusedReason::NoSpellings));
    unused.into_iter().collect()
}

/// Databases that no table is in.
fn unused_databases(matching: &Matching, site: &Site) -> Vec<Diagnostic> {
    let databases = site
        .tables
        .iter()
        .filter_map(|table| table.name.as_ref().ok()?.database.as_deref())
        .collect::<BTreeSet<_>>();
    matching
        .databases
        .iter()
        .filter(|pattern| !databases.iter().any(|database| pattern.fits(database)))
        .map(|pattern| {
            let place = format!("match.databases: {}", pattern.as_str());
            unused(&place, UnusedReason::FitsNone(Fitted::Database))
        })
        .collect()
}

/// The diagnostic for a setting that is not the first of its list to match anything.
fn never_first(place: &str, fits_one: bool, kind: Fitted) -> Diagnostic {
    let reason = if fits_one {
        UnusedReason::Shadowed(kind)
    } else {
        UnusedReason::FitsNone(kind)
    };
    unused(place, reason)
}

fn unused(place: &str, reason: UnusedReason) -> Diagnostic {
    Diagnostic::new(Code::ConfigUnused, place, reason.to_string())
}
