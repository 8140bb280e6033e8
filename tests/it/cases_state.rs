//! Cases of `fixtures/cases/state`: what `patch` leaves beside the manifest for the next run.

crate::case::cases! { "state":
    alias_moved,
    beside_state,
    fresh_manifest,
    incomplete_workbook,
    model_gone,
    name,
    narrowed,
    newly_unlinked,
    nothing_left,
    one_more_fits,
    other_site,
    other_target,
    other_user,
    same_user,
    something_else,
    stopped_reading,
    told_as_what_it_is,
    unusable,
    without_nodes,
    written_over,
}
