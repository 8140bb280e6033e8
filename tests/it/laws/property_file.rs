//! Random property files, laid out as people do it: comments everywhere, entries by hand, other keys of
//! dbt, any column of dashes, and texts that look like exposures and are none.

use proptest::prelude::*;

/// What an empty list of exposures may look like.
const EMPTY: [&str; 6] = [
    "exposures:",
    "exposures: []",
    "exposures: [ ]  # none",
    "exposures: # none",
    "exposures: null",
    "exposures: ~",
];
/// How the list begins where it is not empty.
const BEGUN: [&str; 2] = ["exposures:", "exposures:   # all of BI"];
/// Keys of dbt beside the exposures.
const KEYS: [&str; 4] = [
    "version: 2\n",
    "models:\n  - name: m0   # exposures:\n    description: |\n      exposures:\n        - name: \"tableau_a\"\n      # not a comment\n    columns:\n    - {name: id}\n",
    "sources:\n- name: raw\n  description: \"exposures: []\n    # still a text\"\n  tables: []\n",
    "# exposures:\n#   - name: old\nmacros: []\n",
];
/// Entries by hand; `N` is a number.
const BY_HAND: [&str; 6] = [
    "- name: hand_N\n  type: application\n  owner: {name: Eve}\n",
    "- name: hand_N # why\n\n  # inside\n  type: application\n  owner:\n    name: 'It''s # Eve'\n  # the end of it\n",
    "- {name: zz_N, type: application, owner: {name: Eve}}\n",
    "- name: tableau_hand_N\n  type: application\n  owner: {email: e@v.e}\n  description: >-\n    folded\n\n    - name: tableau_x\n    # text\n",
    "-   name: hand_N\n    type: notebook\n    owner: {name: Eve}\n",
    "- type: application\n  depends_on: [ref('m0')]\n  name: a_N\n  meta: {autoexpose: {source: other}}\n  owner: {name: E}\n",
];
const GAPS: [&str; 5] = [
    "",
    "\n",
    "# about the next\n",
    "  \n# at the start\n\n",
    "\n\n",
];

/// A property file.
#[derive(Debug, Clone)]
pub(super) struct PropertyFile {
    /// Its text.
    pub(super) text: String,
    /// The line of its list of exposures, if it has one, without its end.
    pub(super) list: Option<&'static str>,
    pub(super) has_entries: bool,
}

impl PropertyFile {
    pub(super) fn ending(&self) -> &'static str {
        let has_crlf = self.text.split_inclusive('\n').next();
        match has_crlf.is_some_and(|line| line.ends_with("\r\n")) {
            true => "\r\n",
            false => "\n",
        }
    }
}

/// The parts of a file, before it is written.
#[derive(Debug, Clone)]
struct Parts {
    mark: &'static str,
    ending: &'static str,
    column: usize,
    /// For each key whether it stands above the list, below it, or nowhere.
    keys: Vec<Option<bool>>,
    gaps: Vec<&'static str>,
    entries: Vec<&'static str>,
    empty: Option<&'static str>,
    begun: &'static str,
    is_ended: bool,
}

impl Parts {
    fn keys(&self, are_above: bool) -> String {
        let keys = KEYS.iter().zip(&self.keys).zip(&self.gaps);
        let keys = keys.filter(|((_, place), _)| **place == Some(are_above));
        keys.map(|((key, _), gap)| format!("{gap}{key}")).collect()
    }

    fn entries(&self) -> String {
        let entries = self.entries.iter().enumerate().zip(&self.gaps);
        let entries = entries.map(|((number, entry), gap)| {
            format!("{gap}{}", entry.replace('N', &number.to_string()))
        });
        let text = entries.collect::<String>();
        let lines = text.split_inclusive('\n').map(|line| {
            let is_blank = line.trim().is_empty();
            let indent = if is_blank || line.starts_with("# at") {
                0
            } else {
                self.column
            };
            format!("{:indent$}{line}", "")
        });
        lines.collect()
    }

    fn file(&self) -> PropertyFile {
        let has_entries = !self.entries.is_empty();
        let list = if has_entries {
            Some(self.begun)
        } else {
            self.empty
        };
        let shown = list.map_or(String::new(), |list| format!("{list}\n{}", self.entries()));
        let text = format!("{}{shown}{}", self.keys(true), self.keys(false));
        let mut text = text.replace('\n', self.ending);
        if !self.is_ended {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        PropertyFile {
            text: format!("{}{text}", self.mark),
            list,
            has_entries,
        }
    }
}

prop_compose! {
    /// A property file without exposures of ours.
    pub(super) fn property_file()(
        mark in prop::sample::select(vec!["", "", "\u{feff}"]),
        ending in prop::sample::select(vec!["\n", "\r\n"]),
        column in prop::sample::select(vec![0_usize, 2, 4]),
        keys in prop::collection::vec(any::<Option<bool>>(), KEYS.len()),
        gaps in prop::collection::vec(prop::sample::select(GAPS.to_vec()), 8),
        entries in prop::collection::vec(prop::sample::select(BY_HAND.to_vec()), 0..4),
        empty in prop::option::of(prop::sample::select(EMPTY.to_vec())),
        begun in prop::sample::select(BEGUN.to_vec()),
        is_ended in any::<bool>(),
    ) -> PropertyFile {
        Parts { mark, ending, column, keys, gaps, entries, empty, begun, is_ended }.file()
    }
}
