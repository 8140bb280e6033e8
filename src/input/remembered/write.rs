//! Writes the file.

use serde_json::value::RawValue;

use super::format::{Export, Exposure, State, Table, User, VERSION, Workbook};
use super::nodes;
use crate::model::{Findings, KnownExport, Node, Project};

/// The text of the file. `exposures` are the owned ones of the patched manifest, by id, each as it
/// stands there, and `nodes` those that they depend on, sorted by id.
///
/// # Errors
/// A value that cannot be written as JSON, which does not happen.
pub fn write(
    project: &Project,
    findings: &Findings,
    nodes: &[&Node],
    exposures: Vec<(String, Box<RawValue>)>,
) -> serde_json::Result<String> {
    let tables = findings.unlinked.iter().map(|table| Table {
        name: table.name.clone(),
        connection_type: table.connection_type.clone(),
    });
    let workbooks = findings.workbooks.iter().flat_map(|(luid, known)| {
        known.iter().map(|known| Workbook {
            luid: luid.clone(),
            export: known.export,
            unlinked: known.unlinked.clone(),
        })
    });
    let exposures = exposures.into_iter().map(|(id, node)| Exposure {
        node,
        tables: findings.tables.get(&id).cloned().unwrap_or_default(),
    });
    let state = State {
        autoexpose_state: VERSION,
        project: project.root_package.clone(),
        adapter: project.adapter_name.clone().into_owned(),
        exports: findings.exports.iter().map(export).collect(),
        tables: tables.collect(),
        workbooks: workbooks.collect(),
        nodes: Some(nodes.iter().copied().map(nodes::written).collect()),
        exposures: exposures.collect(),
    };
    let mut text = serde_json::to_string(&state)?;
    text.push('\n');
    Ok(text)
}

fn export(export: &KnownExport) -> Export {
    let user = export.user.as_ref().map(|user| User {
        luid: user.luid.clone(),
        name: user.name.clone(),
        administrator: user.is_administrator,
    });
    Export {
        server: export.site.server.clone(),
        site: export.site.content_url.clone(),
        user,
        complete: export.is_complete,
    }
}
