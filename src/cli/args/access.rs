//! Arguments of the question who may see what.

use clap::{Args, ValueEnum};

use crate::model::access::{Capability, Subject};

#[derive(Debug, Args)]
pub(crate) struct AccessArgs {
    /// Explain whether somebody may see the SUBJECT, and by which rule: `user:NAME`, `group:NAME` (or a
    /// luid), `everyone` or `nobody`
    ///
    /// Then the SUBJECT is a workbook, view, data source, flow, virtual connection, project, database or
    /// table, by name or luid. `project:`, `table:` and the like in front say what is meant. The export
    /// must hold answers about permissions (`rest`); a manifest is not needed.
    #[arg(
        long = "for",
        value_name = "WHO",
        requires = "subject",
        conflicts_with_all = ["unlinked", "code", "codes", "unused"],
        group = "permissions"
    )]
    pub(crate) who: Option<Subject>,
    /// Explain which tables hide their names from the user who made the export, who reads them, and the
    /// smallest grants that would show them; a manifest is not needed
    #[arg(
        long,
        conflicts_with_all = ["subject", "unlinked", "code", "codes", "unused"],
        group = "permissions"
    )]
    pub(crate) hidden: bool,
    /// What they want to do with it
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value_t,
        requires = "who"
    )]
    pub(crate) capability: CapabilityArg,
    /// After how many days what the export says of permissions counts as unknown [default:
    /// audience.max_age_days of autoexpose.yml, else never]
    #[arg(long, value_name = "DAYS", requires = "who")]
    pub(crate) max_age_days: Option<u32>,
    /// Whether the site has Data Management, if the export does not tell
    #[arg(long, value_enum, value_name = "HAS", requires = "permissions")]
    pub(crate) data_management: Option<YesOrNo>,
}

/// What somebody may do with an asset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CapabilityArg {
    /// See it
    #[default]
    View,
    /// Save another version in its place
    Overwrite,
    /// Change who may do what with it
    SetPermissions,
}

impl From<CapabilityArg> for Capability {
    fn from(given: CapabilityArg) -> Self {
        match given {
            CapabilityArg::View => Self::View,
            CapabilityArg::Overwrite => Self::Overwrite,
            CapabilityArg::SetPermissions => Self::SetPermissions,
        }
    }
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesOrNo {
    Yes,
    No,
}

impl YesOrNo {
    /// Whether it is so.
    pub(crate) fn is_yes(self) -> bool {
        self == Self::Yes
    }
}
