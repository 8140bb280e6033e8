//! The lists that a run asks the Metadata API for.
//!
//! Tables are asked for once, elsewhere only by id: a request may touch 20 000 objects. Fields and
//! columns are not asked for, since they alone would bring pages down to a single workbook.

use super::query::Selection;

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

/// All of them, in the order in which they are asked for.
pub(super) const SECTIONS: [Section; 6] = [
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
    pub(super) fn query(&self, selection: &Selection) -> String {
        format!(
            "query {}($first: Int, $after: String) {{{}(first: $first, after: $after, \
             orderBy: {{field: ID, direction: ASC}}) {{nodes{{{selection}}} \
             pageInfo{{hasNextPage endCursor}} totalCount}}}}",
            self.name,
            self.edge()
        )
    }
}
