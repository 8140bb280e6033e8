//! Laws of patching, on random manifests in every known layout and random sites.

mod project;
mod property_file;
mod static_docs;
mod yaml;

use autoexpose::model::relation;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use self::project::project;
use super::run::Run;

#[derive(Debug, Clone)]
struct Workbook {
    number: usize,
    title: String,
    /// The numbers of the models that it reads, some of which the project does not have.
    reads: Vec<usize>,
}

impl Workbook {
    fn luid(&self) -> String {
        format!("{:08}-aaaa-4aaa-8aaa-aaaaaaaaaaaa", self.number)
    }

    fn node(&self) -> Value {
        let tables: Vec<Value> = self
            .reads
            .iter()
            .map(|model| format!("M{model}"))
            .map(|name| json!({"name": name, "fullName": format!("[DB].[S].[{name}]")}))
            .collect();
        json!({"luid": self.luid(), "name": self.title, "upstreamTables": tables})
    }
}

fn workbooks() -> impl Strategy<Value = Vec<Workbook>> {
    let title = "[a-cé🚀\"\\\\ </]{0,4}";
    let reads = prop::collection::vec(0..9_usize, 0..4);
    prop::collection::vec((title, reads), 0..5).prop_map(|workbooks| {
        workbooks
            .into_iter()
            .enumerate()
            .map(|(number, (title, reads))| Workbook {
                number,
                title,
                reads,
            })
            .collect()
    })
}

/// An export that proves that it lists every workbook.
fn export(workbooks: &[Workbook]) -> String {
    page(workbooks, workbooks.len())
}

/// A page of an export, which lists so many workbooks in all.
fn page(workbooks: &[Workbook], total: usize) -> String {
    let nodes: Vec<Value> = workbooks.iter().map(Workbook::node).collect();
    json!({"data": {"workbooksConnection": {"nodes": nodes, "totalCount": total}}}).to_string()
}

/// The manifest after a run.
fn patch(manifest: &str, exports: &[impl AsRef<str>]) -> String {
    Run::new(manifest, exports).unwrap().manifest
}

/// The lost links of a run with a state: luids of workbooks, and ids of nodes.
fn lost(manifest: &str, state: &str, exports: &[String]) -> Vec<(String, String)> {
    let run = Run {
        state: Some(state),
        ..Run::new(manifest, exports)
    };
    let lost = run.unwrap().report.lost;
    let links = lost.relations.iter().flat_map(|relation| {
        let readers = relation.readers.iter();
        readers.map(|reader| (reader.workbook.luid.clone(), relation.node.clone()))
    });
    links.collect()
}

/// The document without the three maps that may change.
fn rest(text: &str) -> String {
    let mut value: Map<String, Value> = serde_json::from_str(text).unwrap();
    for key in ["exposures", "parent_map", "child_map"] {
        value[key] = Value::Null;
    }
    Value::from(value).to_string()
}

/// The members of a list of texts.
fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect()
}

/// Asserts that both maps say of every exposure what dbt says.
fn assert_maps_are_dbts(manifest: &Value) {
    let exposures = manifest["exposures"].as_object().unwrap();
    let (parent_map, child_map) = (&manifest["parent_map"], &manifest["child_map"]);
    for (id, exposure) in exposures {
        let mut parents = texts(&exposure["depends_on"]["nodes"]);
        parents.sort_unstable();
        assert_eq!(texts(&parent_map[id]), parents);
        assert!(texts(&child_map[id]).is_empty());
        for parent in parents {
            assert!(texts(&child_map[parent]).contains(&id.as_str()));
        }
    }
    for children in child_map.as_object().unwrap().values().map(texts) {
        assert!(children.is_sorted(), "{children:?}");
        assert!(children.iter().all(|id| exposures.contains_key(*id)));
    }
}

/// The manifest with copies of its exposures under other ids, and odd values in its maps.
fn with_oddities(manifest: &str, id: &str, map: &str, list: &Value) -> String {
    let mut manifest: Value = serde_json::from_str(manifest).unwrap();
    let exposures = manifest["exposures"].as_object_mut().unwrap();
    if let Some((_, copy)) = exposures.iter().next_back() {
        let copy = copy.clone();
        exposures.insert(id.to_owned(), copy);
    }
    manifest[map]["model.bistro.m0"] = list.clone();
    manifest.to_string()
}

/// A text with some bytes replaced.
fn damaged(text: &str, at: Index, junk: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let start = at.index(bytes.len());
    let end = (start + junk.len()).min(bytes.len());
    bytes.splice(start..end, junk.bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #[test]
    fn a_manifest_as_wanted_keeps_its_bytes(project in project(), workbooks in workbooks()) {
        let once = patch(&project.text(), &[export(&workbooks)]);
        prop_assert_eq!(&patch(&once, &[export(&workbooks)]), &once);
    }

    #[test]
    fn odd_manifests_are_patched_once_and_nothing_odd_is_lost(
        project in project(),
        workbooks in workbooks(),
        later in workbooks(),
        id in "(exposure|model)\\.(bistro|other)\\.[a-z]{1,2}|exposure\\.[a-z]|[a-z.é]{0,6}",
        map in prop::sample::select(vec!["parent_map", "child_map"]),
        list in prop::sample::select(vec![json!(null), json!(0), json!("a"), json!({}), json!([null])]),
    ) {
        let first = patch(&project.text(), &[export(&workbooks)]);
        let odd = with_oddities(&first, &id, map, &list);
        let once = patch(&odd, &[export(&later)]);
        prop_assert_eq!(&patch(&once, &[export(&later)]), &once);
        let (before, after): (Value, Value) =
            (serde_json::from_str(&odd).unwrap(), serde_json::from_str(&once).unwrap());
        prop_assert_eq!(&after[map]["model.bistro.m0"], &list);
        if !id.starts_with("exposure.bistro.") {
            prop_assert_eq!(&after["exposures"][&id], &before["exposures"][&id]);
        }
    }

    #[test]
    fn everything_else_keeps_its_bytes(project in project(), workbooks in workbooks()) {
        let before = project.text();
        let after = patch(&before, &[export(&workbooks)]);
        prop_assert_eq!(rest(&after), rest(&before));
        // What is new has the writer's layout as well.
        let value: Value = serde_json::from_str(&after).unwrap();
        prop_assert_eq!(project.layout.write(&value), after);
    }

    #[test]
    fn what_was_added_can_be_removed_without_a_trace(
        project in project(),
        workbooks in workbooks(),
        later in workbooks(),
    ) {
        let before = project.text();
        let first = patch(&before, &[export(&workbooks)]);
        let second = patch(&first, &[export(&later)]);
        prop_assert_eq!(patch(&second, &[export(&[])]), before);
    }

    #[test]
    fn order_does_not_matter(
        project in project(),
        workbooks in workbooks(),
        turn in 0..5_usize,
    ) {
        let before = project.text();
        let mut pages: Vec<String> = workbooks
            .iter()
            .map(|workbook| page(std::slice::from_ref(workbook), workbooks.len()))
            .collect();
        pages.push(page(&[], workbooks.len()));
        let expected = patch(&before, &pages);
        let turn = turn % pages.len();
        pages.rotate_left(turn);
        prop_assert_eq!(&patch(&before, &pages), &expected);
        let reversed: Vec<Workbook> = workbooks.into_iter().rev().collect();
        prop_assert_eq!(&patch(&before, &[export(&reversed)]), &expected);
    }

    #[test]
    fn maps_stay_as_dbt_builds_them(
        project in project(),
        workbooks in workbooks(),
        later in workbooks(),
    ) {
        let first = patch(&project.text(), &[export(&workbooks)]);
        let second = patch(&first, &[export(&later)]);
        assert_maps_are_dbts(&serde_json::from_str(&second).unwrap());
    }

    #[test]
    fn nothing_is_lost_since_the_same_manifest(project in project(), workbooks in workbooks()) {
        let (manifest, exports) = (project.text(), [export(&workbooks)]);
        for state in [manifest.clone(), patch(&manifest, &exports)] {
            prop_assert_eq!(lost(&manifest, &state, &exports), vec![]);
        }
    }

    #[test]
    fn what_reads_a_deleted_model_is_lost_and_nothing_else(
        project in project(),
        workbooks in workbooks(),
    ) {
        let (fewer, gone) = project.without_last_model();
        let readers = workbooks.iter().filter(|workbook| workbook.reads.contains(&gone));
        let expected: Vec<(String, String)> = readers
            .map(|workbook| (workbook.luid(), format!("model.bistro.m{gone}")))
            .collect();
        let exports = [export(&workbooks)];
        let state = patch(&project.text(), &exports);
        prop_assert_eq!(lost(&fewer.text(), &state, &exports), expected);
    }

    #[test]
    fn splitting_a_shown_relation_gives_its_parts_back(
        parts in prop::collection::vec("[a-zA-Z .$\\[\\]é]{1,6}", 1..4),
    ) {
        prop_assume!(parts.iter().all(|part| part.trim() == part && !part.is_empty()));
        let quoted: Vec<String> = parts
            .iter()
            .map(|part| format!("[{}]", part.replace(']', "]]")))
            .collect();
        let name = quoted.join(".");
        prop_assert_eq!(relation::split(&name).unwrap(), parts);
    }

    #[test]
    fn no_name_panics(text in ".{0,40}", marks in "[\\[\\]\"`. :a]{0,20}") {
        let _ = relation::split(&text);
        let _ = relation::split(&marks);
        let _ = relation::rendering(&marks, Some(&text), None, "a");
    }

    #[test]
    fn no_input_panics(
        project in project(),
        workbooks in workbooks(),
        at in any::<Index>(),
        junk in "[\\[\\]{}\",:0a-]{0,6}|.{0,3}",
    ) {
        let (manifest, export) = (project.text(), export(&workbooks));
        let damaged_manifest = damaged(&manifest, at, &junk);
        let damaged_export = damaged(&export, at, &junk);
        let inputs = [
            (&damaged_manifest, &export),
            (&manifest, &damaged_export),
            // Swapped.
            (&export, &manifest),
        ];
        for (manifest, export) in inputs {
            let _ = Run::new(manifest, &[export]).outcome();
        }
    }
}
