//! Cases of `fixtures/cases/exposures`: the planned exposures on their own, for the dbt plugin.

crate::case::cases! { "exposures":
    error_export_missing,
    in_yaml,
    inert,
    kept,
    mass_removal,
    nothing,
    planned,
    several_projects,
    shape_v20,
    shape_v4,
    warnings,
}
