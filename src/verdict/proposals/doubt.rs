//! Which lines are likely to be wrong, as far as it can be seen without a trial.

use super::Maker;
use crate::link::{self, Index, Rule};
use crate::verdict::known::Known;
use crate::verdict::renaming::Renaming;
use crate::verdict::withheld::Because;

impl Maker<'_, '_, '_> {
    /// Why a line that renames so many schemas in one way is in doubt, if it is.
    pub(super) fn doubt_of(
        &self,
        renaming: &Renaming,
        pairs: usize,
        tables: usize,
    ) -> Option<Because> {
        let is_known = || self.is_renaming_known(renaming);
        let is_another = renaming.is_another(pairs) && !is_known();
        is_another.then(|| self.doubt_of_another(tables)).flatten()
    }

    /// The same for a schema of quite another name. A single table that has the name of one there is
    /// more likely another table, where others link by their own names.
    pub(super) fn doubt_of_another(&self, tables: usize) -> Option<Because> {
        let is_doubtful = tables == 1 && self.do_own_names_link();
        is_doubtful.then_some(Because::Single)
    }

    /// Whether tables link without any configuration: what it links says nothing of other names.
    fn do_own_names_link(&self) -> bool {
        *self.do_own_names_link.get_or_init(|| {
            let Known { project, site, .. } = *self.known;
            let linked = &self.items.linked;
            if linked.is_empty() || self.known.matching.is_default() {
                return !linked.is_empty();
            }
            let matching = Default::default();
            let index = Index::new(&project.nodes, project.adapter(), &matching);
            let findings = link::findings(&index, &site.tables, &matching);
            let mut linked = linked.iter();
            linked.any(|(table, ..)| findings[table.0].outcome.node().is_some())
        })
    }

    /// Whether the configuration already links tables whose schema it renames in this way.
    fn is_renaming_known(&self, renaming: &Renaming) -> bool {
        let known = self.renamed.get_or_init(|| {
            let Known { project, site, .. } = *self.known;
            let linked = self.items.linked.iter();
            let mapped = linked.filter(|(.., rule)| *rule == Rule::Mapped);
            let renamed = mapped.filter_map(|(table, node, _)| {
                let shown = site.tables[table.0].name.as_ref().ok()?.schema.as_deref()?;
                let own = project.nodes[*node].relation.as_ref()?.schema.as_deref()?;
                Some(Renaming::new(shown, own))
            });
            renamed.collect()
        });
        known.contains(renaming)
    }
}
