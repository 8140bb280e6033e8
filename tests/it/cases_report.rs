//! Cases of `fixtures/cases/report`: what the formats make of a report.

crate::case::cases! { "report":
    files,
    markdown,
    markdown_hostile,
    markdown_nothing,
    maturity,
    not_selected,
    unified_hostile,
}
