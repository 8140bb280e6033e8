//! What a run may show of a property file, where exposures in it are withheld from its audience.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::FileChange;
use super::lines::Lines;
use super::standing::has_marker;
use crate::input::property_file::{self, DefinedExposure};

/// What stands in the place of an exposure that is withheld.
const IN_PLACE: &str = "# An exposure that is not for this audience";

/// What a run may show of a file that changes.
pub struct Shown<'c> {
    /// Its path; `None` if it may come from what is withheld, such as the name of a project.
    pub path: Option<&'c str>,
    /// Its text now; `None` if there is no such file.
    pub before: Option<Cow<'c, str>>,
    /// Its new text; `None` if it is removed.
    pub after: Option<Cow<'c, str>>,
}

impl FileChange<'_> {
    /// What may be shown of it. `withheld` are the names of exposures that are withheld, as the files
    /// have them.
    pub fn shown(&self, withheld: &BTreeSet<String>) -> Shown<'_> {
        let after = self.after.as_deref();
        let is_path_safe = || {
            let before = ours(self.before, |name| !withheld.contains(name));
            before || ours(after, |_| true) || !names_any(self.before, withheld)
        };
        let text = |text| shown(text, withheld);
        Shown {
            path: is_path_safe().then_some(self.path.as_str()),
            before: self.before.map(text),
            after: after.map(text),
        }
    }
}

fn exposures(text: Option<&str>) -> Vec<DefinedExposure> {
    let read = text.map(property_file::exposures);
    read.and_then(Result::ok).unwrap_or_default()
}

/// Whether a text has an exposure of ours whose name is right.
fn ours(text: Option<&str>, is_right: impl Fn(&str) -> bool) -> bool {
    let all = exposures(text);
    all.iter().any(|one| is_right(&one.name) && has_marker(one))
}

fn names_any(text: Option<&str>, withheld: &BTreeSet<String>) -> bool {
    exposures(text)
        .iter()
        .any(|one| withheld.contains(&one.name))
}

/// The text without the lines of exposures that are withheld; nothing of it where these lines are not
/// clear.
fn shown<'t>(text: &'t str, withheld: &BTreeSet<String>) -> Cow<'t, str> {
    let all = exposures(Some(text));
    let hidden = all.iter().filter(|one| withheld.contains(&one.name));
    let hidden = hidden.collect::<Vec<_>>();
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let lines = Lines::new(text.trim_start_matches('\u{feff}'));
    let places = hidden.iter().map(|one| lines.of(one));
    let Some(places) = places.collect::<Option<Vec<_>>>() else {
        return Cow::Owned(format!("{IN_PLACE}\n"));
    };
    let mut shown = String::new();
    let mut at = 0;
    for place in places {
        shown.push_str(&lines.text(at..place.lines.start));
        shown.push_str(&format!("{:1$}{IN_PLACE}\n", "", place.column));
        at = place.lines.end;
    }
    shown.push_str(&lines.text(at..lines.count()));
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
exposures:
  - name: sales
    label: Secret sales
    config: {meta: {autoexpose: {source: tableau, luid: a}}}
  - name: other
    label: Other
";

    fn withheld(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn lines_of_what_is_withheld_are_not_shown() {
        let text = shown(FILE, &withheld(&["sales"]));
        let expected = "\
exposures:
  # An exposure that is not for this audience
  - name: other
    label: Other
";
        assert_eq!(text, expected);
        assert_eq!(shown(FILE, &withheld(&["else"])), FILE);
        let inline = "exposures: [{name: sales, label: Secret}]\n";
        assert!(!shown(inline, &withheld(&["sales"])).contains("Secret"));
    }

    #[test]
    fn a_path_is_shown_unless_only_what_is_withheld_is_ours_there() {
        let change = |after: Option<&str>| FileChange {
            path: "models/exposures/secret.yml".to_owned(),
            before: Some(FILE),
            after: after.map(str::to_owned),
        };
        let is_shown =
            |change: &FileChange, names: &[&str]| change.shown(&withheld(names)).path.is_some();
        assert!(!is_shown(&change(None), &["sales"]));
        assert!(!is_shown(&change(Some("exposures: []\n")), &["sales"]));
        assert!(is_shown(&change(Some(FILE)), &["sales"]));
        assert!(is_shown(&change(None), &["else"]));
    }
}
