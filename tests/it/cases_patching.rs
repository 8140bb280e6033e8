//! Cases of `fixtures/cases/patching-*`.

crate::case::cases! { "patching_":
}
