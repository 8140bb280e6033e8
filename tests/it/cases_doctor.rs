//! Cases of `fixtures/cases/doctor`: the half of the checks that asks nobody.

crate::case::cases! { "doctor":
    broken,
    hidden,
    match_rate,
    nothing,
    other_target,
    project_file,
    several,
    whole,
}
