//! One question: may a user do something with an asset? And what is known of the user.

use std::collections::BTreeSet;

use super::decision::Finding;
use super::limits::Limits;
use crate::model::access::{
    AssetId, Capability, Grantee, Listing, Mode, PROJECT_LEADER, Rules, SiteAccess, SiteRole, Told,
    is_inherited_leader,
};

/// One question.
#[derive(Clone, Copy)]
pub(super) struct Case<'c> {
    pub(super) access: &'c SiteAccess,
    pub(super) limits: &'c Limits,
    /// Whether the site has Data Management, if the user says so.
    pub(super) data_management: Option<bool>,
    pub(super) user: &'c str,
    pub(super) capability: Capability,
    pub(super) asset: &'c AssetId,
}

impl<'c> Case<'c> {
    /// The same question about another asset.
    pub(super) fn about(self, asset: &'c AssetId) -> Self {
        Self { asset, ..self }
    }

    /// A fact, or why it is not known.
    pub(super) fn known<T>(&self, told: &'c Told<T>) -> Result<&'c T, String> {
        if let Some(why) = told.why_unknown() {
            return Err(why);
        }
        match (told.value(), self.limits.why_stale(told.captured_at())) {
            (Some(value), None) => Ok(value),
            (_, why) => Err(why.unwrap_or_default()),
        }
    }

    /// Whether a list has a luid; `None` if that is not known.
    fn has(&self, list: &Listing, luid: &str) -> Option<bool> {
        match self.limits.why_stale(list.captured_at) {
            Some(_) => None,
            None => list.has(luid),
        }
    }

    /// The site role of the user, or why it is not known.
    pub(super) fn role(&self) -> Result<SiteRole, String> {
        match self.known(self.access.role_of(self.user)) {
            Ok(SiteRole::Other) => Err("a role that is not documented".to_owned()),
            Ok(role) => Ok(*role),
            Err(why) => Err(why),
        }
    }

    /// Whether the user is in a group; `None` if that is not known.
    fn is_in_group(&self, luid: &str) -> Option<bool> {
        let group = self.access.groups.get(luid);
        if group.is_some_and(|group| group.is_all_users()) {
            return Some(true);
        }
        // Rules may name groups that are gone.
        if self.has(&self.access.group_list, luid) == Some(false) {
            return Some(false);
        }
        let by_members = group.and_then(|group| self.has(&group.members, self.user));
        let person = self.access.people.get(self.user);
        let by_groups = person.and_then(|person| self.has(&person.groups, luid));
        match (by_members, by_groups) {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other),
        }
    }

    /// Whether the user is in all groups of a group set; `None` if that is not known.
    fn is_in_set(&self, luid: &str) -> Option<bool> {
        let groups = self.access.group_sets.get(luid)?;
        let groups: &BTreeSet<String> = self.known(groups).ok()?;
        let in_each = groups.iter().map(|group| self.is_in_group(group));
        let in_each = in_each.collect::<Vec<_>>();
        if in_each.is_empty() || in_each.contains(&Some(false)) {
            return Some(false);
        }
        in_each
            .into_iter()
            .all(|is_in| is_in == Some(true))
            .then_some(true)
    }

    /// What the rules for the user say of a capability.
    pub(super) fn by_user(&self, rules: &Rules, capability: &str) -> Option<Mode> {
        let own = rules.rules.iter().filter(|rule| {
            let is_own = matches!(&rule.grantee, Grantee::User(luid) if luid == self.user);
            is_own && rule.capability == capability
        });
        own.map(|rule| rule.mode).max()
    }

    /// What the rules for groups and group sets say of a capability.
    pub(super) fn by_groups(&self, rules: &Rules, capability: &str) -> Finding {
        let (mut deny, mut allow) = (Some(false), Some(false));
        let mut seen = Vec::new();
        for rule in rules
            .rules
            .iter()
            .filter(|rule| rule.capability == capability)
        {
            let (is_in, group) = match &rule.grantee {
                Grantee::User(_) => continue,
                Grantee::Group(luid) => (self.is_in_group(luid), self.name_of_group(luid)),
                Grantee::GroupSet(luid) => (self.is_in_set(luid), self.name_of_set(luid)),
            };
            if is_in == Some(false) {
                continue;
            }
            let (so_far, does) = match rule.mode {
                Mode::Deny => (&mut deny, "denies"),
                Mode::Allow => (&mut allow, "allows"),
            };
            if *so_far != Some(true) {
                *so_far = is_in;
            }
            seen.push(match is_in {
                Some(_) => format!("{group} {does} it"),
                None => format!("{group} {does} it, and it is not known who is in it"),
            });
        }
        let saw = match seen.is_empty() {
            true => "the rules name none of the user's groups".to_owned(),
            false => seen.join("; "),
        };
        Finding::of_rules(deny, allow, saw)
    }

    /// Whether rules of a project make the user its leader; `None` if that is not known.
    pub(super) fn leads(&self, rules: &Rules) -> Option<bool> {
        let inherited = rules
            .rules
            .iter()
            .filter(|rule| is_inherited_leader(&rule.capability));
        let inherited = inherited.map(|rule| rule.capability.as_str());
        let inherited = inherited.collect::<BTreeSet<_>>();
        let mut leads = Some(false);
        for capability in inherited.into_iter().chain([PROJECT_LEADER]) {
            let finding = match self.by_user(rules, capability) {
                Some(Mode::Allow) => return Some(true),
                Some(Mode::Deny) => continue,
                None => self.by_groups(rules, capability),
            };
            match (finding.may_allow, finding.may_deny || finding.may_pass) {
                (true, false) => return Some(true),
                (true, true) => leads = None,
                (false, _) => {}
            }
        }
        leads
    }

    fn name_of_group(&self, luid: &str) -> String {
        let group = self.access.groups.get(luid);
        let name = group.and_then(|group| group.name.as_deref());
        format!("group {:?}", name.unwrap_or(luid))
    }

    fn name_of_set(&self, luid: &str) -> String {
        let name = self.access.group_set_names.get(luid);
        format!("group set {:?}", name.map_or(luid, String::as_str))
    }
}
