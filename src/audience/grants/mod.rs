//! What would show hidden tables to a user: each thing that the user could be given is supposed, and the
//! rules say whether the table is visible then. Nothing here knows a rule.

mod grant;
mod suppose;
mod trial;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

pub use self::grant::{Grant, Need};
use self::suppose::Supposition;
use self::trial::{Trial, find};
pub use self::verdict::{Standing, Verdict};
use super::case::Case;
use super::limits::Limits;
use crate::model::access::{AssetId, AssetKind, Capability, SiteAccess, Uses};

/// Tables of which the same holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The tables.
    pub tables: BTreeSet<AssetId>,
    /// What holds.
    pub verdict: Verdict,
}

/// Says of hidden tables of a site what would show them to a user.
#[derive(Debug)]
pub struct Advisor {
    supposed: Supposition,
    /// The content that uses each table.
    users: BTreeMap<AssetId, BTreeMap<AssetId, Uses>>,
    standing: Standing,
}

impl Advisor {
    /// For the user with this luid. `data_management` is what is known of it from elsewhere.
    pub fn new(mut access: SiteAccess, user: &str, data_management: Option<bool>) -> Self {
        let mut users = users_of_tables(std::mem::take(&mut access.uses));
        users.retain(|table, _| access.hidden.contains_key(table));
        let nobody_asked = AssetId::new(AssetKind::Table, "");
        let limits = Limits::default();
        let case = Case {
            access: &access,
            limits: &limits,
            data_management,
            user,
            capability: Capability::View,
            asset: &nobody_asked,
        };
        let standing = Standing {
            role: case.role().ok(),
            automatic_access: case.known(&access.derived_permissions).ok().copied(),
            data_management: case.has_data_management(),
        };
        Self {
            supposed: Supposition::new(access, user.to_owned()),
            users,
            standing,
        }
    }

    /// What is known of the site, without what uses tables.
    pub fn access(&self) -> &SiteAccess {
        self.supposed.access()
    }

    /// What is known of the user and the site.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// What would show each of these tables. Tables that the same content uses are judged once.
    pub fn judge(&mut self, tables: impl IntoIterator<Item = AssetId>) -> Vec<Alike> {
        let mut alike = BTreeMap::<_, BTreeSet<AssetId>>::new();
        for table in tables {
            let by = self.users.get(&table);
            let by = by.map(|users| users.keys().cloned().collect::<BTreeSet<_>>());
            let own = self.supposed.tells_of(&table).then(|| table.clone());
            let database = self.supposed.database_of(&table);
            alike.entry((by, database, own)).or_default().insert(table);
        }
        let mut judged = Vec::new();
        for tables in alike.into_values() {
            let Some(first) = tables.first().cloned() else {
                continue;
            };
            let users = self.users.get(&first).cloned().unwrap_or_default();
            self.supposed.use_by(users);
            let trial = Trial {
                table: &first,
                standing: self.standing,
            };
            let verdict = find(&mut self.supposed, &trial);
            judged.push(Alike { tables, verdict });
        }
        judged
    }
}

/// The content that uses each table, with that table alone: thousands of content are not asked about each.
fn users_of_tables(uses: BTreeMap<AssetId, Uses>) -> BTreeMap<AssetId, BTreeMap<AssetId, Uses>> {
    let mut users = BTreeMap::<AssetId, BTreeMap<AssetId, Uses>>::new();
    let mut note = |table: AssetId, content: &AssetId, add: fn(&mut Uses, AssetId)| {
        let of_table = users.entry(table.clone()).or_default();
        add(of_table.entry(content.clone()).or_default(), table);
    };
    for (content, of_content) in uses {
        for table in of_content.inputs {
            note(table, &content, |uses, table| uses.inputs.extend([table]));
        }
        for table in of_content.outputs {
            note(table, &content, |uses, table| uses.outputs.extend([table]));
        }
    }
    users
}
