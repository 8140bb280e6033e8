//! Laws of runs for an audience, on random sites: no byte of any result has what is withheld; the order
//! of the inputs does not matter; less that somebody may see only hides more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::fixtures;

/// A user of the site, by whom the audience is named.
const USER: &str = "a0a00000-0000-4000-8000-000000000001";
const SITES: u64 = 2;

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// A text that stands nowhere else.
    fn text(&mut self, kind: &str) -> String {
        format!(
            "Zq{kind}{:07x}{:07x}",
            self.below(1 << 28),
            self.below(1 << 28)
        )
    }
}

/// A workbook of a random site.
struct Workbook {
    luid: String,
    node: Value,
    /// What only those may see that may see the workbook.
    texts: Vec<String>,
}

impl Workbook {
    fn new(number: u64, numbers: &mut Numbers) -> Self {
        let luid = format!("{:08x}-51f3-4d0e-9a57-1f2be6d0c001", 0x0b9c_2a44 + number);
        let mut texts = Vec::new();
        let mut text = |kind: &str, numbers: &mut Numbers| {
            let text = numbers.text(kind);
            texts.push(text.clone());
            text
        };
        let url_id = format!("{}", 80_000_000 + numbers.below(9_000_000));
        let mut read = tables(numbers);
        let (sheet, file) = (text("sheet", numbers), text("file", numbers));
        read.push(json!({
            "id": format!("x{number}"), "luid": format!("e4ce1000-0000-4000-8000-{number:012x}"),
            "name": sheet, "schema": "", "fullName": format!("[{sheet}$]"),
            "connectionType": "excel-direct", "isEmbedded": true,
            "database": {"id": format!("f{number}"), "name": file, "connectionType": "excel-direct"}
        }));
        let node = json!({
            "id": format!("w{number}"), "luid": luid,
            "name": text("title", numbers),
            "description": text("about", numbers),
            "projectName": text("project", numbers),
            "projectLuid": format!("f1a00000-0000-4000-8000-{number:012x}"),
            "containerType": "project",
            "vizportalUrlId": url_id,
            "createdAt": "2024-01-12T08:30:00Z", "updatedAt": "2026-01-02T17:05:09Z",
            "containsUnsupportedCustomSql": false,
            "owner": {
                "name": text("owner", numbers),
                "username": text("user", numbers),
                "email": format!("{}@bistro.example", text("mail", numbers))
            },
            "tags": [{"name": text("tag", numbers)}],
            "views": [{"path": format!("{}/{}", text("book", numbers), text("view", numbers))}],
            "embeddedDatasources": [{
                "id": format!("e{number}"), "name": text("source", numbers),
                "upstreamDatasources": [], "upstreamTables": read
            }],
            "upstreamTables": [], "upstreamDatasources": []
        });
        texts.push(url_id);
        Self { luid, node, texts }
    }
}

/// Some of the tables of the warehouse.
fn tables(numbers: &mut Numbers) -> Vec<Value> {
    let tables = [
        ("fact_bills", 1),
        ("menu_v2", 2),
        ("tips_by_waiters", 3),
        ("dish_sales", 4),
    ];
    let read = tables.iter().filter(|_| numbers.below(3) > 0);
    let read = read.map(|(name, id)| {
        json!({
            "id": format!("t{id}"), "luid": format!("7ab1e000-0000-4000-8000-00000000000{id}"),
            "name": name, "schema": "prod_marts", "fullName": format!("[prod_marts].[{name}]"),
            "connectionType": "postgres", "isEmbedded": false,
            "database": {"id": "d1", "name": "bistro", "connectionType": "postgres"}
        })
    });
    read.collect()
}

/// A random site, and whom of its workbooks the user sees.
struct Site {
    workbooks: Vec<Workbook>,
    visible: BTreeSet<String>,
}

impl Site {
    fn new(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let workbooks = (0..4 + numbers.below(4)).map(|at| Workbook::new(at * 0x10, &mut numbers));
        let workbooks = workbooks.collect::<Vec<_>>();
        let visible = workbooks.iter().filter(|_| numbers.below(3) == 0);
        let visible = visible.map(|one| one.luid.clone()).collect();
        Self { workbooks, visible }
    }

    /// The texts that are withheld, in lower case.
    fn withheld(&self) -> Vec<String> {
        let hidden = self.workbooks.iter();
        let hidden = hidden.filter(|one| !self.visible.contains(&one.luid));
        let texts = hidden.flat_map(|one| &one.texts);
        texts.map(|text| text.to_lowercase()).collect()
    }

    fn export(&self, is_reverse: bool) -> Value {
        let mut nodes = self
            .workbooks
            .iter()
            .map(|one| one.node.clone())
            .collect::<Vec<_>>();
        if is_reverse {
            nodes.reverse();
        }
        let count = nodes.len();
        json!({
            "autoexpose_export": 1,
            "server": "https://tableau.bistro.example",
            "site": {"content_url": "bistro"},
            "captured_at": "2026-11-02T06:00:00Z",
            "sections": {"workbooks": {"complete": true}},
            "answers": [{"data": {"workbooksConnection": {
                "nodes": nodes, "totalCount": count,
                "pageInfo": {"hasNextPage": false, "endCursor": null}
            }}}]
        })
    }

    fn rest(&self) -> Value {
        let page = |count: usize| json!({"pageNumber": "1", "pageSize": "1000", "totalAvailable": count.to_string()});
        let listed = self.visible.iter().map(|luid| json!({"id": luid}));
        let listed = listed.collect::<Vec<_>>();
        json!({
            "autoexpose_export": 1,
            "server": "https://tableau.bistro.example",
            "site": {"content_url": "bistro"},
            "captured_at": "2026-11-02T06:00:00Z",
            "rest": [
                {"get": "users?pageSize=1000&pageNumber=1", "body": {
                    "pagination": page(1),
                    "users": {"user": [{"id": USER, "name": "carl", "siteRole": "Viewer"}]}
                }},
                {"get": format!("users/{USER}/workbooks?pageSize=1000&pageNumber=1"), "body": {
                    "pagination": page(self.visible.len()),
                    "workbooks": {"workbook": listed}
                }}
            ]
        })
    }
}

/// A folder with the inputs of runs.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(site: &Site, is_reverse: bool) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("clean.json", &fixtures::manifest("postgres-1.11"));
        folder.write(
            "export.json",
            site.export(is_reverse).to_string().as_bytes(),
        );
        folder.write("rest.json", site.rest().to_string().as_bytes());
        folder.write("dbt_project.yml", b"name: bistro\nmodel-paths: [models]\n");
        fs::create_dir(folder.path("models")).unwrap();
        let results = json!({"metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
            "generated_at": "2026-11-05T00:00:00Z", "invocation_id": "a"
        }, "results": [], "args": {}});
        folder.write("run_results.json", results.to_string().as_bytes());
        // What earlier runs wrote for everybody.
        folder.copy("clean.json", "named.json");
        folder.run("patch --manifest named.json --tableau export.json");
        folder.run("yaml --manifest clean.json --tableau export.json --group-by project");
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn copy(&self, from: &str, to: &str) {
        fs::copy(self.path(from), self.path(to)).unwrap();
    }

    fn run(&self, line: &str) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_autoexpose"))
            .args(line.split(' '))
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{line}: {output:?}");
        output
    }

    /// The bytes of everything that runs for the audience print and write, each with what it is.
    fn results(&self) -> Vec<(String, String)> {
        let mut results = Vec::new();
        // The last ones write. The state alone has everything.
        self.copy("named.json", "patched.json");
        let writing = [
            "patch -v --manifest patched.json --state-out state --report json=report.json --allow-mass-removal",
            "yaml -v --manifest clean.json --group-by project --allow-mass-removal",
        ];
        let lines = printing().into_iter().chain(writing.map(str::to_owned));
        for line in lines {
            let line = format!("{line} --tableau export.json rest.json --audience user:carl");
            let output = self.run(&line);
            for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
                let text = String::from_utf8_lossy(bytes).into_owned();
                results.push((format!("{line}: {stream}"), text));
            }
        }
        for name in ["patched.json", "patched.autoexpose.json", "report.json"] {
            let text = fs::read_to_string(self.path(name)).unwrap();
            results.push((name.to_owned(), text));
        }
        files(&self.path("models"), &mut results);
        results
    }
}

/// Runs that write nothing but what they print, in every format.
fn printing() -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |line: &str, formats: &[&str]| {
        let all = formats.iter();
        lines.extend(all.map(|format| format!("{line} --format {format}")));
    };
    let of_report = ["text", "json", "markdown", "unified"];
    let gates = "ambiguous,unknown,hidden,drift,manual-drift,unused,audience";
    for manifest in ["clean.json", "named.json", "clean.json --state named.json"] {
        add(&format!("diff -v --manifest {manifest}"), &of_report);
        for asked in ["*", "--unlinked", "--unused"] {
            let line = format!("explain -v {asked} --manifest {manifest}");
            add(&line, &["text", "json"]);
        }
        let line = format!("check -v --fail-on {gates} --manifest {manifest}");
        let formats = [
            "text", "json", "markdown", "github", "gitlab", "sarif", "junit",
        ];
        add(&line, &formats);
    }
    let line = "impact -v --base named.json --manifest clean.json";
    add(line, &["text", "json", "markdown", "github", "gitlab"]);
    let line = "refresh --dry-run -v --manifest clean.json --run-results run_results.json";
    add(line, &["text", "json", "markdown"]);
    add("doctor -v --manifest clean.json", &["text", "json"]);
    let line = "yaml --dry-run -v --manifest clean.json --group-by project";
    add(line, &of_report);
    lines.extend(["clean.json", "named.json"].map(|one| format!("exposures --manifest {one}")));
    lines
}

/// The texts and paths of all files of a folder.
fn files(folder: &Path, results: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, results);
            continue;
        }
        let name = path.display().to_string();
        results.push((
            name.clone(),
            format!("{name}\n{}", fs::read_to_string(&path).unwrap()),
        ));
    }
}

#[test]
fn no_result_has_what_is_withheld() {
    for seed in 1..=SITES {
        let site = Site::new(seed);
        let withheld = site.withheld();
        assert!(withheld.len() >= 10, "{seed}: too little is withheld");
        let folder = Folder::new(&site, false);
        for (what, text) in folder.results() {
            let text = text.to_lowercase();
            let leak = withheld.iter().find(|one| text.contains(one.as_str()));
            assert_eq!(leak, None, "{seed}: {what}:\n{text}");
        }
        let state = fs::read_to_string(folder.path("state/manifest.json")).unwrap();
        let state = state.to_lowercase();
        let kept = withheld.iter().filter(|one| state.contains(one.as_str()));
        assert!(kept.count() >= 5, "{seed}: the state is for everybody");
    }
}

#[test]
fn what_is_visible_is_shown() {
    let site = Site::new(1);
    assert!(!site.visible.is_empty());
    let folder = Folder::new(&site, false);
    let output = folder.run(
        "exposures --manifest clean.json --tableau export.json rest.json --audience user:carl",
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let visible = site
        .workbooks
        .iter()
        .filter(|one| site.visible.contains(&one.luid));
    for workbook in visible {
        let title = workbook.node["name"].as_str().unwrap();
        let reads = &workbook.node["embeddedDatasources"][0]["upstreamTables"];
        let is_linked = reads
            .as_array()
            .unwrap()
            .iter()
            .any(|table| table["name"] != "tips_by_waiters");
        assert_eq!(text.contains(title), is_linked, "{title}");
    }
}

#[test]
fn the_order_of_inputs_does_not_matter() {
    let site = Site::new(2);
    let line = |order: &str| {
        format!("exposures --manifest clean.json --tableau {order} --audience user:carl")
    };
    let first = Folder::new(&site, false).run(&line("export.json rest.json"));
    let second = Folder::new(&site, true).run(&line("rest.json export.json"));
    assert!(first.stdout == second.stdout);
}

#[test]
fn less_to_see_only_hides_more() {
    let mut site = Site::new(1);
    let shown = |site: &Site| {
        let line =
            "exposures --manifest clean.json --tableau export.json rest.json --audience user:carl";
        let output = Folder::new(site, false).run(line);
        String::from_utf8(output.stdout).unwrap()
    };
    let before = shown(&site);
    let gone = site.visible.pop_first().unwrap();
    let after = shown(&site);
    for workbook in &site.workbooks {
        for text in &workbook.texts {
            let is_known = before.contains(text);
            assert!(is_known || !after.contains(text), "{text} is new");
            if workbook.luid == gone {
                assert!(!after.contains(text), "{text} is still there");
            }
        }
    }
}
