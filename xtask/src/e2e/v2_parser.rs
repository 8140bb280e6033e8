//! The wrapper of dbt's v2 parser. dbt 2.0 stands in for the parser, which its package does not bring
//! everywhere.

use std::path::Path;

use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use super::shop::{NAME, NEWEST, Shop, V2_0, WITH_PLUGIN};
use crate::failure::Result;

/// Checks the wrapper on the newest dbt Core 1, but not with `--quick`.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    if lab.is_quick {
        return;
    }
    let installed = checks.check("v2 parser: installed", || {
        let parser = lab.environment("parser", V2_0.packages)?.join("bin/dbt");
        let shop = Shop::open(lab, &NEWEST, wheel, "v2-parser")?;
        shop.write("autoexpose.yml", WITH_PLUGIN)?;
        Ok((shop, parser))
    });
    let Some((shop, parser)) = installed else {
        return;
    };
    checks.check("v2 parser: ls and docs generate have the exposure", || {
        with_parser(&shop, &parser, &["--quiet", "ls", "--select", "exposure:*"])?;
        with_parser(&shop, &parser, &["docs", "generate"])?;
        let (parents, is_there) = shop.parents("target")?;
        expect("how many parents", (parents.len(), is_there), (4, true))
    });
    checks.check("v2 parser: a fault is a warning", || {
        shop.write("autoexpose.yml", "selct: 1\n")?;
        // dbt shows it on standard output, among its own lines.
        let [printed, _] = with_parser(&shop, &parser, &["ls"])?;
        let is_told = printed.contains("the exposures are not added");
        expect(&printed, is_told, true)
    });
}

/// Runs dbt with the wrapper before the parser; expects the exposure in what `ls` prints.
fn with_parser(shop: &Shop, parser: &Path, arguments: &[&str]) -> Result<[String; 2]> {
    let python = shop.environment.join("bin/python");
    let wrapper = format!("{} -m dbt_autoexpose.v2_parser", python.display());
    let wrapped = format!("{wrapper} {} parse", parser.display());
    let mut command = shop.command(arguments);
    command
        .arg("--use-v2-parser")
        .env("DBT_ENGINE_V2_PARSER", wrapped);
    let [printed, said] = output(&mut command)?;
    if arguments.contains(&"--select") {
        expect(&printed, printed.contains(NAME), true)?;
    }
    Ok([printed, said])
}
