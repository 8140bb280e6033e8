//! Settings that never applied: most often a name that has changed, or a slip of the pen.

use crate::input::manifest::Manifest;
use crate::model::settings::Pick;
use crate::model::{Code, Diagnostic, Settings, Site};

/// One diagnostic for each setting that fits nothing in this run.
pub fn diagnostics(settings: &Settings, manifest: &Manifest, site: &Site) -> Vec<Diagnostic> {
    let Settings { selection, matching, look, .. } = settings;
    let picks = selection
        .wanted
        .iter()
        .chain(selection.looked_at.iter())
        .chain(look.rules.iter().map(|rule| &rule.when));
    let has_paths = site.workbooks.iter().any(|workbook| workbook.has_project_path);
    let mut diagnostics =
        picks.filter_map(|pick| of_pick(pick, site, has_paths)).collect::<Vec<_>>();
    let tables = |test: &dyn Fn(&crate::model::Table) -> bool| site.tables.iter().any(test);
    for schema in &matching.default_schemas {
        let fits = tables(&|table| {
            table.name.as_ref().is_ok_and(|relation| {
                relation.schema.is_none()
                    && matching.is_about(schema, &table.connection, relation.database.as_deref())
            })
        });
        diagnostics.extend((!fits).then(|| unused(&schema.place, "no table without a schema")));
    }
    for read_as in &matching.connection_types {
        let fits =
            tables(&|table| read_as.pattern.fits(table.connection.as_str().unwrap_or_default()));
        let place = format!("match.connection_types.{}", read_as.pattern.text);
        diagnostics.extend((!fits).then(|| unused(&place, "no connection")));
    }
    for package in &matching.prefer_packages {
        let fits = manifest.nodes.iter().any(|node| node.package == *package);
        diagnostics.extend(
            (!fits).then(|| unused(&format!("match.prefer_packages: {package}"), "no package")),
        );
    }
    diagnostics
}

fn of_pick(pick: &Pick, site: &Site, has_paths: bool) -> Option<Diagnostic> {
    if pick.needs_project_paths() && !has_paths {
        let message = "a project pattern with `/` fits nothing, since the export does not list the folders above projects";
        let help = "use the project's own name, or an export that lists projects";
        return Some(Diagnostic::warning(Code::ConfigNeedsPaths, &pick.place, message).help(help));
    }
    let fits = site.workbooks.iter().any(|workbook| pick.fits(workbook));
    (!fits).then(|| unused(&pick.place, "no workbook of this run"))
}

fn unused(place: &str, what: &str) -> Diagnostic {
    Diagnostic::note(Code::ConfigUnused, place, format!("it fits {what}"))
}
