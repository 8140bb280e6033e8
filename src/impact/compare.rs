//! What changed in one node.

use std::sync::Arc;

use super::change::{ChangeKind, ChangedColumn, ColumnChange, CosmeticKind};
use super::code::{Code, Written};
use super::columns::{self, Known};
use super::macros::Macros;
use super::renames::Renames;
use super::settings::Pair;
use super::side::{Indexed, Part, is_one};
use super::targets::{ByPart, Targets};
use crate::model::definition::Definition;

/// What a hash of dbt is named if it is of the path and not of the rows: of seeds above 1 MiB
/// (`MAXIMUM_SEED_SIZE` in dbt-core's `parser/read_files.py`).
const OF_THE_PATH: &str = "path";

/// What changed in a node.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) kinds: Vec<ChangeKind>,
    pub(super) cosmetic: Vec<CosmeticKind>,
    pub(super) columns: Vec<ChangedColumn>,
    /// Whether it is a seed whose rows cannot be compared.
    pub(super) is_large_seed: bool,
}

/// What nodes are compared with.
pub(super) struct Comparer<'c, 's, 'a> {
    pub(super) base: &'c Indexed<'s, 'a>,
    pub(super) head: &'c Indexed<'s, 'a>,
    pub(super) targets: &'c Targets,
    pub(super) macros: &'c Macros,
    pub(super) renames: &'c Renames,
}

impl Comparer<'_, '_, '_> {
    /// Compares a node of base with the one of head that stands for it.
    pub(super) fn compare(&self, pair: &Pair) -> Found {
        let mut found = Found::default();
        if pair.is_source() {
            found.kinds.extend(self.source(pair));
            return found;
        }
        let is_rewritten = self.text(pair, &mut found);
        self.seed(pair, &mut found);
        if pair.head.is_enabled {
            // dbt does not look for what a disabled node reads and calls.
            self.inputs(pair, &mut found);
            self.macros(pair, is_rewritten, &mut found);
        }
        if pair.base.parts != pair.head.parts {
            self.settings(pair, &mut found);
            self.contract(pair, &mut found);
        }
        self.columns(pair, is_rewritten, &mut found);
        if found.kinds.is_empty() && self.is_compiled_otherwise(pair) {
            found.kinds.push(ChangeKind::Compiled);
        }
        if !self.macros.is_other_dbt {
            unseen(pair, &mut found.cosmetic);
        }
        found
    }

    /// Whether the text makes other rows.
    fn text(&self, pair: &Pair, found: &mut Found) -> bool {
        let (base, head) = (pair.base, pair.head);
        if base.code.spelling == head.code.spelling || base.code.text() == head.code.text() {
            return false;
        }
        let names = self.renames.names_of(base, self.base, self.head);
        let (before, now) = pair.codes();
        let is_same = before.makes_the_same(now, &names);
        if is_same {
            found.cosmetic.push(CosmeticKind::Layout);
        } else {
            found.kinds.push(ChangeKind::Text);
        }
        !is_same
    }

    fn seed(&self, pair: &Pair, found: &mut Found) {
        if pair.base.resource_type() != "seed" {
            return;
        }
        let (base, head) = pair.details();
        let (Some(before), Some(now)) = (&base.checksum, &head.checksum) else {
            return;
        };
        found.is_large_seed = before.0 == OF_THE_PATH && now.0 == OF_THE_PATH;
        if !found.is_large_seed && before != now {
            found.kinds.push(ChangeKind::Seed);
        }
    }

    fn inputs(&self, pair: &Pair, found: &mut Found) {
        if pair.base.depends_on == pair.head.depends_on {
            return;
        }
        let before = pair.base.depends_on.iter();
        let before = before
            .map(|id| self.renames.at_its_place(id))
            .collect::<Vec<_>>();
        let now = pair
            .head
            .depends_on
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<_>>();
        let missing = |ids: &[&str], among: &[&str]| {
            let ids = ids.iter().filter(|id| !among.contains(id));
            ids.map(|id| Arc::from(*id)).collect::<Vec<Arc<str>>>()
        };
        let (removed, added) = (missing(&before, &now), missing(&now, &before));
        if !removed.is_empty() || !added.is_empty() {
            found.kinds.push(ChangeKind::Inputs(removed, added));
        }
    }

    fn macros(&self, pair: &Pair, is_rewritten: bool, found: &mut Found) {
        let (mut changed, layout) = self.macros.of_node(pair.base, pair.head);
        if is_rewritten {
            // What else a new text calls is a part of that text.
            let is_in = |node: &Definition, id: &str| node.macros.iter().any(|other| other == id);
            changed.retain(|id| {
                is_in(pair.base, id) == is_in(pair.head, id) || self.macros.is_changed(id)
            });
        }
        if !changed.is_empty() {
            found
                .kinds
                .push(ChangeKind::Macros(changed.into_iter().collect()));
        } else if !layout.is_empty() {
            found
                .cosmetic
                .push(CosmeticKind::Macros(layout.into_iter().collect()));
        }
    }

    fn settings(&self, pair: &Pair, found: &mut Found) {
        let (seen, unseen) = pair.changed_keys(self.macros.is_other_dbt);
        if !seen.is_empty() {
            found.kinds.push(ChangeKind::Config(seen));
        }
        if !unseen.is_empty() {
            found.cosmetic.push(CosmeticKind::Config(unseen));
        }
        let (base, head) = pair.details();
        let (before, now) = (base.latest_version, head.latest_version);
        if let (Some(before), Some(now), Some(version)) = (before, now, pair.base.version)
            && before != now
            && version == before
        {
            let kind = ChangeKind::Version(before.to_owned(), now.to_owned());
            found.kinds.push(kind);
        }
        if base.deprecation_date != head.deprecation_date {
            let date = head.deprecation_date.unwrap_or("null");
            let kind = CosmeticKind::Deprecation(date.trim_matches('"').to_owned());
            found.cosmetic.push(kind);
        }
    }

    fn contract(&self, pair: &Pair, found: &mut Found) {
        let (base, head) = pair.details();
        if !base.has_contract && !head.has_contract {
            return;
        }
        let terms = |columns: &[_]| {
            let terms = columns
                .iter()
                .map(|column: &crate::model::definition::DeclaredColumn| {
                    let data_type = column.data_type.as_deref().unwrap_or_default();
                    let data_type = data_type.split('(').next().unwrap_or_default().trim();
                    let constraints = column.constraints.replace(' ', "");
                    (
                        column.name.to_lowercase(),
                        data_type.to_lowercase(),
                        constraints,
                    )
                });
            let mut terms = terms.collect::<Vec<_>>();
            terms.sort();
            terms
        };
        let is_same =
            base.has_contract == head.has_contract && terms(&base.columns) == terms(&head.columns);
        if !is_same {
            found.kinds.push(ChangeKind::Contract);
        }
    }

    fn columns(&self, pair: &Pair, is_rewritten: bool, found: &mut Found) {
        let (base, head) = (self.base.side.catalog, self.head.side.catalog);
        let known = Known {
            base: base.and_then(|catalog| catalog.get(&pair.base.unique_id)),
            head: head.and_then(|catalog| catalog.get(&pair.head.unique_id)),
            is_rewritten,
        };
        found.columns = columns::changed(pair, &known);
        if !found.columns.is_empty() {
            found.kinds.push(ChangeKind::Columns);
        }
        let is_declared = pair.base.parts != pair.head.parts && {
            let (base, head) = pair.details();
            base.columns != head.columns
        };
        if is_declared {
            found.cosmetic.push(CosmeticKind::DeclaredColumns);
        }
    }

    /// Whether the same text compiles to another query for one target: by another value of a var, or of
    /// a variable of the environment.
    fn is_compiled_otherwise(&self, pair: &Pair) -> bool {
        let (base, head) = (pair.base, pair.head);
        let is_comparable = self.targets.is_same()
            && base.compiled.is_given()
            && head.compiled.is_given()
            && base.compiled.spelling != head.compiled.spelling
            && self.base.side.run.is_empty == self.head.side.run.is_empty
            && base.deferred_relation == head.deferred_relation
            && !self.macros.is_other_dbt;
        if !is_comparable || self.depends_on_what_exists(pair) {
            return false;
        }
        let written = match base.code.spelling.contains("def model(") {
            true => Written::Python,
            false => Written::Query(self.base.adapter().dialect()),
        };
        let code = |text: &str| Code::new(text, written);
        !code(&base.compiled.text()).makes_the_same(&code(&head.compiled.text()), &[])
    }

    /// Whether its compiled query depends on which tables exist or where its inputs lie.
    fn depends_on_what_exists(&self, pair: &Pair) -> bool {
        let asks = |id: &std::borrow::Cow<str>| id.ends_with(".is_incremental");
        if pair.base.macros.iter().any(asks) || pair.codes().0.asks_for_the_table() {
            return true;
        }
        pair.base.depends_on.iter().any(|id| {
            let (Some(before), Some(now)) = (self.base.node(id), self.head.node(id)) else {
                return true;
            };
            before.relation.is_none() || before.relation != now.relation
        })
    }

    /// Whether a source lies elsewhere for one target.
    fn source(&self, pair: &Pair) -> Option<ChangeKind> {
        let (Some(before), Some(now)) = (pair.base_node, pair.head_node) else {
            return None;
        };
        let mut parts = Part::ALL.iter();
        let differs = parts.any(|part| {
            let is_other = !is_one(self.base.adapter(), part.stored(before), part.stored(now));
            let is_compared = match self.targets.by(*part, true) {
                _ if self.targets.is_same() => true,
                ByPart::AsRendered => true,
                ByPart::AsConfigured | ByPart::Unknown => !pair.is_configured_alike(*part),
            };
            is_other && is_compared
        });
        differs.then_some(ChangeKind::Source)
    }
}

/// What else differs that no reader sees.
fn unseen(pair: &Pair, cosmetic: &mut Vec<CosmeticKind>) {
    if pair.base.file != pair.head.file {
        cosmetic.push(CosmeticKind::File);
    }
    if pair.base.parts == pair.head.parts {
        return;
    }
    let (base, head) = pair.details();
    if base.description != head.description {
        cosmetic.push(CosmeticKind::Description);
    }
    let others = base.others.iter().zip(&head.others);
    let others = others.filter(|(base, head)| base.1 != head.1);
    let keys = others.map(|((name, _), _)| *name).collect::<Vec<_>>();
    if keys.contains(&"fqn") && pair.base.file == pair.head.file {
        cosmetic.push(CosmeticKind::File);
    }
    let keys = keys
        .into_iter()
        .filter(|key| !["fqn", "patch_path"].contains(key));
    let mut keys = keys.map(str::to_owned).collect::<Vec<_>>();
    // What is configured is copied: one name is enough.
    let config = cosmetic
        .iter()
        .position(|kind| matches!(kind, CosmeticKind::Config(_)));
    if let Some(CosmeticKind::Config(known)) = config.map(|at| cosmetic.swap_remove(at)) {
        keys.extend(known);
    }
    keys.sort();
    keys.dedup();
    if !keys.is_empty() {
        cosmetic.push(CosmeticKind::Config(keys));
    }
}

/// Whether a column goes with a run that fails, so that the whole table stands still.
pub(super) fn stops_the_table(columns: &[ChangedColumn]) -> bool {
    columns
        .iter()
        .any(|column| column.change == ColumnChange::FailsRun)
}
