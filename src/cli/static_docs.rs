//! The pages of dbt docs that `patch` changes together with the manifests.

use std::path::PathBuf;

use super::leak::leak;
use crate::input::static_docs::Page;
use crate::io::content::Content;
use crate::io::max_size::MaxSize;
use crate::io::write::{CompleteFile, PendingFile, Published};
use crate::io::{is_dash, is_same_file, name_of_input, read};
use crate::model::Failure;
use crate::pipeline::Planned;
use crate::pipeline::static_docs::ReadPage;

/// The pages, opened.
pub(super) struct Pages(Vec<(PathBuf, &'static Content)>);

/// A page that is to be changed: complete, but not yet under its name.
pub(super) struct NewPage {
    path: PathBuf,
    /// `None` if it has the exposures already, or nothing is written in this run.
    complete: Option<CompleteFile>,
}

impl Pages {
    /// Reads the files of pages.
    pub(super) fn open(paths: &[PathBuf], limit: MaxSize) -> Result<Self, Vec<Failure>> {
        let pages = paths.iter().enumerate().map(|(at, path)| {
            if paths[..at].iter().any(|other| is_same_file(other, path)) {
                let message = "this page is given twice";
                return Err(Failure::new(name_of_input(path), message)
                    .help("give each page once with `--static-docs`"));
            }
            if is_dash(path) {
                let message = "a page from here cannot be changed in place";
                return Err(Failure::new(name_of_input(path), message)
                    .help("give the file with `--static-docs`"));
            }
            Ok((path.clone(), leak(read(path, limit)?)))
        });
        Failure::all(pages.map(alone)).map(Self)
    }

    /// What they are, in words, and their paths.
    pub(super) fn paths(&self) -> Vec<(String, PathBuf)> {
        let paths = self.0.iter().map(|(path, _)| path.clone());
        let named = paths.map(|path| ("a page of `--static-docs`".to_owned(), path));
        named.collect()
    }

    /// Writes the exposures of each project into its pages, and adds what is to be told of them.
    pub(super) fn complete(
        &self,
        planned: &mut [Planned<'static, 'static>],
        is_written: bool,
    ) -> Result<Vec<NewPage>, Vec<Failure>> {
        let pages = self.0.iter().map(|(path, content)| {
            let name = leak(name_of_input(path));
            let mut page = ReadPage::read(leak(Page::find(name, content)?))?;
            let at = page.project(planned.iter().map(|one| one.linked.project))?;
            let Planned { linked, plan, .. } = &planned[at];
            let (edits, told) = page.edit(linked.project, plan);
            let told = page.diagnostics.iter().cloned().chain(told);
            planned[at].diagnostics.extend(told);
            let is_changed = is_written && !edits.is_empty();
            let pending = is_changed.then(|| PendingFile::begin(path, content));
            let complete = pending.map(|pending| pending?.complete(&page.new_text(&edits)));
            Ok(NewPage {
                path: path.clone(),
                complete: complete.transpose()?,
            })
        });
        Failure::all(pages.map(alone))
    }
}

impl NewPage {
    /// Puts the page under its name; its path and how it was written, if it changes.
    pub(super) fn publish(self) -> Result<Option<(PathBuf, Published)>, Failure> {
        let published = self.complete.map(CompleteFile::publish).transpose()?;
        Ok(published.map(|published| (self.path, published)))
    }
}

/// A result with its only failure as one of several.
fn alone<T>(result: Result<T, Failure>) -> Result<T, Vec<Failure>> {
    result.map_err(|failure| vec![failure])
}
