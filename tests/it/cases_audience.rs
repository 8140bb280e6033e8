//! Cases of `fixtures/cases/audience`: runs for an audience that may not see everything.

crate::case::cases! { "audience":
    explain,
    filter,
    gate,
    hand_written,
    names_of_a_state,
    names_of_an_earlier_run,
    not_selected,
    nothing_known,
    permissions,
    settings,
    show,
    stale,
    state_of_a_pipe,
    unknown_user,
    user,
    yaml,
}
