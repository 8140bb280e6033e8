//! Tries grants for one table, and what each of them needs.

use std::collections::{BTreeMap, BTreeSet};

use super::grant::{Grant, Need};
use super::suppose::Supposition;
use super::verdict::{Standing, Verdict};
use crate::audience::case::Case;
use crate::audience::decision::{Answer, Decision};
use crate::audience::evaluate;
use crate::audience::limits::Limits;
use crate::model::access::{
    AssetId, AssetKind, Capability, ContentPermissions, Location, SiteAccess, SiteRole,
};

/// A table of which it is asked what would show it.
pub(super) struct Trial<'t> {
    pub(super) table: &'t AssetId,
    pub(super) standing: Standing,
}

/// What the rules say of the table now, and what would show it.
pub(super) fn find(supposed: &mut Supposition, trial: &Trial) -> Verdict {
    let now = trial.ask(supposed, trial.standing.data_management);
    let candidates = trial.candidates(supposed);
    let tried = candidates.into_iter();
    let tried = tried.filter_map(|grant| Some((trial.needs_of(supposed, &grant)?, grant)));
    let tried = tried.collect::<Vec<_>>();
    let nothing = tried.iter().find(|(_, grant)| *grant == Grant::Nothing);
    let nothing = nothing.map(|(needs, _)| needs.clone());
    let mut grants = BTreeMap::new();
    for (needs, grant) in tried {
        // Where nothing else is needed either, nothing has to be given.
        let is_more = nothing
            .as_ref()
            .is_some_and(|enough| enough.is_subset(&needs));
        if grant == Grant::Nothing || !is_more {
            grants.insert(grant, needs);
        }
    }
    if now.decision == Decision::Allowed {
        grants.clear();
    }
    Verdict {
        decision: now.decision,
        rule: now.rule,
        why: now.why,
        grants,
    }
}

impl Trial<'_> {
    fn ask(&self, supposed: &Supposition, data_management: Option<bool>) -> Answer {
        let limits = Limits::default();
        evaluate::decide(&Case {
            access: supposed.access(),
            limits: &limits,
            data_management,
            user: supposed.user(),
            capability: Capability::View,
            asset: self.table,
        })
    }

    /// What may be given: the rules say whether it shows the table.
    fn candidates(&self, supposed: &Supposition) -> BTreeSet<Grant> {
        let access = supposed.access();
        let mut grants = BTreeSet::from([Grant::Nothing, Grant::TableRule, Grant::Administrator]);
        for content in access.uses.keys() {
            grants.insert(Grant::Owner(content.clone()));
            grants.insert(Grant::ContentRule(content.clone()));
            grants.extend(project_of(access, content).map(Grant::Leader));
        }
        let database = supposed.database_of(self.table);
        grants.extend(database.map(Grant::DatabaseRule));
        let mut at = project_of(access, self.table);
        grants.extend(at.clone().map(Grant::Leader));
        while let Some(project) = at {
            at = project_of(access, &project);
            // Projects that lie in each other come to an end here.
            if !grants.insert(Grant::ProjectRule(project)) {
                break;
            }
        }
        grants
    }

    /// What a grant needs to show the table; `None` if it does not show it, or needs the Data Management
    /// that the site is known not to have.
    fn needs_of(&self, supposed: &mut Supposition, grant: &Grant) -> Option<BTreeSet<Need>> {
        // What is tried first is rather left out: a rule needs no setting, and content needs no licence.
        let dispensable = match grant {
            Grant::DatabaseRule(_) => [
                Need::AutomaticAccess,
                Need::DataManagement,
                Need::NotEmbedded,
                Need::Locked,
                Need::Role,
            ],
            Grant::TableRule | Grant::ProjectRule(_) => [
                Need::AutomaticAccess,
                Need::DataManagement,
                Need::NotEmbedded,
                Need::Unlocked,
                Need::Role,
            ],
            _ => [
                Need::DataManagement,
                Need::NotEmbedded,
                Need::Unlocked,
                Need::AutomaticAccess,
                Need::Role,
            ],
        };
        let mut needs = BTreeSet::from(dispensable);
        if !self.shows(supposed, grant, &needs) {
            return None;
        }
        for need in dispensable {
            needs.remove(&need);
            if !self.shows(supposed, grant, &needs) {
                needs.insert(need);
            }
        }
        let is_without = self.standing.data_management == Some(false);
        (!is_without || !needs.contains(&Need::DataManagement)).then_some(needs)
    }

    /// Whether a grant shows the table where these needs are met and no others.
    fn shows(&self, supposed: &mut Supposition, grant: &Grant, met: &BTreeSet<Need>) -> bool {
        self.suppose(supposed, grant);
        let has = |need| met.contains(&need);
        supposed.automatic_access(has(Need::AutomaticAccess));
        supposed.embedded(self.table, !has(Need::NotEmbedded));
        let is_low = !matches!(
            self.standing.role,
            Some(SiteRole::Administrator | SiteRole::Publisher | SiteRole::Explorer)
        );
        if has(Need::Role) && is_low && *grant != Grant::Administrator {
            supposed.role(SiteRole::Explorer);
        }
        if let Some(database) = supposed.database_of(self.table) {
            if has(Need::Unlocked) {
                supposed.lock_of(&database, ContentPermissions::ManagedByOwner);
            } else if has(Need::Locked) {
                supposed.lock_of(&database, ContentPermissions::Locked);
            }
        }
        let answer = self.ask(supposed, Some(has(Need::DataManagement)));
        supposed.take_back();
        answer.decision == Decision::Allowed
    }

    fn suppose(&self, supposed: &mut Supposition, grant: &Grant) {
        match grant {
            Grant::Nothing => {}
            Grant::TableRule => supposed.view_of(self.table),
            Grant::ContentRule(content) => supposed.view_of(content),
            Grant::DatabaseRule(holder) | Grant::ProjectRule(holder) => {
                supposed.view_of_tables_in(holder);
            }
            Grant::Owner(content) => supposed.owner_of(content),
            Grant::Leader(project) => supposed.leader_of(project),
            Grant::Administrator => supposed.role(SiteRole::Administrator),
        }
    }
}

/// The project in which something is, if that is told.
fn project_of(access: &SiteAccess, id: &AssetId) -> Option<AssetId> {
    match access.asset(id)?.location.value()? {
        Location::Project(luid) => Some(AssetId::new(AssetKind::Project, luid)),
        Location::PersonalSpace | Location::Top => None,
    }
}
