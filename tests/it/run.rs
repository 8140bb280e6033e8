//! One run of all stages of the pipeline, without files: from texts to the new manifest and the
//! report.

use autoexpose::input::tableau::{Arena, SiteDefaults, Source};
use autoexpose::input::{manifest, remembered};
use autoexpose::model::Failure;
use autoexpose::pipeline::{self, LeftBehind, Patched, ProjectInput, SiteInput};
use autoexpose::settings::Settings;

/// What a run starts from.
#[derive(Default)]
pub(crate) struct Run<'r> {
    pub manifest: &'r str,
    pub state: Option<&'r str>,
    /// What an earlier run left beside the state, or without one beside the manifest.
    pub left: Option<&'r str>,
    pub exports: Vec<Source<'r>>,
    pub defaults: SiteDefaults,
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
    pub(crate) fn outcome(self) -> Result<Patched, Vec<Failure>> {
        let arena = Arena::default();
        let project = ProjectInput {
            manifest: manifest::Source::new("manifest.json", self.manifest.as_bytes()),
            state: self
                .state
                .map(|state| manifest::Source::new("state.json", state.as_bytes())),
            left: self.left_behind(),
        };
        let site = SiteInput {
            exports: self.exports,
            passed_over: Vec::new(),
            defaults: self.defaults,
            asks_columns: false,
            asks_extracts: false,
            asks_access: false,
            arena: &arena,
        };
        pipeline::patch(&project, site, &Settings::default())
    }

    fn left_behind(&self) -> LeftBehind<'r> {
        let left = self.left.map(|left| remembered::Source {
            file: "autoexpose.json",
            bytes: Ok(left.as_bytes()),
            age: None,
        });
        match self.state {
            None => LeftBehind {
                beside_manifest: left,
                beside_state: None,
            },
            Some(_) => LeftBehind {
                beside_manifest: None,
                beside_state: left,
            },
        }
    }

    /// Runs all stages, and fails the test if an input cannot be used.
    #[track_caller]
    pub(crate) fn unwrap(self) -> Patched {
        self.outcome()
            .unwrap_or_else(|failures| panic!("{}", failures[0]))
    }
}
