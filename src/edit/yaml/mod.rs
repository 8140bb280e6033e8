//! Turns a plan into dbt's property files: the exposures that are wanted × the files that exist →
//! the files that change.
//!
//! `standing` reads what the files define now, in place of what the manifest says; `entry` is an
//! exposure in YAML, with `reference` for what it depends on and `jinja` for its texts; `group`
//! decides which file it stands in, and `rewrite` makes the new text of each file, line by line
//! (`file`, `lines`), with the `comments` inside of exposures. `shown` is what the audience of a run
//! gets to see of that.

mod comments;
mod entry;
mod file;
mod group;
mod jinja;
mod lines;
mod reference;
mod rewrite;
mod shown;
mod site;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use self::entry::Rendered;
pub use self::entry::Writer;
use self::file::File;
pub use self::group::Layout;
use self::rewrite::NewText;
pub use self::rewrite::Obstacle;
pub use self::shown::Shown;
use self::standing::SwitchedOff;
pub use self::standing::{Defined, defined};
use crate::input::property_file::{DefinedExposure, PropertyFile};
use crate::model::exposure::DesiredExposure;
use crate::model::{Code, Diagnostic, DisabledExposure, Failure};

const HELP: &str = "write the exposures of this file as a list of blocks, without anchors and tabs; or take those of autoexpose out of it, and the next run writes them elsewhere";

/// A file that changes.
#[derive(Debug)]
pub struct FileChange<'t> {
    /// Its path from the dbt project on, with `/`.
    pub path: String,
    /// Its text now; `None` if there is no such file.
    pub before: Option<&'t str>,
    /// Its new text; `None` if it is removed.
    pub after: Option<String>,
}

/// What a run changes.
#[derive(Debug, Default)]
pub struct Changes<'t> {
    /// The files that change, in the order of their paths.
    pub files: Vec<FileChange<'t>>,
    /// The comments inside exposures that go with them.
    pub lost_comments: Vec<LostComments>,
}

/// Comments that stand inside an exposure of ours and go with its lines.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LostComments {
    /// The file.
    pub path: String,
    /// The comments, each with its line from 1 on.
    pub comments: Vec<(usize, String)>,
    /// The name of the exposure.
    pub exposure: String,
}

/// The files that change so that they hold exactly the desired exposures of ours.
///
/// # Errors
/// Files that cannot be changed without touching what is not ours.
pub fn changes<'t>(
    files: &[PropertyFile<'t>],
    disabled: &[DisabledExposure],
    desired: &BTreeMap<String, DesiredExposure>,
    writer: &Writer,
    layout: &Layout,
) -> Result<Changes<'t>, Vec<Failure>> {
    let off = SwitchedOff::new(disabled);
    let files = files.iter().map(|file| File::new(file, &off));
    let files = files.collect::<Vec<_>>();
    let Wanted {
        by_name,
        lost_comments,
    } = Wanted::new(desired, writer, layout, &files).map_err(|failure| vec![failure])?;
    let mut by_path: BTreeMap<&str, BTreeMap<&str, &Rendered>> = BTreeMap::new();
    for (name, (path, entry)) in &by_name {
        by_path.entry(path).or_default().insert(name, entry);
    }
    Ok(Changes {
        files: changed_files(&files, &by_path)?,
        lost_comments,
    })
}

/// The files that change so that each holds what is wanted of ours in it.
fn changed_files<'t>(
    files: &[File<'_, 't>],
    wanted: &BTreeMap<&str, BTreeMap<&str, &Rendered>>,
) -> Result<Vec<FileChange<'t>>, Vec<Failure>> {
    let existing = files.iter().map(|file| (file.path(), file));
    let existing = existing.collect::<BTreeMap<_, _>>();
    let with_ours = existing.iter().filter(|(_, file)| !file.ours.is_empty());
    let paths = with_ours.map(|(path, _)| *path);
    let paths = paths.chain(wanted.keys().copied());
    let (mut changes, mut failures) = (Vec::new(), Vec::new());
    let none = BTreeMap::new();
    for path in paths.collect::<BTreeSet<_>>() {
        let file = existing.get(path).copied();
        let after = match rewrite::new_text(file, wanted.get(path).unwrap_or(&none)) {
            Ok(NewText::Same) => continue,
            Ok(NewText::Text(text)) => Some(text),
            Ok(NewText::Gone) => None,
            Err(obstacle) => {
                let message = format!("cannot be changed: {obstacle}");
                failures.push(Failure::new(path, message).help(HELP));
                continue;
            }
        };
        changes.push(FileChange {
            path: path.to_owned(),
            before: file.map(|file| file.file.text),
            after,
        });
    }
    if failures.is_empty() {
        Ok(changes)
    } else {
        Err(failures)
    }
}

/// The exposures that are wanted.
struct Wanted<'d> {
    /// Each by name, with the path of its file.
    by_name: BTreeMap<&'d str, (String, Rendered)>,
    /// The comments that go with lines of ours.
    lost_comments: Vec<LostComments>,
}

impl<'d> Wanted<'d> {
    fn new(
        desired: &'d BTreeMap<String, DesiredExposure>,
        writer: &Writer,
        layout: &Layout,
        files: &[File],
    ) -> Result<Self, Failure> {
        let mut standing = copies(files);
        let mut by_name = BTreeMap::new();
        let mut going = Vec::new();
        for desired in desired.values() {
            let exposure = &desired.exposure;
            let name = exposure.name.as_str();
            let entry = writer.render(exposure);
            let mut entry = entry.map_err(|error| Failure::new(exposure.unique_id(), error))?;
            let mut copies = standing.remove(name).unwrap_or_default();
            let path = layout.path(exposure, copies.first().map(|copy| copy.file.path()));
            copies.sort_by_key(|copy| copy.file.path() != path);
            let mut copies = copies.into_iter();
            if let Some(old) = copies.next()
                && (path != old.file.path() || entry.value != old.exposure().value)
            {
                match old.file.carry_comments(old.at, &entry.text) {
                    Some(text) => entry.text = text,
                    None => going.push(old),
                }
            }
            going.extend(copies);
            by_name.insert(name, (path, entry));
        }
        going.extend(standing.into_values().flatten());
        let lost = going.into_iter().map(LostComments::of);
        let mut lost_comments = lost
            .filter(|lost| !lost.comments.is_empty())
            .collect::<Vec<_>>();
        lost_comments.sort();
        Ok(Self {
            by_name,
            lost_comments,
        })
    }
}

/// An exposure of ours where it stands.
#[derive(Clone, Copy)]
struct Standing<'f, 't> {
    file: &'f File<'f, 't>,
    /// Its position in the file.
    at: usize,
}

impl<'f> Standing<'f, '_> {
    fn exposure(&self) -> &'f DefinedExposure {
        &self.file.file.exposures[self.at]
    }
}

/// Our exposures by name; somebody may have copied one.
fn copies<'f, 't>(files: &'f [File<'f, 't>]) -> BTreeMap<&'f str, Vec<Standing<'f, 't>>> {
    let mut copies: BTreeMap<&str, Vec<Standing>> = BTreeMap::new();
    for file in files {
        for (at, exposure) in file.ours() {
            let known = copies.entry(exposure.name.as_str()).or_default();
            known.push(Standing { file, at });
        }
    }
    copies
}

impl LostComments {
    fn of(standing: Standing) -> Self {
        Self {
            path: standing.file.path().to_owned(),
            comments: standing.file.comments(standing.at),
            exposure: standing.exposure().name.clone(),
        }
    }

    /// Tells it without the path, the comments and the name, which may say what is withheld.
    pub fn withheld(&self) -> Diagnostic {
        let message = "comments go with an exposure that is withheld, in which they stand";
        Diagnostic::new(Code::CommentsLost, "", message)
            .help("a comment above the dash of an exposure, no deeper than it, always stays")
    }

    /// Tells it; `path` leads to the file.
    pub fn diagnostic(&self, path: &str) -> Diagnostic {
        let (line, first) = self
            .comments
            .first()
            .map_or((0, ""), |(line, text)| (*line, text));
        let exposure = &self.exposure;
        let message = match self.comments.len() {
            1 => format!("the comment {first:?} goes with exposure {exposure}, in which it stands"),
            count => format!(
                "{count} comments, the first of them {first:?}, go with exposure {exposure}, in which they stand"
            ),
        };
        Diagnostic::new(Code::CommentsLost, format!("{path}:{line}"), message)
            .help("a comment above the dash of an exposure, no deeper than it, always stays")
    }
}
