//! The lists that a run asks the Metadata API for.
//!
//! Tables are asked for once, elsewhere only by id: a request may touch 20 000 objects. Fields and
//! columns are asked for only where somebody wants them, since they are ten times as much.

use super::query::Selection;

/// The list without which nothing can be said.
pub(super) const WORKBOOKS: &str = "workbooks";

/// A list of the Metadata API.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// Its name, as in the envelope.
    pub(super) name: &'static str,
    /// What messages call its objects.
    pub(super) objects: &'static str,
    /// How many objects the first page asks for.
    pub(super) first: u64,
    /// What is asked for of each.
    fields: &'static str,
}

/// The lists of a run, in the order in which they are asked for. With the columns in use, the list of
/// published data sources has their fields as well.
pub(super) fn asked(with_columns: bool) -> Vec<&'static Section> {
    let is_replaced =
        |section: &&Section| with_columns && COLUMNS.iter().any(|one| one.name == section.name);
    let usual = SECTIONS.iter().filter(|section| !is_replaced(section));
    let columns = COLUMNS.iter().filter(|_| with_columns);
    usual.chain(columns).collect()
}

/// What tells which columns are in use.
const COLUMNS: [Section; 3] = [
    Section {
        name: "embeddedDatasources",
        objects: "embedded data sources",
        first: 20,
        fields: "id name workbook{luid} upstreamTables{id} upstreamDatasources{id luid name} \
            fields{__typename id name upstreamFields{id name datasource{id}} \
            upstreamColumns{name table{__typename id}} ...ColumnField{dataType} \
            ...CalculatedField{formula}}",
    },
    Section {
        name: "publishedDatasources",
        objects: "published data sources",
        first: 20,
        fields: "id luid name projectName hasExtracts extractLastRefreshTime extractLastUpdateTime \
            containsUnsupportedCustomSql updatedAt upstreamTables{id} upstreamFlows{id} \
            upstreamVirtualConnectionTables{id} \
            fields{__typename id name upstreamFields{id name datasource{id}} \
            upstreamColumns{name table{__typename id}} ...ColumnField{dataType} \
            ...CalculatedField{formula}}",
    },
    Section {
        name: "sheets",
        objects: "sheets",
        first: 50,
        fields: "id luid name path workbook{luid} \
            datasourceFields{__typename id name datasource{id}}",
    },
];

/// What every run asks for.
const SECTIONS: [Section; 6] = [
    Section {
        name: "workbooks",
        objects: "workbooks",
        first: 200,
        fields: "id luid name description projectName projectLuid containerType containerName \
            vizportalUrlId uri createdAt updatedAt containsUnsupportedCustomSql \
            owner{id luid name username email} tags{name} views{id path} upstreamTables{id} \
            upstreamDatasources{id luid} upstreamVirtualConnectionTables{id} upstreamFlows{id} \
            embeddedDatasources{id name hasExtracts extractLastRefreshTime \
            containsUnsupportedCustomSql upstreamTables{id} upstreamDatasources{id luid}}",
    },
    Section {
        name: "publishedDatasources",
        objects: "published data sources",
        first: 200,
        fields: "id luid name projectName hasExtracts extractLastRefreshTime extractLastUpdateTime \
            containsUnsupportedCustomSql upstreamTables{id} upstreamFlows{id} \
            upstreamVirtualConnectionTables{id}",
    },
    Section {
        name: "databaseTables",
        objects: "tables",
        first: 500,
        fields: "id luid name schema fullName connectionType isEmbedded \
            database{id name connectionType}",
    },
    Section {
        name: "customSQLTables",
        objects: "custom SQL queries",
        first: 100,
        fields: "id name query isUnsupportedCustomSql connectionType \
            database{id name connectionType} tables{id} downstreamWorkbooks{id luid} \
            downstreamDatasources{id}",
    },
    Section {
        name: "virtualConnections",
        objects: "virtual connections",
        first: 50,
        fields: "id luid name tables{id name upstreamTables{id}}",
    },
    Section {
        name: "flows",
        objects: "flows",
        first: 50,
        fields: "id luid name upstreamTables{id} downstreamDatasources{id} downstreamTables{id}",
    },
];

impl Section {
    /// The name of the list that comes in pages.
    pub(super) fn edge(&self) -> String {
        format!("{}Connection", self.name)
    }

    /// What is asked for of each object.
    pub(super) fn selection(&self) -> Selection {
        Selection::parse(self.fields)
    }

    /// The query for a page. Sorted by id, which does not change while pages are read.
    ///
    /// Within some luids the total is not asked for, since it is not that of the list. Other filters, as
    /// by the name of a project, hide what the user may not see (PERMISSIONS_MODE_SWITCHED).
    pub(super) fn query(
        &self,
        selection: &Selection,
        within: Option<&[String]>,
        form: Form,
    ) -> String {
        let order = match form.is_ordered {
            true => ", orderBy: {field: ID, direction: ASC}",
            false => "",
        };
        let filter = within.map(|luids| format!(", filter: {{luidWithin: {luids:?}}}"));
        let filter = filter.unwrap_or_default();
        let total = match within {
            None if form.is_counted => " totalCount",
            _ => "",
        };
        format!(
            "query {}($first: Int, $after: String) {{{}(first: $first, after: $after{order}{filter}) \
             {{nodes{{{selection}}} pageInfo{{hasNextPage endCursor}}{total}}}}}",
            self.name,
            self.edge()
        )
    }
}

/// What a query asks for beside the objects, as far as the server knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    /// Whether it asks for the objects in the order of their ids.
    pub(super) is_ordered: bool,
    /// Whether it asks for the number of all objects.
    pub(super) is_counted: bool,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            is_ordered: true,
            is_counted: true,
        }
    }
}
