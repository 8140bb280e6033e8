//! What answers tell of one site, until all are read.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{AllAssets, AssetFacts, GroupFacts, PersonFacts};
use super::hidden::TableNames;
use super::mentioned::Mentioned;
use super::newest::Newest;
use super::pages::Pages;
use crate::model::SiteId;
use crate::model::access::{AssetId, AssetKind, Rules, SiteAccess, Told, Uses};

/// What was answered, or why Tableau refused to.
pub(super) type Answered<T> = Newest<Result<T, String>>;

/// Everything that answers tell of one site. The order in which they are added does not matter.
#[derive(Debug, Default)]
pub(crate) struct AccessStore {
    pub(super) answers: usize,
    pub(super) derived_permissions: Answered<bool>,
    pub(super) cataloging: Answered<bool>,
    pub(super) users: Pages,
    pub(super) people: BTreeMap<String, PersonFacts>,
    pub(super) group_list: Pages,
    pub(super) groups: BTreeMap<String, GroupFacts>,
    pub(super) group_sets: BTreeMap<String, Answered<BTreeSet<String>>>,
    pub(super) group_set_names: BTreeMap<String, Newest<String>>,
    pub(super) assets: AllAssets,
    pub(super) rules: BTreeMap<AssetId, Answered<Rules>>,
    pub(super) defaults: BTreeMap<(AssetId, AssetKind), Answered<Rules>>,
    pub(super) visible_workbooks: BTreeMap<String, Pages>,
    /// By flow, then by user.
    pub(super) runs: BTreeMap<String, BTreeMap<String, Answered<bool>>>,
    pub(super) uses: BTreeMap<AssetId, RawUses>,
    /// The luids of tables by their ids in the Metadata API.
    pub(super) table_luids: BTreeMap<String, String>,
    pub(super) table_names: TableNames,
}

/// The tables that content uses, as the Metadata API mentions them.
#[derive(Debug, Default)]
pub(super) struct RawUses {
    pub(super) inputs: BTreeSet<Mentioned>,
    pub(super) outputs: BTreeSet<Mentioned>,
}

impl AccessStore {
    /// Adds what other exports of the site tell.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.answers += other.answers;
        self.derived_permissions.absorb(other.derived_permissions);
        self.cataloging.absorb(other.cataloging);
        self.users.absorb(other.users);
        absorb_all(&mut self.people, other.people, PersonFacts::absorb);
        self.group_list.absorb(other.group_list);
        absorb_all(&mut self.groups, other.groups, GroupFacts::absorb);
        absorb_all(&mut self.group_sets, other.group_sets, Newest::absorb);
        let names = other.group_set_names;
        absorb_all(&mut self.group_set_names, names, Newest::absorb);
        absorb_all(&mut self.assets.0, other.assets.0, AssetFacts::absorb);
        absorb_all(&mut self.rules, other.rules, Newest::absorb);
        absorb_all(&mut self.defaults, other.defaults, Newest::absorb);
        let visible = other.visible_workbooks;
        absorb_all(&mut self.visible_workbooks, visible, Pages::absorb);
        absorb_all(&mut self.runs, other.runs, |known, more| {
            absorb_all(known, more, Newest::absorb);
        });
        absorb_all(&mut self.uses, other.uses, |known, more| {
            known.inputs.extend(more.inputs);
            known.outputs.extend(more.outputs);
        });
        self.table_luids.extend(other.table_luids);
        self.table_names.absorb(other.table_names);
    }

    /// What is known of the site.
    pub(crate) fn finish(mut self, site: &SiteId) -> SiteAccess {
        let table_names = std::mem::take(&mut self.table_names);
        let luids = self.luids_by_name();
        let assets = self.assets.0.iter();
        let assets = assets.map(|(id, facts)| (id.clone(), facts.finish(&luids)));
        let names = self.group_set_names.iter();
        let names = names.filter_map(|(luid, name)| Some((luid.clone(), name.any()?.clone())));
        SiteAccess {
            site: site.clone(),
            answers: self.answers,
            derived_permissions: self.derived_permissions.answered(),
            cataloging: self.cataloging.answered(),
            users: self.users.listing(),
            people: finished(&self.people, PersonFacts::finish),
            group_list: self.group_list.listing(),
            groups: finished(&self.groups, GroupFacts::finish),
            group_sets: finished(&self.group_sets, Newest::answered),
            group_set_names: names.collect(),
            assets: assets.collect(),
            rules: finished(&self.rules, Newest::answered),
            defaults: finished(&self.defaults, Newest::answered),
            visible_workbooks: finished(&self.visible_workbooks, Pages::listing),
            successful_runs: finished(&self.runs, |users| finished(users, Newest::answered)),
            uses: finished(&self.uses, |uses| self.used(uses)),
            hidden: table_names.hidden(&self.table_luids),
        }
    }

    /// The luids of users by their names in lower case; none for a name that several have.
    fn luids_by_name(&self) -> BTreeMap<String, Option<String>> {
        let mut luids = BTreeMap::new();
        for (luid, person) in &self.people {
            if let Told::Given { value, .. } = person.name.told() {
                let by_name = luids.entry(value.to_lowercase());
                by_name
                    .and_modify(|known| *known = None)
                    .or_insert_with(|| Some(luid.clone()));
            }
        }
        luids
    }

    fn used(&self, uses: &RawUses) -> Uses {
        let tables = |mentioned: &BTreeSet<Mentioned>| {
            let tables = mentioned.iter();
            tables.map(|table| table.table(&self.table_luids)).collect()
        };
        Uses {
            inputs: tables(&uses.inputs),
            outputs: tables(&uses.outputs),
        }
    }
}

fn absorb_all<K: Ord, V: Default>(
    known: &mut BTreeMap<K, V>,
    more: BTreeMap<K, V>,
    absorb: impl Fn(&mut V, V),
) {
    for (key, value) in more {
        absorb(known.entry(key).or_default(), value);
    }
}

fn finished<K: Ord + Clone, V, F>(
    all: &BTreeMap<K, V>,
    finish: impl Fn(&V) -> F,
) -> BTreeMap<K, F> {
    let all = all.iter();
    all.map(|(key, value)| (key.clone(), finish(value)))
        .collect()
}
