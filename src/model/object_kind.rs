//! The kinds of Tableau's objects.

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
        /// An embedded or published data source, where the reference does not say which. It comes
        /// behind the two kinds that it leaves open.
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
    }
}

impl ObjectKind {
    /// Its name in messages about several.
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
            | Self::Flow => Cow::Owned(format!("{self}s")),
        }
    }
}
