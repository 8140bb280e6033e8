//! Odd values, strings and numbers.

use crate::fuzz::dice::Dice;
use crate::fuzz::json::Json;

/// Deeper than most readers go.
const DEEP: usize = 200;

/// Strings that mean something to somebody: to JSON, dbt, Tableau, a terminal or a pipeline.
const STRINGS: &[&str] = &[
    "",
    " ",
    ".",
    "..",
    "[]",
    "[",
    "]",
    "\"",
    "\"\"",
    "`",
    "'",
    "{",
    "}",
    "a.b",
    "a.b.c",
    "a.b.c.d",
    "[a].[b].[c]",
    "[a.b].[c]",
    "*",
    "/",
    "//",
    "https://",
    "https://tableau.example.com",
    "http://TABLEAU.example.com:80/",
    "ftp://x",
    "exposure.",
    "exposure..",
    "exposure.a",
    "model.bistro.orders",
    "\u{0}",
    "\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "\u{202e}",
    "é",
    "e\u{301}",
    "ß",
    "SS",
    "İ",
    "ǅ",
    "🚀",
    "﷽",
    "::error::",
    "##[error]",
    "##vso[x]",
    "11111111-1111-4111-8111-111111111111",
    "11111111-1111-4111-8111-11111111111A",
    "imported_from_tableau",
    "imported_from_tableau/exposures.yml",
    "tableau",
    "snowflake",
    "null",
    "2026-05-01T00:00:00Z",
    "0000-00-00T00:00:00Z",
    "v12",
    "1.11.6",
    "2.0.0",
    "1.3.0",
    "https://schemas.getdbt.com/dbt/manifest/v4.json",
    "https://schemas.getdbt.com/dbt/manifest/v7.json",
    "https://schemas.getdbt.com/dbt/manifest/v20.json",
];

/// A value that nobody expects.
pub(in crate::fuzz) fn value(dice: &mut Dice) -> Json {
    match dice.below(12) {
        0 | 1 => Json::null(),
        2 => Json::Raw(dice.pick(&["true", "false"]).to_owned()),
        3 | 4 => Json::Raw(number(dice)),
        5 => Json::List(Vec::new()),
        6 => Json::Map(Vec::new()),
        7 => Json::List(vec![Json::null()]),
        8 => nested(dice),
        9 => Json::Escaped(escape(dice)),
        _ => Json::Text(string(dice).to_owned()),
    }
}

fn nested(dice: &mut Dice) -> Json {
    let is_list = dice.one_in(2);
    (0..dice.pick(&[3, 100, 126, 127, 128, DEEP])).fold(Json::null(), |inner, _| {
        if is_list {
            Json::List(vec![inner])
        } else {
            Json::Map(vec![("a".to_owned(), inner)])
        }
    })
}

/// A number, or what some writers take for one.
pub(in crate::fuzz) fn number(dice: &mut Dice) -> String {
    let numbers = [
        "0",
        "-0",
        "-1",
        "1.0",
        "1.50",
        "1E2",
        "1e400",
        "0.1e-7",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "123456789012345678901234567890",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e15",
        "253402300800",
    ];
    dice.pick(&numbers).to_owned()
}

/// The inside of a string with escapes that are rarely written.
fn escape(dice: &mut Dice) -> String {
    let escapes = [
        "\\u0061",
        "\\/",
        "\\ud83d",
        "\\udE00",
        "\\ud83d\\ude00",
        "\\u0000",
        "a\\u0000b",
        "\\ufeff",
        "\\u202e",
        "\\u001b[31m",
        "\\u0065xposure.bistro.x",
        "\\\\",
        "\\\"",
    ];
    dice.pick(&escapes).to_owned()
}

fn string(dice: &mut Dice) -> &'static str {
    dice.pick(STRINGS)
}

/// A text that is changed a little.
pub(in crate::fuzz) fn text(text: &str, dice: &mut Dice) -> String {
    let boundaries = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let boundaries: Vec<usize> = boundaries.collect();
    let (before, after) = text.split_at(boundaries[dice.below(boundaries.len())]);
    match dice.below(9) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 => text.chars().rev().collect(),
        3 => before.to_owned(),
        4 => after.to_owned(),
        5 => format!("{text}{}", string(dice)),
        6 => format!("{}{text}", string(dice)),
        7 => text.repeat(2),
        _ => format!("{before}{}{after}", string(dice)),
    }
}
