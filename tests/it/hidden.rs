//! What would show hidden tables: the tables of `fixtures/access` that have `shows`, and that each grant,
//! once it is in the export, lets the user view the table.
//!
//! `shows` has for each hidden table its grants, the smallest first, as `GRANT KIND LUID: NEEDS`, or
//! `DECISION by RULE` where nothing has to be given; `groups` has the grants in the order of the answer,
//! each with how many tables it shows.

use std::collections::{BTreeMap, BTreeSet};

use autoexpose::audience::{Audience, Grant, Need};
use autoexpose::input::tableau::Arena;
use autoexpose::model::access::{AssetId, AssetKind, Capability, Subject};
use autoexpose::output::hidden::{GrantAnswer, OfSite, TableAnswer, gather};
use serde_json::{Value, json};

use super::access::{Table, base, site, tables};

/// The tables that are about hidden names.
fn hidden() -> Vec<Table> {
    let mut tables = tables();
    tables.retain(|table| !table.value["shows"].is_null());
    tables
}

fn answer(envelope: &Value, data_management: Option<bool>) -> OfSite {
    let arena = Arena::default();
    let texts = [envelope.to_string()];
    let site = site(&texts, &arena);
    gather(site, data_management, Vec::new()).sites.remove(0)
}

/// A grant in one line.
fn line(answer: &GrantAnswer) -> String {
    let mut line = answer.grant.key().to_owned();
    if let Some(id) = answer.grant.about() {
        line.push_str(&format!(" {} {}", id.kind, id.luid));
    }
    line
}

fn with_needs(answer: &GrantAnswer) -> String {
    let needs = answer.needs.iter().map(|need| need.text());
    match needs.collect::<Vec<_>>()[..] {
        [] => line(answer),
        ref needs => format!("{}: {}", line(answer), needs.join(", ")),
    }
}

fn shown(table: &TableAnswer, site: &OfSite) -> Vec<String> {
    if table.grants.is_empty() {
        return vec![format!("{} by {}", table.decision, table.rule.key())];
    }
    let grants = table.grants.iter();
    grants.map(|at| with_needs(&site.grants[*at])).collect()
}

#[test]
fn grants_are_those_of_the_tables() {
    let base = base();
    for table in hidden() {
        let site = answer(
            &table.envelope(&table.entries(&base)),
            table.data_management(),
        );
        let found = site.tables.iter().map(|one| {
            let id = one.id.clone().unwrap_or_default();
            (id, shown(one, &site))
        });
        let found = found.collect::<BTreeMap<_, _>>();
        let expected = serde_json::from_value(table.value["shows"].clone()).unwrap();
        assert_eq!(found, expected, "{}", table.name);
        let groups = site.grants.iter();
        let groups = groups.map(|one| format!("{} {}", one.tables.len(), line(one)));
        if !table.value["groups"].is_null() {
            assert_eq!(json!(groups.collect::<Vec<_>>()), table.value["groups"]);
        }
    }
}

/// An export of a table, changed until a grant and what it needs are in it.
struct Granted {
    envelope: Value,
    user: String,
}

impl Granted {
    /// Adds a rule that allows the user something.
    fn allow(&mut self, get: &str, capability: &str) {
        let rule = json!({"user": {"id": self.user}, "capabilities": {"capability": [{"name": capability, "mode": "Allow"}]}});
        let rest = self.envelope["rest"].as_array_mut().unwrap();
        let is_asked = |entry: &&mut Value| entry["get"] == get;
        let Some(entry) = rest.iter_mut().find(is_asked) else {
            rest.push(
                json!({"get": get, "body": {"permissions": {"granteeCapabilities": [rule]}}}),
            );
            return;
        };
        let rules = &mut entry["body"]["permissions"]["granteeCapabilities"];
        let others = rules.as_array().cloned().unwrap_or_default();
        // Tableau keeps one rule for a user and a capability.
        let others = others.into_iter().filter(|other| {
            let named = &other["capabilities"]["capability"][0]["name"];
            other["user"]["id"] != *self.user || named != capability
        });
        *rules = others.chain([rule]).collect();
    }

    fn tell(&mut self, get: &str, body: &Value) {
        let rest = self.envelope["rest"].as_array_mut().unwrap();
        rest.push(json!({"get": get, "body": body}));
    }

    fn make_owner(&mut self, id: &AssetId) {
        let user = json!({"id": self.user, "luid": self.user});
        let mut is_told = false;
        change(&mut self.envelope, &mut |object| {
            let is_meant = object["id"] == *id.luid || object["luid"] == *id.luid;
            if is_meant && !object["owner"].is_null() {
                object["owner"] = user.clone();
                is_told = true;
            }
        });
        let (kinds, kind) = match id.kind {
            AssetKind::Workbook => ("workbooks", "workbook"),
            AssetKind::Datasource => ("datasources", "datasource"),
            AssetKind::Flow => ("flows", "flow"),
            kind => panic!("nobody owns a {kind} here"),
        };
        if !is_told {
            let get = format!("{kinds}/{}", id.luid);
            self.tell(&get, &json!({kind: {"id": id.luid, "owner": user}}));
        }
        if id.kind == AssetKind::Flow {
            let get = format!(
                "flows/runs?filter=flowId:eq:{},userId:eq:{}",
                id.luid, self.user
            );
            let run = json!({"flowRuns": {"flowRuns": [{"flowId": id.luid, "status": "Success"}]}});
            self.tell(&get, &run);
        }
    }

    fn role(&mut self, role: &str) {
        let user = self.user.clone();
        change(&mut self.envelope, &mut |object| {
            if object["id"] == *user && !object["siteRole"].is_null() {
                object["siteRole"] = json!(role);
            }
            if object["luid"] == *user && !object["site_role"].is_null() {
                object["site_role"] = json!(role);
            }
        });
    }

    fn give(&mut self, grant: &Grant, table: &str) {
        match grant {
            Grant::Nothing => {}
            Grant::TableRule => self.allow(&format!("tables/{table}/permissions"), "Read"),
            Grant::ContentRule(id) => {
                self.allow(&format!("workbooks/{}/permissions", id.luid), "Read")
            }
            Grant::DatabaseRule(id) => {
                self.allow(
                    &format!("databases/{}/default-permissions/tables", id.luid),
                    "Read",
                );
            }
            Grant::ProjectRule(id) => {
                self.allow(
                    &format!("projects/{}/default-permissions/tables", id.luid),
                    "Read",
                );
            }
            Grant::Owner(id) => self.make_owner(id),
            Grant::Leader(id) => self.allow(
                &format!("projects/{}/permissions", id.luid),
                "ProjectLeader",
            ),
            Grant::Administrator => self.role("SiteAdministratorCreator"),
        }
    }

    /// Meets these needs, and as far as that can be told in an export, no others.
    fn meet(&mut self, needs: &BTreeSet<Need>, table: &str) {
        let is_on = needs.contains(&Need::AutomaticAccess);
        change(&mut self.envelope, &mut |object| {
            if !object["derivedPermissionsEnabled"].is_null() {
                object["derivedPermissionsEnabled"] = json!(is_on);
            }
        });
        if needs.contains(&Need::Role) {
            self.role("Explorer");
        }
        if needs.contains(&Need::NotEmbedded) {
            let told = json!({"table": {"id": table, "isEmbedded": false}});
            self.tell(&format!("tables/{table}"), &told);
        }
        for (need, lock) in [
            (Need::Unlocked, "ManagedByOwner"),
            (Need::Locked, "LockedToDatabase"),
        ] {
            if needs.contains(&need) {
                // The only database of these tables whose lock is not told.
                let told = json!({"database": {"id": "b-open", "contentPermissions": lock}});
                self.tell("databases/b-open", &told);
            }
        }
    }

    fn is_visible(&self, table: &str, data_management: bool) -> bool {
        let arena = Arena::default();
        let texts = [self.envelope.to_string()];
        let site = site(&texts, &arena);
        let subject = Subject::User(self.user.clone());
        let audience = Audience::find(&site.access, &subject, Default::default()).unwrap();
        let audience = audience.with_data_management(Some(data_management));
        let of_site = &site.access.sites[0].site;
        let asset = AssetId::new(AssetKind::Table, table);
        audience.may(Capability::View, of_site, &asset).is_visible()
    }
}

/// Changes all objects of a document.
fn change(value: &mut Value, each: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(_) => {
            each(value);
            let members = value.as_object_mut().unwrap();
            members.values_mut().for_each(|member| change(member, each));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|one| change(one, each)),
        _ => {}
    }
}

/// `explain --for` says of an export with the grant in it that the table is visible, and without one of the
/// needs that it is not.
#[test]
fn what_is_granted_shows_the_table() {
    let base = base();
    let mut tried = BTreeSet::new();
    for table in hidden() {
        let envelope = table.envelope(&table.entries(&base));
        let site = answer(&envelope, table.data_management());
        let user = envelope["user"]["luid"].as_str().unwrap();
        for (at, grant) in (0..).zip(&site.grants) {
            for hidden in site.tables.iter().filter(|one| one.grants.contains(&at)) {
                let id = hidden.id.as_deref().unwrap();
                let is_visible = |needs: &BTreeSet<Need>| {
                    let mut granted = Granted {
                        envelope: envelope.clone(),
                        user: user.to_owned(),
                    };
                    granted.give(&grant.grant, id);
                    granted.meet(needs, id);
                    granted.is_visible(id, needs.contains(&Need::DataManagement))
                };
                let about = format!("{}: {id}, {}", table.name, with_needs(grant));
                assert!(is_visible(&grant.needs), "{about}");
                for need in [Need::AutomaticAccess, Need::DataManagement, Need::Role] {
                    let mut others = grant.needs.clone();
                    if others.remove(&need) {
                        assert!(!is_visible(&others), "{about} without {need}");
                    }
                }
                tried.insert(grant.grant.key());
            }
        }
    }
    assert_eq!(tried.len(), 8, "every kind of grant is tried: {tried:?}");
}
