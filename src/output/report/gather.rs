//! The results of all stages, gathered into a report.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;

use super::{
    BeforeAfter, ExportFacts, ExposureFacts, KeptFacts, LinkFacts, ManifestFacts, ManualFacts,
    Nearest, OwnerFacts, Report, Unlinked, WithReason, WorkbookCounts,
};
use crate::input::manifest::{Existing, Manifest};
use crate::link::{Links, Outcome, OutcomeKind, WorkbookTable};
use crate::model::exposure::{MARKER_KEY, title_of};
use crate::model::{
    Adapter, Dependency, Diagnostic, Exposure, Marker, Node, NodeIx, Site, Workbook,
};
use crate::plan::delta::Changed;
use crate::plan::{Baseline, Gone, Kept, New, Plan, Twin, Wanted};
use crate::settings::Settings;

/// The results of all stages of a run.
pub struct Run<'r, 'a> {
    /// The manifest's path.
    pub file: &'r str,
    /// The manifest.
    pub manifest: &'r Manifest<'a>,
    /// The exposures that count as before.
    pub baseline: &'r Baseline<'r>,
    /// Tableau.
    pub site: &'r Site<'a>,
    /// The outcomes.
    pub links: &'r Links<'a>,
    /// The exposures that are wanted.
    pub wanted: &'r Wanted,
    /// What the user wants otherwise than by default.
    pub settings: &'r Settings,
    /// What changes.
    pub plan: &'r Plan,
}

/// Gathers what there is to tell.
pub fn report(run: &Run, mut diagnostics: Vec<Diagnostic>) -> Report {
    let Run {
        file,
        manifest,
        site,
        links,
        plan,
        ..
    } = *run;
    diagnostics.sort();
    diagnostics.dedup();
    let selected = site
        .workbooks
        .iter()
        .zip(&links.workbooks)
        .filter(|(workbook, _)| run.settings.selection.select(workbook).is_yes())
        .collect::<Vec<_>>();
    let mut tables = OutcomeKind::ALL
        .iter()
        .map(|kind| (*kind, 0))
        .collect::<BTreeMap<_, _>>();
    let mut workbooks = WorkbookCounts {
        read: site.workbooks.len() + site.unidentified,
        selected: selected.len(),
        unidentified: site.unidentified,
        ..WorkbookCounts::default()
    };
    let mut unlinked = Vec::new();
    for (workbook, links) in selected {
        let is_linked = |table: &WorkbookTable| table.table.outcome.kind() == OutcomeKind::Linked;
        workbooks.linked += usize::from(links.tables.iter().any(is_linked));
        workbooks.incomplete += usize::from(!links.is_complete() || !workbook.gaps.is_empty());
        for table in &links.tables {
            *tables.entry(table.table.outcome.kind()).or_default() += 1;
        }
        unlinked.extend(
            links
                .tables
                .iter()
                .filter_map(|table| of_unlinked(manifest, workbook, table)),
        );
    }
    let ids = manifest
        .nodes
        .iter()
        .map(|node| Arc::from(node.unique_id.as_ref()));
    let ids = ids.collect::<Vec<Arc<str>>>();
    Report {
        manifest: facts(file, manifest),
        added: plan.added.par_iter().map(|new| of_new(&ids, new)).collect(),
        changed: plan
            .changed
            .iter()
            .map(|changed| before_after(&ids, changed))
            .collect(),
        renamed: plan
            .renamed
            .iter()
            .map(|changed| before_after(&ids, changed))
            .collect(),
        removed: plan.removed.iter().map(of_gone).collect(),
        kept: plan.kept.iter().map(|kept| of_kept(&ids, kept)).collect(),
        unchanged: plan.unchanged.len(),
        has_baseline: !run.baseline.is_empty(),
        tables,
        workbooks,
        unlinked,
        manual: run
            .wanted
            .twins
            .iter()
            .map(|twin| of_twin(site, twin))
            .collect(),
        export: site
            .evidence
            .iter()
            .map(|evidence| ExportFacts {
                server: evidence.site.server.clone(),
                site: evidence.site.content_url.clone(),
                complete: evidence.is_complete(),
                reasons: evidence.gaps.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        diagnostics,
    }
}

fn facts(file: &str, manifest: &Manifest) -> ManifestFacts {
    ManifestFacts {
        path: file.to_owned(),
        dbt_version: manifest.dbt_version.as_deref().map(str::to_owned),
        adapter: Some(manifest.adapter.clone().into_owned()).filter(|adapter| !adapter.is_empty()),
        project: manifest.root_package.clone(),
        relations: manifest
            .nodes
            .iter()
            .filter(|node| node.relation.is_some())
            .count(),
    }
}

fn before_after(ids: &[Arc<str>], changed: &Changed) -> BeforeAfter {
    let Existing { unique_id, value } = &changed.before;
    let after = of_new(ids, &changed.after);
    BeforeAfter {
        before: of_node(unique_id, value),
        after_again: after.clone(),
        after,
    }
}

fn of_gone(gone: &Gone) -> WithReason {
    let Existing { unique_id, value } = &gone.existing;
    WithReason {
        exposure: of_node(unique_id, value),
        reason: gone.reason.clone(),
    }
}

fn of_kept(ids: &[Arc<str>], kept: &Kept) -> KeptFacts {
    let Existing { unique_id, value } = &kept.existing;
    let before = of_node(unique_id, value);
    let after = kept.after.as_ref().map(|new| of_new(ids, new));
    let reason = kept.reason.clone();
    match after {
        Some(exposure) => KeptFacts {
            exposure,
            reason,
            before: Some(before),
        },
        None => KeptFacts {
            exposure: before,
            reason,
            before: None,
        },
    }
}

/// An exposure as it is wanted.
fn of_new(ids: &[Arc<str>], new: &New) -> ExposureFacts {
    let Exposure { marker, owner, .. } = new.exposure.as_ref();
    let link = |dependency: &Dependency| LinkFacts {
        node: Arc::clone(&ids[dependency.node.0]),
        rule: dependency.rule.clone(),
        path: dependency.path.clone(),
    };
    let mut links = new
        .exposure
        .dependencies
        .iter()
        .map(link)
        .collect::<Vec<_>>();
    links.sort_by(|a, b| a.node.cmp(&b.node));
    ExposureFacts {
        unique_id: new.unique_id.clone(),
        name: new.exposure.name.clone(),
        label: new.exposure.label.clone(),
        luid: marker.luid.clone(),
        server: marker.site.server.clone(),
        site: marker.site.content_url.clone(),
        url: new.exposure.url.clone(),
        project: joined(&marker.project),
        owner: OwnerFacts {
            name: owner.name.clone(),
            email: owner.email.clone(),
        },
        complete: marker.is_complete,
        tags: new.exposure.tags.clone(),
        maturity: new.exposure.maturity.clone(),
        created_at: new.exposure.created_at,
        description: new.exposure.description.clone(),
        depends_on: links.iter().map(|link| Arc::clone(&link.node)).collect(),
        links,
    }
}

fn joined(project: &[String]) -> Option<String> {
    Some(project.join(" / ")).filter(|project| !project.is_empty())
}

/// An exposure as its JSON tells it, whoever wrote that.
fn of_node(unique_id: &str, node: &Value) -> ExposureFacts {
    let text = |pointer: &str| {
        node.pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let texts = |pointer: &str| {
        let list = node
            .pointer(pointer)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        list.filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let marker = Marker::of(node);
    let mut depends_on = texts("/depends_on/nodes")
        .into_iter()
        .map(Arc::from)
        .collect::<Vec<Arc<str>>>();
    depends_on.sort();
    let noted = [
        format!("/meta/{MARKER_KEY}/depends_on"),
        format!("/config/meta/{MARKER_KEY}/depends_on"),
    ];
    let noted = noted.iter().find_map(|pointer| node.pointer(pointer));
    let note = |id: &str, key: &str| {
        let note = noted.and_then(|noted| noted.get(id)?.get(key)?.as_str());
        Cow::Owned(note.unwrap_or_default().to_owned())
    };
    ExposureFacts {
        unique_id: unique_id.to_owned(),
        name: text("/name").unwrap_or_default(),
        label: title_of(node).map(str::to_owned),
        luid: marker
            .as_ref()
            .map(|marker| marker.luid.clone())
            .unwrap_or_default(),
        url: text("/url"),
        complete: marker.as_ref().is_none_or(|marker| marker.is_complete),
        server: marker
            .as_ref()
            .and_then(|marker| marker.site.server.clone()),
        site: marker
            .as_ref()
            .and_then(|marker| marker.site.content_url.clone()),
        project: marker.and_then(|marker| joined(&marker.project)),
        // dbt Core writes parts of seconds; Tableau has none.
        created_at: node
            .get("created_at")
            .and_then(Value::as_f64)
            .map(|seconds| seconds as i64),
        owner: OwnerFacts {
            name: text("/owner/name"),
            email: text("/owner/email").filter(|email| !email.is_empty()),
        },
        tags: texts("/tags"),
        maturity: text("/maturity"),
        description: text("/description").unwrap_or_default(),
        links: depends_on
            .iter()
            .map(|id| LinkFacts {
                node: Arc::clone(id),
                rule: note(id, "rule"),
                path: note(id, "path"),
            })
            .collect(),
        depends_on,
    }
}

/// A table of a workbook, unless it is linked.
fn of_unlinked(manifest: &Manifest, workbook: &Workbook, read: &WorkbookTable) -> Option<Unlinked> {
    let table = &read.table;
    let reason = table.not_linked(Adapter::from_name(&manifest.adapter))?;
    Some(Unlinked {
        workbook: workbook.name.clone().into_owned(),
        luid: workbook.luid.clone().into_owned(),
        table: table.shown.clone(),
        connection_type: table.connection.as_str().map(str::to_owned),
        database: table.database.clone(),
        outcome: table.outcome.kind(),
        reason,
        nearest: nearest(&manifest.nodes, &table.outcome),
        paths: read.paths.iter().map(ToString::to_string).collect(),
    })
}

fn of_twin(site: &Site, twin: &Twin) -> ManualFacts {
    let workbook = &site.workbooks[twin.workbook];
    ManualFacts {
        unique_id: twin.unique_id.clone(),
        workbook: workbook.name.clone().into_owned(),
        luid: workbook.luid.clone().into_owned(),
        by: twin.by,
        missing: twin.missing.clone(),
        extra: twin.extra.clone(),
    }
}

fn nearest(nodes: &[Node], outcome: &Outcome) -> Vec<Nearest> {
    let near = |node: NodeIx, difference: String| Nearest {
        unique_id: nodes[node].unique_id.clone().into_owned(),
        relation: nodes[node].typed.to_string(),
        difference,
    };
    match outcome {
        Outcome::Ambiguous { candidates } => candidates
            .iter()
            .map(|node| near(*node, "it fits".to_owned()))
            .collect(),
        Outcome::Unknown { nearest, .. } => nearest
            .iter()
            .map(|miss| near(miss.node, miss.difference.to_string()))
            .collect(),
        Outcome::Linked { .. }
        | Outcome::Hidden
        | Outcome::Unresolved(_)
        | Outcome::Unreadable(_)
        | Outcome::OtherPlatform
        | Outcome::NotWarehouse => Vec::new(),
    }
}
