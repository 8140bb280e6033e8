//! The tables of `fixtures/access`: who may do what on a small site, and by which rule; and laws about
//! permissions.
//!
//! `base.json` is a site; every other file changes it. A file has
//! - `proves`: what it proves;
//! - `rest`: what each `get` is answered, or a list of answers with the time of each;
//! - `rules`: the same for permissions, each rule as `user|group|groupSet LUID CAPABILITY Allow|Deny`;
//! - `answers`, `projects`, `user` and `captured_at`, as an envelope has them;
//! - `now`, `max_age_days` and `data_management`: what counts as known;
//! - `asks`: subject, capability, asset, the decision and the rule that decides;
//! - `shows` and `groups`: what would show hidden tables (`hidden.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use autoexpose::audience::{Answer, Audience, Decision, Limits, Rule, find_asset};
use autoexpose::input::tableau::{self, Arena, Asks, SiteDefaults, Source};
use autoexpose::model::access::{Capability, Subject};
use autoexpose::model::{Access, Site, Workbook};
use autoexpose::pipeline::{self, Read};
use autoexpose::settings::Settings;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::fixtures;

/// One file.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) value: Value,
}

/// All files but the base, which comes first.
pub(crate) fn tables() -> Vec<Table> {
    let folder = fixtures::root().join("access");
    let mut tables = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        tables.push(Table { name, value });
    }
    tables.sort_by_key(|table| (table.name != "base", table.name.clone()));
    tables
}

pub(crate) fn base() -> Table {
    tables().swap_remove(0)
}

impl Table {
    fn object(&self, key: &str) -> Map<String, Value> {
        self.value[key].as_object().cloned().unwrap_or_default()
    }

    /// What each `get` is answered.
    fn answers(&self) -> BTreeMap<String, Value> {
        let rules = self.object("rules").into_iter();
        let rules = rules.map(|(get, rules)| {
            let rules = rules.as_array().unwrap().iter();
            (get, permissions(rules.map(|rule| rule.as_str().unwrap())))
        });
        let rest = self.object("rest").into_iter();
        rest.chain(rules).collect()
    }

    /// The entries of `rest` of the site that it makes of the base.
    pub(crate) fn entries(&self, base: &Table) -> Vec<Value> {
        let mut answers = base.answers();
        answers.extend(self.answers());
        let mut entries = Vec::new();
        for (get, answer) in answers {
            for one in answer
                .as_array()
                .unwrap_or(&vec![json!({ "body": answer })])
            {
                let mut entry = one.clone();
                entry["get"] = json!(get);
                entries.push(entry);
            }
        }
        entries
    }

    pub(crate) fn envelope(&self, rest: &[Value]) -> Value {
        let mut envelope = json!({
            "autoexpose_export": 1,
            "server": "https://tableau.example.com",
            "site": {"content_url": "shop"},
            "rest": rest,
        });
        for key in ["answers", "projects", "user", "captured_at"] {
            if !self.value[key].is_null() {
                envelope[key] = self.value[key].clone();
            }
        }
        envelope
    }

    /// Whether the site has Data Management, if the table says so.
    pub(crate) fn data_management(&self) -> Option<bool> {
        self.value["data_management"].as_bool()
    }

    fn limits(&self) -> Limits {
        let time = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        Limits {
            max_age_days: self.value["max_age_days"].as_u64().map(|days| days as u32),
            now: self.value["now"]
                .as_str()
                .map(|text| time(text).as_millisecond()),
        }
    }

    /// The questions, each with the decision and the rule that are expected.
    fn asks(&self) -> Vec<[String; 5]> {
        serde_json::from_value(self.value["asks"].clone())
            .unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// An answer with rules, in the documented form.
fn permissions<'r>(rules: impl Iterator<Item = &'r str>) -> Value {
    let granted = rules.map(|rule| {
        let [kind, luid, name, mode] = rule.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{rule:?} is not a rule");
        };
        json!({kind: {"id": luid}, "capabilities": {"capability": [{"name": name, "mode": mode}]}})
    });
    let granted = granted.collect::<Vec<_>>();
    match granted.is_empty() {
        true => json!({"permissions": {}}),
        false => json!({"permissions": {"granteeCapabilities": granted}}),
    }
}

/// What envelopes tell of permissions.
fn access(envelopes: &[Value]) -> Access {
    let texts = envelopes.iter().map(Value::to_string).collect::<Vec<_>>();
    let arena = Arena::default();
    site(&texts, &arena).access
}

/// What exports tell of sites, permissions too.
pub(crate) fn site<'a>(texts: &'a [String], arena: &'a Arena) -> Site<'a> {
    let sources = texts
        .iter()
        .map(|text| Source::from_text("export.json", text));
    let asks = Asks {
        access: true,
        ..Asks::default()
    };
    let defaults = SiteDefaults::default();
    let (site, diagnostics) = tableau::read(sources.collect(), &defaults, asks, arena).unwrap();
    let unread = diagnostics
        .iter()
        .filter(|one| one.code.as_str() == "rest-unread");
    assert_eq!(unread.collect::<Vec<_>>(), Vec::<&_>::new());
    site
}

fn ask(table: &Table, access: &Access, [who, what, asset]: [&str; 3]) -> Answer {
    let subject = who.parse::<Subject>().unwrap();
    let limits = table.limits();
    let audience = Audience::find(access, &subject, limits).unwrap_or_else(|none| panic!("{none}"));
    let asset = find_asset(access, asset).unwrap_or_else(|none| panic!("{none}"));
    let audience = audience.with_data_management(table.data_management());
    let capability = Capability::ALL.iter().find(|one| one.text() == what);
    audience.may(*capability.unwrap(), &asset.site, &asset.id)
}

#[test]
fn decisions_are_those_of_the_tables() {
    let base = base();
    let mut wrong = Vec::new();
    for table in tables() {
        let access = access(&[table.envelope(&table.entries(&base))]);
        for [who, what, asset, decision, rule] in table.asks() {
            let answer = ask(&table, &access, [&who, &what, &asset]);
            let found = [answer.decision.text(), answer.rule.key()];
            if found != [decision.as_str(), rule.as_str()] {
                let name = &table.name;
                wrong.push(format!(
                    "{name}: {who} {what} {asset}: {found:?} ({}), not {decision} by {rule}",
                    answer.why
                ));
            }
        }
    }
    assert_eq!(wrong, [""; 0], "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let asks = tables().iter().flat_map(Table::asks).collect::<Vec<_>>();
    let decisive = asks.iter().map(|[_, _, _, _, rule]| rule.as_str());
    let decisive = decisive.collect::<BTreeSet<_>>();
    let rules = Rule::ALL.iter().map(|rule| rule.key());
    let missing = rules.filter(|rule| !decisive.contains(rule));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
}

/// All users of the base, and who else may be asked for.
const SUBJECTS: [&str; 13] = [
    "user:root",
    "user:ada",
    "user:bob",
    "user:eve",
    "user:vic",
    "user:ulf",
    "user:lea",
    "user:pia",
    "user:pat",
    "group:Sales",
    "group:Operations",
    "everyone",
    "nobody",
];
const GRANTEES: [&str; 8] = [
    "user u-ada",
    "user u-bob",
    "user u-vic",
    "user u-lea",
    "group g-all",
    "group g-sales",
    "group g-ops",
    "groupSet s-both",
];
const GETS: [&str; 7] = [
    "workbooks/w-free/permissions",
    "workbooks/w-bound/permissions",
    "projects/p-lock/default-permissions/workbooks",
    "projects/p-top/permissions",
    "projects/p-sub/permissions",
    "tables/t-1/permissions",
    "databases/b-1/default-permissions/tables",
];
const CAPABILITIES: [&str; 4] = ["Read", "Write", "ChangePermissions", "ProjectLeader"];

/// The base with a table, and with some rules in place of its own.
fn with_rules(rules: &[(usize, String)]) -> Access {
    let base = base();
    let mut value = json!({
        "rest": {
            "databases": {"databases": {"database": {"id": "b-1", "name": "ANALYTICS", "contentPermissions": "LockedToDatabase"}}},
            "tables": {"tables": {"table": {"id": "t-1", "name": "ORDERS", "database": {"id": "b-1"}}}},
            "sites/s-1": {"site": {"derivedPermissionsEnabled": true}},
        },
        "answers": [{"data": {"workbooks": [{"luid": "w-free", "name": "Free", "upstreamTables": [{"luid": "t-1", "name": "ORDERS"}]}]}}],
        "rules": {},
    });
    for (at, get) in GETS.iter().enumerate() {
        let own = rules.iter().filter(|(of, _)| *of == at);
        let own = own.map(|(_, rule)| rule.as_str()).collect::<Vec<_>>();
        value["rules"][get] = json!(own);
    }
    let table = Table {
        name: "random".to_owned(),
        value,
    };
    access(&[table.envelope(&table.entries(&base))])
}

/// The workbooks that a run shows each subject, by the rules of this site.
fn shown(access: &Access) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for who in SUBJECTS {
        let mut settings = Settings::default();
        settings.audience.who = Some(who.parse().unwrap());
        let workbooks = ["w-free", "w-bound"].map(|luid| Workbook {
            site: access.sites[0].site.clone(),
            luid: luid.into(),
            name: format!("Title of {luid}").into(),
            ..Workbook::default()
        });
        let read = Read {
            projects: Vec::new(),
            site: Site {
                workbooks: workbooks.into(),
                access: access.clone(),
                ..Site::default()
            },
            diagnostics: Vec::new(),
            asks_columns: false,
            withheld: None,
        };
        let (read, _) = pipeline::select(read, &settings).unwrap();
        for workbook in &read.site.workbooks {
            assert_eq!(workbook.name.contains("Title"), workbook.withheld.is_none());
            if workbook.withheld.is_none() {
                all.insert(format!("{who} {}", workbook.luid));
            }
        }
    }
    all
}

/// What each subject may do.
fn allowed(access: &Access) -> BTreeSet<String> {
    let base = base();
    let mut allowed = BTreeSet::new();
    for who in SUBJECTS {
        for asset in ["w-free", "w-bound", "p-sub", "t-1", "b-1"] {
            for what in Capability::ALL.iter().map(Capability::text) {
                let answer = ask(&base, access, [who, what, asset]);
                if answer.decision == Decision::Allowed {
                    allowed.insert(format!("{who} {what} {asset}"));
                }
            }
        }
    }
    allowed
}

fn rule() -> impl Strategy<Value = (usize, String)> {
    let mode = prop_oneof![Just("Allow"), Just("Deny")];
    let of = (
        0..GETS.len(),
        0..GRANTEES.len(),
        0..CAPABILITIES.len(),
        mode,
    );
    of.prop_map(|(get, grantee, capability, mode)| {
        let (grantee, capability) = (GRANTEES[grantee], CAPABILITIES[capability]);
        (get, format!("{grantee} {capability} {mode}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn one_more_denial_can_only_hide_more(rules in prop::collection::vec(rule(), 0..12), (get, denial) in rule()) {
        let before = allowed(&with_rules(&rules));
        let denial = denial.replace("Allow", "Deny");
        let more = rules.into_iter().chain([(get, denial)]).collect::<Vec<_>>();
        let after = allowed(&with_rules(&more));
        let shown = after.difference(&before).collect::<Vec<_>>();
        prop_assert!(shown.is_empty(), "{shown:?}");
    }

    #[test]
    fn one_more_denial_shows_an_audience_nothing_more(rules in prop::collection::vec(rule(), 0..12), (get, denial) in rule()) {
        let before = shown(&with_rules(&rules));
        let denial = denial.replace("Allow", "Deny");
        let more = rules.into_iter().chain([(get, denial)]).collect::<Vec<_>>();
        let after = shown(&with_rules(&more));
        let new = after.difference(&before).collect::<Vec<_>>();
        prop_assert!(new.is_empty(), "{new:?}");
    }

    #[test]
    fn order_and_files_of_answers_make_no_difference(seed in any::<u64>(), table in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let tables = tables();
        let table = table.get(&tables);
        let mut entries = table.entries(&base());
        let expected = access(&[table.envelope(&entries)]);
        shuffle(&mut entries, seed);
        let (one, other) = entries.split_at(cut.index(entries.len() + 1));
        let mut second = table.envelope(other);
        second["answers"] = json!([]);
        prop_assert_eq!(&access(&[table.envelope(one), second.clone()]), &expected);
        prop_assert_eq!(&access(&[second, table.envelope(one)]), &expected);
    }
}

/// Another order, which depends on the seed alone.
fn shuffle(entries: &mut [Value], mut seed: u64) {
    for last in (1..entries.len()).rev() {
        seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        entries.swap(last, (seed >> 33) as usize % (last + 1));
    }
}
