//! dbt docs 1.x in a browser: what readers see of the exposures that `patch` wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::browser::{Browser, Page, Seen, Site};
use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use super::server::Server;
use super::shop::{NEWEST, PARENTS, Shop, V1_6, V1_8, V1_11, Version};
use crate::failure::{Result, Trying};

/// The page that reads the artifacts beside it.
const INDEX: &str = "index.html";
/// The page that has them in it.
const STATIC: &str = "static_index.html";
/// The exposure of a workbook as it should be.
const CALM: &str = "tableau_sales_overview_5a1e5000";
/// The exposure of a workbook whose texts want to run something.
const HOSTILE: &str = "tableau_hostile_script_window_ran_1_script_7_7_badc0de0";
const SETTINGS: &str =
    "tableau: {exports: [export], server: https://tableau.shop.example, site: shop}\n";
const DESCRIPTION: &str = "**Daily** figures; see the [handbook](https://wiki.shop.example/sales).\n\n- orders\n- customers";
/// What each text of the hostile workbook wants to run, once its number is in it.
const TRICKS: &str = "</script><script>window.__ran=N</script><!--<script> \
    <img src=hostile.png onerror=window.__ran=N> <svg onload=window.__ran=N> \
    ![image](https://evil.example/N.png) [link](javascript:window.__ran=N) \
    <a href=\"javascript:alert(N)\">a</a> <iframe srcdoc=\"<script>parent.__ran=N</script>\"></iframe> \
    {{constructor.constructor('window.__ran=N')()}} {{7*7}}";

/// Reads the page of an exposure.
const READ: [(&str, &str); 6] = [
    ("title", "document.querySelector('h1 .break').textContent"),
    (
        "side bar",
        "(() => {
            const entry = document.querySelector('.app-menu .active[data-nav-unique-id]');
            const path = [entry.title];
            for (let at = entry; at; at = at.parentElement) {
                const head = at.previousElementSibling;
                if (head?.matches('strong, .menu-tree')) path.unshift(head.textContent.trim());
            }
            return path;
        })()",
    ),
    (
        "details",
        "[...document.querySelectorAll('dl.detail')].map(one =>
            [...one.children].map(part => part.textContent.replace(/\\s+/g, ' ').trim()).join(': '))",
    ),
    (
        "link",
        "(() => {
            const link = document.querySelector('.app-title a.btn');
            const {x, y, width, height} = link.getBoundingClientRect();
            const top = document.elementFromPoint(x + width / 2, y + height / 2);
            return [link.textContent.trim(), link.href, top === link ? 'can be clicked' : 'is covered'];
        })()",
    ),
    (
        "description",
        "document.querySelector('.model-markdown').innerHTML",
    ),
    ("page", "document.body.innerText"),
];
const PAGE_IS_THERE: &str = "document.querySelector('h1 .break')?.textContent.trim() \
    && document.querySelector('.model-markdown')?.textContent.trim() \
    && document.querySelector('.app-menu .active[data-nav-unique-id]')";
/// The nodes of the lineage graph as `a -> b`, from what the page draws.
const EDGES: &str = "(() => {
    const drawn = angular.element(document.body).injector().get('graph').graph.elements.map(one => one.data);
    const shown = drawn.filter(one => one.display === 'element' && !one.hidden);
    const names = new Set(shown.filter(one => !one.source).map(one => one.id));
    return shown.filter(one => names.has(one.source) && names.has(one.target))
        .map(one => one.source + ' -> ' + one.target).sort();
})()";
const GRAPH_IS_THERE: &str = "document.querySelector('canvas') \
    && angular.element(document.body).injector().get('graph').graph.elements \
        .some(one => one.data.display === 'element' && !one.data.hidden)";

/// Checks the docs of each version.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let browser = checks.check("docs: a browser is there", || Browser::open(lab));
    let Some(browser) = browser else { return };
    let versions: &[Version] = match lab.is_quick {
        true => &[V1_11],
        false => &[V1_6, V1_8, V1_11, NEWEST],
    };
    for version in versions {
        let what = |text: &str| format!("docs, dbt {}: {text}", version.name);
        let made = checks.check(&what("generated and patched"), || {
            generate(lab, version, wheel)
        });
        let Some(shop) = made else { continue };
        checks.check(&what("dbt docs serve leaves the exposure there"), || {
            is_served(&browser, &shop)
        });
        for page in pages(version) {
            let docs = Docs {
                browser: &browser,
                shop: &shop,
                page,
            };
            checks.check(&what(&format!("{page} shows the exposure")), || {
                docs.shows()
            });
            checks.check(&what(&format!("{page} runs nothing of a workbook")), || {
                docs.runs_nothing()
            });
        }
    }
}

/// The pages that dbt writes; the second one has the manifest in it.
fn pages(version: &Version) -> &'static [&'static str] {
    match version.name {
        "1.6" => &[INDEX],
        _ => &[INDEX, STATIC],
    }
}

/// Builds the project and its docs, and patches the exposures in.
fn generate<'l>(lab: &'l Lab, version: &Version, wheel: &Path) -> Result<Shop<'l>> {
    let shop = Shop::open(lab, version, wheel, &format!("docs-{}", version.name))?;
    shop.write("autoexpose.yml", SETTINGS)?;
    write_export(&shop)?;
    shop.dbt(&["build"])?;
    let program = shop.environment.join("bin/autoexpose");
    let mut patch = lab.program(&program, &shop.folder);
    patch.arg("patch");
    if pages(version).contains(&STATIC) {
        shop.dbt(&["docs", "generate", "--static"])?;
        patch.args(["--static-docs", &format!("target/{STATIC}")]);
    } else {
        shop.dbt(&["docs", "generate"])?;
    }
    output(&mut patch)?;
    Ok(shop)
}

/// Makes two workbooks of the one in the export.
fn write_export(shop: &Shop) -> Result<()> {
    let path = shop.folder.join("export/workbooks.json");
    let text = fs::read(&path).trying(path.display())?;
    let mut export: Value = serde_json::from_slice(&text).trying(path.display())?;
    let connection = &mut export["data"]["workbooksConnection"];
    let mut calm = connection["nodes"][0].clone();
    calm["vizportalUrlId"] = json!("42");
    calm["name"] = json!("Sales overview");
    calm["description"] = json!(DESCRIPTION);
    let mut hostile = calm.clone();
    let tricks = |number: &str| TRICKS.replace('N', number);
    hostile["luid"] = json!("badc0de0-2222-4222-8222-222222222222");
    hostile["name"] = json!("Hostile <script>window.__ran=1</script>{{7*7}}");
    hostile["description"] = json!(tricks("2"));
    hostile["projectName"] = json!(tricks("3"));
    hostile["owner"] = json!({"name": tricks("4"), "email": tricks("5")});
    hostile["tags"] = json!([{"name": tricks("6")}, {"name": "\"'><img src=hostile.png>"}]);
    hostile["vizportalUrlId"] = json!("javascript:window.__ran=7");
    connection["nodes"] = json!([calm, hostile]);
    connection["totalCount"] = json!(2);
    fs::write(&path, export.to_string()).trying(path.display())
}

/// Looks at the page that dbt itself serves.
fn is_served(browser: &Browser, shop: &Shop) -> Result<()> {
    let serve = ["docs", "serve", "--no-browser", "--port"];
    let server = Server::start(|port| shop.command(&[&serve[..], &[port]].concat()))?;
    let page = Page {
        address: format!("#!/exposure/exposure.shop.{CALM}"),
        settled: PAGE_IS_THERE,
        read: BTreeMap::from(READ),
        ..Page::default()
    };
    let seen = browser.visit(Site::Running(&server.address), &[page])?;
    let titles = seen.iter().map(|seen| seen.text("title"));
    expect("title", titles.collect(), vec!["Sales overview".to_owned()])
}

/// A page of the docs, which has all of them.
struct Docs<'d> {
    browser: &'d Browser<'d>,
    shop: &'d Shop<'d>,
    page: &'d str,
}

impl Docs<'_> {
    fn shows(&self) -> Result<()> {
        let [page, graph] = self.visit([self.exposure(CALM), self.graph(CALM)])?;
        expect("title", page.text("title").as_str(), "Sales overview")?;
        let place = ["Exposures", "Dashboard", "Sales overview"];
        expect("side bar", page.texts("side bar"), place.to_vec())?;
        let details = [
            "tableau_project: Shop",
            "tableau_site: shop",
            "found_through: workbook (4 tables)",
            "Tags: daily",
            "Package: shop",
            "Contract: Not Enforced",
            "Owner: Grace <grace@shop.example>",
            "Exposure name: tableau_sales_overview_5a1e5000",
        ];
        expect("details", page.texts("details"), details.to_vec())?;
        let url = "https://tableau.shop.example/#/site/shop/workbooks/42";
        let link = ["View this exposure", url, "can be clicked"];
        expect("link", page.texts("link"), link.to_vec())?;
        let rendered = "<p><strong>Daily</strong> figures; see the \
            <a href=\"https://wiki.shop.example/sales\">handbook</a>.</p> \
            <ul> <li>orders</li> <li>customers</li> </ul>";
        expect("description", page.text("description").as_str(), rendered)?;
        let text = page.text("page");
        for raw in ["{\"", "[object", "undefined", "null"] {
            expect(&format!("{raw} in {text}"), text.contains(raw), false)?;
        }
        let id = format!("exposure.shop.{CALM}");
        let edges = PARENTS.map(|parent| format!("{parent} -> {id}"));
        let drawn = graph.texts("edges").into_iter();
        let to_it = drawn.filter(|edge| edge.ends_with(&id)).map(str::to_owned);
        expect("parents", to_it.collect::<Vec<_>>(), edges.to_vec())?;
        let asked = |seen: &Seen| {
            let mut asked = seen.inside.iter();
            asked.any(|path| path.starts_with("manifest.json"))
        };
        expect(
            "whether it reads the manifest",
            asked(&page),
            self.page == INDEX,
        )?;
        harmless(&[page, graph])
    }

    fn runs_nothing(&self) -> Result<()> {
        let search = Page {
            clicks: &["#search"],
            keys: "hostile",
            ..self.exposure(HOSTILE)
        };
        let seen = self.visit([self.exposure(HOSTILE), search, self.graph(HOSTILE)])?;
        let title = "Hostile < script>window.__ran=1< /script>{{7*7}}";
        expect("title", seen[0].text("title").as_str(), title)?;
        let description = seen[0].text("description");
        let is_text = description.contains("&lt;img src=hostile.png");
        expect(&description, is_text, true)?;
        for seen in &seen {
            let page = seen.text("page");
            expect(&page, page.contains("49"), false)?;
        }
        harmless(&seen)
    }

    fn exposure(&self, name: &str) -> Page<'static> {
        Page {
            address: format!("{}#!/exposure/exposure.shop.{name}", self.page),
            settled: PAGE_IS_THERE,
            read: BTreeMap::from(READ),
            pause: 500,
            screenshot: Some(self.picture(&format!("page-{name}"))),
            ..Page::default()
        }
    }

    fn graph(&self, name: &str) -> Page<'static> {
        Page {
            address: format!(
                "{}#!/exposure/exposure.shop.{name}?g_v=1&g_i=%2Bexposure:{name}",
                self.page
            ),
            settled: GRAPH_IS_THERE,
            read: BTreeMap::from([("edges", EDGES)]),
            // The graph moves to its place.
            pause: 1500,
            screenshot: Some(self.picture(&format!("graph-{name}"))),
            ..Page::default()
        }
    }

    fn picture(&self, name: &str) -> PathBuf {
        let folder = self.shop.folder.join("pictures");
        folder.join(format!(
            "{}-{name}.png",
            self.page.trim_end_matches(".html")
        ))
    }

    fn visit<const N: usize>(&self, pages: [Page; N]) -> Result<[Seen; N]> {
        let target = self.shop.folder.join("target");
        let seen = self.browser.visit(Site::Folder(&target), &pages)?;
        seen.try_into().map_err(|_| "pages are missing".to_owned())
    }
}

/// Expects that nothing of a text ran, and that nobody was asked for anything because of one.
fn harmless(seen: &[Seen]) -> Result<()> {
    for seen in seen {
        expect("what ran", &seen.ran, &Vec::new())?;
        expect("what others were asked for", &seen.outside, &Vec::new())?;
        let asked = seen
            .inside
            .iter()
            .filter(|path| path.contains("hostile.png"));
        expect("images of a text", asked.count(), 0)?;
        expect("errors", &seen.errors, &Vec::new())?;
    }
    Ok(())
}
