//! One run of all stages of the pipeline, without files: from texts to the new manifest and the
//! report.

use autoexpose::input::manifest;
use autoexpose::input::tableau::{Arena, SiteDefaults, Source};
use autoexpose::model::Failure;
use autoexpose::output::Report;
use autoexpose::pipeline::{self, Linked, ProjectInput, SiteInput};
use autoexpose::settings::Settings;

/// What a run starts from.
#[derive(Default)]
pub(crate) struct Run<'r> {
    pub manifest: &'r str,
    pub state: Option<&'r str>,
    pub exports: Vec<Source<'r>>,
    pub defaults: SiteDefaults,
}

/// The result of a run.
pub(crate) struct Outcome {
    pub manifest: String,
    pub report: Report,
}

impl<'r> Run<'r> {
    /// A run on a manifest and the texts of exports, and with nothing else.
    pub(crate) fn new(manifest: &'r str, exports: &'r [impl AsRef<str>]) -> Self {
        let exports = exports
            .iter()
            .map(|text| Source::from_text("export.json", text.as_ref()))
            .collect();
        Self {
            manifest,
            exports,
            ..Self::default()
        }
    }

    /// Runs all stages.
    pub(crate) fn outcome(self) -> Result<Outcome, Vec<Failure>> {
        let settings = Settings::default();
        let arena = Arena::default();
        let project = ProjectInput {
            manifest: manifest::Source::new("manifest.json", self.manifest.as_bytes()),
            state: self
                .state
                .map(|state| manifest::Source::new("state.json", state.as_bytes())),
        };
        let projects = [project];
        let site = SiteInput {
            exports: self.exports,
            passed_over: Vec::new(),
            defaults: self.defaults,
            arena: &arena,
        };
        let read = pipeline::read(&projects, site)?;
        let project = &read.projects[0];
        let selection = pipeline::select(&read, &settings);
        let links = pipeline::link(&read, project, &settings);
        let linked = Linked {
            read: &read,
            project,
            selection: &selection,
            links: &links,
            settings: &settings,
        };
        let (plan, diagnostics) = pipeline::plan(&linked);
        let edits = pipeline::edit(project, &plan);
        Ok(Outcome {
            manifest: pipeline::new_text(project, &edits).concat(),
            report: pipeline::report(&linked, &plan, diagnostics),
        })
    }

    /// Runs all stages, and fails the test if an input cannot be used.
    #[track_caller]
    pub(crate) fn unwrap(self) -> Outcome {
        self.outcome()
            .unwrap_or_else(|failures| panic!("{}", failures[0]))
    }
}
