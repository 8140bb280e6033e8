//! Responses of Tableau's Metadata API as they are received, before objects are merged.
//!
//! [`objects`] has a table of all objects, [`list`] and [`text`] the values of their fields. Every
//! field may be missing, since a query need not request it, or null, since the token may have no
//! permission to see it. Each list has a twin whose name ends in `Connection` and that comes as a
//! page; both are read into one field. Field names and nullability: the Metadata API reference.

mod list;
mod objects;
mod text;

pub(super) use self::list::List;
pub(super) use self::objects::{
    CustomSql, Database, Datasource, DatasourceField, Flow, Reference, Table, User, View,
    VirtualConnection, VirtualConnectionTable, Workbook,
};
pub(super) use self::text::{Field, Luid, Text};
