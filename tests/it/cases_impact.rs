//! Cases of `fixtures/cases/impact`: what a reviewer sees of a change, in each format.

crate::case::cases! { "impact":
    column_dropped,
    column_empty_in_new_rows,
    column_not_on_a_sheet,
    column_renamed,
    column_type_changed,
    column_use_not_told,
    columns_in_use,
    export_incomplete,
    hostile,
    incremental_column_dropped,
    macro_changed,
    model_deleted,
    model_renamed,
    not_compared,
    nothing,
    nothing_linked,
    other_target,
    schema_of_a_folder,
    unknown_target,
    version_bumped,
}
