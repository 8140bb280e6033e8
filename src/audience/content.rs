//! Rules for content in projects: workbooks, views, data sources, flows, virtual connections, and
//! projects themselves.

use super::ask::Row;
use super::case::Case;
use super::decision::Finding;
use super::projects::{Chain, Lock};
use super::rule::Rule;
use crate::model::access::{AssetId, AssetKind, Capability, Mode, Rules, RulesParent, SiteRole};

/// The rules for content, in order.
pub(super) const CONTENT: &[Row] = &[
    (Rule::Licence, licence),
    (Rule::SiteRole, site_role),
    (Rule::Administrator, administrator),
    (Rule::PersonalSpace, personal_space),
    (Rule::ProjectLeader, project_leader),
    (Rule::ProjectOwner, project_owner),
    (Rule::Lock, lock),
    (Rule::ContentOwner, content_owner),
    (Rule::UserRule, user_rule),
    (Rule::GroupRule, group_rule),
];

/// The rules for a project itself, whose own rules no lock replaces.
pub(super) const PROJECT: &[Row] = &[
    (Rule::Licence, licence),
    (Rule::SiteRole, site_role),
    (Rule::Administrator, administrator),
    (Rule::ProjectLeader, project_leader),
    (Rule::ProjectOwner, project_owner),
    (Rule::UserRule, user_rule),
    (Rule::GroupRule, group_rule),
];

pub(super) fn licence(case: &Case) -> Finding {
    match case.role() {
        Ok(SiteRole::Unlicensed) => Finding::denies("the user is unlicensed"),
        Ok(_) => Finding::passes("the user is licensed"),
        Err(why) => Finding::may_deny(unknown_role(&why)),
    }
}

fn site_role(case: &Case) -> Finding {
    if case.capability == Capability::View {
        return Finding::passes("every licensed role permits viewing");
    }
    match case.role() {
        Ok(role @ (SiteRole::Explorer | SiteRole::Viewer)) => Finding::denies(is(role)),
        Ok(role) => Finding::passes(is(role)),
        Err(why) => Finding::may_deny(unknown_role(&why)),
    }
}

pub(super) fn administrator(case: &Case) -> Finding {
    match case.role() {
        Ok(SiteRole::Administrator) => Finding::allows(is(SiteRole::Administrator)),
        Ok(role) => Finding::passes(is(role)),
        Err(why) => Finding::may_allow(unknown_role(&why)),
    }
}

/// A sentence about the role of the user.
pub(super) fn is(role: SiteRole) -> String {
    format!("the user is {}", role.text())
}

pub(super) fn unknown_role(why: &str) -> String {
    format!("the site role of the user is {why}")
}

/// Nobody sets permissions there, since Tableau has no dialog for it.
fn personal_space(case: &Case) -> Finding {
    if !case.chain(case.asset).is_personal {
        return Finding::passes("it is not known to be in a personal space");
    }
    match case.owner(case.asset) {
        _ if case.capability == Capability::SetPermissions => {
            Finding::denies("what is in a personal space does not have permissions to set")
        }
        Ok(owner) if owner == case.user => Finding::allows("it is in the user's personal space"),
        Ok(_) => Finding::denies("it is in the personal space of another user"),
        Err(why) => {
            let saw = format!("it is in a personal space, and its owner is {why}");
            Finding::of_rules(None, None, saw)
        }
    }
}

pub(super) fn project_leader(case: &Case) -> Finding {
    case.led(&case.chain(case.asset))
}

pub(super) fn project_owner(case: &Case) -> Finding {
    case.owned(&case.chain(case.asset))
}

pub(super) fn lock(case: &Case) -> Finding {
    if case.capability != Capability::SetPermissions {
        return Finding::passes("a lock is about setting permissions");
    }
    let chain = case.chain(case.asset);
    if chain.projects.is_empty() && chain.gap.is_none() {
        return Finding::passes("it is not in a project");
    }
    match case.lock(&chain) {
        Lock::No => Finding::passes("its project is not locked"),
        Lock::By(_) => Finding::denies("its project, or one above, is locked"),
        Lock::Unknown(why) => Finding::may_deny(why),
    }
}

fn content_owner(case: &Case) -> Finding {
    match case.owner(case.asset) {
        Ok(owner) if owner == case.user => Finding::allows("the user is the owner"),
        Ok(_) => Finding::passes("the user is not the owner"),
        Err(why) => Finding::may_allow(format!("the owner is {why}")),
    }
}

fn user_rule(case: &Case) -> Finding {
    let Some(name) = case.capability.rule_name(case.asset.kind) else {
        return Finding::passes(NO_SUCH_RULE);
    };
    match rules(case) {
        Ok(rules) => match case.by_user(rules, name) {
            Some(Mode::Allow) => Finding::allows("a rule allows the user"),
            Some(Mode::Deny) => Finding::denies("a rule denies the user"),
            None => Finding::passes("the rules do not name the user"),
        },
        Err(why) => Finding::may_be_anything(why),
    }
}

fn group_rule(case: &Case) -> Finding {
    let Some(name) = case.capability.rule_name(case.asset.kind) else {
        return Finding::passes(NO_SUCH_RULE);
    };
    match rules(case) {
        Ok(rules) => case.by_groups(rules, name),
        Err(why) => Finding::may_be_anything(why),
    }
}

const NO_SUCH_RULE: &str = "projects do not have rules for setting permissions";

/// The rules that count: those of the asset, or the default permissions of the project that locks it.
fn rules<'c>(case: &Case<'c>) -> Result<&'c Rules, String> {
    match case.asset.kind {
        AssetKind::Project => own_rules(case),
        AssetKind::View => in_projects(case, AssetKind::Workbook, &case.chain(case.asset)),
        kind => in_projects(case, kind, &case.chain(case.asset)),
    }
}

pub(super) fn own_rules<'c>(case: &Case<'c>) -> Result<&'c Rules, String> {
    let rules = case.known(case.access.rules_of(case.asset));
    rules.map_err(|why| format!("its list of rules is {why}"))
}

/// The rules that count for what is in projects. `kind` is the one that default permissions are for.
pub(super) fn in_projects<'c>(
    case: &Case<'c>,
    kind: AssetKind,
    chain: &Chain<'c>,
) -> Result<&'c Rules, String> {
    // Where a project locks an asset, Tableau shows the rules of that project in place of its own.
    let own = own_rules(case);
    let shown = own
        .as_ref()
        .ok()
        .filter(|rules| rules.parent == Some(RulesParent::Project));
    match case.lock(chain) {
        Lock::No if shown.is_some() => {
            Err("its rules are those of a project, and its projects are not locked".to_owned())
        }
        Lock::No => own,
        Lock::By(by) => {
            let defaults = by.and_then(|project| {
                let project = AssetId::new(AssetKind::Project, project);
                let defaults = case.known(case.access.defaults_of(&project, kind));
                let what = "the list of default permissions of the project that locks it";
                defaults.map_err(|why| format!("{what} is {why}"))
            });
            defaults.or_else(|why| shown.copied().ok_or(why))
        }
        Lock::Unknown(why) => shown.copied().ok_or(why),
    }
}
