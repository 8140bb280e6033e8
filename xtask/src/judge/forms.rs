//! Every manifest of `fixtures/dbt` as it is, patched, patched again, and broken.
//!
//! The real program patches, as a user would let it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use autoexpose::input::manifest::{self, Manifest};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::export::{self, Moment};
use super::proof;
use crate::failure::{Result, Trying};
use crate::repository::run_quietly;

/// What was done to a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// As dbt wrote it. A judge that refuses this one cannot judge the others.
    Unpatched,
    /// With exposures of ours.
    Patched,
    /// Patched again, after renames, removals and other dependencies.
    Repatched,
    /// Patched, but with a wrong field. A judge that accepts this one is blind.
    Broken,
}

impl Form {
    /// All forms, in the order in which they are judged.
    pub(super) const ALL: [Self; 4] = [
        Self::Unpatched,
        Self::Patched,
        Self::Repatched,
        Self::Broken,
    ];

    /// The form with a name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == name)
    }

    /// Its name, which is also that of its folder.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unpatched => "unpatched",
            Self::Patched => "patched",
            Self::Repatched => "repatched",
            Self::Broken => "broken",
        }
    }
}

/// A manifest in all its forms.
#[derive(Debug)]
pub(super) struct Subject {
    /// The name of the fixture.
    pub(super) name: String,
    folder: PathBuf,
}

impl Subject {
    /// The folder that holds this form as `manifest.json`, to be given as `--state`.
    pub(super) fn state(&self, form: Form) -> PathBuf {
        self.folder.join(form.as_str())
    }

    /// The manifest in this form.
    pub(super) fn manifest(&self, form: Form) -> PathBuf {
        self.state(form).join("manifest.json")
    }

    /// What a script is given of it.
    pub(super) fn task(&self) -> Value {
        json!({"name": self.name, "folder": self.folder})
    }

    /// The arguments that let autoexpose read the export of that moment.
    pub(super) fn tableau(&self, moment: Moment) -> [PathBuf; 2] {
        let folder = self.folder.join(match moment {
            Moment::Before => "export-before",
            Moment::After => "export-after",
        });
        ["--tableau".into(), folder]
    }
}

/// Lays out the forms of a manifest in a folder.
pub(super) fn prepare(program: &Path, folder: &Path, name: &str, text: &str) -> Result<Subject> {
    let subject = Subject {
        name: name.to_owned(),
        folder: folder.join(name),
    };
    for form in Form::ALL {
        let folder = subject.state(form);
        fs::create_dir_all(&folder).trying(folder.display())?;
    }
    write(&subject.manifest(Form::Unpatched), text)?;
    let source = manifest::Source::new(name, text.as_bytes());
    let (manifest, _) = manifest::read(&source).map_err(|failure| failure.message)?;
    for moment in [Moment::Before, Moment::After] {
        let [_, folder] = subject.tableau(moment);
        fs::create_dir_all(&folder).trying(folder.display())?;
        for (file, export) in export::files(&manifest, moment) {
            write(&folder.join(file), &format!("{export:#}"))?;
        }
    }
    patch(
        program,
        &subject,
        Form::Unpatched,
        Moment::Before,
        Form::Patched,
    )?;
    patch(
        program,
        &subject,
        Form::Patched,
        Moment::After,
        Form::Repatched,
    )?;
    let [patched, repatched] = [Form::Patched, Form::Repatched].map(|form| subject.manifest(form));
    let [patched, repatched] = [read(&patched)?, read(&repatched)?];
    refuse_gaps(&manifest, &patched)?;
    let plain = proof::plain(&patched)?;
    proof::refuse_missing_kinds(&plain)?;
    proof::refuse_standstill(&plain, &proof::plain(&repatched)?)?;
    write(&subject.manifest(Form::Broken), &broken(&patched)?)?;
    Ok(subject)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).trying(path.display())
}

fn patch(program: &Path, subject: &Subject, from: Form, moment: Moment, to: Form) -> Result<()> {
    let mut command = Command::new(program);
    command
        .arg("patch")
        .arg("--quiet")
        .args(subject.tableau(moment));
    command.arg("--manifest").arg(subject.manifest(from));
    command.arg("--output").arg(subject.manifest(to));
    run_quietly(&mut command)
}

/// Judging says nothing about what was not linked: every node that can be, must be.
fn refuse_gaps(manifest: &Manifest, patched: &str) -> Result<()> {
    let source = manifest::Source::new("patched", patched.as_bytes());
    let (patched, _) = manifest::read(&source).map_err(|failure| failure.message)?;
    let linked = patched
        .project
        .exposures
        .iter()
        .filter(|exposure| exposure.is_ours())
        .flat_map(|exposure| &exposure.depends_on)
        .map(|dependency| dependency.unique_id.as_str())
        .collect::<BTreeSet<_>>();
    let linkable = export::linkable(manifest);
    let gaps = linkable
        .iter()
        .map(export::Linkable::id)
        .filter(|id| !linked.contains(id))
        .collect::<Vec<_>>();
    if linkable.is_empty() || !gaps.is_empty() {
        return Err(format!(
            "of {} nodes, these were not linked: {gaps:?}",
            linkable.len()
        ));
    }
    Ok(())
}

/// The manifest with an exposure of a type that dbt does not know.
fn broken(patched: &str) -> Result<String> {
    let broken = patched
        .replacen(
            "\"type\": \"dashboard\"",
            "\"type\": \"workbook\"",
            usize::MAX,
        )
        .replacen(
            "\"type\":\"dashboard\"",
            "\"type\":\"workbook\"",
            usize::MAX,
        );
    if broken == patched {
        Err("there is no exposure to break".to_owned())
    } else {
        Ok(broken)
    }
}

/// What Fusion wrote under the number 20 for a while: v12 but for the number.
pub(super) fn as_v20(text: &str) -> Result<String> {
    let v20 = text.replacen("/dbt/manifest/v12.json", "/dbt/manifest/v20.json", 1);
    if v20 == text {
        Err("not a manifest v12".to_owned())
    } else {
        Ok(v20)
    }
}

/// The manifests of `fixtures/dbt` by name, sorted; each is plain or gzipped.
pub(super) fn fixtures(dbt: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dbt).trying(dbt.display())? {
        let folder = entry.trying(dbt.display())?.path();
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let files = ["manifest.json", "manifest.json.gz"].map(|file| folder.join(file));
        found.extend(
            files
                .into_iter()
                .find(|file| file.exists())
                .map(|file| (name, file)),
        );
    }
    found.sort();
    Ok(found)
}

/// The text of a manifest.
pub(super) fn read(path: &Path) -> Result<String> {
    let mut file = fs::File::open(path).trying(path.display())?;
    let mut text = String::new();
    let is_gzipped = path.extension().is_some_and(|extension| extension == "gz");
    let done = if is_gzipped {
        GzDecoder::new(file).read_to_string(&mut text)
    } else {
        file.read_to_string(&mut text)
    };
    done.trying(path.display())?;
    Ok(text)
}
