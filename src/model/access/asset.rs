//! What permissions are about: projects, content in them, and external assets.

use super::told::Told;
use crate::model::display::display_enum;
use crate::model::luid;

display_enum! {
    /// The kind of something that has permissions.
    pub enum AssetKind {
        /// A project.
        Project => "project";
        /// A published workbook.
        Workbook => "workbook";
        /// A sheet or dashboard of a workbook.
        View => "view";
        /// A published data source.
        Datasource => "data source";
        /// A Prep flow.
        Flow => "flow";
        /// A virtual connection.
        VirtualConnection => "virtual connection";
        /// A database, or a file.
        Database => "database";
        /// A table of a database.
        Table => "table";
    }
}

impl AssetKind {
    /// Whether it is an external asset: it is described in Tableau, and stored elsewhere.
    pub fn is_external(self) -> bool {
        matches!(self, Self::Database | Self::Table)
    }
}

/// What identifies something that has permissions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetId {
    /// What it is.
    pub kind: AssetKind,
    /// Its luid, in lower case.
    pub luid: String,
}

impl AssetId {
    /// The id of a luid in any case.
    pub fn new(kind: AssetKind, luid: &str) -> Self {
        Self {
            kind,
            luid: luid::identity(luid.trim()).into_owned(),
        }
    }
}

/// What is known of something that has permissions. Each kind has some of these facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asset {
    /// Its name.
    pub name: Option<String>,
    /// The luid of its owner.
    pub owner: Told<String>,
    /// Where it is.
    pub location: Told<Location>,
    /// Of a project: whether its rules bind what is in it. Of a database: whether they bind its tables.
    pub content_permissions: Told<ContentPermissions>,
    /// Of a view: its workbook.
    pub workbook: Told<String>,
    /// Of a workbook: whether its views are tabs, which have the permissions of the workbook.
    pub shows_tabs: Told<bool>,
    /// Of a table: its database.
    pub database: Told<String>,
    /// Of a table: its schema.
    pub schema: Option<String>,
    /// Of an external asset: whether it is known only from data that content embeds.
    pub is_embedded: Told<bool>,
    /// Of a database: whether it is a file.
    pub is_file: Told<bool>,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// In a project.
    Project(String),
    /// In a personal space.
    PersonalSpace,
    /// In neither: a project at the top, or an external asset that is in no project.
    Top,
}

/// Whether what is in a project or database has rules of its own (`contentPermissions`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContentPermissions {
    /// It has: `ManagedByOwner`.
    ManagedByOwner,
    /// It has not, and neither has what is in nested projects: `LockedToProject`, `LockedToDatabase`.
    Locked,
    /// It has not, but nested projects are free: `LockedToProjectWithoutNested`.
    LockedWithoutNested,
    /// A value that is not documented.
    Other,
}

impl ContentPermissions {
    /// What a value of `contentPermissions` means.
    pub fn of(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "managedbyowner" => Self::ManagedByOwner,
            "lockedtoproject" | "lockedtodatabase" => Self::Locked,
            "lockedtoprojectwithoutnested" => Self::LockedWithoutNested,
            _ => Self::Other,
        }
    }
}
