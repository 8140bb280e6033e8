//! One answer of the REST API: what it tells, by what was asked.

use jiff::Timestamp;
use serde_json::Value;

use super::object::{add_asset, add_group, add_mention, add_person, add_set};
use super::pages::Pages;
use super::question::{Question, keys_of, kind_of};
use super::rules;
use super::store::{AccessStore, Answered};
use super::value::{boolean, list, luid_in, luid_of, member, number, text, unwrapped};
use crate::model::access::{AssetId, AssetKind};
use crate::model::display::display_enum;

display_enum! {
    /// Why an answer tells nothing.
    pub enum NotRead {
        /// What was asked is missing.
        WithoutGet => "an answer without `get`";
        /// Nothing here uses such an answer.
        UnknownGet(get: String) => "{get}: such answers are not used";
        /// When it was answered cannot be read, so it is not known whether it counts.
        UnknownTime(get: String) => "{get}: its `captured_at` is not a timestamp";
        /// The answer has another form than the documented one.
        OtherForm(get: String) => "{get}: its `body` is not the documented answer";
    }
}

/// Adds an entry of `rest`. `of_envelope` is the time of the envelope around it, for an entry without one.
///
/// # Errors
/// Why the entry tells nothing.
pub(super) fn add_answer(
    store: &mut AccessStore,
    entry: &Value,
    of_envelope: Option<Timestamp>,
) -> Result<(), NotRead> {
    let asked = entry.get("get").and_then(Value::as_str);
    let get = asked.ok_or(NotRead::WithoutGet)?;
    let time = entry.get("captured_at").and_then(Value::as_str);
    let time = match time.map(|time| time.trim().parse::<Timestamp>()) {
        Some(Ok(time)) => Some(time),
        Some(Err(_)) => return Err(NotRead::UnknownTime(get.to_owned())),
        None => of_envelope,
    };
    let parsed;
    let body = match entry.get("body") {
        Some(Value::String(text)) => {
            parsed = serde_json::from_str(text).unwrap_or_default();
            &parsed
        }
        Some(body) => body,
        None => &Value::Null,
    };
    let refusal = refusal(body).or_else(|| refusal(entry));
    let answer = Answer {
        question: Question::of(get),
        body: match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(unwrapped(body)),
        },
        at: time.map(Timestamp::as_millisecond),
    };
    match answer.add_to(store) {
        Some(Added::Used) => {
            store.answers += 1;
            Ok(())
        }
        Some(Added::OfOtherForm) => Err(NotRead::OtherForm(get.to_owned())),
        None => Err(NotRead::UnknownGet(get.to_owned())),
    }
}

/// Why Tableau refused to answer, if it did: its code and what it says.
fn refusal(body: &Value) -> Option<String> {
    let error = member(unwrapped(body), "error")?;
    if let Some(text) = error.as_str() {
        return Some(text.to_owned());
    }
    let parts = ["code", "summary", "detail"].map(|key| text(error, key));
    let parts = parts.into_iter().flatten().collect::<Vec<_>>();
    Some(match parts.is_empty() {
        true => "without a reason".to_owned(),
        false => parts.join(": "),
    })
}

/// What became of an answer to a known question.
enum Added {
    Used,
    OfOtherForm,
}

impl From<Option<()>> for Added {
    fn from(read: Option<()>) -> Self {
        match read {
            Some(()) => Self::Used,
            None => Self::OfOtherForm,
        }
    }
}

struct Answer<'v> {
    question: Question,
    body: Result<&'v Value, String>,
    /// When it was captured, in milliseconds since 1970.
    at: Option<i64>,
}

impl Answer<'_> {
    /// Adds it to what is known; `None` if nobody needs answers to this question.
    fn add_to(&self, store: &mut AccessStore) -> Option<Added> {
        let path = self.question.path.iter();
        let path = path.map(|part| part.to_lowercase()).collect::<Vec<_>>();
        let path = path.iter().map(String::as_str).collect::<Vec<_>>();
        let added = match path[..] {
            [] => self.add_settings(store),
            ["users"] => self.add_users(store),
            ["users", user] => self.add_one("user", |body| add_person(store, self.at, user, body)),
            ["users", user, "groups"] => self.add_groups_of(store, user),
            ["users", user, "workbooks"] => self.add_visible(store, user),
            ["groups"] => self.add_groups(store),
            ["groups", group] => {
                self.add_one("group", |body| add_group(store, self.at, group, body))
            }
            ["groups", group, "users"] => self.add_members(store, group),
            ["groupsets"] => self.add_group_sets(store),
            ["groupsets", set] => self.add_group_set(store, set),
            ["flows", "runs"] => self.add_runs(store),
            [kinds] => self.add_assets(store, kind_of(kinds)?, None),
            ["workbooks", workbook, "views"] => {
                self.add_assets(store, AssetKind::View, Some(workbook))
            }
            [kinds, luid] => {
                let kind = kind_of(kinds)?;
                let (_, key) = keys_of(kind);
                self.add_one(key, |body| add_asset(store, self.at, kind, luid, body))
            }
            [kinds, luid, "permissions"] => self.add_rules(store, kind_of(kinds)?, luid),
            [holder, luid, "default-permissions", kinds] => {
                let holder = AssetId::new(kind_of(holder)?, luid);
                self.add_defaults(store, (holder, kind_of(kinds)?))
            }
            _ => return None,
        };
        Some(added.into())
    }

    fn add_settings(&self, store: &mut AccessStore) -> Option<()> {
        let values = match &self.body {
            Ok(body) => {
                let site = member(body, "site").unwrap_or(body);
                if !site.is_object() {
                    return None;
                }
                let derived = boolean(site, "derivedPermissionsEnabled").map(Ok);
                (derived, boolean(site, "catalogingEnabled").map(Ok))
            }
            Err(reason) => (Some(Err(reason.clone())), Some(Err(reason.clone()))),
        };
        if let Some(derived) = values.0 {
            store.derived_permissions.add(self.at, derived);
        }
        if let Some(cataloging) = values.1 {
            store.cataloging.add(self.at, cataloging);
        }
        Some(())
    }

    /// The elements of a list, or why Tableau refused it; `None` for an answer of another form.
    fn elements(&self, key: &str, of_one: &str) -> Option<Result<Vec<&Value>, String>> {
        match &self.body {
            Ok(body) => Some(Ok(list(body, key, of_one)?)),
            Err(reason) => Some(Err(reason.clone())),
        }
    }

    /// Adds a page of a list, and each of its elements.
    fn add_page(
        &self,
        pages: &mut Pages,
        (key, of_one): (&str, &str),
    ) -> Option<Vec<(String, &Value)>> {
        let elements = self.elements(key, of_one)?;
        let body = self.body.as_ref().map_or(&Value::Null, |body| *body);
        let listed = elements.as_ref().map(Vec::as_slice).map_err(Clone::clone);
        pages.add(&self.question, body, listed, self.at);
        let elements = elements.unwrap_or_default().into_iter();
        let named = elements.filter_map(|one| Some((luid_of(one)?, one)));
        Some(named.collect())
    }

    fn add_one(&self, key: &str, add: impl FnOnce(&Value)) -> Option<()> {
        // That one object is refused is no fact that anything here needs.
        if let Ok(body) = &self.body {
            let object = member(body, key).filter(|object| object.is_object())?;
            add(object);
        }
        Some(())
    }

    fn add_users(&self, store: &mut AccessStore) -> Option<()> {
        let mut pages = std::mem::take(&mut store.users);
        let users = self.add_page(&mut pages, ("users", "user"));
        store.users = pages;
        for (luid, user) in users? {
            add_person(store, self.at, &luid, user);
        }
        Some(())
    }

    fn add_members(&self, store: &mut AccessStore, group: &str) -> Option<()> {
        let pages = &mut store.groups.entry(group.to_owned()).or_default().members;
        for (luid, user) in self.add_page(pages, ("users", "user"))? {
            add_person(store, self.at, &luid, user);
        }
        Some(())
    }

    fn add_groups(&self, store: &mut AccessStore) -> Option<()> {
        for (luid, group) in self.add_page(&mut store.group_list, ("groups", "group"))? {
            add_group(store, self.at, &luid, group);
        }
        Some(())
    }

    fn add_groups_of(&self, store: &mut AccessStore, user: &str) -> Option<()> {
        let pages = &mut store.people.entry(user.to_owned()).or_default().groups;
        for (luid, group) in self.add_page(pages, ("groups", "group"))? {
            add_group(store, self.at, &luid, group);
        }
        Some(())
    }

    fn add_visible(&self, store: &mut AccessStore, user: &str) -> Option<()> {
        let pages = store.visible_workbooks.entry(user.to_owned()).or_default();
        for (luid, workbook) in self.add_page(pages, ("workbooks", "workbook"))? {
            add_asset(store, self.at, AssetKind::Workbook, &luid, workbook);
        }
        Some(())
    }

    fn add_group_sets(&self, store: &mut AccessStore) -> Option<()> {
        for set in self.elements("groupSets", "groupSet")?.unwrap_or_default() {
            let luid = luid_of(set)?;
            add_set(store, self.at, &luid, set);
        }
        Some(())
    }

    fn add_group_set(&self, store: &mut AccessStore, luid: &str) -> Option<()> {
        match &self.body {
            Ok(body) => add_set(store, self.at, luid, member(body, "groupSet")?),
            Err(reason) => {
                let groups = store.group_sets.entry(luid.to_owned()).or_default();
                groups.add(self.at, Err(reason.clone()));
            }
        }
        Some(())
    }

    fn add_assets(
        &self,
        store: &mut AccessStore,
        kind: AssetKind,
        workbook: Option<&str>,
    ) -> Option<()> {
        let (key, of_one) = keys_of(kind);
        for asset in self.elements(key, of_one)?.unwrap_or_default() {
            let Some(luid) = luid_of(asset) else { continue };
            add_asset(store, self.at, kind, &luid, asset);
            if let Some(workbook) = workbook {
                let facts = store.assets.of(kind, &luid);
                facts.workbook.add(self.at, workbook.to_owned());
            }
        }
        Some(())
    }

    fn add_rules(&self, store: &mut AccessStore, kind: AssetKind, luid: &str) -> Option<()> {
        let answered = match &self.body {
            Ok(body) => {
                let rules = rules::read(body)?;
                let permissions = member(body, "permissions").unwrap_or(body);
                let (_, key) = keys_of(kind);
                if let Some(asset) = member(permissions, key) {
                    add_mention(store, self.at, kind, luid, asset);
                }
                if let Some(database) = rules::locking_database(body) {
                    store.assets.of(kind, luid).database.add(self.at, database);
                }
                Ok(rules)
            }
            Err(reason) => Err(reason.clone()),
        };
        let of_asset = store.rules.entry(AssetId::new(kind, luid)).or_default();
        of_asset.add(self.at, answered);
        Some(())
    }

    fn add_defaults(&self, store: &mut AccessStore, of: (AssetId, AssetKind)) -> Option<()> {
        let answered = match &self.body {
            Ok(body) => Ok(rules::read(body)?),
            Err(reason) => Err(reason.clone()),
        };
        store.defaults.entry(of).or_default().add(self.at, answered);
        Some(())
    }

    /// Adds runs of flows. A run does not say who started it, so only a question for the runs of one user
    /// tells.
    fn add_runs(&self, store: &mut AccessStore) -> Option<()> {
        let user = self.question.filtered_to("userId");
        let asked = self.question.filtered_to("flowId");
        let runs = match self.elements("flowRuns", "flowRuns")? {
            Ok(runs) => runs,
            Err(reason) => {
                if let Some((user, flow)) = user.zip(asked) {
                    run_of(store, flow, user).add(self.at, Err(reason));
                }
                return Some(());
            }
        };
        let Some(user) = user else { return Some(()) };
        let successful = |run: &&&Value| {
            text(run, "status").is_some_and(|status| status.eq_ignore_ascii_case("success"))
        };
        let of_flow = |run: &&Value| text(run, "flowId").or_else(|| luid_in(run, "flow"));
        let flows = runs.iter().filter(successful).filter_map(of_flow);
        let mut flows = flows.map(|flow| flow.to_lowercase()).collect::<Vec<_>>();
        flows.dedup();
        if let Some(asked) = asked.filter(|asked| !flows.contains(asked)) {
            let body = self.body.as_ref().ok()?;
            let pagination = member(body, "pagination").unwrap_or(&Value::Null);
            let total = number(pagination, "totalAvailable");
            if total.is_none_or(|total| total <= runs.len() as u64) {
                run_of(store, asked, user.clone()).add(self.at, Ok(false));
            }
        }
        for flow in flows {
            run_of(store, flow, user.clone()).add(self.at, Ok(true));
        }
        Some(())
    }
}

fn run_of(store: &mut AccessStore, flow: String, user: String) -> &mut Answered<bool> {
    store.runs.entry(flow).or_default().entry(user).or_default()
}
