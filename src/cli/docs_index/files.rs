//! The files of an index: read before anything is planned, and written together.

use std::path::{Path, PathBuf};

use super::super::leak::leak;
use super::super::new_files::{NewFile, NewFiles};
use super::super::paths::Paths;
use crate::edit::docs_index::{Change, EDGES, EXPOSURES, File, Files, Index, NODES, PROJECT};
use crate::io::content::Content;
use crate::io::max_size::MaxSize;
use crate::io::{name_of_input, read};
use crate::model::Failure;
use crate::output::printable;
use crate::pipeline::{self, Planned};

/// The folder beside an index that holds what dbt makes it from.
const SOURCE: &str = "metadata";

/// An index that was read.
pub(crate) struct DocsIndex {
    folder: PathBuf,
    index: Index,
    exposures: &'static Content,
    edges: &'static Content,
}

/// The new files of an index: complete, but not yet under their names.
pub(crate) struct NewIndex {
    files: NewFiles<'static>,
    /// What is said once they have their names, if there are any.
    line: Option<String>,
}

impl DocsIndex {
    /// Reads the index of the only project of a run.
    ///
    /// # Errors
    /// There are several projects, or what cannot be read.
    pub(crate) fn open(folder: &Path, paths: &Paths, limit: MaxSize) -> Result<Self, Vec<Failure>> {
        if paths.manifests.len() > 1 {
            return Err(vec![several_projects(folder)]);
        }
        if !folder.is_dir() {
            return Err(vec![not_a_folder(folder)]);
        }
        let files = [EXPOSURES, EDGES, NODES, PROJECT].map(|name| open(folder, name, limit));
        let failures = files.iter().filter_map(|file| file.as_ref().err().cloned());
        let failures = failures.collect::<Vec<_>>();
        let [Ok(exposures), Ok(edges), Ok(nodes), Ok(project)] = files else {
            return Err(failures);
        };
        let file = |(name, content): (&'static str, &'static Content)| File {
            name,
            bytes: content,
        };
        let index = Index::read(Files {
            exposures: file(exposures),
            edges: file(edges),
            nodes: file(nodes),
            project: file(project),
        });
        Ok(Self {
            folder: folder.to_owned(),
            index: index.map_err(|failure| vec![failure])?,
            exposures: exposures.1,
            edges: edges.1,
        })
    }

    /// The files that a run reads or changes, which it must not write anything else to.
    pub(crate) fn paths(&self) -> Vec<(String, PathBuf)> {
        let files = [EXPOSURES, EDGES, NODES, PROJECT].map(|name| self.folder.join(name));
        files
            .map(|path| ("a file of the docs index".to_owned(), path))
            .to_vec()
    }

    /// Makes the new files, and adds to what the plan tells what there is to tell of the index. Unless
    /// they shall be written, nothing is.
    ///
    /// # Errors
    /// The index is not of this project, or not as dbt is known to write it; or a file cannot be
    /// written.
    pub(crate) fn complete(
        &self,
        planned: &mut Planned,
        is_written: bool,
    ) -> Result<NewIndex, Vec<Failure>> {
        let change = pipeline::docs_index_change(&planned.linked, planned.plan, &self.index);
        let Change {
            exposures,
            edges,
            diagnostics,
        } = change.map_err(|failure| vec![failure])?;
        planned.diagnostics.extend(diagnostics);
        // The edges get their name first. Should anything stop the run between the two, the next one
        // finds the exposures as they were, and with them all rows that are ours.
        let new = [
            (EDGES, self.edges, edges),
            (EXPOSURES, self.exposures, exposures),
        ];
        let new = new.into_iter().filter_map(|(name, old, new)| {
            let new: &'static Vec<u8> = leak(new.filter(|_| is_written)?);
            let path = self.folder.join(name);
            Some(NewFile {
                path,
                old: Some(old),
                new: Some(new),
            })
        });
        let new = new.collect::<Vec<_>>();
        Ok(NewIndex {
            line: written(&new, &self.folder),
            files: NewFiles::complete(new)?,
        })
    }
}

/// Reads a file of the index. Name and content are leaked, see [`leak`].
fn open(
    folder: &Path,
    name: &str,
    limit: MaxSize,
) -> Result<(&'static str, &'static Content), Failure> {
    let path = folder.join(name);
    if !path.exists() {
        let message = format!("{name} is missing, so this is not an index of dbt 2");
        return Err(Failure::new(folder.display().to_string(), message).help(WRITE_INDEX));
    }
    let content = read(&path, limit)?;
    let name: &'static String = leak(name_of_input(&path));
    Ok((name, leak(content)))
}

/// How an index comes about.
const WRITE_INDEX: &str = "dbt 2 writes it to target/index with `--write-index`";

fn not_a_folder(folder: &Path) -> Failure {
    let message = if folder.exists() {
        "this is not a folder, and the index of dbt 2 is one"
    } else {
        "this folder does not exist"
    };
    Failure::new(folder.display().to_string(), message).help(WRITE_INDEX)
}

fn several_projects(folder: &Path) -> Failure {
    let message = "an index is of one dbt project, and several manifests are given";
    Failure::new(folder.display().to_string(), message)
        .help("run `autoexpose patch --docs-index` once for each project, with its manifest")
}

impl NewIndex {
    /// Puts the files under their names; a line on what was written, if anything was.
    ///
    /// # Errors
    /// A file cannot be replaced, or is no longer the one that was read.
    pub(crate) fn publish(self) -> Result<Option<String>, Vec<Failure>> {
        self.files.publish()?;
        Ok(self.line)
    }
}

/// The line about written files: who shows the exposures, and how long they last.
fn written(files: &[NewFile], folder: &Path) -> Option<String> {
    let names = files.iter().map(|file| file.path.display().to_string());
    let names = names.collect::<Vec<_>>().join(" and ");
    let until = until(folder);
    let line = format!("wrote {names}: the docs of dbt 2 show the exposures; {until}");
    (!files.is_empty()).then(|| printable(&line))
}

/// What takes the exposures out of an index again.
fn until(folder: &Path) -> String {
    let has_source = folder.join("..").join(SOURCE).is_dir();
    let source = folder.with_file_name(SOURCE);
    if has_source {
        format!(
            "`dbt docs serve` and the next `--write-index` write the index again from {}, so serve or publish a copy without that folder",
            source.display()
        )
    } else {
        "the next `--write-index` writes the index again without them, so patch last".to_owned()
    }
}
