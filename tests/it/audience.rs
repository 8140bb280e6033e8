//! Laws of runs for an audience, on random sites: no byte of any result has what is withheld; the order
//! of the inputs does not matter; less that somebody may see only hides more.

mod site;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;

use self::site::Site;
use super::{case, fixtures};

const SITES: u64 = 2;

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
        let shop = fixtures::root().join("docs-index/shop");
        fs::copy(shop.join("manifest.json"), folder.path("shop.json")).unwrap();
        fs::create_dir(folder.path("index")).unwrap();
        for file in fs::read_dir(shop.join("index")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path("index").join(file.file_name())).unwrap();
        }
        folder.run("patch --manifest shop.json --tableau export.json --docs-index index");
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
        self.run_with(line, "")
    }

    /// The same with a text on standard input.
    fn run_with(&self, line: &str, stdin: &str) -> Output {
        self.write("stdin", stdin.as_bytes());
        let output = Command::new(env!("CARGO_BIN_EXE_autoexpose"))
            .args(line.split(' '))
            .current_dir(self.0.path())
            .stdin(File::open(self.path("stdin")).unwrap())
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
        self.elsewhere(&mut results);
        results
    }

    /// Adds what runs for the audience write into other places than one manifest: a page and an index of
    /// docs, the manifests of a mesh, and what a run on standard input leaves.
    fn elsewhere(&self, results: &mut Vec<(String, String)>) {
        let of_audience = "--tableau export.json rest.json --audience user:carl";
        let named = fs::read_to_string(self.path("named.json")).unwrap();
        let page =
            format!("<html><script>var n={{manifest:{named},catalog:{{}}}};</script></html>");
        self.write("page.html", page.as_bytes());
        for name in ["of-page.json", "of-mesh.json"] {
            self.copy("named.json", name);
        }
        let mut add = |line: &str, output: Output| {
            for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
                let text = String::from_utf8_lossy(bytes).into_owned();
                results.push((format!("{line}: {stream}"), text));
            }
        };
        for line in [
            "patch -v --manifest of-page.json --static-docs page.html --allow-mass-removal",
            "patch -v --manifest of-mesh.json --manifest shop.json --output-dir mesh --allow-mass-removal",
            "patch -v --manifest shop.json --docs-index index --allow-mass-removal",
        ] {
            add(line, self.run(&format!("{line} {of_audience}")));
        }
        let line = "patch -v --manifest - --output from-stdin.json --state-out state-of-stdin --allow-mass-removal";
        let output = self.run_with(&format!("{line} {of_audience}"), &named);
        add(line, output);
        for name in ["page.html", "of-page.json", "shop.json", "from-stdin.json"] {
            let text = fs::read_to_string(self.path(name)).unwrap();
            results.push((name.to_owned(), text));
        }
        files(&self.path("mesh"), results);
        files(&self.path("index"), results);
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
        let text = case::indented(&fs::read(&path).unwrap());
        results.push((name.clone(), format!("{name}\n{text}")));
    }
}

#[test]
fn no_result_has_what_is_withheld() {
    for seed in 1..=SITES {
        let site = Site::new(seed);
        let withheld = site.withheld();
        assert!(withheld.len() >= 10, "{seed}: too little is withheld");
        let folder = Folder::new(&site, false);
        let results = folder.results();
        for written in ["page.html", "mesh/bistro", "index/", "from-stdin.json"] {
            let is_written = |(what, text): &(String, String)| {
                what.contains(written) && text.contains("Permissions required")
            };
            assert!(results.iter().any(is_written), "{seed}: {written}");
        }
        for (what, text) in results {
            let text = text.to_lowercase();
            let leak = withheld.iter().find(|one| text.contains(one.as_str()));
            assert_eq!(leak, None, "{seed}: {what}:\n{text}");
        }
        for state in ["state", "state-of-stdin"] {
            let state = folder.path(state).join("manifest.json");
            let state = fs::read_to_string(state).unwrap().to_lowercase();
            let kept = withheld.iter().filter(|one| state.contains(one.as_str()));
            assert!(kept.count() >= 5, "{seed}: the state is for everybody");
        }
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
        let is_linked = reads.as_array().unwrap().iter().any(|table| {
            let name = table["name"].as_str().unwrap();
            name != "tips_by_waiters" && name != "fct_orders"
        });
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
