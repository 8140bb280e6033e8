//! Cases of `fixtures/cases/docs-index`: the index from which the docs of dbt 2 are shown.

crate::case::cases! { "docs-index":
    added,
    dry_run,
    edges_lost,
    error_column_missing,
    error_column_type,
    error_damaged,
    error_files,
    error_other_project,
    error_report_onto_it,
    error_required_column,
    in_one_group,
    in_yaml,
    kept,
    no_exposures,
    nodes_missing,
    optional_column,
    workbook_gone,
    written_by_dbt,
}
