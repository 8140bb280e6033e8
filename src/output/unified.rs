//! Renders a unified diff of the exposures, each as canonical text.

use std::fmt::Write;

use similar::TextDiff;

use super::differences::{created, site};
use super::printable;
use super::report::{ExposureFacts, Report};

/// Renders the diff; empty if no exposure changes.
pub fn render(report: &Report) -> String {
    let changed = report.changed.iter().chain(&report.renamed);
    let mut before = changed
        .clone()
        .map(|changed| &changed.before)
        .chain(report.removed.iter().map(|removed| &removed.exposure))
        .chain(report.kept.iter().filter_map(|kept| kept.before.as_ref()))
        .collect::<Vec<_>>();
    let kept = report.kept.iter().filter(|kept| kept.before.is_some());
    let mut after = changed
        .map(|changed| &changed.after)
        .chain(&report.added)
        .chain(kept.map(|kept| &kept.exposure))
        .collect::<Vec<_>>();
    before.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
    after.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
    let (before, after) = (canonical(&before), canonical(&after));
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(3)
        .header("exposures before", "exposures after")
        .to_string()
}

/// Exposures with one field per line, always in the same order.
fn canonical(exposures: &[&ExposureFacts]) -> String {
    let mut text = String::new();
    for exposure in exposures {
        // Writing to a String does not fail.
        let _ = write_exposure(&mut text, exposure);
    }
    text
}

fn write_exposure(text: &mut String, exposure: &ExposureFacts) -> std::fmt::Result {
    writeln!(text, "{}", printable(&exposure.unique_id))?;
    let owner = &exposure.owner;
    let (site, created) = (site(exposure), created(exposure));
    let facts = [
        ("label", exposure.label.as_deref()),
        ("server", exposure.server.as_deref()),
        ("site", site.as_deref()),
        ("luid", Some(exposure.luid.as_str())),
        ("project", exposure.project.as_deref()),
        ("owner", owner.name.as_deref()),
        ("email", owner.email.as_deref()),
        ("url", exposure.url.as_deref()),
        ("maturity", exposure.maturity.as_deref()),
        ("created", created.as_deref()),
        ("complete", (!exposure.complete).then_some("no")),
    ];
    for (name, value) in facts {
        if let Some(value) = value {
            writeln!(text, "  {name}: {}", printable(value))?;
        }
    }
    for tag in &exposure.tags {
        writeln!(text, "  tag: {}", printable(tag))?;
    }
    for line in exposure.description.lines() {
        writeln!(text, "  description: {}", printable(line))?;
    }
    for link in &exposure.links {
        writeln!(
            text,
            "  depends on: {} ({}, {})",
            printable(&link.node),
            printable(&link.rule),
            printable(&link.path)
        )?;
    }
    Ok(())
}
