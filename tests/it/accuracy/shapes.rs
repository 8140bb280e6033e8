//! Writes an export in the shapes in which people have one.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use super::export::Export;
use super::random::Random;

/// How the answers of the Metadata API lie in files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A plain list of workbooks, and one answer with everything else.
    Raw,
    /// One page a file, in a folder.
    Folder,
    /// The same, named by a pattern.
    Pattern,
    /// One array of answers.
    Array,
    /// One answer a line.
    Lines,
    /// An array on standard input.
    Input,
    /// An envelope.
    Envelope,
}

pub(crate) const SHAPES: [Shape; 7] = [
    Shape::Raw,
    Shape::Folder,
    Shape::Pattern,
    Shape::Array,
    Shape::Lines,
    Shape::Input,
    Shape::Envelope,
];

/// Writes the export, in an order that depends on the seed, and returns the values of `--tableau`.
/// What is for standard input is in `input`.
pub(crate) fn write(export: &Export, shape: Shape, folder: &Path, seed: &str) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut answers = match shape {
        Shape::Raw => raw(export, &mut random),
        _ => pages(export, &mut random),
    };
    random.shuffle(&mut answers);
    let array = || Value::from(answers.clone()).to_string();
    match shape {
        Shape::Raw | Shape::Folder | Shape::Pattern => {
            let pages = folder.join("pages");
            fs::create_dir_all(&pages).unwrap();
            let mut names = Vec::new();
            for (number, answer) in answers.iter().enumerate() {
                let ending = if number % 3 == 1 { "json.gz" } else { "json" };
                let name = format!("pages/page-{number:03}.{ending}");
                put(&folder.join(&name), &answer.to_string());
                names.push(name);
            }
            random.shuffle(&mut names);
            match shape {
                Shape::Raw => names,
                Shape::Pattern => vec!["pages/page-*".to_owned()],
                _ => vec!["pages".to_owned()],
            }
        }
        Shape::Array => {
            put(&folder.join("answers.json.gz"), &array());
            vec!["answers.json.gz".to_owned()]
        }
        Shape::Lines => {
            let lines: Vec<String> = answers.iter().map(Value::to_string).collect();
            put(&folder.join("answers.ndjson"), &(lines.join("\n") + "\n"));
            vec!["answers.ndjson".to_owned()]
        }
        Shape::Input => {
            put(&folder.join("input"), &array());
            vec!["-".to_owned()]
        }
        Shape::Envelope => {
            put(
                &folder.join("export.json"),
                &envelope(export, answers.clone()).to_string(),
            );
            vec!["export.json".to_owned()]
        }
    }
}

fn put(path: &Path, text: &str) {
    if path.extension().is_some_and(|ending| ending == "gz") {
        let file = fs::File::create(path).unwrap();
        let mut encoder = GzEncoder::new(file, Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap();
    } else {
        fs::write(path, text).unwrap();
    }
}

fn raw(export: &Export, random: &mut Random) -> Vec<Value> {
    let mut rest = Map::new();
    let mut workbooks = Vec::new();
    for (section, nodes) in &export.sections {
        let mut nodes = nodes.clone();
        random.shuffle(&mut nodes);
        if *section == "workbooks" {
            workbooks = nodes;
        } else {
            let total = nodes.len();
            rest.insert(format!("{section}Connection"), page(nodes, None, total));
        }
    }
    vec![
        json!({"data": {"workbooks": workbooks}}),
        json!({"data": rest}),
    ]
}

fn pages(export: &Export, random: &mut Random) -> Vec<Value> {
    let mut answers = Vec::new();
    for (section, nodes) in &export.sections {
        let mut nodes = nodes.clone();
        random.shuffle(&mut nodes);
        let size = nodes.len().div_ceil(3);
        let count = nodes.chunks(size).len();
        for (number, chunk) in nodes.chunks(size).enumerate() {
            let next = (number + 1 < count).then(|| format!("{section}-{number}"));
            let page = page(chunk.to_vec(), next, nodes.len());
            answers.push(json!({"data": {format!("{section}Connection"): page}}));
        }
    }
    answers
}

fn page(nodes: Vec<Value>, next: Option<String>, total: usize) -> Value {
    json!({
        "nodes": nodes, "totalCount": total,
        "pageInfo": {"hasNextPage": next.is_some(), "endCursor": next},
    })
}

fn envelope(export: &Export, answers: Vec<Value>) -> Value {
    let complete = export
        .sections
        .keys()
        .map(|name| ((*name).to_owned(), json!({"complete": true})));
    json!({
        "autoexpose_export": 1, "server": "https://tableau.example.com",
        "site": {"content_url": "sales", "luid": "8b1c7b5e-0f0e-4d6b-9c39-0d8a8a0a4a11"},
        "user": {"name": "ada"}, "captured_at": "2024-05-06T07:08:09Z",
        "sections": complete.collect::<Map<_, _>>(), "projects": [], "answers": answers,
    })
}
