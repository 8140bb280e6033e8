//! Settings that did nothing in this run: most often a name that has changed, or a misspelled one.

use std::collections::BTreeSet;

use crate::link::index::deciding_packages;
use crate::link::{Links, Outcome, Rule};
use crate::model::display::display_enum;
use crate::model::{Code, Diagnostic, Project, Site};
use crate::settings::{Matching, Settings, WorkbookFilter};

display_enum! {
    /// Why a setting did nothing.
    #[derive(Copy)]
    pub enum UnusedReason {
        /// It fits nothing of this kind.
        FitsNone(kind: Fitted) => "it matches no {kind}";
        /// Earlier settings of its list fit everything of this kind that it fits.
        Shadowed(kind: Fitted) => "an earlier entry already matches every {kind} that this one matches";
        /// No table of this connection type is linked by its name alone.
        NoLinkByName => "no table was linked by name alone over this connection type";
        /// It takes precedence over no other package.
        NoPrecedence => "it never takes precedence over another package";
    }
}

display_enum! {
    /// What a setting may fit.
    pub enum Fitted {
        /// A workbook.
        Workbook => "workbook of this run";
        /// A connection.
        Connection => "connection";
        /// A table that gets its schema from a setting.
        TableWithoutSchema => "table without a schema";
        /// A package.
        Package => "package";
    }
}

/// One diagnostic for each setting that did nothing in this run.
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
        unused_packages(&matching.prefer_packages, project),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Filters that fit no workbook.
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

/// Patterns of connection types that are not the first to fit any connection.
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

/// Default schemas that are not the first to fit any table without a schema.
fn unused_default_schemas(matching: &Matching, site: &Site) -> Vec<Diagnostic> {
    let tables = site
        .tables
        .iter()
        .filter_map(|table| {
            let relation = table.name.as_ref().ok()?;
            let has_schema = relation.schema.is_some();
            (!has_schema).then_some((&table.connection, relation.database.as_deref()))
        })
        .collect::<BTreeSet<_>>();
    let used = tables
        .iter()
        .filter_map(|(connection, database)| matching.find_default_schema(connection, *database))
        .map(|schema| schema.place.as_str())
        .collect::<BTreeSet<_>>();
    matching
        .default_schemas
        .iter()
        .filter(|schema| !used.contains(schema.place.as_str()))
        .map(|schema| {
            let fits_one = tables.iter().any(|(connection, database)| {
                matching.fits_default_schema(schema, connection, *database)
            });
            never_first(&schema.place, fits_one, Fitted::TableWithoutSchema)
        })
        .collect()
}

/// Connection types over which no table is linked by its name alone.
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

/// Packages that take precedence over no other one.
fn unused_packages(prefer_packages: &[String], project: &Project) -> Vec<Diagnostic> {
    let used = deciding_packages(&project.nodes, prefer_packages);
    prefer_packages
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

/// A setting that is not the first of its list to fit anything.
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
