//! Twenty runs in a row over changing sites: partial exports of one site or several, renames,
//! moves, fresh manifests, a state that several runs share, and people who write exposures by
//! hand, take names and switch exposures off in between.

mod world;

use std::collections::{BTreeMap, BTreeSet};

use autoexpose::input::tableau::Source;
use autoexpose::output::Report;
use proptest::prelude::*;
use serde_json::{Value, json};

use self::world::{
    Export, Extent, Identity, Project, Start, Step, Twin, identity, luid, site, steps,
};
use super::run::Run;

fn run(manifest: &str, state: Option<&str>, exports: &[String]) -> (String, Report) {
    let sources = exports
        .iter()
        .map(|text| Source::from_text("export.json", text));
    let run = Run {
        manifest,
        state,
        exports: sources.collect(),
        ..Run::default()
    };
    let outcome = run.unwrap();
    (outcome.manifest, outcome.report)
}

/// An exposure of ours.
#[derive(Debug, Clone)]
struct Ours {
    name: String,
    url: Option<String>,
    title: Option<String>,
    depends_on: BTreeSet<String>,
}

/// The exposures of a manifest.
struct Exposures {
    ours: BTreeMap<Identity, Ours>,
    others: BTreeMap<String, Value>,
}

impl Exposures {
    /// Fails if two of ours are of one workbook, or any two have one name.
    fn of(text: &str) -> Self {
        let value = serde_json::from_str::<Value>(text).unwrap();
        let (mut ours, mut others) = (BTreeMap::new(), BTreeMap::new());
        let mut names = BTreeSet::new();
        for (id, exposure) in value["exposures"].as_object().unwrap() {
            let Some(marker) = exposure["meta"].get("autoexpose") else {
                others.insert(id.clone(), exposure.clone());
                continue;
            };
            let name = exposure["name"].as_str().unwrap().to_owned();
            assert!(names.insert(name.clone()), "the name of {id} stands twice");
            let one = Ours {
                name,
                url: exposure["url"].as_str().map(str::to_owned),
                title: exposure["label"].as_str().map(str::to_owned),
                depends_on: texts(&exposure["depends_on"]["nodes"]),
            };
            let text = |key: &str| marker[key].as_str().unwrap().to_owned();
            let key = (text("server"), text("site"), text("luid"));
            assert!(
                ours.insert(key, one).is_none(),
                "two exposures of one workbook: {id}"
            );
        }
        for other in others.values() {
            assert!(
                !names.contains(other["name"].as_str().unwrap()),
                "a name is taken: {other}"
            );
        }
        Self { ours, others }
    }
}

fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

fn assert_maps_agree(text: &str) {
    let value = serde_json::from_str::<Value>(text).unwrap();
    let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, exposure) in value["exposures"].as_object().unwrap() {
        let parents = texts(&exposure["depends_on"]["nodes"]);
        assert_eq!(texts(&value["parent_map"][id]), parents, "{id}");
        assert_eq!(value["child_map"][id], json!([]), "{id}");
        for parent in parents {
            children.entry(parent).or_default().insert(id.clone());
        }
    }
    for (id, list) in value["child_map"].as_object().unwrap() {
        assert_eq!(
            texts(list),
            children.remove(id).unwrap_or_default(),
            "children of {id}"
        );
    }
}

/// One run and what was before.
struct Ran<'r> {
    step: &'r Step,
    project: &'r Project,
    /// Ours before, as late as they are known: of the manifest, else of the state.
    before: &'r BTreeMap<Identity, Ours>,
    after: &'r BTreeMap<Identity, Ours>,
    /// The reasons of removals.
    removed: &'r BTreeMap<Identity, String>,
}

impl Ran<'_> {
    fn export(&self, identity: &Identity) -> Option<&Export> {
        let is_there = |export: &&Export| {
            let site = site(export.site);
            site.server.as_ref() == Some(&identity.0)
                && site.content_url.as_ref() == Some(&identity.1)
        };
        self.step.exports.iter().find(is_there)
    }

    /// Whether a hand-written exposure is for this workbook.
    fn has_twin(&self, one: &Identity) -> bool {
        self.project.twins.iter().any(|twin| match *twin {
            Twin::Luid(workbook) => luid(workbook) == one.2,
            Twin::Url(workbook) | Twin::LuidAndUrl(workbook) => identity(workbook) == *one,
        })
    }

    fn assert_nothing_is_lost(&self) {
        for one in self.before.keys() {
            let reason = self.removed.get(one);
            assert_eq!(
                self.after.contains_key(one),
                reason.is_none(),
                "{one:?}: {reason:?}"
            );
            let Some(reason) = reason else { continue };
            let is_whole = self
                .export(one)
                .is_some_and(|export| export.extent == Extent::Whole);
            let is_proven = if reason.contains("written by hand") {
                self.has_twin(one)
            } else if reason.contains("disabled") {
                self.project.may_be_off(&one.2)
            } else {
                is_whole
            };
            assert!(is_proven, "{one:?} was removed without evidence: {reason}");
        }
    }

    fn assert_nothing_is_doubled(&self) {
        for one in self.after.keys() {
            assert!(!self.has_twin(one), "{one:?} has a twin by hand");
        }
    }

    fn assert_reads_are_told(&self) {
        for (workbook, shown) in self.step.exports.iter().flat_map(Export::shown) {
            let one = identity(workbook);
            let is_wanted = !shown.models().is_empty()
                && !self.has_twin(&one)
                && !self.project.may_be_off(&one.2);
            let Some(after) = self.after.get(&one) else {
                assert!(!is_wanted, "{one:?} has no exposure");
                continue;
            };
            let is_sure = self.export(&one).unwrap().extent == Extent::Whole;
            if is_sure && shown.is_complete() {
                assert_eq!(after.depends_on, shown.models(), "{one:?}");
            }
            assert!(after.depends_on.is_superset(&shown.models()), "{one:?}");
            if let Some(before) = self.before.get(&one).filter(|_| !shown.is_complete()) {
                assert!(
                    after.depends_on.is_superset(&before.depends_on),
                    "{one:?} forgot some"
                );
            }
            if let Some(before) = self.before.get(&one).filter(|_| shown.is_kept_back()) {
                assert_eq!(after.title, before.title, "{one:?} forgot its title");
            }
        }
        let listed = self.step.exports.iter().flat_map(Export::shown);
        let listed = listed
            .map(|(workbook, _)| identity(workbook))
            .collect::<BTreeSet<_>>();
        for (one, after) in self.after.iter().filter(|(one, _)| !listed.contains(*one)) {
            assert_eq!(
                after.depends_on, self.before[one].depends_on,
                "{one:?} was only kept"
            );
        }
    }
}

/// The identities of what was removed, by the addresses of the workbooks.
fn removed(report: &Report, known: &BTreeMap<Identity, Ours>) -> BTreeMap<Identity, String> {
    let identity = |url: &Option<String>| {
        let mut found = known.iter().filter(|(_, ours)| ours.url == *url);
        found.next().unwrap().0.clone()
    };
    let removed = report.removed.iter();
    removed
        .map(|removed| (identity(&removed.exposure.url), removed.reason.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn twenty_runs_lose_and_double_nothing(steps in steps()) {
        let mut project = Project::default();
        let mut before = project.manifest();
        let mut last_state = before.clone();
        for step in &steps {
            let mut start = before.clone();
            // What people write by hand reaches the manifest when dbt writes it anew.
            if let Some(deed) = &step.deed {
                let names = Exposures::of(&before).ours.into_values().map(|ours| ours.name);
                project.change(deed, &names.collect::<Vec<_>>());
            }
            if step.start == Start::Fresh || step.deed.is_some() {
                start = project.manifest();
                last_state = before;
            }
            let has_state = step.start != Start::InPlace || step.deed.is_some();
            let state = has_state.then_some(last_state.as_str());
            let exports = step.exports.iter().map(Export::text).collect::<Vec<_>>();
            let (after, report) = run(&start, state, &exports);

            assert_maps_agree(&after);
            let of_state = state.map(Exposures::of);
            let (of_start, of_after) = (Exposures::of(&start), Exposures::of(&after));
            prop_assert_eq!(&of_start.others, &of_after.others, "exposures of others changed");
            let mut known = of_state.as_ref().map(|state| state.ours.clone()).unwrap_or_default();
            known.extend(of_start.ours.clone());
            let removed = removed(&report, &known);
            let ran = Ran { step, project: &project, before: &known, after: &of_after.ours, removed: &removed };
            ran.assert_nothing_is_lost();
            ran.assert_nothing_is_doubled();
            ran.assert_reads_are_told();
            let told = report.added.len() + report.changed.len() + report.renamed.len() + report.kept.len();
            prop_assert_eq!(told + report.unchanged, of_after.ours.len(), "not each is told once");

            let (again, second) = run(&after, None, &exports);
            prop_assert_eq!(&again, &after, "a run without changes changed bytes");
            prop_assert!(!second.has_changes());
            before = after;
        }
    }
}
