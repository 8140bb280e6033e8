//! What users may do with external assets because of content that uses them.

use std::collections::BTreeSet;

use super::ask::ask;
use super::case::Case;
use super::content::CONTENT;
use super::decision::{Decision, Finding};
use crate::model::access::{AssetId, AssetKind, Told, Uses};

/// The owner of a workbook, data source or flow may view what it uses.
pub(super) fn derived_owner(case: &Case) -> Finding {
    if_on(case, || {
        let users = users_of(case).filter(|(_, uses)| case.is_used(uses));
        case.of_owner(
            users.map(|(content, _)| content),
            "content that uses it",
            "the user does not own content that is known to use it",
        )
    })
}

/// Owners and leaders of a project may view what its content uses.
pub(super) fn derived_project(case: &Case) -> Finding {
    if_on(case, || {
        let mut unknown = None;
        for (content, _) in users_of(case).filter(|(_, uses)| case.is_used(uses)) {
            let chain = case.chain(content);
            for finding in [case.led(&chain), case.owned(&chain)] {
                match (finding.may_allow, finding.may_pass) {
                    (true, false) => {
                        let saw = "the user leads or owns a project whose content uses it";
                        return Finding::allows(saw);
                    }
                    (true, true) => unknown = Some(finding.saw),
                    (false, _) => {}
                }
            }
        }
        match unknown {
            Some(why) => Finding::may_allow(why),
            None => Finding::passes(
                "the user does not lead or own a project whose content is known to use it",
            ),
        }
    })
}

/// Whoever may view content may view the files that it embeds.
pub(super) fn embedded_file(case: &Case) -> Finding {
    match is_embedded_file(case) {
        Ok(true) => {}
        Ok(false) => return Finding::passes("it is not a file that content embeds"),
        Err(why) => return Finding::may_allow(why),
    }
    let mut unknown = None;
    for (content, _) in users_of(case).filter(|(_, uses)| case.is_used(uses)) {
        let answer = ask(&case.about(content), CONTENT);
        match answer.decision {
            Decision::Allowed => {
                return Finding::allows("the user may view content that embeds it");
            }
            Decision::Denied => {}
            Decision::Unknown => unknown = Some(answer.why),
        }
    }
    match unknown {
        Some(why) => Finding::may_allow(format!("for content that embeds it, {why}")),
        None => Finding::passes("the user may not view content that is known to embed it"),
    }
}

fn is_embedded_file(case: &Case) -> Result<bool, String> {
    // What is missing here is said by lists of external assets alone, and they tell embedded ones.
    if case.fact(case.asset, |asset| &asset.is_embedded) != Ok(&true) {
        return Ok(false);
    }
    let of_database = |database: &AssetId| {
        let is_file = case.fact(database, |asset| &asset.is_file);
        is_file
            .copied()
            .map_err(|why| format!("whether it is a file is {why}"))
    };
    if case.asset.kind == AssetKind::Database {
        return of_database(case.asset);
    }
    let database = case.fact(case.asset, |asset| &asset.database);
    let database = database.map_err(|why| format!("its database is {why}"))?;
    of_database(&AssetId::new(AssetKind::Database, database))
}

/// The owner of a flow may change what the flow writes.
pub(super) fn flow_owner(case: &Case) -> Finding {
    if_on(case, || {
        let flows = users_of(case).filter(|(content, uses)| {
            content.kind == AssetKind::Flow && case.is_among(&uses.outputs)
        });
        case.of_owner(
            flows.map(|(flow, _)| flow),
            "a flow that writes it",
            "the user does not own a flow that ran and is known to write it",
        )
    })
}

/// What a rule says if users get permissions from content, a setting of the site.
fn if_on(case: &Case, judge: impl FnOnce() -> Finding) -> Finding {
    let setting = "the setting for automatic access to metadata";
    match case.known(&case.access.derived_permissions) {
        Ok(true) => judge(),
        Ok(false) => Finding::passes(format!("{setting} is off")),
        Err(why) => match judge() {
            finding if finding.may_allow => Finding::may_allow(format!("{setting} is {why}")),
            finding => finding,
        },
    }
}

/// Content that may use an asset. Virtual connections give their owners nothing.
fn users_of<'c>(case: &Case<'c>) -> impl Iterator<Item = (&'c AssetId, &'c Uses)> {
    let all = case.access.uses.iter();
    all.filter(|(content, _)| content.kind != AssetKind::VirtualConnection)
}

impl<'c> Case<'c> {
    /// What the owner of any of these gets. `what` names one of them, and `none` says that there is none.
    fn of_owner(
        &self,
        all: impl Iterator<Item = &'c AssetId>,
        what: &str,
        none: &'static str,
    ) -> Finding {
        let mut unknown = None;
        for content in all {
            let ran = match self.owner(content) {
                Ok(owner) if owner != self.user => continue,
                Ok(_) => self.has_run(content),
                Err(why) => Err(format!("the owner of {what} is {why}")),
            };
            match ran {
                Ok(true) => return Finding::allows(format!("the user owns {what}")),
                Ok(false) => {}
                Err(why) => unknown = Some(why),
            }
        }
        match unknown {
            Some(why) => Finding::may_allow(why),
            None => Finding::passes(none),
        }
    }

    /// Whether content uses the asset, or a table of it.
    fn is_used(&self, uses: &Uses) -> bool {
        self.is_among(&uses.inputs) || self.is_among(&uses.outputs)
    }

    fn is_among(&self, tables: &BTreeSet<AssetId>) -> bool {
        if self.asset.kind == AssetKind::Table {
            return tables.contains(self.asset);
        }
        tables.iter().any(|table| {
            let facts = self.access.asset(table);
            let database = facts.and_then(|facts| facts.database.value());
            database == Some(&self.asset.luid)
        })
    }

    /// Whether content gives its owner something: a flow only once it ran for that owner.
    fn has_run(&self, content: &AssetId) -> Result<bool, String> {
        if content.kind != AssetKind::Flow {
            return Ok(true);
        }
        let runs = self.access.successful_runs.get(&content.luid);
        let runs = runs.and_then(|users| users.get(self.user));
        let ran = self.known(runs.unwrap_or(&Told::Missing));
        let ran = ran.map_err(|why| format!("whether a flow of the user was successful is {why}"));
        ran.copied()
    }
}
