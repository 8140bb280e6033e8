//! Cases of `fixtures/cases/capture`: captures of one site at several times.

crate::case::cases! { "capture":
    custom_sql_gone,
    custom_sql_of_older_capture,
    flow_of_older_capture,
    older_capture_incomplete,
    older_capture_of_more,
    pages_at_several_times,
    pages_marked_complete_by_the_user,
    reader_gone,
    reader_of_older_capture,
    sources_listed_by_the_workbook,
    totals_of_older_capture,
    view_of_older_capture,
    virtual_connection_of_older_capture,
    without_time,
    workbook_gone,
    workbook_missing_in_pages,
}
