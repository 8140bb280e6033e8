//! Messages of the parsers of JSON and YAML, in the words of this program.

/// What the parsers say, and what users read.
const WORDS: [(&str, &str); 15] = [
    ("unknown field", "unknown key"),
    ("missing field", "missing key"),
    ("duplicate field", "duplicate key"),
    ("unknown variant", "unknown value"),
    ("invalid floating point", "not a number"),
    ("invalid integer", "not a whole number"),
    ("expected mapping start", "this must be a map"),
    ("expected sequence start", "this must be a list"),
    ("expected string scalar", "this must be a text"),
    ("recursion limit exceeded", "values are nested too deeply"),
    (
        "EOF while parsing an object",
        "the text ends within an object",
    ),
    ("EOF while parsing a list", "the text ends within a list"),
    (
        "EOF while parsing a string",
        "the text ends within a string",
    ),
    (
        "EOF while parsing a value",
        "the text ends where a value must follow",
    ),
    (
        "trailing characters",
        "there is more after the end of the value",
    ),
];

/// How the parsers call what they found, and what users read.
const FOUND: [(&str, &str); 8] = [
    ("sequence", "a list"),
    ("map", "an object"),
    ("null", "null"),
    ("unit value", "null"),
    ("boolean", "true or false"),
    ("integer", "a number"),
    ("floating point", "a number"),
    ("string", "a string"),
];

/// A parser's message in plain words.
pub(super) fn plain(message: &str) -> String {
    if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.split_once(", expected "))
    {
        let known = FOUND.iter().find(|(name, _)| found.starts_with(name));
        let found = known.map_or(found, |(_, plain)| plain);
        let expected = match expected {
            "u64" | "usize" => "a whole number",
            expected => expected,
        };
        return format!("found {found}, expected {expected}");
    }
    if let Some(value) = message
        .strip_prefix("The string value [")
        .and_then(|rest| rest.strip_suffix("] must be quoted"))
    {
        return format!("found `{value}`, expected a text: put it in quotes");
    }
    if message.starts_with("multiple YAML documents detected") {
        return "a second YAML document begins here, and only one can be read".to_owned();
    }
    if let Some(key) = message
        .strip_prefix("duplicate mapping key: ")
        .and_then(|rest| rest.split(", set DuplicateKeyPolicy").next())
    {
        return format!("key `{key}` comes twice: put what belongs to it in one place");
    }
    let known = WORDS.iter().find(|(theirs, _)| message.starts_with(theirs));
    match known {
        Some((theirs, ours)) => format!("{ours}{}", &message[theirs.len()..]),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn messages_are_put_in_plain_words() {
        let same = |theirs: &str, ours: &str| assert_eq!(plain(theirs), ours);
        same(
            "unknown field `a`, expected `b`",
            "unknown key `a`, expected `b`",
        );
        same(
            "invalid type: sequence, expected a map",
            "found a list, expected a map",
        );
        same(
            "invalid type: integer `1`, expected x",
            "found a number, expected x",
        );
        same(
            "invalid type: string \"1\", expected u64",
            "found a string, expected a whole number",
        );
        same(
            "EOF while parsing an object",
            "the text ends within an object",
        );
        same(
            "The string value [5] must be quoted",
            "found `5`, expected a text: put it in quotes",
        );
        same(
            "duplicate mapping key: match, set DuplicateKeyPolicy in Options if acceptable",
            "key `match` comes twice: put what belongs to it in one place",
        );
        same("key must be a string", "key must be a string");
    }
}
