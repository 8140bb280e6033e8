//! Cases of `fixtures/cases/matching-*`.

crate::case::cases! { "matching_":
    rule_exact,
}
