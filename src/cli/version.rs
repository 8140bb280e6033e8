//! What `--version` shows.

use std::sync::LazyLock;

use crate::input::manifest;

/// The commit that the program was built from. `build.rs` looks for it.
const COMMIT: Option<&str> = option_env!("AUTOEXPOSE_COMMIT");

static LONG: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}\ncommit {}\nreads dbt manifests of {}",
        env!("CARGO_PKG_VERSION"),
        COMMIT.unwrap_or("unknown"),
        manifest::known_schemas()
    )
});

/// The version, the commit, and the manifests that can be read.
pub(super) fn long() -> &'static str {
    &LONG
}
