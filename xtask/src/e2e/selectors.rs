//! `autoexpose yaml`, and what real dbt makes of its files: which nodes it selects and builds by an
//! exposure, and whether it reads each text as Tableau has it.
//!
//! The export has a workbook that reads a node of every kind, and one for each text that YAML, Jinja
//! or dbt could take for something else. Every command runs with `--warn-error`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use super::shop::{FUSION, NEWEST, Shop, V1_8, V1_9, V1_10, V1_11, V2_0, Version, lines_of};
use super::wanted::{Wanted, name};
use crate::failure::{Result, Trying};
use crate::repository;

/// The versions that are checked. With `--quick` only some are.
const VERSIONS: [(Version, bool); 7] = [
    (V1_8, false),
    (V1_9, false),
    (V1_10, false),
    (V1_11, true),
    (NEWEST, false),
    (V2_0, true),
    (FUSION, false),
];

/// The folder of the export.
const EXPORT: &str = "traps";
/// The workbook that reads everything, and what its exposure stands on.
const EVERYTHING: &str = "00000000-2222-4222-8222-222222222222";
const UNDER_EVERYTHING: [&str; 9] = [
    "dim_customers.v1",
    "dim_customers.v2",
    "fct_orders",
    "orders_history",
    r#"payments.it's "odd" \ {here}"#,
    "payments.raw_payments",
    "raw_orders",
    "stg_orders",
    "util_dates",
];
/// What of that dbt runs, by its id.
const BUILT: [&str; 7] = [
    "model.shop.dim_customers.v1",
    "model.shop.dim_customers.v2",
    "model.shop.fct_orders",
    "model.shop.stg_orders",
    "model.util.util_dates",
    "seed.shop.raw_orders",
    "snapshot.shop.orders_history",
];
/// A workbook that reads one model, and what its exposure stands on.
const ONE_MODEL: &str = "00000001-2222-4222-8222-222222222222";
const UNDER_ONE_MODEL: [&str; 3] = ["fct_orders", "raw_orders", "stg_orders"];

/// Checks each version of dbt.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let versions = VERSIONS
        .iter()
        .filter(|(_, is_quick)| *is_quick || !lab.is_quick);
    for (version, _) in versions {
        let what = |text: &str| format!("yaml, dbt {}: {text}", version.name);
        let opened = checks.check(&what("installed, and the project is parsed"), || {
            open(lab, version, wheel)
        });
        let Some((shop, wanted)) = opened else {
            continue;
        };
        for group_by in ["project", "workbook", "all"] {
            checks.check(
                &what(&format!("read exactly, a file for {group_by}")),
                || is_read(&shop, &wanted, group_by),
            );
        }
        checks.check(&what("ls selects by committed files"), || {
            selects(&shop, &wanted)
        });
        checks.check(&what("build by committed files"), || builds(&shop, &wanted));
        checks.check(&what("a hidden folder that is missing"), || hide(&shop));
        checks.check(&what("ls selects by hidden files"), || {
            write(&shop, "all")?;
            selects(&shop, &wanted)
        });
        checks.check(&what("build by hidden files"), || builds(&shop, &wanted));
    }
}

fn open<'l>(lab: &'l Lab, version: &Version, wheel: &Path) -> Result<(Shop<'l>, Wanted)> {
    let shop = Shop::open(lab, version, wheel, &format!("yaml-{}", version.name))?;
    shop.dbt(&["--quiet", "--warn-error", "parse"])?;
    let wanted = Wanted::ask(&shop, EXPORT)?;
    Ok((shop, wanted))
}

/// Writes the files; with the same inputs, a second run finds nothing to do.
fn write(shop: &Shop, group_by: &str) -> Result<()> {
    for more in [&[][..], &["--check"]] {
        let yaml = ["yaml", "--tableau", EXPORT, "--group-by", group_by];
        output(&mut shop.autoexpose(&[&yaml, more].concat()))?;
    }
    Ok(())
}

/// Expects dbt to read what was wanted, and a run with dbt's new manifest to find nothing to do.
fn is_read(shop: &Shop, wanted: &Wanted, group_by: &str) -> Result<()> {
    write(shop, group_by)?;
    let files = repository::files(&shop.folder.join("models/autoexpose"))?;
    let is_as_many = match group_by {
        "all" => files.len() == 1,
        "workbook" => files.len() == wanted.names().len(),
        _ => files.len() > 1,
    };
    expect("whether there are as many files", is_as_many, true)?;
    shop.dbt(&["--quiet", "--warn-error", "parse"])?;
    wanted.are_in(&shop.manifest("target")?)?;
    let check = [
        "yaml",
        "--tableau",
        EXPORT,
        "--group-by",
        group_by,
        "--check",
    ];
    output(&mut shop.autoexpose(&check)).map(drop)
}

fn selects(shop: &Shop, wanted: &Wanted) -> Result<()> {
    let [everything, one_model] = [EVERYTHING, ONE_MODEL].map(|luid| wanted.of(luid).map(name));
    let (everything, one_model) = (everything?, one_model?);
    let all = wanted.names();
    let and = |under: &[&str], name: &str| {
        let mut names = lines_of(&under.join("\n"));
        names.push(name.to_owned());
        names.sort();
        names
    };
    let expected = [
        (
            format!("+exposure:{everything}"),
            and(&UNDER_EVERYTHING, &everything),
        ),
        (
            format!("+exposure:{one_model}"),
            and(&UNDER_ONE_MODEL, &one_model),
        ),
        ("exposure:tableau_*".to_owned(), all.clone()),
        ("tag:daily".to_owned(), all),
    ];
    let selections = expected.iter().map(|(selection, _)| selection.as_str());
    let listed = shop.lists(&selections.collect::<Vec<_>>())?;
    for ((selection, names), listed) in expected.into_iter().zip(listed) {
        expect(&selection, listed, names)?;
    }
    wanted.are_in(&shop.manifest("target")?)
}

/// Expects dbt to run what the exposure stands on, and nothing else.
fn builds(shop: &Shop, wanted: &Wanted) -> Result<()> {
    let everything = name(wanted.of(EVERYTHING)?);
    let selection = format!("+exposure:{everything}");
    shop.dbt(&["--quiet", "--warn-error", "build", "--select", &selection])?;
    let path = shop.folder.join("target/run_results.json");
    let results = fs::read(&path).trying(path.display())?;
    let results: Value = serde_json::from_slice(&results).trying(path.display())?;
    let results = results["results"].as_array().into_iter().flatten();
    let results = results.map(|one| [&one["unique_id"], &one["status"]].map(Value::as_str));
    // From 1.10 on the exposure itself is among them, as something that is not run.
    let run = results.filter(|[id, _]| !id.unwrap_or_default().starts_with("exposure."));
    let mut run = run.collect::<Vec<_>>();
    run.sort();
    let expected = BUILT.map(|id| [Some(id), Some("success")]);
    expect("what was run", run, expected.to_vec())
}

/// Moves from committed files to a folder that version control does not see, as it is in a fresh clone.
fn hide(shop: &Shop) -> Result<()> {
    let committed = shop.folder.join("models/autoexpose");
    fs::remove_dir_all(&committed).trying(committed.display())?;
    let path = shop.folder.join("dbt_project.yml");
    let project = fs::read_to_string(&path).trying(path.display())?;
    shop.write(
        "dbt_project.yml",
        &format!("{project}model-paths: [models, .autoexpose]\n"),
    )?;
    let listed = shop.lists(&["exposure:*"])?;
    expect("exposures", listed, vec![lines_of("weekly_mail")])
}
