//! The exposures of ours that count as "before": those of the manifest, or of `--state`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::look::VIRTUAL_FOLDER;
use crate::input::manifest::Existing;
use crate::model::{Marker, SiteId};

/// An exposure of ours.
#[derive(Debug, Clone)]
pub struct Owned<'e> {
    /// What makes it ours.
    pub marker: Marker,
    /// The exposure.
    pub existing: &'e Existing,
}

impl Owned<'_> {
    /// The YAML file that it is written in, for one that dbt itself read.
    pub fn yaml_file(&self) -> Option<&str> {
        let path = self.existing.value.get("original_file_path")?.as_str()?;
        (!path.starts_with(VIRTUAL_FOLDER)).then_some(path)
    }

    /// Its name.
    pub fn name(&self) -> Option<&str> {
        self.existing.value.get("name").and_then(Value::as_str)
    }
}

/// Exposures of ours, to be found by workbook.
#[derive(Debug, Default)]
pub struct Baseline<'e> {
    owned: Vec<Owned<'e>>,
    by_luid: BTreeMap<String, Vec<usize>>,
}

impl<'e> Baseline<'e> {
    /// The exposures with our marker among these.
    pub fn new(existing: &'e [Existing]) -> Self {
        let mut baseline = Self::default();
        for existing in existing {
            if let Some(marker) = Marker::of(&existing.value) {
                let position = baseline.owned.len();
                baseline.by_luid.entry(marker.luid.clone()).or_default().push(position);
                baseline.owned.push(Owned { marker, existing });
            }
        }
        baseline
    }

    /// Those of a manifest that dbt itself read from YAML files, where no edit of ours can last.
    pub fn in_yaml(existing: &'e [Existing]) -> Self {
        let mut all = Self::new(existing);
        let in_yaml = |position: &usize| all.owned[*position].yaml_file().is_some();
        all.by_luid.values_mut().for_each(|positions| positions.retain(in_yaml));
        all
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Owned<'e>> {
        self.owned.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.owned.is_empty()
    }

    /// The exposure of the workbook with this luid. Server and site part two workbooks only where
    /// both sides know them and they differ; the one that knows them goes first.
    pub fn of(&self, luid: &str, site: &SiteId) -> Option<&Owned<'e>> {
        let same = self.by_luid.get(luid)?.iter().map(|position| &self.owned[*position]);
        let mut same =
            same.filter(|owned| !owned.marker.site.contradicts(site)).collect::<Vec<_>>();
        same.sort_by_key(|owned| (owned.marker.site != *site, &owned.existing.unique_id));
        same.first().copied()
    }
}
