//! When `autoexpose refresh` refreshes extracts.

/// When `autoexpose refresh` refreshes extracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshSettings {
    /// How many minutes lie between two refreshes of one extract at least.
    pub build_after: u32,
    /// How much of what an extract reads must be built.
    pub only_if: OnlyIf,
    /// Whether extracts are refreshed although a test failed.
    pub ignore_tests: bool,
    /// How many are refreshed in one run at most.
    pub max: Option<usize>,
}

impl RefreshSettings {
    /// The minutes between two refreshes, unless somebody sets them: as in the dbt platform
    /// (<https://docs.getdbt.com/docs/cloud-integrations/orchestrate-exposures>).
    pub const BUILD_AFTER: u32 = 1440;
}

impl Default for RefreshSettings {
    fn default() -> Self {
        Self {
            build_after: Self::BUILD_AFTER,
            only_if: OnlyIf::default(),
            ignore_tests: false,
            max: None,
        }
    }
}

/// How much of what an extract reads must be built.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnlyIf {
    /// One node.
    #[default]
    Any,
    /// Every node but sources, which dbt does not build.
    All,
}

impl OnlyIf {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
        }
    }
}
