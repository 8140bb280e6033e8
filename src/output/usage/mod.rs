//! The answer to what no workbook uses, in a form that every format can render.

pub mod sections;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Diagnostic, Site};
use crate::report::WorkbookFacts;
use crate::report::view::View;
use crate::settings::Settings;
use crate::usage::{
    self, Certainty, DirectKind, Doubts, Known, ProjectNode, Reader, Unread, UnreadKind,
};

/// What workbooks use of the projects, and what they do not.
#[derive(Debug)]
pub struct UsageAnswer {
    /// Each project.
    pub projects: Vec<ProjectAnswer>,
    /// The sources and staging models that workbooks read directly, by kind and id.
    pub direct: Vec<DirectAnswer>,
    /// The workbooks in which nothing has changed for long, in the order of their luids.
    pub stale: Vec<StaleAnswer>,
    /// How many days make a workbook stale.
    pub stale_after: u32,
    /// Of how many workbooks the export does not tell it.
    pub age_unknown: usize,
    /// What the export and the manifests leave open.
    pub certainty: Certainty,
    /// What else the user should know, sorted and without duplicates.
    pub diagnostics: Vec<Diagnostic>,
}

/// What workbooks use of one project.
#[derive(Debug)]
pub struct ProjectAnswer {
    /// Its name.
    pub name: String,
    /// How many models, seeds and snapshots a workbook reads, directly or through others.
    pub read: usize,
    /// Those that no workbook reads, in the order of [`usage::ProjectUsage`].
    pub unread: Vec<UnreadAnswer>,
}

/// A model, seed or snapshot that no workbook reads.
#[derive(Debug)]
pub struct UnreadAnswer {
    /// dbt's id.
    pub unique_id: String,
    /// Its file, from the folder of its project on.
    pub file: Option<String>,
    /// The package that defines it, if it is an installed one.
    pub package: Option<String>,
    /// What is known of it.
    pub kind: UnreadKind,
    /// Who else reads it, or something made of it.
    pub readers: Vec<String>,
    /// Whether these read something that is made of it, and not the node itself.
    pub is_read_through_others: bool,
    /// The workbooks that may read it all the same, or something made of it.
    pub doubts: Option<Doubts>,
    /// By how many steps models that no workbook reads are made of it.
    pub height: usize,
}

/// A source or staging model that workbooks read directly.
#[derive(Debug)]
pub struct DirectAnswer {
    /// What it is.
    pub kind: DirectKind,
    /// dbt's id.
    pub unique_id: String,
    /// The workbooks, in the order of their luids.
    pub workbooks: Vec<Arc<WorkbookFacts>>,
}

/// A workbook in which nothing has changed for long.
#[derive(Debug)]
pub struct StaleAnswer {
    /// The workbook.
    pub workbook: Arc<WorkbookFacts>,
    /// For how many days.
    pub days: i64,
    /// Whether the export tells when its extracts got new data.
    pub has_extract: bool,
}

/// The answer for these projects. A workbook is stale after so many days.
pub fn gather(
    projects: &[Known],
    site: &Site,
    settings: &Settings,
    stale_after: u32,
    diagnostics: Vec<Diagnostic>,
) -> UsageAnswer {
    let view = projects.first();
    let view = view.map(|known| View::new(known.project, site, &settings.exposure));
    let workbook = |at| view.as_ref().map(|view| Arc::new(view.workbook(at)));
    let usage = usage::unread(projects, site).into_iter().zip(projects);
    let answers = usage.map(|(usage, known)| ProjectAnswer {
        name: known.project.root_package.clone(),
        read: usage.read,
        unread: usage
            .unread
            .iter()
            .map(|one| unread(one, known, projects))
            .collect(),
    });
    let mut direct = BTreeMap::<_, Vec<_>>::new();
    for read in usage::direct_reads(projects) {
        let id = projects[read.project].graph[read.node].unique_id.as_ref();
        let workbooks = direct.entry((read.kind, id)).or_default();
        workbooks.extend(workbook(read.workbook));
    }
    let direct = direct.into_iter();
    let stale = usage::stale(site, stale_after);
    let answers_of_stale = stale.stale.iter().filter_map(|one| {
        Some(StaleAnswer {
            workbook: workbook(one.workbook)?,
            days: one.days,
            has_extract: one.refreshed_at.is_some(),
        })
    });
    UsageAnswer {
        projects: answers.collect(),
        direct: direct
            .map(|((kind, id), workbooks)| DirectAnswer {
                kind,
                unique_id: id.to_owned(),
                workbooks,
            })
            .collect(),
        stale: answers_of_stale.collect(),
        stale_after,
        age_unknown: stale.unknown,
        certainty: Certainty::new(projects, site),
        diagnostics,
    }
}

fn unread(one: &Unread, known: &Known, projects: &[Known]) -> UnreadAnswer {
    let node = &known.graph[one.node];
    let readers = one.readers.iter().map(|reader| match reader {
        Reader::Anybody => "every project, since its access is public".to_owned(),
        Reader::SemanticLayer => "the semantic layer, as its time spine".to_owned(),
        Reader::Node(at) => named(*at, known, projects),
        Reader::EarlierWorkbook(exposure) => format!(
            "workbook {:?} of an earlier export, which this one does not list",
            exposure.title.as_deref().unwrap_or(&exposure.name)
        ),
    });
    UnreadAnswer {
        unique_id: node.unique_id.to_string(),
        file: node.file.as_deref().map(str::to_owned),
        package: one.is_of_package.then(|| node.package.to_string()),
        kind: one.kind,
        readers: readers.collect(),
        is_read_through_others: one.is_read_through_others,
        doubts: one.doubts,
        height: one.height,
    }
}

/// The id of a node, and its project if that is another one.
fn named(at: ProjectNode, known: &Known, projects: &[Known]) -> String {
    let of = &projects[at.project];
    let id = &of.graph[at.node].unique_id;
    let project = &of.project.root_package;
    if *project == known.project.root_package {
        id.to_string()
    } else {
        format!("{id} of project {project}")
    }
}
