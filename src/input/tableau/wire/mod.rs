//! Responses of Tableau's Metadata API as they are received, before objects are merged.
//!
//! [`objects`] has a table of all objects, [`readers`] the lists of who reads them, [`list`] and [`text`]
//! the values of their fields. Every
//! field may be missing, since a query need not request it, or null, since the token may have no
//! permission to see it. Each list has a twin whose name ends in `Connection` and that comes as a
//! page; both are read into one field. Field names and nullability: the Metadata API reference.

mod doubt;
mod list;
mod objects;
mod readers;
mod shown;
mod text;

pub(super) use self::doubt::Doubt;
pub(super) use self::list::{AnyList, List};
pub(super) use self::objects::{
    Column, CustomSql, Database, Datasource, DatasourceField, FieldReference, Flow, OwnColumn,
    Readers, Reference, ReferencingField, Table, User, View, VirtualConnection,
    VirtualConnectionTable, Workbook,
};
pub(crate) use self::text::{Field, Luid, Text};
