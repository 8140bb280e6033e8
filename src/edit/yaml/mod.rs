//! Turns a plan into dbt's property files: the exposures that are wanted × the files that exist →
//! the files that change.
//!
//! `standing` reads what the files define now, in place of what the manifest says; `entry` is an
//! exposure in YAML, with `reference` for what it depends on and `jinja` for its texts; `group`
//! decides which file it stands in, and `rewrite` makes the new text of each file.

mod entry;
mod group;
mod jinja;
mod lines;
mod reference;
mod rewrite;
mod site;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use self::entry::Rendered;
pub use self::entry::Writer;
pub use self::group::Layout;
use self::rewrite::NewText;
pub use self::rewrite::Obstacle;
use self::standing::SwitchedOff;
pub use self::standing::{Defined, defined};
use crate::input::property_file::PropertyFile;
use crate::model::exposure::DesiredExposure;
use crate::model::{DisabledExposure, Exposure, Failure};

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

/// The files that change so that they hold exactly the desired exposures of ours, in the order of their
/// paths.
///
/// # Errors
/// Files that cannot be changed without touching what is not ours.
pub fn changes<'t>(
    files: &[PropertyFile<'t>],
    disabled: &[DisabledExposure],
    desired: &BTreeMap<String, DesiredExposure>,
    writer: &Writer,
    layout: &Layout,
) -> Result<Vec<FileChange<'t>>, Vec<Failure>> {
    let off = SwitchedOff::new(disabled);
    let files = files.iter().map(|file| File::new(file, &off));
    let files = files.collect::<Vec<_>>();
    let rendered = rendered(desired, writer, layout, &files).map_err(|failure| vec![failure])?;
    let mut by_path: BTreeMap<&str, BTreeMap<&str, &Rendered>> = BTreeMap::new();
    for (name, (path, entry)) in &rendered {
        by_path.entry(path).or_default().insert(name, entry);
    }
    let existing = files.iter().map(|file| (file.file.path.as_str(), file));
    let existing = existing.collect::<BTreeMap<_, _>>();
    let with_ours = existing.iter().filter(|(_, file)| !file.ours.is_empty());
    let paths = with_ours
        .map(|(path, _)| *path)
        .chain(by_path.keys().copied());
    let (mut changes, mut failures) = (Vec::new(), Vec::new());
    let none = BTreeMap::new();
    for path in paths.collect::<BTreeSet<_>>() {
        let file = existing.get(path);
        let wanted = by_path.get(path).unwrap_or(&none);
        let ours = file.map_or(&[][..], |file| &file.ours);
        let after = match rewrite::new_text(file.map(|file| file.file), ours, wanted) {
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

/// A file, and which of its exposures are ours.
struct File<'f, 't> {
    file: &'f PropertyFile<'t>,
    ours: Vec<usize>,
}

impl<'f, 't> File<'f, 't> {
    fn new(file: &'f PropertyFile<'t>, off: &SwitchedOff) -> Self {
        let exposures = file.exposures.iter().enumerate();
        let ours = exposures.filter(|(_, exposure)| off.are_ours(exposure));
        Self {
            file,
            ours: ours.map(|(at, _)| at).collect(),
        }
    }
}

/// The desired exposures by name, each with the path of its file.
fn rendered<'d>(
    desired: &'d BTreeMap<String, DesiredExposure>,
    writer: &Writer,
    layout: &Layout,
    files: &[File],
) -> Result<BTreeMap<&'d str, (String, Rendered)>, Failure> {
    let mut current = BTreeMap::new();
    for File { file, ours } in files {
        for &at in ours {
            let name = file.exposures[at].name.as_str();
            current.entry(name).or_insert(file.path.as_str());
        }
    }
    let rendered = desired.values().map(|desired| {
        let exposure: &'d Exposure = &desired.exposure;
        let name = exposure.name.as_str();
        let path = layout.path(exposure, current.get(name).copied());
        let entry = writer.render(exposure);
        let entry = entry.map_err(|error| Failure::new(exposure.unique_id(), error))?;
        Ok((name, (path, entry)))
    });
    rendered.collect()
}
