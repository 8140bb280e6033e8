//! The docs of dbt 2.0: the exposures that `patch --docs-index` writes, as dbt serves them and as
//! Chromium shows them.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::browser::{Browser, Page, Seen, Site};
use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use super::shop::{NAME, Shop, V2_0};
use crate::failure::{Result, Trying};
use crate::fixtures::project;

/// The folders of dbt, from the project on.
const TARGET: &str = "target";
const INDEX: &str = "target/index";
/// What the exposure reads, by the names that the docs show.
const PARENTS: [&str; 4] = ["dim_customers", "fct_orders", "raw_orders", "raw_payments"];
/// Texts of Tableau that would run if a page took them for more than texts.
const HOSTILE: [(&str, &str); 2] = [
    (
        "description",
        "**Sales** <script>window.__ran=1</script><img src=x onerror=\"window.__ran=2\"> [link](javascript:window.__ran=3)",
    ),
    ("name", "Sales: 100 % {{ growth }}"),
];

/// Checks what dbt makes of a patched index.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let patched = checks.check("docs 2.0: dbt build, and the index is patched", || {
        let shop = Shop::open(lab, &V2_0, wheel, "docs-2.0")?;
        hostile(&shop.folder.join("export/workbooks.json"))?;
        shop.dbt(&["build", "--write-index"])?;
        patch(&shop)?;
        Ok(shop)
    });
    let Some(shop) = patched else {
        return;
    };
    checks.check("docs 2.0: a second patch changes nothing", || {
        let before = tables(&shop)?;
        patch(&shop)?;
        expect("whether they are the same", tables(&shop)? == before, true)
    });
    let served = checks.check(
        "docs 2.0: dbt serves the exposure and what it reads",
        || {
            let site = copy_without_source(&shop)?;
            let server = Server::start(&shop, &site)?;
            answers(&server)?;
            Ok(server)
        },
    );
    let Some(server) = served else {
        return;
    };
    checks.check("docs 2.0: Chromium shows it, and nothing runs", || {
        shown(lab, &server)
    });
    checks.check(
        "docs 2.0: dbt takes it out again where it has its source",
        || {
            let server = Server::start(&shop, &shop.folder)?;
            let listed = server.get("/api/v1/exposures")?;
            expect("the names", names(&listed), vec!["weekly_mail".to_owned()])
        },
    );
}

/// Gives the workbook of the export texts that attack a page.
fn hostile(export: &Path) -> Result<()> {
    let text = fs::read(export).trying(export.display())?;
    let mut value: Value = serde_json::from_slice(&text).trying(export.display())?;
    let workbook = &mut value["data"]["workbooksConnection"]["nodes"][0];
    for (key, text) in HOSTILE {
        workbook[key] = text.into();
    }
    fs::write(export, value.to_string()).trying(export.display())
}

fn patch(shop: &Shop) -> Result<()> {
    let mut patch = shop.autoexpose(&["patch", "--tableau", "export", "--docs-index", INDEX]);
    output(&mut patch)?;
    Ok(())
}

/// The bytes of the two tables.
fn tables(shop: &Shop) -> Result<[Vec<u8>; 2]> {
    let read = |name: &str| {
        let path = shop.folder.join(INDEX).join(name);
        fs::read(&path).trying(path.display())
    };
    Ok([read("dbt.exposures.parquet")?, read("dbt.edges.parquet")?])
}

/// What is published: the index without the folder from which dbt would write it again.
fn copy_without_source(shop: &Shop) -> Result<PathBuf> {
    let site = shop.folder.with_extension("site");
    project::copy(&shop.folder.join(INDEX), &site.join(INDEX))?;
    Ok(site)
}

/// `dbt docs serve`, which ends with this.
struct Server {
    process: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// Serves what is in the target folder of `folder`.
    fn start(shop: &Shop, folder: &Path) -> Result<Self> {
        let port = free_port()?;
        let target = folder.join(TARGET).display().to_string();
        let number = port.to_string();
        let mut serve = shop.command(&["docs", "serve", "--no-open", "--target-path", &target]);
        serve.args(["--port", &number]);
        serve.stdout(Stdio::null()).stderr(Stdio::null());
        let server = Self {
            process: serve.spawn().trying("dbt docs serve")?,
            port,
        };
        let began = Instant::now();
        while server.get("/api/v1/exposures").is_err() {
            if began.elapsed() > Duration::from_secs(60) {
                return Err("dbt docs serve does not answer".to_owned());
            }
            thread::sleep(Duration::from_millis(200));
        }
        Ok(server)
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// What the server answers, as JSON.
    fn get(&self, path: &str) -> Result<Value> {
        let address = format!("http://127.0.0.1:{}{path}", self.port);
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail", "--noproxy", "*"]);
        curl.args(["--max-time", "30"]);
        let [printed, _] = output(curl.arg(&address))?;
        serde_json::from_str(&printed).trying(&address)
    }
}

/// A port that nobody listens to.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).trying("a port")?;
    let address = listener.local_addr().trying("a port")?;
    Ok(address.port())
}

/// The names of a list of exposures.
fn names(answer: &Value) -> Vec<String> {
    let items = answer["data"].as_array().into_iter().flatten();
    let names = items.filter_map(|item| item["name"].as_str());
    let mut names = names.map(str::to_owned).collect::<Vec<_>>();
    names.sort();
    names
}

/// Asks the server for everything that it knows of the exposure.
fn answers(server: &Server) -> Result<()> {
    let listed = names(&server.get("/api/v1/exposures")?);
    expect(
        "the names",
        listed,
        vec![NAME.to_owned(), "weekly_mail".to_owned()],
    )?;
    let id = format!("exposure.shop.{NAME}");
    let one = server.get(&format!("/api/v1/exposures/{id}"))?;
    let [description, title] = HOSTILE.map(|(_, text)| text);
    expect("its title", one["label"].as_str(), Some(title))?;
    let is_inert = one["description"].as_str() != Some(description);
    expect("whether its description is inert", is_inert, true)?;
    let lineage = server.get(&format!("/api/v1/nodes/{id}/lineage"))?;
    let edges = lineage["edges"].as_array().into_iter().flatten();
    let parents = edges.filter(|edge| edge["to_id"] == *id).count();
    expect("how many nodes it reads", parents, PARENTS.len())
}

/// Opens the list, the page and the lineage of the exposure.
fn shown(lab: &Lab, server: &Server) -> Result<()> {
    let browser = Browser::open(lab)?;
    let id = format!("exposure.shop.{NAME}");
    let body = BTreeMap::from([("text", "document.body.innerText")]);
    let has = |text: &str| format!("document.body.innerText.includes('{text}')");
    let (has_name, has_parent) = (has(NAME), has(PARENTS[1]));
    let pages = [
        ("list", "resource/exposure/".to_owned(), &has_name),
        ("page", format!("details/{id}/"), &has_name),
        ("lineage", format!("lineage/?uniqueId={id}"), &has_parent),
    ];
    let pages = pages.map(|(name, address, settled)| Page {
        address,
        settled,
        read: body.clone(),
        pause: 1000,
        screenshot: Some(lab.work.join(format!("docs-2.0-{name}.png"))),
        ..Page::default()
    });
    let seen = browser.visit(Site::Running(&server.address()), &pages)?;
    for (page, seen) in pages.iter().zip(&seen) {
        expect(&page.address, &seen.ran, &Vec::new())?;
    }
    let [_, page, lineage] = seen.as_slice() else {
        return Err(format!("{} pages were opened", seen.len()));
    };
    for text in ["Grace", "Sales"] {
        holds(page, text)?;
    }
    PARENTS.iter().try_for_each(|parent| holds(lineage, parent))
}

fn holds(seen: &Seen, text: &str) -> Result<()> {
    let shown = seen.text("text");
    expect(&shown, shown.contains(text), true)
}
