//! All kinds of input of which one might cost more than its size.

use super::inputs::Inputs;
use super::{copies, lineage, lost, matching, planning, responses};

/// A kind of input, of any size.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Makes an input of this kind, whose length grows with the number.
    pub(super) make: fn(usize) -> Inputs,
    /// The smallest number that is worth a look.
    pub(super) first: usize,
}

macro_rules! kinds {
    ($($name:literal: $make:path, $first:literal;)*) => {
        &[$(Kind { name: $name, make: $make, first: $first },)*]
    };
}

/// Every kind. A new one is a row here and a function in one of the modules.
pub(super) const KINDS: &[Kind] = kinds! {
    "nodes of one schema and name": matching::same_schema_and_name, 250;
    "nodes of one name": matching::same_name, 250;
    "nodes of one name, by name alone": matching::same_name_alone, 250;
    "ambiguous table of many workbooks": matching::ambiguous_table_of_many_workbooks, 250;
    "ambiguous tables": matching::ambiguous_tables, 250;
    "wildcards side by side": matching::wildcards_side_by_side, 250;
    "wildcards alike": matching::wildcards_alike, 250;
    "wildcards inside each other": matching::wildcards_inside_each_other, 125;
    "near misses on long names": matching::near_misses_on_long_names, 250;
    "near misses on many names": matching::near_misses_on_many_names, 250;
    "unknown tables of one source": matching::unknown_tables_of_one_source, 125;
    "hidden tables of one source": matching::hidden_tables_of_one_source, 125;
    "one table in many databases": matching::one_table_in_many_databases, 125;
    "databases": matching::databases, 1000;
    "default schemas": matching::default_schemas, 250;
    "connection types": matching::connection_types, 125;
    "rewrites": matching::rewrites, 125;
    "rewrites in a row": matching::rewrites_in_a_row, 125;
    "one workbook of many tables": matching::one_workbook_of_many_tables, 500;
    "selection by luids": planning::rules_of_luids, 250;
    "selection by patterns": planning::rules_of_patterns, 125;
    "rules of exposures": planning::rules_of_exposures, 250;
    "disabled exposures": planning::disabled_exposures, 250;
    "one twin of many workbooks": planning::twin_of_many_workbooks, 125;
    "many twins of one workbook": planning::many_twins_of_a_workbook, 250;
    "twins of one luid on many sites": planning::twins_of_one_luid_on_many_sites, 125;
    "exposures of one luid on many sites": planning::exposures_of_one_luid_on_many_sites, 125;
    "luids that begin alike": planning::luids_that_begin_alike, 500;
    "title of blanks and colons": planning::title_of_blanks_and_colons, 1000;
    "title of brackets and colons": planning::title_of_brackets_and_colons, 1000;
    "first day": planning::first_day, 1000;
    "second day": planning::second_day, 1000;
    "lost: models gone": lost::models_gone, 250;
    // Below this, the search for similar names is not at its limit yet.
    "lost: models renamed": lost::models_renamed, 4000;
    "lost: relations moved": lost::relations_moved, 250;
    "lost: a model of many workbooks": lost::model_of_many_workbooks, 500;
    "lost: models of one workbook": lost::models_of_one_workbook, 250;
    "lost: models gone after a patch": lost::models_gone_after_a_patch, 250;
    "lost: models renamed after a patch": lost::models_renamed_after_a_patch, 4000;
    "chain of flows": lineage::chain_of_flows, 500;
    "circle of flows": lineage::circle_of_flows, 500;
    "chain of flows of many workbooks": lineage::chain_of_flows_of_many_workbooks, 125;
    "fan of flows of many workbooks": lineage::fan_of_flows_of_many_workbooks, 125;
    "ladder of flows": lineage::ladder_of_flows, 250;
    "chain of published sources": lineage::chain_of_published_sources, 500;
    "circle of published sources": lineage::circle_of_published_sources, 500;
    "one source by many paths": lineage::one_source_by_many_paths, 500;
    "extracts by many paths": lineage::extracts_by_many_paths, 500;
    "columns of one table": lineage::columns_of_one_table, 1000;
    "columns of many tables": lineage::columns_of_many_tables, 1000;
    "queries of one table": lineage::queries_of_one_table, 250;
    "tables of a virtual connection": lineage::tables_of_a_virtual_connection, 250;
    "one sheet of many workbooks": lineage::one_sheet_of_many_workbooks, 250;
    "flows into an unknown source": lineage::flows_into_an_unknown_source, 250;
    "chain of projects": lineage::chain_of_projects, 125;
    "differing tables": copies::differing_tables, 250;
    "differing data sources": copies::differing_datasources, 250;
    "differing workbooks": copies::differing_workbooks, 250;
    "differing workbooks in files": copies::differing_workbooks_in_files, 125;
    "differing databases": copies::differing_databases, 250;
    "differing projects": copies::differing_projects, 500;
    "many captures": copies::many_captures, 500;
    "captures of sheets": copies::captures_of_sheets, 250;
    "one luid under many ids": copies::one_luid_under_many_ids, 500;
    "one id under many luids": copies::one_id_under_many_luids, 500;
    "ids and luids in a row": copies::ids_and_luids_in_a_row, 500;
    "one id under many names": copies::one_id_under_many_names, 500;
    "equal copies": copies::equal_copies, 1000;
    "many sites": copies::many_sites, 125;
    "sites known in part": copies::sites_known_in_part, 125;
    "files without a site": copies::files_without_a_site, 125;
    "errors": responses::errors, 250;
    "blank lines before": responses::blank_lines_before, 1_000_000;
    "blank lines between": responses::blank_lines_between, 1_000_000;
    "blank lines inside": responses::blank_lines_inside, 1_000;
    "lines of blanks": responses::lines_of_blanks, 250_000;
    "empty answers": responses::empty_answers, 10_000;
    "pages": responses::pages, 1_000;
    "nulls": responses::nulls, 1_000;
    "unknown sections": responses::unknown_sections, 1_000;
};
