//! Cases of `fixtures/cases/static-docs`: pages of dbt docs that have their manifest in them.

crate::case::cases! { "static-docs":
    both,
    by_a_script,
    by_hand,
    dry_run,
    fresh_manifest,
    fresh_page,
    guard,
    hostile,
    kept,
    nodes_missing,
    of_another_project,
    other_pages,
    output,
    report_over_page,
    several_projects,
    with_blanks,
}
