//! Settings that never applied: most often a name that has changed, or a slip of the pen.

use std::collections::BTreeSet;

use crate::link::index::deciding_packages;
use crate::link::{Links, Outcome, Rule};
use crate::model::{Code, Diagnostic, Project, Site};
use crate::settings::{Matching, Settings, WorkbookFilter};

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
    let has_paths = site
        .workbooks
        .iter()
        .any(|workbook| workbook.has_project_path);
    let of_filters = filters.filter_map(|filter| of_filter(filter, site, has_paths));
    let mut diagnostics = of_filters.collect::<Vec<_>>();
    diagnostics.extend(of_connection_types(matching, site));
    diagnostics.extend(of_default_schemas(matching, site));
    diagnostics.extend(of_names(matching, links));
    diagnostics.extend(of_packages(&matching.prefer_packages, project));
    diagnostics
}

/// Patterns that never are the first to fit a connection.
fn of_connection_types(matching: &Matching, site: &Site) -> Vec<Diagnostic> {
    let connections = site
        .tables
        .iter()
        .map(|table| &table.connection)
        .collect::<BTreeSet<_>>();
    let used = connections
        .iter()
        .filter_map(|connection| matching.find_read_as(connection));
    let used = used
        .map(|read_as| read_as.pattern.as_str())
        .collect::<BTreeSet<_>>();
    let unused = matching
        .connection_types
        .iter()
        .map(|read_as| &read_as.pattern)
        .filter(|pattern| !used.contains(pattern.as_str()));
    let told = unused.map(|pattern| {
        let fits = |text: Option<&str>| pattern.fits(text.unwrap_or_default());
        let is_shadowed = connections
            .iter()
            .any(|connection| fits(connection.as_str()));
        let place = format!("match.connection_types.{}", pattern.as_str());
        first_or_none(&place, is_shadowed, "connection")
    });
    told.collect()
}

/// Defaults that never are the first to fit a table without a schema.
fn of_default_schemas(matching: &Matching, site: &Site) -> Vec<Diagnostic> {
    let tables = site.tables.iter().filter_map(|table| {
        let relation = table
            .name
            .as_ref()
            .ok()
            .filter(|relation| relation.schema.is_none())?;
        Some((&table.connection, relation.database.as_deref()))
    });
    let tables = tables.collect::<BTreeSet<_>>();
    let used = tables
        .iter()
        .filter_map(|(connection, database)| matching.find_default_schema(connection, *database))
        .map(|schema| schema.place.as_str())
        .collect::<BTreeSet<_>>();
    let unused = matching.default_schemas.iter();
    let unused = unused.filter(|schema| !used.contains(schema.place.as_str()));
    let told = unused.map(|schema| {
        let is_shadowed = tables.iter().any(|(connection, database)| {
            matching.fits_default_schema(schema, connection, *database)
        });
        first_or_none(&schema.place, is_shadowed, "table without a schema")
    });
    told.collect()
}

/// Connection types over which no name alone draws a link.
fn of_names(matching: &Matching, links: &Links) -> Vec<Diagnostic> {
    let tables = links.workbooks.iter().flat_map(|workbook| &workbook.tables);
    let by_name = tables
        .filter(|read| {
            matches!(
                read.table.outcome,
                Outcome::Linked {
                    rule: Rule::Name,
                    ..
                }
            )
        })
        .map(|read| matching.read_as(&read.table.connection))
        .collect::<BTreeSet<_>>();
    let used = by_name
        .iter()
        .filter_map(|connection| connection.base())
        .collect::<BTreeSet<_>>();
    let unused = matching
        .name_only
        .iter()
        .filter(|name| !used.contains(name.as_str()));
    let told = unused.map(|name| {
        unused_setting(
            &format!("match.name_only: {name}"),
            "no name alone draws a link over it",
        )
    });
    told.collect()
}

/// Packages that go before no other one.
fn of_packages(prefer_packages: &[String], project: &Project) -> Vec<Diagnostic> {
    let deciding = deciding_packages(&project.nodes, prefer_packages);
    let unused = prefer_packages
        .iter()
        .filter(|package| !deciding.contains(package.as_str()));
    let told = unused.map(|package| {
        let place = format!("match.prefer_packages: {package}");
        if project.nodes.iter().any(|node| node.package == *package) {
            unused_setting(&place, "it shares no relation with a package behind it")
        } else {
            unused_setting(&place, "it fits no package")
        }
    });
    told.collect()
}

fn of_filter(filter: &WorkbookFilter, site: &Site, has_paths: bool) -> Option<Diagnostic> {
    if filter.needs_project_paths() && !has_paths {
        let message = "a project pattern with `/` fits nothing, since the export does not list the folders above projects";
        let help = "use the project's own name, or an export that lists projects";
        return Some(
            Diagnostic::warning(Code::ConfigNeedsPaths, &filter.place, message).help(help),
        );
    }
    let fits = site.workbooks.iter().any(|workbook| filter.fits(workbook));
    (!fits).then(|| first_or_none(&filter.place, false, "workbook of this run"))
}

/// A setting that fits nothing, or only what an earlier one of its list fits.
fn first_or_none(place: &str, is_shadowed: bool, what: &str) -> Diagnostic {
    if is_shadowed {
        unused_setting(
            place,
            &format!("every {what} that it fits, an earlier one fits as well"),
        )
    } else {
        unused_setting(place, &format!("it fits no {what}"))
    }
}

fn unused_setting(place: &str, message: &str) -> Diagnostic {
    Diagnostic::note(Code::ConfigUnused, place, message)
}
