//! How the site is set, and what the Metadata API shows of it.

use super::words::{open, words};
use crate::doctor::check::Check;
use crate::doctor::finding::Finding;
use crate::remote::{Heard, Reason, Told};

const BACKFILL: &str = "BACKFILL_RUNNING";
const WHAT_SHOWS_THEM: &str = "`autoexpose explain --hidden` says of an export what would show them to this token; that of a site administrator shows all";
const ADMINISTRATORS_SEE: &str =
    "Tableau tells it administrators alone; ask one, or use the token of one";
const LATER: &str = "repeat it later: Tableau builds the store for hours, of large sites for days";

/// Catalog, derived permissions, and what is shown of what is hidden.
pub(super) fn settings(heard: &Heard, is_administrator: Option<bool>) -> Vec<Finding> {
    let rows = [
        (
            Check::Catalog,
            heard.site.told().map(|site| site.catalog),
            "Tableau Catalog is on",
            "Tableau Catalog is off, so that only administrators see tables and databases",
            "an administrator turns it on under Settings, where Data Management is licensed; else use the token of an administrator",
        ),
        (
            Check::Derived,
            heard.site.told().map(|site| site.derived_permissions),
            "owners and project leaders see the tables that their content reads",
            "owners do not see the tables that their content reads, unless somebody gives them the permission",
            "an administrator turns on Settings > General > Automatic Access to Metadata about Databases and Tables; else use the token of an administrator",
        ),
        (
            Check::Lineage,
            heard.site.told().map(|site| site.obfuscates),
            "what a user may not see stays in lineage without its name",
            "what a user may not see is left out of lineage, so that nobody knows that something is missing",
            "an administrator changes Settings > General > Sensitive Lineage Information to show it without names; else use the token of an administrator",
        ),
    ];
    let findings = rows.map(|(check, told, on, off, cure)| match told {
        Some(Some(true)) => Finding::ok(check, on),
        Some(Some(false)) if is_administrator == Some(true) => Finding::note(
            check,
            format!("{off}; this user is one of those who see all"),
        ),
        Some(Some(false)) => Finding::warning(check, off, cure),
        Some(None) => Finding::not_known(check, "Tableau does not tell it", ADMINISTRATORS_SEE),
        None => open(check, &heard.site, ADMINISTRATORS_SEE),
    });
    findings.into()
}

/// Whether the Metadata API answers.
pub(super) fn metadata(heard: &Heard) -> Finding {
    let check = Check::Metadata;
    let refusal = match &heard.totals {
        Told::Told(_) => return Finding::ok(check, "it answers"),
        Told::Refused(refusal) => refusal,
        Told::NotAsked => return Finding::not_asked(check, "the run ended before", None),
    };
    let (seen, cure) = words(refusal);
    match refusal.reason {
        Reason::TooOften => Finding::warning(check, seen, cure),
        Reason::Status(404) => Finding::fault(
            check,
            seen,
            "a server administrator turns it on with `tsm maintenance metadata-services enable`; it needs Tableau 2019.3 or newer",
        ),
        _ => Finding::fault(check, seen, cure),
    }
}

/// Whether the metadata store is built.
pub(super) fn backfill(heard: &Heard) -> Finding {
    let check = Check::Backfill;
    let is_warned = heard.warnings.iter().any(|warned| warned.code == BACKFILL);
    if is_warned || heard.backfill == Told::Told(Some(false)) {
        return Finding::warning(
            check,
            "Tableau is still building its metadata store, so that exports are not complete",
            LATER,
        );
    }
    match &heard.backfill {
        Told::Told(Some(true)) => Finding::ok(check, "the metadata store is built"),
        _ if heard.totals.told().is_some() => Finding::ok(
            check,
            "the Metadata API does not warn that its store is incomplete",
        ),
        told => open(check, told, ADMINISTRATORS_SEE),
    }
}

/// What else the Metadata API warns of.
pub(super) fn warnings(heard: &Heard) -> Vec<Finding> {
    let is_told = |code: &str| {
        code == BACKFILL || matches!(code, "NODE_LIMIT_EXCEEDED" | "TIME_LIMIT_EXCEEDED")
    };
    let warnings = heard.warnings.iter();
    let warnings = warnings.filter(|warned| !is_told(&warned.code));
    let warnings = warnings.map(|warned| {
        let seen = format!("it warns of {}: {}", warned.code, warned.message);
        Finding::warning(Check::Metadata, seen, warned.advice)
    });
    warnings.collect()
}

/// Whether tables have names.
pub(super) fn names(heard: &Heard) -> Finding {
    let check = Check::Names;
    let Some(names) = heard.names.told() else {
        return open(check, &heard.names, "repeat it later");
    };
    let (all, nameless) = (names.all, names.nameless);
    match nameless {
        _ if all == 0 => Finding::not_known(
            check,
            "Tableau shows not one table",
            "is it the right site? Else use the token of a site administrator",
        ),
        0 => Finding::ok(check, format!("all of the first {all} tables have one")),
        nameless if nameless == all => Finding::fault(
            check,
            format!(
                "Tableau hides the names of all of the first {all} tables, so that nothing can be linked"
            ),
            WHAT_SHOWS_THEM,
        ),
        nameless => {
            let share = (nameless * 100).div_ceil(all);
            Finding::warning(
                check,
                format!(
                    "Tableau hides the names of {nameless} of the first {all} tables ({share} %)"
                ),
                WHAT_SHOWS_THEM,
            )
        }
    }
}

/// Whether a page of workbooks is within the limits.
pub(super) fn limits(heard: &Heard) -> Finding {
    let check = Check::Limits;
    let page = match &heard.page {
        Told::Told(page) => page,
        Told::Refused(refusal) => {
            let (seen, cure) = words(refusal);
            return Finding::warning(check, seen, cure);
        }
        Told::NotAsked => return open(check, &heard.page, "repeat it later"),
    };
    match &page.too_much {
        None => Finding::ok(
            check,
            format!("a page of {} came whole, of {} asked for", page.came, page.asked),
        ),
        Some(why) => Finding::note(
            check,
            format!("a page of {} workbooks is too much for Tableau: {why}", page.asked),
        )
        .with_cure("`autoexpose fetch` asks for less by itself; give queries of your own a smaller `first`"),
    }
}
