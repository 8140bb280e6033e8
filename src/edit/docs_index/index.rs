//! Which rows of the index go, and which come.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Value, json};

use super::column::columns;
use super::fields::{
    CHILD, CONFIG, EDGE_TYPE, FILE, INGESTED_AT, NEEDED_OF_EDGES, NEEDED_OF_EXPOSURES, OF_EDGES,
    OF_EXPOSURES, PROJECT_NAME, UNIQUE_ID,
};
use super::rewrite::{Rows, rewrite};
use super::table::{File, Table};
use crate::edit::{Covered, Shaper};
use crate::input::manifest::{self, Manifest};
use crate::model::exposure::DesiredExposure;
use crate::model::listing::first_few;
use crate::model::{Code, Diagnostic, Failure, Marker, StandingExposure};

/// The file of the table of exposures.
pub const EXPOSURES: &str = "dbt.exposures.parquet";
/// The file of the table of what reads what.
pub const EDGES: &str = "dbt.edges.parquet";
/// The file of the table of models, sources and the like.
pub const NODES: &str = "dbt.nodes.parquet";
/// The file of the table that says whose index it is.
pub const PROJECT: &str = "dbt.project.parquet";

/// The files of the index that are read.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// [`EXPOSURES`].
    pub exposures: File<'a>,
    /// [`EDGES`].
    pub edges: File<'a>,
    /// [`NODES`].
    pub nodes: File<'a>,
    /// [`PROJECT`].
    pub project: File<'a>,
}

/// An index that was read.
pub struct Index {
    exposures: Table,
    edges: Table,
    nodes: HashSet<String>,
    project: String,
    project_file: String,
    /// In microseconds since 1970.
    ingested_at: i64,
}

/// What the index shall say of our exposures.
#[derive(Clone, Copy)]
pub struct Wanted<'w> {
    /// The manifest of the project.
    pub manifest: &'w Manifest<'w>,
    /// Every owned exposure that the patched manifest contains, by id.
    pub desired: &'w BTreeMap<String, DesiredExposure>,
    /// The ids of the exposures that the plan removes.
    pub removed: &'w BTreeSet<&'w str>,
    /// Whether the audience of the run may see what an exposure of ours covers.
    pub may_show: &'w dyn Fn(&Marker) -> bool,
}

/// The files that change, and what there is to tell.
pub struct Change {
    /// The new bytes of [`EXPOSURES`]; `None` if it stays as it is.
    pub exposures: Option<Vec<u8>>,
    /// The new bytes of [`EDGES`]; `None` if it stays as it is.
    pub edges: Option<Vec<u8>>,
    /// Where the index is not of the same run of dbt as the manifest, and what is kept.
    pub diagnostics: Vec<Diagnostic>,
}

impl Index {
    /// Reads the files.
    ///
    /// # Errors
    /// What is not an index of dbt 2 as far as it is known.
    pub fn read(files: Files) -> Result<Self, Failure> {
        let project = Table::open(&files.project)?;
        let names = project.texts(PROJECT_NAME)?.into_iter().flatten();
        let name = names.flatten().next();
        let unnamed = || project.other_form("it does not name the project");
        let nodes = Table::open(&files.nodes)?.texts(UNIQUE_ID)?;
        Ok(Self {
            exposures: Table::open(&files.exposures)?,
            edges: Table::open(&files.edges)?,
            nodes: nodes.into_iter().flatten().flatten().collect(),
            project: name.ok_or_else(unnamed)?,
            project_file: files.project.name.to_owned(),
            ingested_at: project.first_number(INGESTED_AT)?,
        })
    }

    /// The files after which the index has exactly the desired exposures of ours, but for those that
    /// dbt has written itself, and those of ours of which this run knows nothing.
    ///
    /// # Errors
    /// The index is of another project, or it is damaged, or of a form that is not known.
    pub fn change(&self, wanted: &Wanted) -> Result<Change, Failure> {
        let project = &wanted.manifest.project.root_package;
        if self.project != *project {
            return Err(self.of_another_project(project));
        }
        let standing = Standing::read(&self.exposures, project)?;
        let fates = standing.fates(wanted);
        let new = wanted.desired.iter();
        let new = new.filter(|(id, _)| !standing.by_dbt.contains(*id));
        let new = new.collect::<Vec<_>>();
        let shaper = Shaper::new(wanted.manifest);
        let rows = new
            .iter()
            .map(|(_, one)| shaper.render(&one.exposure).to_value());
        let rows = rows.collect::<Vec<_>>();
        let of_exposures = columns(&self.exposures, OF_EXPOSURES, NEEDED_OF_EXPOSURES)?;
        let of_edges = columns(&self.edges, OF_EDGES, NEEDED_OF_EDGES)?;
        let ids = new.iter().map(|(id, _)| id.as_str());
        let replaced = fates.gone.iter().copied().chain(ids).collect();
        let exposures = Rows {
            stays: fates.stays,
            new: &rows,
            ingested_at: self.ingested_at,
        };
        let edges = Rows {
            stays: self.edges_that_stay(&replaced)?,
            new: &edges(&rows),
            ingested_at: self.ingested_at,
        };
        let diagnostics = [
            self.nodes_missing(&edges),
            self.written_by_dbt(wanted, &standing),
            self.kept(&fates.kept),
        ];
        Ok(Change {
            exposures: rewrite(&self.exposures, &of_exposures, &exposures)?,
            edges: rewrite(&self.edges, &of_edges, &edges)?,
            diagnostics: diagnostics.into_iter().flatten().collect(),
        })
    }

    fn of_another_project(&self, project: &str) -> Failure {
        let message = format!(
            "this index is of project {}, and the manifest is of project {project}",
            self.project
        );
        Failure::new(&self.project_file, message)
            .help("nothing was written; give the index that dbt wrote together with the manifest")
    }

    /// Whether each edge stays: it does unless it leads to one of these exposures.
    fn edges_that_stay(&self, replaced: &HashSet<&str>) -> Result<Vec<Vec<bool>>, Failure> {
        let children = self.edges.texts(CHILD)?;
        let stays = |child: &Option<String>| {
            let child = child.as_deref();
            !child.is_some_and(|child| replaced.contains(child))
        };
        let groups = children.iter();
        Ok(groups
            .map(|group| group.iter().map(stays).collect())
            .collect())
    }

    /// Tells of nodes that workbooks read and the index does not have.
    fn nodes_missing(&self, edges: &Rows) -> Option<Diagnostic> {
        let parents = edges.new.iter().filter_map(|edge| edge["parent"].as_str());
        let missing = parents.filter(|parent| !self.nodes.contains(*parent));
        let missing = missing.collect::<BTreeSet<_>>();
        let count = missing.len();
        let listed = first_few(count, missing.into_iter().map(str::to_owned));
        (count > 0).then(|| {
            self.behind(format!(
                "the index does not have nodes that workbooks read, so the docs do not show these links: {listed}"
            ))
        })
    }

    /// Tells of exposures that dbt has written into the index and not into the manifest.
    fn written_by_dbt(&self, wanted: &Wanted, standing: &Standing) -> Option<Diagnostic> {
        let both = wanted.desired.keys();
        let both = both.filter(|id| standing.by_dbt.contains(*id));
        let both = both.cloned().collect::<Vec<_>>();
        let listed = first_few(both.len(), both.iter().cloned());
        (!both.is_empty()).then(|| {
            self.behind(format!(
                "dbt itself has written exposures into the index that the manifest does not have from dbt, and they stay as they are: {listed}"
            ))
        })
    }

    fn behind(&self, message: String) -> Diagnostic {
        Diagnostic::new(Code::DocsDiffer, &self.project_file, message).help(
            "the index is of another run of dbt than the manifest: let dbt write both again, with `--write-index`",
        )
    }

    /// Tells of exposures of ours in the index of which this run knows nothing.
    fn kept(&self, kept: &[&str]) -> Option<Diagnostic> {
        let listed = first_few(kept.len(), kept.iter().map(|id| (*id).to_owned()));
        (!kept.is_empty()).then(|| {
            let message = format!(
                "exposures of an earlier run are kept in the index, since this run does not compare with that one, and nothing proves that their workbooks are gone: {listed}"
            );
            Diagnostic::new(Code::DocsKept, &self.project_file, message).help(
                "give the manifest of that run with `--state`, or let dbt write the index again, with `--write-index`",
            )
        })
    }
}

/// The exposures that the index has.
struct Standing {
    /// By row group and row; `None` for those that are not ours.
    ours: Vec<Vec<Option<StandingExposure>>>,
    /// The ids of the others, which dbt has written.
    by_dbt: HashSet<String>,
}

/// What becomes of the rows of the index.
struct Fates<'s> {
    /// Whether each row stays, by row group.
    stays: Vec<Vec<bool>>,
    /// The ids of the rows that go.
    gone: Vec<&'s str>,
    /// The ids of rows of ours that stay.
    kept: Vec<&'s str>,
}

impl Standing {
    fn read(table: &Table, project: &str) -> Result<Self, Failure> {
        let ids = table.texts(UNIQUE_ID)?;
        let (files, configs) = (table.texts(FILE)?, table.texts(CONFIG)?);
        let mut by_dbt = HashSet::new();
        let groups = ids.into_iter().zip(files).zip(configs);
        let groups = groups.map(|((ids, files), configs)| {
            let rows = ids.into_iter().zip(files).zip(configs);
            let rows = rows.map(|((id, file), config)| {
                let id = id.unwrap_or_default();
                let ours = ours(&id, file, config.as_deref(), project);
                by_dbt.extend(ours.is_none().then_some(id));
                ours
            });
            rows.collect()
        });
        Ok(Self {
            ours: groups.collect(),
            by_dbt,
        })
    }

    /// A row of ours goes if the plan removes its exposure, or if another row comes for it or for its
    /// workbook. What this run does not know of is kept: without evidence nothing goes.
    fn fates(&self, wanted: &Wanted) -> Fates<'_> {
        let covered = Covered::new(wanted.desired, wanted.removed, wanted.may_show);
        let goes = |exposure: &StandingExposure| {
            covered.goes(exposure) || self.by_dbt.contains(&exposure.unique_id)
        };
        let mut fates = Fates {
            stays: Vec::new(),
            gone: Vec::new(),
            kept: Vec::new(),
        };
        for group in &self.ours {
            let stays = group.iter().map(|row| {
                let Some(exposure) = row else {
                    return true;
                };
                let goes = goes(exposure);
                let list = if goes {
                    &mut fates.gone
                } else {
                    &mut fates.kept
                };
                list.push(exposure.unique_id.as_str());
                !goes
            });
            fates.stays.push(stays.collect());
        }
        // The edges to an exposure that dbt has written as well are dbt's.
        fates.gone.retain(|id| !self.by_dbt.contains(*id));
        fates
    }
}

/// The exposure of a row, if it is ours. What makes an exposure ours is the same as in a manifest.
fn ours(
    id: &str,
    file: Option<String>,
    config: Option<&str>,
    project: &str,
) -> Option<StandingExposure> {
    let config = serde_json::from_str::<Value>(config?).ok()?;
    let row = json!({"config": config, "original_file_path": file});
    let standing = manifest::standing(vec![(id.to_owned(), row)], project);
    standing.into_iter().find(StandingExposure::is_ours)
}

/// The edges of exposures, sorted by the exposure and then as they depend.
fn edges(exposures: &[Value]) -> Vec<Value> {
    let edges = exposures.iter().flat_map(|exposure| {
        let parents = exposure.pointer("/depends_on/nodes");
        let parents = parents.and_then(Value::as_array).into_iter().flatten();
        parents.map(
            |parent| json!({"parent": parent, "child": exposure["unique_id"], "type": EDGE_TYPE}),
        )
    });
    edges.collect()
}
