//! Cases of `fixtures/cases/tableau-*`.

crate::case::cases! { "tableau_":
}
