//! What a run is to find out about who may see what.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::model::Failure;
use crate::model::access::Subject;

/// What a run is to find out about who may see what.
#[derive(Debug, Clone, Default)]
pub struct AccessAsked {
    /// People of whom Tableau is asked itself which workbooks they may see.
    pub audiences: Vec<Subject>,
    /// Whose permission rules are asked for.
    pub rules: RulesOf,
}

/// Whose permission rules are asked for.
#[derive(Debug, Clone, Default)]
pub enum RulesOf {
    /// Nobody asks for them.
    #[default]
    Nothing,
    /// Those of workbooks that link to a dbt node.
    Linked(Linking),
    /// Those of everything.
    All,
}

/// Tells from the text of an export the luids of the workbooks that link to a dbt node.
#[derive(Clone)]
pub struct Linking(Arc<LinkingFn>);

type LinkingFn = dyn Fn(&[u8]) -> Result<BTreeSet<String>, Failure> + Send + Sync;

impl Linking {
    /// Links in this way.
    pub fn new(
        link: impl Fn(&[u8]) -> Result<BTreeSet<String>, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(link))
    }

    /// The luids of the workbooks of an export that link to a dbt node.
    ///
    /// # Errors
    /// Something that is needed for linking cannot be used.
    pub(crate) fn of(&self, export: &[u8]) -> Result<BTreeSet<String>, Failure> {
        (self.0)(export)
    }
}

impl fmt::Debug for Linking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Linking")
    }
}

impl AccessAsked {
    /// Whether there is nothing to find out.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self.rules, RulesOf::Nothing)
            && self.audiences.iter().all(|who| *who == Subject::Nobody)
    }

    /// What decides which workbooks' rules are asked for, if links do.
    pub(crate) fn linking(&self) -> Option<&Linking> {
        match &self.rules {
            RulesOf::Linked(linking) => Some(linking),
            RulesOf::Nothing | RulesOf::All => None,
        }
    }
}
