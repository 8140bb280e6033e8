//! Twenty runs in a row over changing sites: partial exports of one site or several, renames,
//! moves, fresh manifests, a state that several runs share, and people who write exposures by
//! hand, take names and switch exposures off in between.

mod exposures;
mod project;
mod ran;
mod site;
mod steps;

use autoexpose::link::lost::Ended;
use autoexpose::output::Report;
use autoexpose::pipeline::Patched;
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
    /// What the last run left beside the manifest.
    left: Option<String>,
    /// What stood beside `state`.
    left_of_state: Option<String>,
}

impl History {
    fn new() -> Self {
        let project = Project::default();
        let manifest = project.manifest();
        Self {
            project,
            state: manifest.clone(),
            manifest,
            left: None,
            left_of_state: None,
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
            self.left_of_state = self.left.take();
        }
    }

    fn run(&mut self, step: &Step) {
        self.change(step);
        let has_state = step.start != Start::InPlace || step.deed.is_some();
        let state = has_state.then_some(self.state.as_str());
        let exports: Vec<String> = step.exports.iter().map(Export::text).collect();
        let run = Run {
            state,
            left: self.left_of_state.as_deref().filter(|_| has_state),
            ..Run::new(&self.manifest, &exports)
        };
        let outcome = run.unwrap();
        self.assert_left_is_as_good_as_the_state(&exports, &outcome, state);

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

        let again = Run {
            left: Some(&outcome.left),
            ..Run::new(&outcome.manifest, &exports)
        };
        let again = again.unwrap();
        let is_left_again = again.left == outcome.left;
        assert!(is_left_again, "a run without changes left something else");
        let same = again.manifest == outcome.manifest;
        assert!(same, "a run without changes changed bytes");
        assert!(!again.report.has_changes());
        self.manifest = outcome.manifest;
        self.left = Some(outcome.left);
    }

    /// What a run left beside a manifest leads the next one to the same as the manifest itself does
    /// as `--state`.
    fn assert_left_is_as_good_as_the_state(
        &self,
        exports: &[String],
        with_state: &Patched,
        state: Option<&str>,
    ) {
        let is_fresh = Exposures::read(&self.manifest).ours.is_empty();
        let (Some(left), Some(_), true) = (&self.left_of_state, state, is_fresh) else {
            return;
        };
        let with_left = Run {
            left: Some(left),
            ..Run::new(&self.manifest, exports)
        };
        let with_left = with_left.unwrap();
        assert_eq!(with_left.manifest, with_state.manifest);
        let [one, other] = [&with_left, with_state].map(|outcome| told(&outcome.report));
        assert_eq!(one, other);
        let [left, state] = [&with_left, with_state].map(|outcome| ended(&outcome.report));
        assert_eq!(left.len(), state.len());
        for (left, state) in left.iter().zip(&state) {
            // What was left may not tell, but it tells nothing else.
            assert!(left == state || *left == (state.0, &Ended::NotKnown));
        }
    }
}

/// Which exposures a report adds, changes, renames, removes and keeps.
fn told(report: &Report) -> Vec<Vec<&str>> {
    vec![
        report
            .added
            .iter()
            .map(|one| one.unique_id.as_str())
            .collect(),
        report
            .changed
            .iter()
            .map(|one| one.after.unique_id.as_str())
            .collect(),
        report
            .renamed
            .iter()
            .map(|one| one.after.unique_id.as_str())
            .collect(),
        report
            .removed
            .iter()
            .map(|one| one.exposure.unique_id.as_str())
            .collect(),
        report
            .kept
            .iter()
            .map(|one| one.exposure.unique_id.as_str())
            .collect(),
    ]
}

/// How the links of exposures ended.
fn ended(report: &Report) -> Vec<(&str, &Ended)> {
    let changed = report.changed.iter().flat_map(|one| &one.ended);
    let removed = report.removed.iter().flat_map(|one| &one.ended);
    let kept = report.kept.iter().flat_map(|one| &one.ended);
    let all = changed.chain(removed).chain(kept);
    all.map(|link| (link.node.as_ref(), &link.ended)).collect()
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
