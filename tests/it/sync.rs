//! Twenty runs in a row over changing sites: partial exports of one site or several, renames,
//! moves, fresh manifests, a state that several runs share, and people who write exposures by
//! hand, take names and switch exposures off in between.

mod exposures;
mod project;
mod ran;
mod site;
mod steps;

use proptest::prelude::*;

use self::exposures::{Exposures, assert_maps_agree};
use self::project::Project;
use self::ran::Ran;
use self::site::Export;
use self::steps::{Start, Step, steps};
use super::run::Run;

/// A project and its manifests, from run to run.
struct History {
    project: Project,
    /// What the last run wrote.
    manifest: String,
    /// What was written before dbt last wrote a fresh manifest.
    state: String,
}

impl History {
    fn new() -> Self {
        let project = Project::default();
        let manifest = project.manifest();
        Self {
            project,
            state: manifest.clone(),
            manifest,
        }
    }

    /// Changes the project as the step says.
    fn change(&mut self, step: &Step) {
        if let Some(deed) = &step.deed {
            let ours = Exposures::read(&self.manifest).ours.into_values();
            let names: Vec<String> = ours.map(|ours| ours.name).collect();
            self.project.change(deed, &names);
        }
        // What people write by hand reaches the manifest only when dbt writes a fresh one.
        if step.start == Start::Fresh || step.deed.is_some() {
            let fresh = self.project.manifest();
            self.state = std::mem::replace(&mut self.manifest, fresh);
        }
    }

    fn run(&mut self, step: &Step) {
        self.change(step);
        let has_state = step.start != Start::InPlace || step.deed.is_some();
        let state = has_state.then_some(self.state.as_str());
        let exports: Vec<String> = step.exports.iter().map(Export::text).collect();
        let run = Run {
            state,
            ..Run::new(&self.manifest, &exports)
        };
        let outcome = run.unwrap();

        assert_maps_agree(&outcome.manifest);
        let start = Exposures::read(&self.manifest);
        let after = Exposures::read(&outcome.manifest);
        assert_eq!(start.others, after.others, "exposures of others changed");
        let mut before = state
            .map(|state| Exposures::read(state).ours)
            .unwrap_or_default();
        before.extend(start.ours);
        let ran = Ran {
            project: &self.project,
            exports: &step.exports,
            before: &before,
            after: &after.ours,
            report: &outcome.report,
        };
        ran.assert_nothing_is_lost();
        ran.assert_nothing_is_doubled();
        ran.assert_dependencies();
        ran.assert_each_is_reported_once();

        let again = Run::new(&outcome.manifest, &exports).unwrap();
        let same = again.manifest == outcome.manifest;
        assert!(same, "a run without changes changed bytes");
        assert!(!again.report.has_changes());
        self.manifest = outcome.manifest;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn twenty_runs_lose_and_double_nothing(steps in steps()) {
        let mut history = History::new();
        for step in &steps {
            history.run(step);
        }
    }
}
