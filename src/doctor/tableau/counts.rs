//! Whether both of Tableau's APIs list the same, and the known causes why they do not: the Metadata API
//! counts what there is, the REST API what the user may view.

use super::words::open;
use crate::doctor::check::Check;
use crate::doctor::export::counted;
use crate::doctor::finding::Finding;
use crate::remote::{Heard, Lists, Told};

/// A kind of object, as the REST API counts it and as the Metadata API does.
struct Pair<'h> {
    /// What one of them is called.
    noun: &'static str,
    listed: &'h Told<u64>,
    total: Option<u64>,
}

/// Compares the counts, and tells what else is known to be shown in part.
pub(super) fn findings(heard: &Heard, is_administrator: Option<bool>) -> Vec<Finding> {
    let Some(totals) = heard.totals.told() else {
        return vec![open(Check::Counts, &heard.totals, "repeat it later")];
    };
    let pairs = pairs(&heard.listed, totals);
    let mut equal = Vec::new();
    let mut findings = Vec::new();
    for pair in &pairs {
        match (pair.listed.told(), pair.total) {
            (Some(listed), Some(total)) if *listed == total => {
                equal.push(counted(total as usize, pair.noun));
            }
            (Some(listed), Some(total)) => {
                findings.push(different(heard, is_administrator, pair, *listed, total));
            }
            _ => findings.push(
                open(
                    Check::Counts,
                    pair.listed,
                    "the other counts can be relied on",
                )
                .about(format!("{}s", pair.noun)),
            ),
        }
    }
    if !equal.is_empty() {
        let seen = format!("both APIs count {}", equal.join(", "));
        findings.insert(0, Finding::ok(Check::Counts, seen));
    }
    findings.extend(in_part(heard));
    findings
}

fn pairs<'h>(listed: &'h Lists<Told<u64>>, totals: &Lists<Option<u64>>) -> [Pair<'h>; 4] {
    [
        ("workbook", &listed.workbooks, totals.workbooks),
        ("data source", &listed.datasources, totals.datasources),
        ("flow", &listed.flows, totals.flows),
        ("table", &listed.tables, totals.tables),
    ]
    .map(|(noun, listed, total)| Pair {
        noun,
        listed,
        total,
    })
}

fn different(
    heard: &Heard,
    is_administrator: Option<bool>,
    pair: &Pair,
    listed: u64,
    total: u64,
) -> Finding {
    let objects = format!("{}s", pair.noun);
    let counts = format!("the REST API lists {listed}, the Metadata API {total}");
    if total > listed {
        let (causes, cure) = match (pair.noun, is_administrator) {
            ("table", _) => (
                "the REST API does not list tables of embedded data sources, nor those that the user may not view",
                "nothing is missing in an export because of it",
            ),
            (_, Some(true)) => (
                "the others are in personal spaces, or were deleted and are still in the index",
                "it settles by itself; autoexpose leaves personal spaces out",
            ),
            _ => (
                "the others are such as the user may not view, in personal spaces of others, or deleted and still in the index",
                "use the token of a site administrator, who may view all",
            ),
        };
        return Finding::note(Check::Counts, format!("{counts}: {causes}"))
            .with_cure(cure)
            .about(objects);
    }
    let is_building = heard.backfill == Told::Told(Some(false))
        || heard
            .warnings
            .iter()
            .any(|warned| warned.code == "BACKFILL_RUNNING");
    let is_filtered = heard.site.told().and_then(|site| site.obfuscates) == Some(false)
        && is_administrator != Some(true);
    let is_cut = heard
        .page
        .told()
        .is_some_and(|page| page.too_much.is_some());
    let (cause, cure) = if is_building {
        (
            "Tableau is still building its metadata store",
            "repeat it when the store is built",
        )
    } else if is_filtered {
        (
            "the site leaves out of lineage what the user may not see",
            "use the token of a site administrator, or change Sensitive Lineage Information",
        )
    } else if is_cut {
        (
            "Tableau's limits may have cut the answer, or new ones are not yet indexed",
            "repeat it later, and compare with what `autoexpose fetch` says",
        )
    } else {
        (
            "new ones are not yet indexed",
            "repeat it in some minutes; if it stays, ask an administrator for the state of the metadata services",
        )
    };
    let seen = format!("{counts}, so that an export is not complete: {cause}");
    Finding::warning(Check::Counts, seen, cure).about(objects)
}

/// What Tableau is known to show in part, for whoever compares numbers.
fn in_part(heard: &Heard) -> Vec<Finding> {
    let Some(upstream) = heard.upstream.told() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if upstream.fewer_databases > 0 {
        let seen = format!(
            "{} of the first {} workbooks show fewer databases than their data sources: Tableau counts those alone whose fields a sheet uses",
            upstream.fewer_databases, upstream.workbooks
        );
        findings.push(Finding::note(Check::Counts, seen).about("databases"));
    }
    if upstream.flows_without > 0 {
        let seen = format!(
            "{} of the first {} flows show nothing upstream: Tableau does not show the lineage of flows with parameters",
            upstream.flows_without, upstream.flows
        );
        findings.push(Finding::note(Check::Counts, seen).about("lineage of flows"));
    }
    findings
}
