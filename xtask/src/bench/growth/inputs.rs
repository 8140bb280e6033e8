//! The files of one run.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::parts::Project;
use crate::failure::{Result, Trying};

/// The formats of reports, each of which has its own cost.
const FORMATS: &[&str] = &["text", "json", "markdown"];

/// What one run reads.
pub(super) struct Inputs {
    manifest: String,
    /// The manifest of `--state`.
    state: Option<String>,
    /// The manifest that dbt writes after the run of the day before.
    written_again: Option<String>,
    /// The files of the export.
    export: Vec<String>,
    config: Option<String>,
    flags: &'static [&'static str],
    /// Whether an earlier run has patched the manifest already.
    pub(super) is_second_day: bool,
    /// The formats whose cost must not outgrow the input.
    pub(super) formats: &'static [&'static str],
}

impl Inputs {
    /// A manifest and an export of one file.
    pub(super) fn new(project: Project, export: &Value) -> Self {
        Self::of_text(project, export.to_string())
    }

    /// The same with the export as text.
    pub(super) fn of_text(project: Project, export: String) -> Self {
        Self {
            manifest: project.text(),
            state: None,
            written_again: None,
            export: vec![export],
            config: None,
            flags: &[],
            is_second_day: false,
            formats: FORMATS,
        }
    }

    /// The same with an export of several files.
    pub(super) fn of_files(project: Project, export: Vec<Value>) -> Self {
        let export = export.iter().map(Value::to_string).collect();
        Self {
            export,
            ..Self::of_text(project, String::new())
        }
    }

    /// Adds a configuration.
    pub(super) fn with_config(self, config: String) -> Self {
        Self {
            config: Some(config),
            ..self
        }
    }

    /// Adds flags.
    pub(super) fn with_flags(self, flags: &'static [&'static str]) -> Self {
        Self { flags, ..self }
    }

    /// The manifest is what an earlier run made of it.
    pub(super) fn on_second_day(self) -> Self {
        Self {
            is_second_day: true,
            ..self
        }
    }

    /// Adds a state.
    pub(super) fn with_state(self, state: Project) -> Self {
        Self {
            state: Some(state.text()),
            ..self
        }
    }

    /// dbt writes this manifest after the earlier run.
    pub(super) fn written_again(self, project: Project) -> Self {
        Self {
            written_again: Some(project.text()),
            ..self
        }
    }

    /// Each workbook reads each table, and JSON lists every such pair with all that is known of it.
    pub(super) fn listed_in_json(self) -> Self {
        Self {
            formats: &["text", "markdown"],
            ..self
        }
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        let export = self.export.iter().map(String::len).sum::<usize>();
        let more = [&self.state, &self.config].into_iter().flatten();
        self.manifest.len() + export + more.map(String::len).sum::<usize>()
    }

    /// Puts the manifest that dbt writes after the earlier run in place of the one that this made.
    pub(super) fn write_again(&self, folder: &Path) -> Result<()> {
        let Some(text) = &self.written_again else {
            return Ok(());
        };
        let path = folder.join("manifest.json");
        fs::write(&path, text).trying(path.display())
    }

    /// Writes all files into an empty folder, and gives the arguments of a run in it.
    pub(super) fn write(&self, folder: &Path) -> Result<Vec<String>> {
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).trying(path.display())
        };
        // A folder that is not there is as removed as can be.
        let _ = fs::remove_dir_all(folder);
        let export = folder.join("export");
        fs::create_dir_all(&export).trying(export.display())?;
        write("manifest.json", &self.manifest)?;
        for (number, text) in self.export.iter().enumerate() {
            write(&format!("export/{number:06}.json"), text)?;
        }
        let mut arguments = ["--manifest", "manifest.json", "--tableau", "export"].to_vec();
        if let Some(state) = &self.state {
            write("state.json", state)?;
            arguments.extend(["--state", "state.json"]);
        }
        if let Some(config) = &self.config {
            write("autoexpose.yml", config)?;
            arguments.extend(["--config", "autoexpose.yml"]);
        }
        arguments.extend(self.flags);
        Ok(arguments.into_iter().map(str::to_owned).collect())
    }
}

/// What the program writes.
pub(super) fn written(folder: &Path) -> PathBuf {
    folder.join("patched.json")
}
