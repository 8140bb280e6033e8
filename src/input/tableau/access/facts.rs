//! Facts about people and assets, as answers tell them, with the time of each.

use std::collections::BTreeMap;

use super::newest::Newest;
use super::pages::Pages;
use crate::model::access::{
    Asset, AssetId, AssetKind, ContentPermissions, Group, Location, Person, SiteRole, Told,
};

/// Makes a group of facts, of which the newest count.
macro_rules! facts {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty,)* } $(pages $pages:ident)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub(super) struct $name {
            $(pub(super) $field: Newest<$type>,)*
            $(pub(super) $pages: Pages,)?
        }

        impl $name {
            /// Adds the facts of another export of the site.
            pub(super) fn absorb(&mut self, other: Self) {
                $(self.$field.absorb(other.$field);)*
                $(self.$pages.absorb(other.$pages);)?
            }
        }
    };
}

facts! {
    /// What is told of a user.
    PersonFacts { name: String, role: SiteRole, }
    pages groups
}

facts! {
    /// What is told of a group.
    GroupFacts { name: String, }
    pages members
}

facts! {
    /// What is told of an asset.
    AssetFacts {
        name: String,
        owner: String,
        owner_name: String,
        location: Location,
        content_permissions: ContentPermissions,
        workbook: String,
        shows_tabs: bool,
        database: String,
        schema: String,
        is_embedded: bool,
        is_file: bool,
    }
}

impl PersonFacts {
    pub(super) fn finish(&self) -> Person {
        Person {
            name: self.name.any().cloned(),
            role: self.role.told(),
            groups: self.groups.listing(),
        }
    }
}

impl GroupFacts {
    pub(super) fn finish(&self) -> Group {
        Group {
            name: self.name.any().cloned(),
            members: self.members.listing(),
        }
    }
}

impl AssetFacts {
    /// The asset. `luids` has the luids of users by name, in lower case: the Metadata API names owners so.
    pub(super) fn finish(&self, luids: &BTreeMap<String, Option<String>>) -> Asset {
        let owner = match self.owner.told() {
            Told::Missing => self.owner_by_name(luids),
            told => told,
        };
        Asset {
            name: self.name.any().cloned(),
            owner,
            location: self.location.told(),
            content_permissions: self.content_permissions.told(),
            workbook: self.workbook.told(),
            shows_tabs: self.shows_tabs.told(),
            database: self.database.told(),
            schema: self.schema.any().cloned(),
            is_embedded: self.is_embedded.told(),
            is_file: self.is_file.told(),
        }
    }

    fn owner_by_name(&self, luids: &BTreeMap<String, Option<String>>) -> Told<String> {
        let Told::Given { value, captured_at } = self.owner_name.told() else {
            return Told::Missing;
        };
        let luid = luids.get(&value.to_lowercase()).cloned().flatten();
        luid.map_or(Told::Missing, |value| Told::Given { value, captured_at })
    }
}

/// The facts about assets, by id.
#[derive(Debug, Default)]
pub(super) struct AllAssets(pub(super) BTreeMap<AssetId, AssetFacts>);

impl AllAssets {
    /// The facts about one asset.
    pub(super) fn of(&mut self, kind: AssetKind, luid: &str) -> &mut AssetFacts {
        self.0.entry(AssetId::new(kind, luid)).or_default()
    }
}
