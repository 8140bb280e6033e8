//! The exposures of a project's manifest, of its state and of what the last patch left, without what
//! the audience may not see.

use std::collections::BTreeMap;

use super::hand_written::{Clues, HandWritten};
use super::standing::{Shown, standing};
use super::{Decisions, Terms};
use crate::model::exposure::Withholding;
use crate::model::{Named, NamedBy, Origin, Project, Remembered, StandingExposure, WorkbookIx};

/// What a file says of exposures that are withheld. Only what writes the file may look at it.
#[derive(Debug, Clone, Default)]
pub struct InFile {
    /// All exposures of the project, as they stand there. Those of ours that are withheld count as
    /// written by a patch, so that a manifest loses also those which dbt read from YAML.
    pub exposures: Vec<StandingExposure>,
    /// The ids that are shown in place of others.
    pub ids: BTreeMap<String, String>,
    /// The exposures that say more than the audience may see.
    pub named: Vec<Named>,
    /// How many exposures of ours are withheld although no export lists their workbooks.
    pub not_listed: usize,
    /// How many hand-written exposures are withheld.
    pub hand_written: usize,
}

/// A project without what the audience may not see of its exposures, and what stays as it is in its
/// file.
pub fn project<'a>(
    project: Project<'a>,
    decisions: &Decisions,
    clues: &Clues,
    terms: &Terms,
) -> (Project<'a>, InFile) {
    let in_file = project.exposures.iter().map(|one| as_ours(one, decisions));
    let in_file = in_file.collect();
    let Shown {
        exposures,
        mut ids,
        not_listed,
    } = standing(project.exposures, &project.root_package, decisions, terms);
    let mut hand_written = HandWritten::default();
    let exposures = exposures.into_iter();
    let exposures = exposures.map(|one| hand_written.withhold(one, clues));
    let exposures = exposures.collect::<Vec<_>>();
    let ours = exposures.iter().filter_map(|one| named(one, decisions));
    let of_hand = exposures.iter().filter(|one| is_withheld_by_hand(one));
    let of_hand = of_hand.zip(&hand_written.named);
    let of_hand = of_hand.map(|(one, (by, at))| Named {
        unique_id: one.unique_id.clone(),
        by: *by,
        workbook: Some(WorkbookIx(*at)),
        luid: clues.luid(*at),
    });
    let named = ours.chain(of_hand).collect::<Vec<_>>();
    ids.extend(hand_written.ids);
    let in_file = InFile {
        exposures: in_file,
        ids,
        named,
        not_listed,
        hand_written: hand_written.named.len(),
    };
    let project = Project {
        exposures,
        withheld_names: hand_written.names.into_iter().collect(),
        ..project
    };
    (project, in_file)
}

fn is_withheld_by_hand(exposure: &StandingExposure) -> bool {
    exposure.marker().is_none() && exposure.withholding.is_any()
}

/// An exposure of ours that says more than the audience may see.
fn named(exposure: &StandingExposure, decisions: &Decisions) -> Option<Named> {
    let marker = exposure.marker()?;
    (exposure.withholding == Withholding::Now).then(|| Named {
        unique_id: exposure.unique_id.clone(),
        by: NamedBy::Ours,
        workbook: decisions.position(marker).map(WorkbookIx),
        luid: marker.luid.clone(),
    })
}

/// An exposure as it stands in its file; one that is withheld as if a patch had written it.
fn as_ours(exposure: &StandingExposure, decisions: &Decisions) -> StandingExposure {
    let mut exposure = exposure.clone();
    if let Origin::Yaml { marker, .. } = &exposure.origin
        && decisions.of(marker).is_some()
    {
        exposure.origin = Origin::Ours(marker.clone());
    }
    exposure
}

/// The exposures of a state without what the audience may not see, and the ids that are shown in place
/// of others. Nothing is written to a state, so that it is no news what is withheld of it.
pub fn state(
    exposures: Vec<StandingExposure>,
    root_package: &str,
    decisions: &Decisions,
    terms: &Terms,
) -> (Vec<StandingExposure>, BTreeMap<String, String>) {
    let Shown { exposures, ids, .. } = standing(exposures, root_package, decisions, terms);
    let exposures = exposures.into_iter().map(|exposure| StandingExposure {
        withholding: match exposure.withholding {
            Withholding::Now => Withholding::Already,
            withholding => withholding,
        },
        ..exposure
    });
    (exposures.collect(), ids)
}

/// What the last patch left, without what the audience may not see.
pub fn remembered(
    remembered: Remembered,
    root_package: &str,
    decisions: &Decisions,
    terms: &Terms,
) -> Remembered {
    let Remembered {
        exposures,
        project,
        mut findings,
    } = remembered;
    let (exposures, ids) = state(exposures, root_package, decisions, terms);
    let tables = findings.tables.into_iter().map(|(id, tables)| {
        let shown = ids.get(&id).cloned();
        (shown.unwrap_or(id), tables)
    });
    findings.tables = tables.collect();
    Remembered {
        exposures,
        project,
        findings,
    }
}
