//! What is known of a site, with something supposed that can be taken back.

use std::collections::BTreeMap;

use crate::model::access::{
    Asset, AssetId, AssetKind, Capability, ContentPermissions, Grantee, Mode, PROJECT_LEADER,
    Person, Rule, Rules, SiteAccess, SiteRole, Told, Uses,
};

/// What is known of a site, and what is supposed on top of it.
#[derive(Debug)]
pub(super) struct Supposition {
    access: SiteAccess,
    user: String,
    /// What was there before, the last first to be put back.
    before: Vec<Before>,
}

/// Something as it was.
#[derive(Debug)]
enum Before {
    Asset(AssetId, Option<Box<Asset>>),
    Rules(AssetId, Option<Told<Rules>>),
    Defaults((AssetId, AssetKind), Option<Told<Rules>>),
    Person(Option<Person>),
    Runs(String, Option<BTreeMap<String, Told<bool>>>),
    Derived(Told<bool>),
}

impl Supposition {
    pub(super) fn new(access: SiteAccess, user: String) -> Self {
        Self {
            access,
            user,
            before: Vec::new(),
        }
    }

    pub(super) fn access(&self) -> &SiteAccess {
        &self.access
    }

    pub(super) fn user(&self) -> &str {
        &self.user
    }

    /// Takes this as all that uses tables.
    pub(super) fn use_by(&mut self, uses: BTreeMap<AssetId, Uses>) {
        self.access.uses = uses;
    }

    /// Whether anything is told of a table alone: its rules, its place, whether content embeds it.
    pub(super) fn tells_of(&self, table: &AssetId) -> bool {
        let is_told = self.access.asset(table).is_some_and(|asset| {
            asset.location != Told::Missing || asset.is_embedded != Told::Missing
        });
        is_told || self.access.rules.contains_key(table)
    }

    /// The database of a table, if that is told.
    pub(super) fn database_of(&self, table: &AssetId) -> Option<AssetId> {
        let luid = self.access.asset(table)?.database.value()?;
        Some(AssetId::new(AssetKind::Database, luid))
    }

    /// Takes back all that is supposed.
    pub(super) fn take_back(&mut self) {
        let access = &mut self.access;
        while let Some(before) = self.before.pop() {
            match before {
                Before::Asset(id, was) => put_back(&mut access.assets, id, was.map(|asset| *asset)),
                Before::Rules(id, was) => put_back(&mut access.rules, id, was),
                Before::Defaults(of, was) => put_back(&mut access.defaults, of, was),
                Before::Person(was) => put_back(&mut access.people, self.user.clone(), was),
                Before::Runs(flow, was) => put_back(&mut access.successful_runs, flow, was),
                Before::Derived(was) => access.derived_permissions = was,
            }
        }
    }

    /// Supposes a setting of the site.
    pub(super) fn automatic_access(&mut self, is_on: bool) {
        let was = std::mem::replace(&mut self.access.derived_permissions, given(is_on));
        self.before.push(Before::Derived(was));
    }

    /// Supposes a role of the user.
    pub(super) fn role(&mut self, role: SiteRole) {
        let was = self.access.people.get(&self.user).cloned();
        self.before.push(Before::Person(was));
        let person = self.access.people.entry(self.user.clone()).or_default();
        person.role = given(role);
    }

    /// Supposes that the user owns something. A flow counts once it ran for its owner.
    pub(super) fn owner_of(&mut self, id: &AssetId) {
        let owner = given(self.user.clone());
        self.asset(id).owner = owner;
        if id.kind == AssetKind::Flow {
            let was = self.access.successful_runs.get(&id.luid).cloned();
            self.before.push(Before::Runs(id.luid.clone(), was));
            let runs = self.access.successful_runs.entry(id.luid.clone());
            runs.or_default().insert(self.user.clone(), given(true));
        }
    }

    /// Supposes whether an external asset is embedded, unless that is told.
    pub(super) fn embedded(&mut self, id: &AssetId, is_embedded: bool) {
        let known = self.access.asset(id).map(|asset| asset.is_embedded.value());
        if known.flatten().is_none() {
            self.asset(id).is_embedded = given(is_embedded);
        }
    }

    /// Supposes whether a database locks its tables, unless that is told.
    pub(super) fn lock_of(&mut self, database: &AssetId, lock: ContentPermissions) {
        let facts = self.access.asset(database);
        let known = facts.map(|asset| asset.content_permissions.value());
        if known.flatten().is_none() {
            self.asset(database).content_permissions = given(lock);
        }
    }

    /// Supposes that the user is made a leader of a project.
    pub(super) fn leader_of(&mut self, project: &AssetId) {
        let rule = self.allowed(PROJECT_LEADER.to_owned());
        self.rule(project, rule);
    }

    /// Supposes a rule of something that allows the user to view it.
    pub(super) fn view_of(&mut self, id: &AssetId) {
        let view = Capability::View.rule_name(id.kind).unwrap_or_default();
        let rule = self.allowed(view.to_owned());
        self.rule(id, rule);
    }

    /// Supposes a rule for the tables in a database or project that allows the user to view them.
    pub(super) fn view_of_tables_in(&mut self, holder: &AssetId) {
        let key = (holder.clone(), AssetKind::Table);
        let was = self.access.defaults.get(&key).cloned();
        let view = Capability::View.rule_name(AssetKind::Table);
        let rule = self.allowed(view.unwrap_or_default().to_owned());
        let told = with_rule(was.as_ref(), rule);
        self.before.push(Before::Defaults(key.clone(), was));
        self.access.defaults.insert(key, told);
    }

    fn rule(&mut self, id: &AssetId, rule: Rule) {
        let was = self.access.rules.get(id).cloned();
        let told = with_rule(was.as_ref(), rule);
        self.before.push(Before::Rules(id.clone(), was));
        self.access.rules.insert(id.clone(), told);
    }

    fn allowed(&self, capability: String) -> Rule {
        Rule {
            grantee: Grantee::User(self.user.clone()),
            capability,
            mode: Mode::Allow,
        }
    }

    /// What is supposed of an asset.
    fn asset(&mut self, id: &AssetId) -> &mut Asset {
        let was = self.access.assets.get(id).cloned();
        self.before
            .push(Before::Asset(id.clone(), was.map(Box::new)));
        self.access.assets.entry(id.clone()).or_default()
    }
}

fn given<T>(value: T) -> Told<T> {
    Told::Given {
        value,
        captured_at: None,
    }
}

/// The same rules with one in place of what they say of its grantee.
fn with_rule(told: Option<&Told<Rules>>, rule: Rule) -> Told<Rules> {
    let mut rules = told.and_then(Told::value).cloned().unwrap_or_default();
    let is_about =
        |other: &Rule| (&other.grantee, &other.capability) == (&rule.grantee, &rule.capability);
    rules.rules.retain(|other| !is_about(other));
    rules.rules.insert(rule);
    given(rules)
}

fn put_back<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, was: Option<V>) {
    match was {
        Some(was) => drop(map.insert(key, was)),
        None => drop(map.remove(&key)),
    }
}
