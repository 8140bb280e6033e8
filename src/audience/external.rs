//! Rules for external assets: databases, files and tables.

use super::ask::Row;
use super::case::Case;
use super::content::{
    administrator, in_projects, is, licence, lock, own_rules, project_leader, project_owner,
    unknown_role,
};
use super::decision::Finding;
use super::derived::{derived_owner, derived_project, embedded_file, flow_owner};
use super::rule::Rule;
use crate::model::access::{
    Asset, AssetId, AssetKind, Capability, ContentPermissions, Location, Mode, Rules, SiteRole,
    Told,
};

/// The rules for viewing, in order: what follows from content comes before rules.
pub(super) const VIEW: &[Row] = &[
    (Rule::Licence, licence),
    (Rule::SiteRole, site_role),
    (Rule::Administrator, administrator),
    (Rule::ProjectLeader, in_project_leader),
    (Rule::ProjectOwner, in_project_owner),
    (Rule::EmbeddedFile, embedded_file),
    (Rule::DerivedOwner, derived_owner),
    (Rule::DerivedProject, derived_project),
    (Rule::UserRule, user_rule),
    (Rule::GroupRule, group_rule),
];

/// The rules for changes, in order: rules come before what follows from flows, and a denial takes nothing
/// from the owner of a flow.
pub(super) const CHANGE: &[Row] = &[
    (Rule::Licence, licence),
    (Rule::SiteRole, site_role),
    (Rule::DataManagement, data_management),
    (Rule::Administrator, administrator),
    (Rule::ProjectLeader, in_project_leader),
    (Rule::ProjectOwner, in_project_owner),
    (Rule::Lock, lock_of_project),
    (Rule::UserRule, user_rule),
    (Rule::GroupRule, group_rule),
    (Rule::FlowOwner, flow_owner),
];

fn site_role(case: &Case) -> Finding {
    match case.role() {
        Ok(SiteRole::Viewer) => Finding::denies(is(SiteRole::Viewer)),
        Ok(role) => Finding::passes(is(role)),
        Err(why) => Finding::may_deny(unknown_role(&why)),
    }
}

fn data_management(case: &Case) -> Finding {
    match case.has_data_management() {
        Some(true) => Finding::passes("the site has Data Management"),
        Some(false) => Finding::denies("the site does not have Data Management"),
        None => Finding::may_deny(UNKNOWN_LICENCE),
    }
}

const UNKNOWN_LICENCE: &str = "the export does not tell whether the site has Data Management";

fn in_project_leader(case: &Case) -> Finding {
    in_project(case, project_leader)
}

fn in_project_owner(case: &Case) -> Finding {
    in_project(case, project_owner)
}

/// A rule about the project of an asset. An external asset may be outside of all projects.
fn in_project(case: &Case, rule: fn(&Case) -> Finding) -> Finding {
    match is_in_project(case) {
        Ok(true) => rule(case),
        Ok(false) => Finding::passes("it is not in a project"),
        Err(why) => Finding::may_allow(format!("its place is {why}")),
    }
}

fn lock_of_project(case: &Case) -> Finding {
    match is_in_project(case) {
        Ok(true) => lock(case),
        _ => Finding::passes("it is not known to be in a project"),
    }
}

fn is_in_project(case: &Case) -> Result<bool, String> {
    let location = case.fact(case.asset, |asset| &asset.location)?;
    Ok(matches!(location, Location::Project(_)))
}

fn user_rule(case: &Case) -> Finding {
    match explicit(case) {
        Explicit::None(why) => Finding::passes(why),
        Explicit::Unknown(why) => Finding::may_be_anything(why),
        Explicit::Rules(rules) => match by_user(case, rules) {
            Some(Mode::Allow) => Finding::allows("a rule allows the user"),
            Some(Mode::Deny) if is_change(case) => {
                Finding::passes("a rule denies the user, which binds no owner of a flow")
            }
            Some(Mode::Deny) => Finding::denies("a rule denies the user"),
            None => Finding::passes("the rules do not name the user"),
        },
    }
}

fn group_rule(case: &Case) -> Finding {
    let rules = match explicit(case) {
        Explicit::None(why) => return Finding::passes(why),
        Explicit::Unknown(why) => return Finding::may_be_anything(why),
        Explicit::Rules(rules) => rules,
    };
    if by_user(case, rules).is_some() {
        return Finding::passes("a rule for the user comes first");
    }
    let name = case
        .capability
        .rule_name(case.asset.kind)
        .unwrap_or_default();
    let finding = case.by_groups(rules, name);
    if is_change(case) && finding.may_deny {
        return Finding {
            may_deny: false,
            may_pass: true,
            ..finding
        };
    }
    finding
}

fn by_user(case: &Case, rules: &Rules) -> Option<Mode> {
    let name = case.capability.rule_name(case.asset.kind);
    case.by_user(rules, name.unwrap_or_default())
}

fn is_change(case: &Case) -> bool {
    case.capability != Capability::View
}

/// The rules that somebody made for an asset.
enum Explicit<'c> {
    Rules(&'c Rules),
    /// They have no effect, for this reason.
    None(&'static str),
    Unknown(String),
}

fn explicit<'c>(case: &Case<'c>) -> Explicit<'c> {
    if case.fact(case.asset, |asset| &asset.is_embedded) == Ok(&true) {
        return Explicit::None("what is embedded in content does not have rules of its own");
    }
    match case.has_data_management() {
        Some(true) => {}
        Some(false) => return Explicit::None("rules have no effect without Data Management"),
        None => return Explicit::Unknown(UNKNOWN_LICENCE.to_owned()),
    }
    match rules(case) {
        Ok(rules) => Explicit::Rules(rules),
        Err(why) => Explicit::Unknown(why),
    }
}

/// The rules that count: an asset in a project follows that project, and a table outside of projects its
/// database, if one of these is locked; others have rules of their own.
fn rules<'c>(case: &Case<'c>) -> Result<&'c Rules, String> {
    if is_in_project(case) == Ok(true) {
        return in_projects(case, case.asset.kind, &case.chain(case.asset));
    }
    let own = own_rules(case);
    if case.asset.kind == AssetKind::Database {
        return own;
    }
    let is_shown = own.as_ref().is_ok_and(|rules| rules.parent.is_some());
    let database = case.fact(case.asset, |asset| &asset.database);
    // The answer about a table says itself whether a lock binds it.
    let Ok(database) = database else { return own };
    let database = AssetId::new(AssetKind::Database, database);
    match case.fact(&database, |asset| &asset.content_permissions) {
        Ok(ContentPermissions::Locked) => {
            let defaults = case.known(case.access.defaults_of(&database, AssetKind::Table));
            let what = "the list of table permissions of the database that locks it";
            match defaults {
                Ok(defaults) => Ok(defaults),
                Err(_) if is_shown => own,
                Err(why) => Err(format!("{what} is {why}")),
            }
        }
        Ok(ContentPermissions::ManagedByOwner) if is_shown => {
            Err("its rules are those of its database, which is not locked".to_owned())
        }
        Ok(ContentPermissions::ManagedByOwner) => own,
        Ok(_) => Err("the lock of its database is not one that is documented".to_owned()),
        Err(_) if is_shown => own,
        Err(why) => Err(format!("the lock of its database is {why}")),
    }
}

impl<'c> Case<'c> {
    /// A fact about an asset, or why it is not known.
    pub(super) fn fact<T>(
        &self,
        asset: &AssetId,
        fact: impl Fn(&Asset) -> &Told<T>,
    ) -> Result<&'c T, String> {
        match self.access.asset(asset) {
            Some(asset) => self.known(fact(asset)),
            None => self.known(&Told::Missing),
        }
    }

    /// Whether the site has Data Management, as far as the export tells: nothing of the REST API says it,
    /// but virtual connections, rules of external assets and Catalog exist with it alone.
    pub(super) fn has_data_management(&self) -> Option<bool> {
        if let Some(known) = self.data_management {
            return Some(known);
        }
        let access = self.access;
        let mut assets = access.assets.keys();
        let has_connections = assets.any(|asset| asset.kind == AssetKind::VirtualConnection);
        let mut rules = access.rules.iter();
        let has_rules = rules.any(|(asset, rules)| {
            let rules = rules.value().filter(|_| asset.kind.is_external());
            // A denial alone must not show more.
            rules.is_some_and(|rules| rules.rules.iter().any(|rule| rule.mode == Mode::Allow))
        });
        let has_catalog = access.cataloging.value() == Some(&true);
        (has_connections || has_rules || has_catalog).then_some(true)
    }
}
