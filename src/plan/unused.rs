//! Reports settings that had no effect in this run, often because a name is misspelled or was
//! changed.

use std::collections::{BTreeSet, HashSet};

use crate::link::entries::{deciding_packages, has_spellings};
use crate::link::{Links, Outcome, Rule};
use crate::model::display::display_enum;
use crate::model::{Code, Diagnostic, Project, Site};
use crate::settings::{ByFilter, Matching, Settings, WorkbookFilter};

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
        /// The tables that may be the project's.
        Table => "table of the project's warehouse";
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
    [
        unused_filters(&selection.wanted.include, site),
        unused_filters(&selection.wanted.exclude, site),
        unused_filters(&selection.this_run.include, site),
        unused_filters(&selection.this_run.exclude, site),
        unused_filters(&exposure.rules, site),
        unused_connection_types(matching, site),
        unused_default_schemas(matching, site),
        unused_rewrites(matching, site, links),
        unused_names(matching, links),
        unused_packages(matching, project),
        unused_ignore_case(matching, project),
        unused_databases(matching, site),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Filters that match no workbook. Where workbooks are withheld, which facts they have that a filter
/// asks for is not known here, and not to be told.
fn unused_filters<T: AsRef<WorkbookFilter>>(filters: &ByFilter<T>, site: &Site) -> Vec<Diagnostic> {
    let mut all = site.workbooks.iter();
    if all.any(|workbook| workbook.withheld.is_some()) {
        return Vec::new();
    }
    let mut workbooks = site.workbooks.iter();
    let has_paths = workbooks.any(|workbook| workbook.has_project_path);
    let lacks_paths = |filter: &WorkbookFilter| filter.needs_project_paths() && !has_paths;
    let lacking = filters
        .iter()
        .map(AsRef::as_ref)
        .filter(|filter| lacks_paths(filter));
    let unfit = filters.fitting_none(&site.workbooks);
    let unfit = unfit.into_iter().map(AsRef::as_ref);
    let unfit = unfit.filter(|filter| !lacks_paths(filter)).map(|filter| {
        let reason = UnusedReason::FitsNone(Fitted::Workbook);
        unused(&filter.place, reason)
    });
    lacking
        .map(|filter| paths_are_missing(&filter.place))
        .chain(unfit)
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
    let unfit = matching.read_as_of_none(&connections);
    let unfit = unfit
        .into_iter()
        .map(|read_as| read_as.pattern.as_str())
        .collect::<BTreeSet<_>>();
    matching
        .connection_types
        .iter()
        .map(|read_as| read_as.pattern.as_str())
        .filter(|pattern| !used.contains(pattern))
        .map(|pattern| {
            let place = format!("match.connection_types.{pattern}");
            never_first(&place, !unfit.contains(pattern), Fitted::Connection)
        })
        .collect()
}

/// Default schemas that are not the first to match any table without a schema.
fn unused_default_schemas(matching: &Matching, site: &Site) -> Vec<Diagnostic> {
    let tables = site.tables.iter();
    let used = tables
        .filter_map(|table| matching.find_default_schema(table))
        .map(|schema| schema.place.as_str())
        .collect::<BTreeSet<_>>();
    let unfit = matching.default_schemas_of_none(&site.tables);
    let unfit = unfit
        .into_iter()
        .map(|schema| schema.place.as_str())
        .collect::<BTreeSet<_>>();
    matching
        .default_schemas
        .iter()
        .map(|schema| schema.place.as_str())
        .filter(|place| !used.contains(place))
        .map(|place| never_first(place, !unfit.contains(place), Fitted::TableWithoutSchema))
        .collect()
}

/// Entries of `rewrite` that are for no table, as those before them leave its name.
fn unused_rewrites(matching: &Matching, site: &Site, links: &Links) -> Vec<Diagnostic> {
    let names_servers = site.tables.iter().any(|table| table.server.is_some());
    let others = matching.rewrites.others(&links.rewrites);
    others
        .map(|rewrite| {
            let diagnostic = unused(&rewrite.place, UnusedReason::FitsNone(Fitted::Table));
            if rewrite.asks_for_server() && !names_servers {
                diagnostic.help(ASK_FOR_SERVER)
            } else {
                diagnostic
            }
        })
        .collect()
}

/// What to do where an entry is for tables of a server, and the export names none.
const ASK_FOR_SERVER: &str = "the export does not name the servers of databases: ask in the query for `database { ... on DatabaseServer { hostName } }` of tables";

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
    let nodes = project.nodes.iter();
    let known = nodes.map(|node| node.package.as_ref());
    let known = known.collect::<HashSet<&str>>();
    matching
        .prefer_packages
        .iter()
        .filter(|package| !used.contains(package.as_str()))
        .map(|package| {
            let reason = if known.contains(package.as_str()) {
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
        .named_of_none(&databases)
        .into_iter()
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
