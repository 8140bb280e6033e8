//! The words for grants and for what they need.

use super::{GrantAnswer, OfSite};
use crate::audience::{Grant, Need, Standing};
use crate::model::access::{AssetId, AssetKind, SiteRole};
use crate::output::counted;

/// Where an administrator finds whether content gives permissions on tables
/// (<https://help.tableau.com/current/online/en-us/dm_perms_assets.htm>).
pub(super) const AUTOMATIC_ACCESS: &str =
    "Settings > General > Automatic Access to Metadata about Databases and Tables";

/// What would be given, in words.
pub(super) fn grant(answer: &GrantAnswer) -> String {
    let name = || about(answer);
    match &answer.grant {
        Grant::Nothing => "what the user has already".to_owned(),
        Grant::TableRule => "a rule on the table itself that lets the user view it".to_owned(),
        Grant::ContentRule(_) => {
            format!("a rule that lets the user view {}, which embeds it", name())
        }
        Grant::DatabaseRule(_) => {
            format!(
                "a rule in the table permissions of {} that lets the user view",
                name()
            )
        }
        Grant::ProjectRule(_) => {
            format!(
                "a rule for tables in the default permissions of {} that lets the user view",
                name()
            )
        }
        Grant::Owner(id) if id.kind == AssetKind::Flow => {
            format!("ownership of {}, and a run that succeeds under it", name())
        }
        Grant::Owner(_) => format!("ownership of {}", name()),
        Grant::Leader(_) => format!("leadership of {}, or of one above it", name()),
        Grant::Administrator => "the role of a site administrator".to_owned(),
    }
}

fn about(answer: &GrantAnswer) -> String {
    match (answer.grant.about(), &answer.name) {
        (Some(id), Some(name)) => format!("{} {name:?}", id.kind),
        (Some(AssetId { kind, luid }), None) => format!("{kind} {luid}"),
        (None, _) => String::new(),
    }
}

/// What a grant needs, in words behind it; `None` if it needs nothing that is not known to be so.
pub(super) fn needs(answer: &GrantAnswer, standing: &Standing) -> Option<String> {
    let open = answer.needs.iter().filter(|need| !is_met(**need, standing));
    let needs = open.map(|need| of_need(*need, standing));
    let needs = needs.collect::<Vec<_>>();
    (!needs.is_empty()).then(|| needs.join(", "))
}

fn is_met(need: Need, standing: &Standing) -> bool {
    match need {
        Need::AutomaticAccess => standing.automatic_access == Some(true),
        Need::DataManagement => standing.data_management == Some(true),
        Need::Role | Need::NotEmbedded | Need::Unlocked | Need::Locked => false,
    }
}

fn of_need(need: Need, standing: &Standing) -> &'static str {
    match need {
        Need::Role if standing.role.is_some() => "together with the role Explorer",
        Need::Role => "if the role of the user is Explorer or more",
        Need::AutomaticAccess if standing.automatic_access == Some(false) => {
            "once automatic access is turned on"
        }
        Need::AutomaticAccess => "if automatic access is on",
        Need::DataManagement => "with Data Management only",
        Need::NotEmbedded => "unless content embeds it",
        Need::Unlocked => "if its database does not lock it",
        Need::Locked => "if that database locks its tables",
    }
}

/// How many tables are hidden, in one line.
pub(super) fn headline(site: &OfSite) -> String {
    let hidden = site.tables.len();
    let read = site.read();
    let all = read + site.named;
    if hidden == 0 {
        return match all {
            0 => "not a table hides its name: workbooks of the export read none".to_owned(),
            1 => "not a table hides its name: the one that workbooks read has one".to_owned(),
            all => format!("not a table hides its name: all {all} that workbooks read have one"),
        };
    }
    let hide = if hidden == 1 {
        "hides its name"
    } else {
        "hide their names"
    };
    let counts = format!("{} {hide} from {}", counted(hidden, "table"), asker(site));
    let others = hidden - read;
    let of_read = match (read, all) {
        (1, 1) => "the only one that workbooks read".to_owned(),
        (read, all) if read == all => format!("all {all} that workbooks read"),
        (read, all) => format!("{read} of the {all} that workbooks read"),
    };
    match (read, others) {
        (0, _) => format!("{counts}; workbooks are not known to read any of them"),
        (_, 0) => format!("{counts}: {of_read}"),
        (_, others) => format!("{counts}: {of_read}, and {others} besides"),
    }
}

fn asker(site: &OfSite) -> String {
    match &site.users[..] {
        [user] => match site.standing.role {
            Some(role) => format!("{user} ({})", role.text()),
            None => user.to_string(),
        },
        _ => "the user who made the export".to_owned(),
    }
}

/// What the export does not tell, and how to find out.
pub(super) fn not_told(site: &OfSite) -> Vec<String> {
    let mut told = Vec::new();
    let needs = |need| {
        site.grants
            .iter()
            .any(|answer| answer.needs.contains(&need))
    };
    match &site.users[..] {
        _ if site.tables.is_empty() => {}
        [] => told.push("who made it, so that nothing is known of what that user may do; an export that `autoexpose fetch` writes says so".to_owned()),
        [user] if site.standing.role.is_none() => told.push(format!("the site role of {user}; `autoexpose fetch` writes it into the export")),
        [_] => {}
        several => told.push(format!("which of its {} users the answer is for: what each of them has already is not counted", several.len())),
    }
    if needs(Need::AutomaticAccess) && site.standing.automatic_access.is_none() {
        told.push(format!("whether automatic access is on, by which owners and project leaders see the tables of their content: an administrator finds it under {AUTOMATIC_ACCESS}"));
    }
    if needs(Need::DataManagement) && site.standing.data_management.is_none() {
        told.push("whether the site has Data Management, without which rules on tables have no effect: `--data-management yes` or `no` says it".to_owned());
    }
    if site.without_place > 0 {
        let content = match site.without_place {
            1 => "1 workbook, data source or flow".to_owned(),
            several => format!("{several} workbooks, data sources or flows"),
        };
        told.push(format!(
            "the project of {content} with hidden tables, whose leaders may be shown these"
        ));
    }
    let without_id = site
        .tables
        .iter()
        .filter(|table| table.id.is_none())
        .count();
    if without_id > 0 {
        told.push(format!("an id of {}, so that two of them may be one; queries that ask for `id` and `luid` tell it", counted(without_id, "table")));
    }
    if site.others > 0 {
        let others = match site.others {
            1 => "the name of 1 thing other than a table".to_owned(),
            several => format!("the names of {several} things other than tables"),
        };
        told.push(format!("{others}, which may lead to more tables"));
    }
    if let Some(gaps) = &site.gaps {
        told.push(format!(
            "whether it lists everything, so that more tables may be hidden: {gaps}"
        ));
    }
    if site.standing.role != Some(SiteRole::Administrator) {
        told.push("what the site leaves out of lineage altogether, if Settings > General > Sensitive Lineage Information is set so: such tables are not counted here".to_owned());
    }
    told
}
