//! Laws of exposures in property files: what others wrote stays to the byte, and what is ours is what
//! the plan says.

use std::collections::{BTreeMap, BTreeSet};

use autoexpose::edit::yaml::{Changes, Layout};
use autoexpose::input::tableau::{Arena, SiteDefaults, Source};
use autoexpose::input::{manifest, property_file};
use autoexpose::pipeline::yaml::{PropertiesInput, changes, with_properties};
use autoexpose::pipeline::{self, LeftBehind, ProjectInput, SiteInput};
use autoexpose::settings::{GroupBy, Settings};
use proptest::prelude::*;
use serde_json::Value;

use super::project::{Project, project};
use super::property_file::{PropertyFile, property_file};
use super::{Workbook, export, page, patch, texts, workbooks};

/// The folder in which exposures of ours are written.
const FOLDER: &str = "models/autoexpose";
/// The file of all of them.
const PATH: &str = "models/autoexpose/tableau.yml";

/// Property files by their paths.
type Files = BTreeMap<String, String>;

/// A run of `autoexpose yaml`.
#[derive(Clone)]
struct Yaml<'y> {
    project: &'y Project,
    exports: Vec<String>,
    group_by: GroupBy,
    /// Whether the files are given in reverse.
    is_reverse: bool,
}

/// What a run came to.
struct Outcome {
    files: Files,
    /// The comments that went, as they stood.
    lost: Vec<String>,
}

impl<'y> Yaml<'y> {
    fn new(project: &'y Project, workbooks: &[Workbook]) -> Self {
        Self {
            project,
            exports: vec![export(workbooks)],
            group_by: GroupBy::All,
            is_reverse: false,
        }
    }

    fn run(&self, files: &Files) -> Outcome {
        let (text, arena, settings) = (self.project.text(), Arena::default(), Settings::default());
        let project = [ProjectInput {
            manifest: manifest::Source::new("manifest.json", text.as_bytes()),
            state: None,
            left: LeftBehind::default(),
        }];
        let exports = self.exports.iter();
        let exports = exports.map(|text| Source::from_text("export.json", text));
        let site = SiteInput {
            exports: exports.collect(),
            passed_over: Vec::new(),
            defaults: SiteDefaults::default(),
            asks_columns: false,
            asks_extracts: false,
            asks_access: false,
            arena: &arena,
        };
        let read = pipeline::read(&project, &[], site).unwrap();
        let given = files.iter();
        let given =
            given.map(|(path, text)| property_file::read(path.clone(), path, text).unwrap());
        let mut input = PropertiesInput {
            files: given.collect(),
            ..PropertiesInput::default()
        };
        if self.is_reverse {
            input.files.reverse();
        }
        let read = with_properties(read, vec![input]).unwrap();
        let (read, selection) = pipeline::select(read, &settings).expect("no audience");
        let links = pipeline::link(&read, &settings);
        let lost = pipeline::lost_of_all(&read, &settings, &links);
        let linked = pipeline::linked(&read, &selection, &links, &lost, &settings);
        let (plan, _) = pipeline::plan(&linked[0]);
        let layout = Layout {
            folder: FOLDER.to_owned(),
            group_by: self.group_by,
        };
        Outcome::new(files, changes(&read.projects[0], &plan, &layout).unwrap())
    }

    /// The files after a run.
    fn files(&self, files: &Files) -> Files {
        self.run(files).files
    }
}

impl Outcome {
    fn new(before: &Files, changes: Changes) -> Self {
        let mut files = before.clone();
        for change in changes.files {
            assert_eq!(before.get(&change.path).map(String::as_str), change.before);
            assert_ne!(change.before, change.after.as_deref());
            match change.after {
                Some(text) => files.insert(change.path, text),
                None => files.remove(&change.path),
            };
        }
        let lost = changes.lost_comments.into_iter();
        let lost = lost
            .flat_map(|lost| lost.comments)
            .map(|(_, comment)| comment);
        Self {
            files,
            lost: lost.collect(),
        }
    }
}

/// The luids and references of our exposures in some files.
fn ours(files: &Files) -> BTreeMap<String, BTreeSet<String>> {
    let exposures = files
        .values()
        .flat_map(|text| property_file::exposures(text).unwrap());
    let ours = exposures.filter_map(|exposure| {
        let luid = exposure.value.pointer("/config/meta/autoexpose/luid")?;
        let references = exposure.value["depends_on"].as_array().unwrap().iter();
        let references = references.map(|reference| reference.as_str().unwrap().to_owned());
        Some((luid.as_str().unwrap().to_owned(), references.collect()))
    });
    ours.collect()
}

/// The luids and references of our exposures in a patched manifest.
fn patched(manifest: &str) -> BTreeMap<String, BTreeSet<String>> {
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let exposures = manifest["exposures"].as_object().unwrap().values();
    let ours = exposures.filter_map(|exposure| {
        let marker = ["/config/meta/autoexpose/luid", "/meta/autoexpose/luid"];
        let luid = marker.iter().find_map(|path| exposure.pointer(path))?;
        let nodes = texts(&exposure["depends_on"]["nodes"]).into_iter();
        let references = nodes.map(|node| {
            let name = node.rsplit('.').next().unwrap();
            format!("ref('bistro', '{name}')")
        });
        Some((luid.as_str().unwrap().to_owned(), references.collect()))
    });
    ours.collect()
}

/// How far a line is indented; `None` if it is blank.
fn indent(line: &str) -> Option<usize> {
    let content = line.trim_start_matches(' ');
    (!content.trim().is_empty()).then(|| line.len() - content.len())
}

/// The lines of a text, and whether each belongs to an exposure of ours, which have neither comments
/// nor blank lines yet.
fn lines(text: &str) -> Vec<(&str, bool)> {
    let found = property_file::exposures(text).unwrap();
    let ours = found
        .iter()
        .filter(|one| one.value.pointer("/config/meta/autoexpose/luid").is_some());
    let starts = ours.map(|one| one.line - 1).collect::<BTreeSet<_>>();
    let mut dash = None;
    let lines = text.split_inclusive('\n').enumerate().map(|(at, line)| {
        if starts.contains(&at) {
            dash = indent(line);
        } else if dash.is_some_and(|dash| indent(line).is_none_or(|indent| indent <= dash)) {
            dash = None;
        }
        (line, dash.is_some())
    });
    lines.collect()
}

/// The text without exposures of ours.
fn outside(text: &str) -> String {
    let lines = lines(text).into_iter();
    lines
        .filter(|(_, is_ours)| !is_ours)
        .map(|(line, _)| line)
        .collect()
}

/// What stands around our exposures in a file once it had some; `is_left` is whether any are left. Only
/// the list changes: to one that is not empty, or to one that dbt takes as empty.
fn around(file: &PropertyFile, is_left: bool) -> String {
    let ending = file.ending();
    let list = if is_left {
        "exposures:"
    } else {
        "exposures: []"
    };
    match file.list {
        _ if file.has_entries => file.text.clone(),
        Some(empty) => {
            let comment = empty.find('#').map_or(0, |at| empty[..at].trim_end().len());
            let comment = if comment == 0 { "" } else { &empty[comment..] };
            let (old, new) = (
                format!("{empty}{ending}"),
                format!("{list}{comment}{ending}"),
            );
            let text = format!("{}{ending}", file.text);
            let at = text
                .find(&format!("\n{old}"))
                .map_or(text.find(&old), |at| Some(at + 1));
            let (above, below) = text.split_at(at.unwrap());
            let new = format!("{above}{new}{}", &below[old.len()..]);
            new[..new.len() - ending.len()].to_owned()
        }
        None => {
            let end = if file.text.ends_with('\n') {
                ""
            } else {
                ending
            };
            format!("{}{end}{ending}{list}{ending}", file.text)
        }
    }
}

/// Whether a file says nothing but what a file of ours may say beside its exposures.
fn is_plain(file: &PropertyFile) -> bool {
    let text = file.text.trim_start_matches('\u{feff}');
    let is_plain = |line: &str| {
        let is_list = file.list == Some(line) && !line.contains('#');
        is_list || ["", "version: 2"].contains(&line)
    };
    !file.has_entries && text.lines().map(str::trim).all(is_plain)
}

/// The text without line ends at its end.
fn trimmed(text: &str) -> &str {
    text.trim_end_matches(['\r', '\n'])
}

fn files(file: &PropertyFile) -> Files {
    Files::from([(PATH.to_owned(), file.text.clone())])
}

fn group_by() -> impl Strategy<Value = GroupBy> {
    prop::sample::select(vec![GroupBy::All, GroupBy::Project, GroupBy::Workbook])
}

/// The text with comments inside of our exposures: `comments` says behind or above which lines.
fn commented(text: &str, comments: &[u8], count: &mut usize) -> String {
    let mut turns = comments.iter().cycle();
    let lines = lines(text).into_iter().map(|(line, is_ours)| {
        let is_first = line.trim_start().starts_with("- name:");
        let turn = if is_ours { *turns.next().unwrap() } else { 0 };
        let mut comment = || {
            *count += 1;
            format!("# c{count}; 'a' \"b")
        };
        let (content, end) = line.split_at(line.trim_end().len());
        match turn {
            1 => format!("{content}   {}{end}", comment()),
            2 if !is_first => {
                let indent = indent(line).unwrap();
                format!("{:indent$}{}{end}{line}", "", comment())
            }
            3 if !is_first => format!("{}{end}{line}", comment()),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

proptest! {
    // Each runs the stages up to seven times.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn property_files_say_what_is_planned_and_all_else_as_it_was(
        project in project(),
        file in property_file(),
        workbooks in workbooks(),
        later in workbooks(),
    ) {
        let (mut now, mut manifest) = (files(&file), project.text());
        let mut had_ours = false;
        for workbooks in [&workbooks[..], &later[..], &[][..]] {
            let run = Yaml::new(&project, workbooks);
            now = run.files(&now);
            manifest = patch(&manifest, &[export(workbooks)]);
            prop_assert_eq!(&run.files(&now), &now, "twice is once");
            prop_assert_eq!(ours(&now), patched(&manifest));
            let is_left = !ours(&now).is_empty();
            had_ours |= is_left;
            let Some(text) = now.get(PATH) else {
                prop_assert!(!is_left && is_plain(&file));
                return Ok(());
            };
            let expected = if had_ours { around(&file, is_left) } else { file.text.clone() };
            if trimmed(&file.text).trim_start_matches('\u{feff}').is_empty() {
                continue;
            }
            let found = outside(text);
            prop_assert_eq!(trimmed(&found), trimmed(&expected));
            if expected.ends_with('\n') || !had_ours {
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn property_files_do_not_depend_on_any_order(
        project in project(),
        file in property_file(),
        workbooks in workbooks(),
        later in workbooks(),
        group_by in group_by(),
        turn in 0..5_usize,
    ) {
        let mut first = Yaml::new(&project, &workbooks).files(&files(&file));
        first.insert("models/z.yml".to_owned(), "exposures: []\n".to_owned());
        let pages = later.iter();
        let pages = pages.map(|workbook| page(std::slice::from_ref(workbook), later.len()));
        let mut exports = pages.collect::<Vec<_>>();
        exports.push(page(&[], later.len()));
        let run = Yaml { exports, group_by, ..Yaml::new(&project, &[]) };
        let mut turned = Yaml { is_reverse: true, ..run.clone() };
        let turn = turn % turned.exports.len();
        turned.exports.rotate_left(turn);
        let expected = run.files(&first);
        prop_assert_eq!(turned.files(&first), expected.clone());
        let reversed = later.iter().rev().cloned().collect::<Vec<_>>();
        let reversed = Yaml { group_by, ..Yaml::new(&project, &reversed) };
        prop_assert_eq!(reversed.files(&first), expected);
    }

    #[test]
    fn comments_inside_exposures_stay_or_are_told(
        project in project(),
        file in property_file(),
        workbooks in workbooks(),
        later in workbooks(),
        comments in prop::collection::vec(0..5_u8, 1..30),
        group_by in group_by(),
    ) {
        let mut first = Yaml::new(&project, &workbooks).files(&files(&file));
        let mut count = 0;
        for text in first.values_mut() {
            *text = commented(text, &comments, &mut count);
        }
        let manifest = patch(&project.text(), &[export(&workbooks)]);
        prop_assert_eq!(ours(&first), patched(&manifest));
        let run = Yaml { group_by, ..Yaml::new(&project, &later) };
        let Outcome { files: after, lost } = run.run(&first);
        prop_assert_eq!(ours(&after), patched(&patch(&manifest, &[export(&later)])));
        prop_assert_eq!(&run.files(&after), &after, "twice is once");
        for number in 1..=count {
            let comment = format!("# c{number}; 'a' \"b");
            let stand = after.values().map(|text| text.matches(&comment).count()).sum::<usize>();
            let told = lost.iter().filter(|lost| **lost == comment).count();
            prop_assert_eq!(stand + told, 1, "{}", comment);
        }
        let stay = ours(&after).keys().filter(|luid| ours(&first).contains_key(*luid)).count();
        prop_assert!(stay < ours(&first).len() || lost.is_empty());
    }
}
