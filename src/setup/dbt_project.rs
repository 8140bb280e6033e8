//! The `model-paths` of `dbt_project.yml`.

use super::list::{position, with_entry, without_entry};
use super::outline::{Key, List, Outline, Value, outline, said};
use super::project::Way;
use super::text::{line, line_number, with_line_below};
use crate::input::dbt_project::{FILE, Folders, HIDDEN, folders};
use crate::model::Failure;
use crate::model::display::display_enum;

/// The list of folders, and what it was called before dbt 1.0.
const KEYS: [&str; 2] = ["model-paths", "source-paths"];
/// The folder of models where the file names none
/// (<https://docs.getdbt.com/reference/project-configs/model-paths>).
const USUAL: &str = "models";
/// The keys below which the list gets its place, if it is missing.
const ABOVE: [&str; 4] = ["name", "version", "config-version", "profile"];
/// What editors may write at the start of a file.
const MARK: char = '\u{feff}';

display_enum! {
    /// Why `dbt_project.yml` is not changed.
    pub enum Obstacle {
        /// dbt refuses both names in one file.
        Several => "it has several of `model-paths` and `source-paths`, of which dbt takes one";
        /// A merge key, for example, brings them.
        Elsewhere => "its `model-paths` do not stand among its own keys";
        /// It is empty, an alias, or one text.
        NotAList => "its `model-paths` are not a list with entries that stands there itself";
        /// An alias uses the list as well.
        Shared => "the list of its `model-paths` is used in another place too";
        /// The list is written in none of the usual ways.
        Layout => "its `model-paths` are not written with one entry a line, or all on one line";
        /// Nothing but the hidden folder is in the list.
        NothingLeft => "without the hidden folder its `model-paths` would be empty";
        /// The file has none of the keys that dbt wants, or is in flow style.
        NoPlace => "it has neither `name` nor `profile` on a line of its own, below which `model-paths` could stand";
    }
}

/// The new text of `dbt_project.yml`; `None` if it is right. `now` are the folders that it names.
pub(super) fn changed(text: &str, now: &Folders, way: Way) -> Result<Option<String>, Failure> {
    let wanted = match (way, now.has_hidden()) {
        (Way::Hidden, true) | (Way::Committed, false) => return Ok(None),
        (Way::Hidden, false) => with_hidden(now),
        (Way::Committed, true) => without_hidden(now),
    };
    let (mark, text) = match text.strip_prefix(MARK) {
        Some(rest) => (MARK.to_string(), rest),
        None => (String::new(), text),
    };
    let outline = outline(text);
    let keys = outline.iter().flat_map(|outline| &outline.keys);
    let keys = keys.filter(|key| KEYS.contains(&key.name.as_str()));
    let keys = keys.collect::<Vec<_>>();
    let new = new_text(text, outline.as_ref(), &keys, now, way).and_then(|new| {
        says(&new, text, &wanted)
            .then_some(new)
            .ok_or(Obstacle::Layout)
    });
    match new {
        Ok(new) => Ok(Some(format!("{mark}{new}"))),
        Err(obstacle) => Err(by_hand(text, &keys, &wanted, &obstacle)),
    }
}

fn with_hidden(now: &Folders) -> Folders {
    let mut wanted = now.clone();
    wanted.models.push(HIDDEN.to_owned());
    wanted
}

fn without_hidden(now: &Folders) -> Folders {
    let mut wanted = now.clone();
    wanted.models.retain(|folder| folder != HIDDEN);
    wanted
}

fn new_text(
    text: &str,
    outline: Option<&Outline>,
    keys: &[&Key],
    now: &Folders,
    way: Way,
) -> Result<String, Obstacle> {
    match keys {
        [] if now.models == [USUAL] => with_list(text, outline).ok_or(Obstacle::NoPlace),
        [] => Err(Obstacle::Elsewhere),
        [
            Key {
                value: Value::List(list),
                ..
            },
        ] if !list.entries.is_empty() => changed_list(text, list, way),
        [_] => Err(Obstacle::NotAList),
        [..] => Err(Obstacle::Several),
    }
}

fn changed_list(text: &str, list: &List, way: Way) -> Result<String, Obstacle> {
    if list.is_shared {
        return Err(Obstacle::Shared);
    }
    let new = match way {
        Way::Hidden => with_entry(text, list, HIDDEN),
        Way::Committed if list.entries.len() == 1 => return Err(Obstacle::NothingLeft),
        Way::Committed => {
            position(list, HIDDEN).and_then(|number| without_entry(text, list, number))
        }
    };
    new.ok_or(Obstacle::Layout)
}

/// The text with a list of its own, which so far is dbt's usual one.
fn with_list(text: &str, outline: Option<&Outline>) -> Option<String> {
    let outline = outline.filter(|outline| outline.is_block)?;
    let mut above = outline.keys.iter().rev().filter_map(|key| {
        let own = line(text, key.at.start);
        let indent = &text[own.start..key.at.start];
        let ends_there = matches!(&key.value, Value::Scalar(at) if line(text, at.end) == own);
        let is_known = ABOVE.contains(&key.name.as_str());
        (is_known && ends_there && indent.trim().is_empty()).then_some((own, indent))
    });
    let (line, indent) = above.next()?;
    let new = format!("{indent}{}: [\"{USUAL}\", \"{HIDDEN}\"]", KEYS[0]);
    Some(with_line_below(text, &line, &new))
}

/// Whether a new text says what is wanted, and of everything else what the old one says.
fn says(new: &str, old: &str, wanted: &Folders) -> bool {
    let is_wanted = folders(FILE, new).is_ok_and(|folders| folders == *wanted);
    let (Some(new), Some(old)) = (said(new), said(old)) else {
        return false;
    };
    let (longer, shorter) = if new.len() > old.len() {
        (new, old)
    } else {
        (old, new)
    };
    let same = longer.iter().zip(&shorter);
    let before = same.take_while(|(one, other)| one == other).count();
    // One entry, or a key with a list of two.
    let is_one = matches!(longer.len() - shorter.len(), 1 | 5);
    is_wanted && is_one && longer.ends_with(&shorter[before..])
}

/// What to write by hand, and where.
fn by_hand(text: &str, keys: &[&Key], wanted: &Folders, obstacle: &Obstacle) -> Failure {
    let key = keys.first();
    let place = match key {
        Some(key) => format!("{FILE}:{}", line_number(text, key.at.start)),
        None => FILE.to_owned(),
    };
    let name = key.map_or(KEYS[0], |key| key.name.as_str());
    let message = format!("cannot be changed with certainty: {obstacle}");
    let models = wanted.models.iter().map(|folder| format!("\"{folder}\""));
    let models = models.collect::<Vec<_>>().join(", ");
    let help = match (obstacle, key) {
        (Obstacle::NothingLeft, _) => {
            format!("write the folder of the models there: `{name}: [\"{USUAL}\"]`")
        }
        (_, Some(_)) => format!("write there by hand: `{name}: [{models}]`"),
        (_, None) => format!("add by hand, among the keys at the top: `{name}: [{models}]`"),
    };
    Failure::new(place, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(text: &str, way: Way) -> String {
        let now = folders(FILE, text).expect("YAML");
        match changed(text, &now, way) {
            Ok(new) => new.unwrap_or_else(|| "right".to_owned()),
            Err(failure) => failure.message,
        }
    }

    /// Lists before and after, with whatever stands around them.
    const LISTS: [[&str; 2]; 13] = [
        [
            "model-paths: [models]",
            "model-paths: [models, .autoexpose]",
        ],
        [
            "model-paths: [models,]",
            "model-paths: [models, .autoexpose,]",
        ],
        [
            "model-paths: [ \"models\" ]  # c",
            "model-paths: [ \"models\", \".autoexpose\" ]  # c",
        ],
        [
            "'model-paths' : ['a', models]",
            "'model-paths' : ['a', models, .autoexpose]",
        ],
        [
            "source-paths: &m ['models']",
            "source-paths: &m ['models', '.autoexpose']",
        ],
        [
            "model-paths:\n  - models # c\n  # d",
            "model-paths:\n  - models # c\n  - .autoexpose\n  # d",
        ],
        [
            "model-paths:\n-   \"models\"",
            "model-paths:\n-   \"models\"\n-   \".autoexpose\"",
        ],
        [
            "model-paths:\n  # c\n  - a\n\n  - b",
            "model-paths:\n  # c\n  - a\n\n  - b\n  - .autoexpose",
        ],
        ["model-paths:\n  - !!str models", "its"],
        [
            "model-paths: [\n  models, # c\n  # d\n]",
            "model-paths: [\n  models, # c\n  .autoexpose,\n  # d\n]",
        ],
        [
            "model-paths: [\n  models # c ]\n  ]",
            "model-paths: [\n  models, # c ]\n  .autoexpose\n  ]",
        ],
        [
            "model-paths: [models,\n  'x y']",
            "model-paths: [models,\n  'x y', '.autoexpose']",
        ],
        [
            "model-paths:\t\n  [\n   models\t\n  ]",
            "model-paths:\t\n  [\n   models,\t\n   .autoexpose\n  ]",
        ],
    ];

    #[test]
    fn lists_get_the_folder_and_lose_it_again() {
        for [before, after] in LISTS {
            for around in [
                "name: a # b\n@\nx: {y: [z]}\n",
                "@",
                "@\n",
                "x: |\n  y\n@\n\n# e\n",
            ] {
                for ending in ["\n", "\r\n"] {
                    for mark in ["", "\u{feff}"] {
                        let [before, after] = [before, after].map(|list| {
                            let text = around.replace('@', list).replace('\n', ending);
                            format!("{mark}{text}")
                        });
                        if after.contains("its") {
                            assert!(way(&before, Way::Hidden).contains("one entry a line"));
                            continue;
                        }
                        assert_eq!(way(&before, Way::Hidden), after);
                        assert_eq!(way(&after, Way::Committed), before);
                        assert_eq!(way(&before, Way::Committed), "right");
                        assert_eq!(way(&after, Way::Hidden), "right");
                    }
                }
            }
        }
    }

    #[test]
    fn the_folder_may_stand_anywhere_in_a_list() {
        for (before, after) in [
            ("[.autoexpose, models]", "[models]"),
            ("[a, ./.autoexpose/, b]", "[a, b]"),
            ("[\n  .autoexpose,\n  models\n]", "[\n  models\n]"),
            ("[\n  a,\n  .autoexpose, # c\n  b\n]", "[\n  a,\n  b\n]"),
            ("\n  - .autoexpose\n  - models # c", "\n  - models # c"),
            ("[a, # c\n .autoexpose, b]", "its"),
        ] {
            let [before, after] =
                [before, after].map(|list| format!("model-paths: {list}\nx: 1\n"));
            let new = way(&before, Way::Committed);
            if after.contains("its") {
                assert!(new.contains("one entry a line"), "{new}");
            } else {
                assert_eq!(new, after);
            }
        }
    }

    #[test]
    fn a_missing_list_is_dbts_usual_one() {
        let list = "model-paths: [\"models\", \".autoexpose\"]";
        for (before, after) in [
            (
                "name: a\nprofile: b\n\nx: 1\n",
                format!("name: a\nprofile: b\n{list}\n\nx: 1\n"),
            ),
            (
                "profile: 'b' # c\nname: a",
                format!("profile: 'b' # c\nname: a\n{list}"),
            ),
            (
                "# c\r\nname: a\r\n",
                format!("# c\r\nname: a\r\n{list}\r\n"),
            ),
            (
                "---\n  name: a\n  x: {y: 1}\n...\n",
                format!("---\n  name: a\n  {list}\n  x: {{y: 1}}\n...\n"),
            ),
        ] {
            assert_eq!(way(before, Way::Hidden), after);
        }
        for text in [
            "",
            "{name: a}",
            "name: |\n  a\n",
            "name: a\n<<: {model-paths: [m]}\n",
        ] {
            let message = way(text, Way::Hidden);
            assert!(
                message.starts_with("cannot be changed"),
                "{text}: {message}"
            );
        }
    }
}
