//! What there is to tell of a run, in a form that every format can render.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::input::manifest::{Existing, Manifest};
use crate::link::{Links, Outcome, TableOutcome};
use crate::model::exposure::MARKER_KEY;
use crate::model::{Diagnostic, Marker, Node, Site, Workbook};
use crate::plan::delta::Changed;
use crate::plan::wanted::is_selected;
use crate::plan::{Plan, Stayed};

/// A run, told.
#[derive(Debug)]
pub struct Report {
    /// The manifest.
    pub manifest: ManifestFacts,
    /// New exposures.
    pub added: Vec<ExposureFacts>,
    /// Exposures that are different now.
    pub changed: Vec<BeforeAfter>,
    /// Exposures whose workbook has another title.
    pub renamed: Vec<BeforeAfter>,
    /// Exposures that go, with the reason.
    pub removed: Vec<WithReason>,
    /// Exposures of ours that stay as they are although this run does not want them.
    pub kept: Vec<WithReason>,
    /// How many exposures are as wanted.
    pub unchanged: usize,
    /// Whether exposures of ours stood in the manifest before.
    pub has_baseline: bool,
    /// How many tables came to each outcome, counted once for each workbook.
    pub tables: BTreeMap<&'static str, usize>,
    /// Counts of workbooks.
    pub workbooks: WorkbookCounts,
    /// Every table of a workbook that is not linked.
    pub unlinked: Vec<Unlinked>,
    /// What each export proves.
    pub export: Vec<ExportFacts>,
    /// What else there is to say.
    pub diagnostics: Vec<Diagnostic>,
}

/// The manifest of a run.
#[derive(Debug, Serialize)]
pub struct ManifestFacts {
    /// Its path as given.
    pub path: String,
    /// The version of dbt that wrote it.
    pub dbt_version: Option<String>,
    /// The adapter.
    pub adapter: Option<String>,
    /// The root project.
    pub project: String,
    /// How many of its nodes have a relation.
    pub relations: usize,
}

/// An exposure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExposureFacts {
    /// dbt's id.
    pub unique_id: String,
    /// Its name.
    pub name: String,
    /// The workbook's title.
    pub label: Option<String>,
    /// The workbook's id.
    pub luid: String,
    /// Where the workbook opens.
    pub url: Option<String>,
    /// The workbook's project, as a path as far as it is known.
    pub project: Option<String>,
    /// The owner.
    pub owner: OwnerFacts,
    /// Tags.
    pub tags: Vec<String>,
    /// The description, in which nothing is active.
    pub description: String,
    /// Whether everything that it reads could be named.
    #[serde(skip)]
    pub is_complete: bool,
    /// The ids of the nodes that it reads, sorted.
    pub depends_on: Vec<String>,
    /// Why each of these is there.
    pub links: Vec<LinkFacts>,
}

/// An owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerFacts {
    /// A name to show.
    pub name: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

/// Why an exposure depends on a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkFacts {
    /// The node's id.
    pub node: String,
    /// The rule that drew the link.
    pub rule: String,
    /// How the workbook gets at the table.
    pub path: String,
}

/// An exposure before and after.
#[derive(Debug, Serialize)]
pub struct BeforeAfter {
    /// The exposure as it is wanted.
    #[serde(flatten)]
    pub after: ExposureFacts,
    /// As it stood.
    #[serde(rename = "before")]
    pub before: ExposureFacts,
    /// As it is wanted, once more for scripts that read both sides alike.
    #[serde(rename = "after")]
    pub after_again: ExposureFacts,
}

/// An exposure and a reason.
#[derive(Debug, Serialize)]
pub struct WithReason {
    /// The exposure.
    #[serde(flatten)]
    pub exposure: ExposureFacts,
    /// Why it is removed or kept.
    pub reason: String,
}

/// Counts of workbooks.
#[derive(Debug, Default, Serialize)]
pub struct WorkbookCounts {
    /// In the export, also those without luid.
    pub read: usize,
    /// Looked at.
    pub selected: usize,
    /// With at least one link.
    pub linked: usize,
    /// Of which not everything that they read is known.
    pub incomplete: usize,
    /// Without luid.
    pub unidentified: usize,
}

/// A table of a workbook that is not linked.
#[derive(Debug, Serialize)]
pub struct Unlinked {
    /// The workbook's title.
    pub workbook: String,
    /// The workbook's id.
    pub luid: String,
    /// The table as Tableau names it.
    pub table: String,
    /// Its connection type.
    pub connection_type: Option<String>,
    /// What became of it.
    pub outcome: &'static str,
    /// Why.
    pub detail: String,
    /// Relations that nearly fit.
    pub nearest: Vec<Nearest>,
    /// How the workbook gets at it.
    pub paths: Vec<String>,
}

/// A relation that nearly fits, or one of several that fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Nearest {
    /// The node's id.
    pub unique_id: String,
    /// Its relation.
    pub relation: String,
    /// What keeps it from fitting.
    pub difference: String,
}

/// What one export proves.
#[derive(Debug, Serialize)]
pub struct ExportFacts {
    /// The server, if known.
    pub server: Option<String>,
    /// The site's content URL, if known.
    pub site: Option<String>,
    /// Whether it surely lists every workbook.
    pub complete: bool,
    /// Why not.
    pub reasons: Vec<String>,
}

/// Gathers what there is to tell.
pub fn report(
    file: &str,
    manifest: &Manifest,
    site: &Site,
    links: &Links,
    plan: &Plan,
    mut diagnostics: Vec<Diagnostic>,
) -> Report {
    diagnostics.sort();
    let selected = site
        .workbooks
        .iter()
        .zip(&links.workbooks)
        .filter(|(workbook, _)| is_selected(workbook))
        .collect::<Vec<_>>();
    let mut tables = Outcome::NAMES
        .map(|name| (name, 0))
        .into_iter()
        .collect::<BTreeMap<_, _>>();
    let mut workbooks = WorkbookCounts {
        read: site.workbooks.len() + site.unidentified,
        selected: selected.len(),
        unidentified: site.unidentified,
        ..WorkbookCounts::default()
    };
    let mut unlinked = Vec::new();
    for (workbook, links) in selected {
        let is_linked = |table: &&TableOutcome| matches!(table.outcome, Outcome::Linked { .. });
        workbooks.linked += usize::from(links.tables.iter().any(|table| is_linked(&table)));
        workbooks.incomplete += usize::from(!links.is_complete() || !workbook.doubts.is_empty());
        for table in &links.tables {
            *tables.entry(table.outcome.name()).or_default() += 1;
        }
        unlinked.extend(
            links
                .tables
                .iter()
                .filter(|table| !is_linked(table))
                .map(|table| of_unlinked(manifest, workbook, table)),
        );
    }
    Report {
        manifest: facts(file, manifest),
        added: plan
            .added
            .iter()
            .map(|new| of_node(&new.unique_id, &new.node))
            .collect(),
        changed: plan.changed.iter().map(before_after).collect(),
        renamed: plan.renamed.iter().map(before_after).collect(),
        removed: plan.removed.iter().map(with_reason).collect(),
        kept: plan.kept.iter().map(with_reason).collect(),
        unchanged: plan.unchanged.len(),
        has_baseline: manifest
            .exposures
            .iter()
            .any(|existing| Marker::of(&existing.value).is_some()),
        tables,
        workbooks,
        unlinked,
        export: site
            .evidence
            .iter()
            .map(|evidence| ExportFacts {
                server: evidence.site.server.clone(),
                site: evidence.site.content_url.clone(),
                complete: evidence.is_complete(),
                reasons: evidence.doubts.clone(),
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

fn before_after(changed: &Changed) -> BeforeAfter {
    let Existing { unique_id, value } = &changed.before;
    let after = of_node(&changed.after.unique_id, &changed.after.node);
    BeforeAfter {
        before: of_node(unique_id, value),
        after_again: after.clone(),
        after,
    }
}

fn with_reason(stayed: &Stayed) -> WithReason {
    WithReason {
        exposure: of_node(&stayed.existing.unique_id, &stayed.existing.value),
        reason: stayed.reason.clone(),
    }
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
    let mut depends_on = texts("/depends_on/nodes");
    depends_on.sort();
    let noted = [
        format!("/meta/{MARKER_KEY}/depends_on"),
        format!("/config/meta/{MARKER_KEY}/depends_on"),
    ];
    let noted = noted.iter().find_map(|pointer| node.pointer(pointer));
    let note = |id: &str, key: &str| {
        noted
            .and_then(|noted| noted.get(id)?.get(key)?.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    ExposureFacts {
        unique_id: unique_id.to_owned(),
        name: text("/name").unwrap_or_default(),
        label: text("/label"),
        luid: marker
            .as_ref()
            .map(|marker| marker.luid.clone())
            .unwrap_or_default(),
        url: text("/url"),
        is_complete: marker.as_ref().is_none_or(|marker| marker.is_complete),
        project: marker
            .map(|marker| marker.project.join(" / "))
            .filter(|project| !project.is_empty()),
        owner: OwnerFacts {
            name: text("/owner/name"),
            email: text("/owner/email").filter(|email| !email.is_empty()),
        },
        tags: texts("/tags"),
        description: text("/description").unwrap_or_default(),
        links: depends_on
            .iter()
            .map(|id| LinkFacts {
                node: id.clone(),
                rule: note(id, "rule"),
                path: note(id, "path"),
            })
            .collect(),
        depends_on,
    }
}

fn of_unlinked(manifest: &Manifest, workbook: &Workbook, table: &TableOutcome) -> Unlinked {
    Unlinked {
        workbook: workbook.name.clone().into_owned(),
        luid: workbook.luid.clone().into_owned(),
        table: table.shown.clone(),
        connection_type: table.connection.as_str().map(str::to_owned),
        outcome: table.outcome.name(),
        detail: detail(manifest, table),
        nearest: nearest(&manifest.nodes, &table.outcome),
        paths: table.paths.iter().map(ToString::to_string).collect(),
    }
}

/// Why a table is not linked.
fn detail(manifest: &Manifest, table: &TableOutcome) -> String {
    let connection = table.connection.as_str().unwrap_or("of unknown type");
    match &table.outcome {
        Outcome::Linked { .. } => String::new(),
        Outcome::Ambiguous { candidates } => format!("{} nodes fit equally well", candidates.len()),
        Outcome::Unknown {
            reason: Some(reason),
            ..
        } => reason.clone(),
        Outcome::Unknown { reason: None, .. } => "no relation of the project fits".to_owned(),
        Outcome::Hidden => "the token that made the export may not see it".to_owned(),
        Outcome::Unresolved => "it is mentioned, and the export does not hold it".to_owned(),
        Outcome::NotWarehouse => format!("a connection {connection} reads no warehouse table"),
        Outcome::OtherPlatform => format!(
            "a connection {connection} does not reach {}",
            manifest.adapter
        ),
        Outcome::Unreadable(reason) => reason.clone(),
    }
}

fn nearest(nodes: &[Node], outcome: &Outcome) -> Vec<Nearest> {
    let near = |node: usize, difference: String| Nearest {
        unique_id: nodes[node].unique_id.clone().into_owned(),
        relation: nodes[node]
            .relation
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
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
        _ => Vec::new(),
    }
}
