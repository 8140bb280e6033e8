//! Cases of `fixtures/cases/state`: what `patch` leaves beside the manifest for the next run.

crate::case::cases! { "state":
    beside_state,
    fresh_manifest,
    incomplete_workbook,
    name,
    narrowed,
    newly_unlinked,
    nothing_left,
    other_site,
    other_user,
    same_user,
    something_else,
    unusable,
    written_over,
}
