//! Who may see what on Tableau sites: people, projects, assets and permission rules, as Tableau's REST
//! API answers about them (<https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_ref.htm>).
//!
//! Nothing here decides who may see something. What is not told is never taken for a fact: [`Told`]
//! and [`Listing`] keep apart what nobody asked for, what Tableau refused, and what is known to be empty.

mod asset;
mod hidden;
mod people;
mod rules;
mod subject;
mod told;

use std::collections::{BTreeMap, BTreeSet};

pub use self::asset::{Asset, AssetId, AssetKind, ContentPermissions, Location};
pub use self::hidden::HiddenTable;
pub use self::people::{Group, Person, SiteRole};
pub use self::rules::{
    Capability, Grantee, Mode, PROJECT_LEADER, Rule, Rules, RulesParent, is_inherited_leader,
};
pub use self::subject::{NotASubject, Subject};
pub use self::told::{Listing, Told, Wholeness};
use super::site_id::SiteId;

/// What is known of who may see what, for each site of a run, in the order of the sites.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Each site that an export of the run is from.
    pub sites: Vec<SiteAccess>,
}

impl Access {
    /// What is known of a site.
    pub fn of(&self, site: &SiteId) -> Option<&SiteAccess> {
        self.sites.iter().find(|access| access.site.is_same(site))
    }

    /// Whether an export of the run contains any answer about permissions, even a refusal.
    pub fn is_any(&self) -> bool {
        self.sites.iter().any(|access| access.answers > 0)
    }
}

/// What is known of who may see what on one site. All ids are luids in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteAccess {
    /// The site.
    pub site: SiteId,
    /// How many answers of the REST API the exports contain.
    pub answers: usize,
    /// Whether users get permissions on databases and tables from the content that uses them
    /// (`derivedPermissionsEnabled` of "Query Site").
    pub derived_permissions: Told<bool>,
    /// Whether Tableau Catalog is on (`catalogingEnabled` of "Query Site"), which needs Data Management.
    pub cataloging: Told<bool>,
    /// All users of the site.
    pub users: Listing,
    /// What is known of each user, also of those that only other answers name.
    pub people: BTreeMap<String, Person>,
    /// All groups of the site.
    pub group_list: Listing,
    /// What is known of each group.
    pub groups: BTreeMap<String, Group>,
    /// The groups of each group set.
    pub group_sets: BTreeMap<String, Told<BTreeSet<String>>>,
    /// The names of group sets.
    pub group_set_names: BTreeMap<String, String>,
    /// What is known of projects, content and external assets.
    pub assets: BTreeMap<AssetId, Asset>,
    /// The rules of each asset.
    pub rules: BTreeMap<AssetId, Told<Rules>>,
    /// The default permissions of projects and databases for what is in them.
    pub defaults: BTreeMap<(AssetId, AssetKind), Told<Rules>>,
    /// The workbooks that a user may see, by the luid of the user ("Query Workbooks for User").
    pub visible_workbooks: BTreeMap<String, Listing>,
    /// The users for whom a run of a flow was successful, by the luid of the flow: only a question for the
    /// runs of one user tells who started them.
    pub successful_runs: BTreeMap<String, BTreeMap<String, Told<bool>>>,
    /// The tables that content uses, by the luid of the content, itself and not through other published
    /// content.
    pub uses: BTreeMap<AssetId, Uses>,
    /// The tables whose names Tableau hides. One without a luid is known by its id of the Metadata API.
    pub hidden: BTreeMap<AssetId, HiddenTable>,
}

/// What content uses directly, as the lineage of the export tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// The tables that it reads.
    pub inputs: BTreeSet<AssetId>,
    /// The tables that a flow writes.
    pub outputs: BTreeSet<AssetId>,
}

impl SiteAccess {
    /// What is known of an asset; nothing if an answer never names it.
    pub fn asset(&self, id: &AssetId) -> Option<&Asset> {
        self.assets.get(id)
    }

    /// The rules of an asset.
    pub fn rules_of(&self, id: &AssetId) -> &Told<Rules> {
        self.rules.get(id).unwrap_or(&Told::Missing)
    }

    /// The default permissions of a project or database for one kind of asset in it.
    pub fn defaults_of(&self, holder: &AssetId, kind: AssetKind) -> &Told<Rules> {
        let key = (holder.clone(), kind);
        self.defaults.get(&key).unwrap_or(&Told::Missing)
    }

    /// The role of a user.
    pub fn role_of(&self, user: &str) -> &Told<SiteRole> {
        self.people
            .get(user)
            .map_or(&Told::Missing, |person| &person.role)
    }
}
