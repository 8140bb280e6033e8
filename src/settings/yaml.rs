//! Where and how exposures stand in YAML.

/// Where and how `autoexpose yaml` writes exposures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YamlSettings {
    /// The folder, from the dbt project on; `None` for the usual one.
    pub folder: Option<String>,
    /// Which exposures share a file.
    pub group_by: GroupBy,
}

/// Which exposures share a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GroupBy {
    /// All of them.
    #[default]
    All,
    /// Those of one Tableau project.
    Project,
    /// None: each workbook has its own.
    Workbook,
}
