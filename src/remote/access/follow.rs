//! Which questions follow from an answer.

use serde_json::Value;

use super::{Access, MOST_MEMBERS, MOST_TABLES, Question, RulesFrom, Topic};
use crate::model::access::{AssetKind, ContentPermissions, SiteRole};
use crate::remote::rest::{self, text};

/// The group that every user is in.
const ALL_USERS: &str = "All Users";

impl Access {
    /// Adds the questions that follow from an answer; `body` is its text.
    pub(super) fn follow(&mut self, question: Question, body: &[u8], answer: Value) {
        match &question.topic {
            Topic::Rules(..) | Topic::Defaults { .. } => self.ask_grantees(&answer),
            Topic::GroupSet(_) => self.ask_groups_of_set(&answer),
            Topic::Group(group) => self.ask_members_of(group.clone()),
            topic => {
                if let Some(keys) = topic.list() {
                    self.follow_list(question, body, answer, keys);
                }
            }
        }
    }

    fn follow_list(
        &mut self,
        mut question: Question,
        body: &[u8],
        answer: Value,
        (list, item): (&str, &str),
    ) {
        let Some(page) = rest::page_in(answer, list, item) else {
            let reason = format!("the server answers {}", rest::beginning(body));
            return self.note_refusal(&question.topic, reason);
        };
        let total = page.total;
        let (items, has_next) = question.pages.turn(page);
        self.follow_items(&question.topic, &items, total);
        // A server that does not turn pages gives the first one again.
        if has_next && !items.is_empty() {
            self.queue.push_front(question);
        }
    }

    fn follow_items(&mut self, topic: &Topic, items: &[Value], total: Option<u64>) {
        match topic {
            Topic::UsersNamed(name) => {
                let users = named(items, name);
                if users.is_empty() {
                    let missing = format!("permissions: Tableau does not know of a user {name:?}");
                    self.missing.push(missing);
                }
                for user in users {
                    self.ask(Topic::Visible(user));
                }
            }
            Topic::GroupsNamed(name) => {
                let groups = named(items, name);
                if groups.is_empty() {
                    let missing = format!("permissions: Tableau does not know of a group {name:?}");
                    self.missing.push(missing);
                }
                for group in groups {
                    self.ask_members_of(group);
                }
            }
            Topic::Users if self.is_for_everyone => self.ask_members(items, total),
            Topic::Members(group) if self.audience.contains(group) => {
                self.ask_members(items, total);
            }
            Topic::Groups => {
                let is_all = |item: &&Value| {
                    let name = text(item, "name");
                    name.is_some_and(|name| name.eq_ignore_ascii_case(ALL_USERS))
                };
                let all = items.iter().filter(is_all).filter_map(luid);
                self.all_users.extend(all);
            }
            Topic::Assets(kind) => {
                for item in items {
                    self.ask_rules_of_listed(*kind, item);
                }
            }
            _ => {}
        }
    }

    /// Asks for the members of a group, each of whom is then asked about.
    fn ask_members_of(&mut self, group: String) {
        self.audience.insert(group.clone());
        self.ask(Topic::Members(group));
    }

    /// Asks which workbooks each member of an audience may see, unless these are too many. Who has not a
    /// licence sees nothing.
    fn ask_members(&mut self, items: &[Value], total: Option<u64>) {
        let count = total.unwrap_or_default().max(items.len() as u64);
        if count > MOST_MEMBERS as u64 {
            self.note_crowd(count);
            return;
        }
        let is_licensed = |item: &&Value| {
            let role = text(item, "siteRole").map(|role| SiteRole::of(&role));
            role != Some(SiteRole::Unlicensed)
        };
        for user in items.iter().filter(is_licensed).filter_map(luid) {
            self.ask(Topic::Visible(user));
        }
    }

    /// Says that an audience is too large to ask about each of its members. Rules tell of them all.
    fn note_crowd(&mut self, count: u64) {
        let crowd = format!(
            "permissions: an audience has {count} members, and Tableau is asked what each may see only of up to {MOST_MEMBERS}"
        );
        let (told, text) = match self.asks_rules {
            true => (&mut self.notes, crowd),
            false => {
                let text = format!("{crowd}: `--permissions all` asks for the rules instead");
                (&mut self.missing, text)
            }
        };
        if !told.contains(&text) {
            told.push(text);
        }
    }

    /// Asks for the members of the groups that rules name.
    fn ask_grantees(&mut self, answer: &Value) {
        let answer = answer.get("tsResponse").unwrap_or(answer);
        let permissions = answer.get("permissions").unwrap_or(answer);
        for granted in list(permissions.get("granteeCapabilities")) {
            if let Some(group) = granted.get("group").and_then(luid) {
                self.ask_group(group);
            }
            if let Some(set) = granted.get("groupSet").and_then(luid) {
                self.ask(Topic::GroupSet(set));
            }
        }
    }

    fn ask_groups_of_set(&mut self, answer: &Value) {
        let set = answer.get("groupSet").unwrap_or(answer);
        let groups = set.get("groups").and_then(|groups| groups.get("group"));
        for group in list(groups.or_else(|| set.get("group"))) {
            if let Some(group) = luid(group) {
                self.ask_group(group);
            }
        }
    }

    /// Asks for the members of a group. The list of users has those of the group that everybody is in.
    fn ask_group(&mut self, group: String) {
        if !self.all_users.contains(&group) {
            self.ask(Topic::Members(group));
        }
    }

    /// Asks for the rules of something that a list has.
    fn ask_rules_of_listed(&mut self, kind: AssetKind, item: &Value) {
        let Some(luid) = luid(item) else { return };
        let project = project_of(item);
        match kind {
            AssetKind::Database => self.ask_database(luid, project.as_deref(), item),
            AssetKind::Table => self.ask_table(luid, project.as_deref(), item),
            kind => self.ask_rules_of(kind, luid, project.as_deref()),
        }
    }

    /// A database in a project has rules as all that is in one. Else it may lock its tables. Of one that is
    /// only in embedded data sources Tableau has no rules.
    fn ask_database(&mut self, luid: String, project: Option<&str>, item: &Value) {
        if is_embedded(item) {
            return;
        }
        if project.is_some() {
            return self.ask_rules_of(AssetKind::Database, luid, project);
        }
        let lock = text(item, "contentPermissions").map(|lock| ContentPermissions::of(&lock));
        if lock == Some(ContentPermissions::Locked) {
            self.locked_databases.insert(luid.clone());
            self.ask(Topic::Defaults {
                holder: AssetKind::Database,
                luid: luid.clone(),
                of: AssetKind::Table,
            });
        }
        self.ask(Topic::Rules(AssetKind::Database, luid));
    }

    fn ask_table(&mut self, table: String, project: Option<&str>, item: &Value) {
        let database = item.get("database").and_then(luid);
        let is_locked = database.is_some_and(|luid| self.locked_databases.contains(&luid));
        if is_embedded(item) || (project.is_none() && is_locked) {
            return;
        }
        if let Some(RulesFrom::Project(_)) = project.map(|project| self.locks.rules_of(project)) {
            return self.ask_rules_of(AssetKind::Table, table, project);
        }
        if self.tables >= MOST_TABLES {
            self.tables_left_out += 1;
            return;
        }
        self.tables += 1;
        self.ask(Topic::Rules(AssetKind::Table, table));
    }
}

/// The items of a list, which may stand alone.
fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn luid(object: &Value) -> Option<String> {
    text(object, "id").map(|luid| luid.to_lowercase())
}

/// The luids of the items that have a name, without case.
fn named(items: &[Value], name: &str) -> Vec<String> {
    let has_name = |item: &&Value| {
        let own = text(item, "name");
        own.is_some_and(|own| own.to_lowercase() == name.to_lowercase())
    };
    items.iter().filter(has_name).filter_map(luid).collect()
}

/// The project that something is in.
fn project_of(item: &Value) -> Option<String> {
    let project = item.get("project").and_then(luid);
    project.or_else(|| {
        let location = item.get("location")?;
        let kind = text(location, "type")?;
        kind.eq_ignore_ascii_case("project")
            .then(|| luid(location))?
    })
}

fn is_embedded(item: &Value) -> bool {
    match item.get("isEmbedded") {
        Some(Value::Bool(embedded)) => *embedded,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}
