//! The kinds of objects in Tableau's metadata.

use std::borrow::Cow;

use super::display::display_enum;

display_enum! {
    /// A kind of object that takes part in lineage.
    pub enum ObjectKind {
        /// A published workbook.
        Workbook => "workbook";
        /// A data source inside a workbook.
        Embedded => "embedded data source";
        /// A data source published for many workbooks.
        Published => "published data source";
        /// An embedded or published data source, if the reference does not say which. It is sorted
        /// after both, so that a more specific kind is preferred.
        Datasource => "data source";
        /// A table of a database.
        Table => "table";
        /// Custom SQL.
        CustomSql => "custom SQL";
        /// A virtual connection.
        VirtualConnection => "virtual connection";
        /// A table of a virtual connection.
        VirtualTable => "virtual connection table";
        /// A Prep flow.
        Flow => "flow";
        /// A sheet or dashboard.
        View => "view";
    }
}

impl ObjectKind {
    /// Its plural, for messages.
    pub fn plural(self) -> Cow<'static, str> {
        match self {
            Self::CustomSql => Cow::Borrowed(self.text()),
            Self::Workbook
            | Self::Embedded
            | Self::Published
            | Self::Datasource
            | Self::Table
            | Self::VirtualConnection
            | Self::VirtualTable
            | Self::Flow
            | Self::View => Cow::Owned(format!("{self}s")),
        }
    }
}
