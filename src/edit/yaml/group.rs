//! Which file each exposure stands in.

use sha2::{Digest, Sha256};

use crate::model::Exposure;
use crate::settings::GroupBy;

/// The file of all exposures, and of those whose project is not known.
const ONE_FILE: &str = "tableau";
/// The length to which the readable part of a file's name is cut, in bytes.
const LONGEST: usize = 100;
/// The hex digits behind it.
const DIGITS: usize = 8;

/// Where exposures are written.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The folder of the files, from the dbt project on, with `/`.
    pub folder: String,
    /// Which exposures share a file.
    pub group_by: GroupBy,
}

impl Layout {
    /// The path of the file of an exposure. `current` is the file that it stands in: it stays there if
    /// its project is asked for and not known. One that is withheld does not, since the file may have the
    /// name of its project.
    pub(super) fn path(&self, exposure: &Exposure, current: Option<&str>) -> String {
        let project = &exposure.marker.project;
        let name = match (self.group_by, current) {
            (GroupBy::Workbook, _) => short(&exposure.name),
            (GroupBy::Project, Some(current)) if project.is_empty() && !exposure.is_withheld => {
                return current.to_owned();
            }
            (GroupBy::Project, _) if !project.is_empty() => of_project(exposure),
            (GroupBy::All | GroupBy::Project, _) => ONE_FILE.to_owned(),
        };
        format!("{}/{name}.yml", self.folder)
    }
}

/// The name of the file of a project: readable, and with digits that tell projects of similar names
/// apart.
fn of_project(exposure: &Exposure) -> String {
    let slugs = exposure.folders.iter().skip(1).map(String::as_str);
    let mut name = slugs.collect::<Vec<_>>().join("_");
    name.truncate(LONGEST);
    with_digits(&name, &exposure.marker.project.join("\n"))
}

/// The name of an exposure, or as much of it as a file name may have.
fn short(name: &str) -> String {
    if name.len() <= 2 * LONGEST {
        return name.to_owned();
    }
    with_digits(name.get(..LONGEST).unwrap_or(ONE_FILE), name)
}

/// A name with digits of what it stands for.
fn with_digits(name: &str, of: &str) -> String {
    let hash = Sha256::digest(of);
    let digits = hash.iter().map(|byte| format!("{byte:02x}"));
    let digits = digits.collect::<String>();
    let name = if name.is_empty() { ONE_FILE } else { name };
    format!("{name}_{}", &digits[..DIGITS])
}
