//! The dbt plugin, installed by the wheel, in commands of real dbt.

use std::fs;
use std::path::Path;

use super::checks::{Checks, expect};
use super::lab::Lab;
use super::shop::{NAME, NEWEST, PARENTS, Shop, V1_6, V1_8, V1_11, Version, WITH_PLUGIN};
use crate::failure::{Result, Trying};

/// The versions that are checked. With `--quick` only some are.
const VERSIONS: [(Version, bool); 4] =
    [(V1_6, false), (V1_8, false), (V1_11, true), (NEWEST, false)];
/// What `+exposure:…` lists.
pub(super) const UPSTREAM: [&str; 6] = [
    "dim_customers.v2",
    "fct_orders",
    "payments.raw_payments",
    "raw_orders",
    "stg_orders",
    NAME,
];
/// The exposure of the project's own YAML.
pub(super) const MANUAL: &str = "weekly_mail";

/// Checks each version of dbt.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let versions = VERSIONS
        .iter()
        .filter(|(_, is_quick)| *is_quick || !lab.is_quick);
    for (version, _) in versions {
        let name = format!("plugin-{}", version.name);
        let what = |text: &str| format!("plugin, dbt {}: {text}", version.name);
        let shop = checks.check(&what("installed"), || {
            Shop::open(lab, version, wheel, &name)
        });
        let Some(shop) = shop else { continue };
        checks.check(&what("inert without the switch"), || inert(&shop));
        checks.check(&what("parse adds the exposure to manifest.json"), || {
            parse(&shop)
        });
        checks.check(&what("ls selects by the exposure"), || select(&shop));
        checks.check(&what("build runs what it reads"), || build(&shop));
        checks.check(&what("docs generate shows it"), || docs(&shop));
        checks.check(&what("--no-write-json, from the parsed project"), || {
            unwritten(&shop)
        });
        checks.check(
            &what("a target of a developer, planned with production"),
            || dev(&shop),
        );
        checks.check(&what("faults are warnings"), || faults(&shop));
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn inert(shop: &Shop) -> Result<()> {
    for settings in ["", "dbt_plugin: false\ntableau: {exports: [export]}\n"] {
        shop.write("autoexpose.yml", settings)?;
        let listed = shop.list(&["--select", "exposure:*"])?;
        expect("listed", listed, (owned(&[MANUAL]), String::new()))?;
    }
    shop.write("autoexpose.yml", WITH_PLUGIN)
}

/// Expects the exposure in the manifest, and not in what dbt keeps of the project it has parsed.
fn is_in_manifest(shop: &Shop, target: &str) -> Result<()> {
    expect("parents", shop.parents(target)?, (owned(&PARENTS), true))?;
    let kept = shop.folder.join(target).join("partial_parse.msgpack");
    let bytes = fs::read(&kept).trying(kept.display())?;
    let is_kept = bytes
        .windows(NAME.len())
        .any(|part| part == NAME.as_bytes());
    expect("whether partial_parse.msgpack has it", is_kept, false)
}

fn parse(shop: &Shop) -> Result<()> {
    let [_, said] = shop.dbt(&["--quiet", "parse"])?;
    expect("said", said.as_str(), "")?;
    is_in_manifest(shop, "target")
}

fn select(shop: &Shop) -> Result<()> {
    let selected = shop.list(&["--select", &format!("+exposure:{NAME}")])?;
    expect("listed", selected, (owned(&UPSTREAM), String::new()))
}

fn build(shop: &Shop) -> Result<()> {
    shop.dbt(&["build", "--select", &format!("+exposure:{NAME}")])?;
    is_in_manifest(shop, "target")
}

fn docs(shop: &Shop) -> Result<()> {
    shop.dbt(&["docs", "generate"])?;
    is_in_manifest(shop, "target")
}

fn unwritten(shop: &Shop) -> Result<()> {
    let no_json = ["--no-write-json", "--quiet", "ls", "--output", "name"];
    let [printed, _] = shop.dbt(&[&no_json[..], &["--select", "tag:daily"]].concat())?;
    expect("listed", printed.trim(), NAME)
}

/// In the target of a developer Tableau reads other tables, unless the plan is made for production.
fn dev(shop: &Shop) -> Result<()> {
    let copy = shop.folder.join("prod.json");
    fs::copy(shop.folder.join("target/manifest.json"), &copy).trying(copy.display())?;
    let settings = format!("{WITH_PLUGIN}dbt_plugin_manifest: prod.json\n");
    shop.write("autoexpose.yml", &settings)?;
    let model = "models/marts/dim_customers_v2.sql";
    let (path, aside) = (shop.folder.join(model), shop.folder.join("aside.sql"));
    let dev = [
        "--quiet",
        "parse",
        "--target",
        "dev",
        "--target-path",
        "dev",
    ];
    let [_, said] = shop.dbt(&dev)?;
    expect("said", said.as_str(), "")?;
    is_in_manifest(shop, "dev")?;
    // A branch that removes what the workbook reads.
    let schema = fs::read_to_string(shop.folder.join("models/schema.yml")).trying("schema.yml")?;
    fs::rename(&path, &aside).trying(path.display())?;
    let without = schema
        .replace("latest_version: 2", "latest_version: 1")
        .replace("      - v: 2\n", "");
    shop.write("models/schema.yml", &without)?;
    let outcome = shop.dbt(&dev);
    fs::rename(&aside, &path).trying(path.display())?;
    shop.write("models/schema.yml", &schema)?;
    shop.write("autoexpose.yml", WITH_PLUGIN)?;
    let [_, said] = outcome?;
    let told =
        format!("{NAME} (without model.shop.dim_customers.v2, which the project does not have)");
    expect("whether the lost node is told", said.contains(&told), true)?;
    expect(
        "parents",
        shop.parents("dev")?,
        (owned(&PARENTS[1..]), true),
    )
}

/// Whatever is wrong, dbt goes on with what the project itself has.
fn faults(shop: &Shop) -> Result<()> {
    let broken = "dbt_plugin: true\ntableau: {exports: [nothing.json]}\n";
    for (settings, told) in [
        (broken, "nothing.json: cannot be read"),
        ("dbt_plugin: [\n", "is not YAML"),
        ("dbt_plugin: true\nselct: 1\n", "unknown key"),
    ] {
        shop.write("autoexpose.yml", settings)?;
        let (names, said) = shop.list(&["--select", "exposure:*"])?;
        expect("listed", names, owned(&[MANUAL]))?;
        let is_one_line = said.lines().count() == 1 && said.contains(told);
        expect(&said, is_one_line, true)?;
    }
    shop.write("autoexpose.yml", broken)?;
    shop.dbt(&["--warn-error", "ls", "--select", "exposure:*"])?;
    shop.write("autoexpose.yml", WITH_PLUGIN)
}
