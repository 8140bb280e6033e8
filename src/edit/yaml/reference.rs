//! `ref()` and `source()`: how an exposure in YAML names a node
//! (<https://docs.getdbt.com/reference/dbt-jinja-functions/ref>).

use crate::model::Node;

/// The call that names a node. The package always stands in it: without one, dbt takes the root
/// project's node of that name, where two packages have one. So does the version: without one, dbt
/// takes the latest.
pub(super) fn reference(node: &Node) -> String {
    let name = literal(&node.name);
    if let Some(source) = &node.source_name {
        return format!("source({}, {name})", literal(source));
    }
    let package = literal(&node.package);
    match &node.version {
        Some(version) => format!("ref({package}, {name}, v={})", version_literal(version)),
        None => format!("ref({package}, {name})"),
    }
}

/// A version, which is a number or a text in the manifest, as the same in Jinja.
fn version_literal(json: &str) -> String {
    match serde_json::from_str::<String>(json) {
        Ok(text) => literal(&text),
        Err(_) => json.to_owned(),
    }
}

/// A string literal of Jinja. dbt renders the text twice, the second time inside of `{{ }}`, so
/// neither time may anything in it be Jinja.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('\'');
    for letter in text.chars() {
        match letter {
            '\\' | '\'' => literal.extend(['\\', letter]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '{' => literal.push_str("\\u007b"),
            '}' => literal.push_str("\\u007d"),
            letter => literal.push(letter),
        }
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
mod tests {
    use super::{literal, version_literal};

    #[test]
    fn literals_are_inert() {
        for (text, expected) in [
            ("orders", "'orders'"),
            ("it's", r"'it\'s'"),
            (r"a\n", r"'a\\n'"),
            ("{{ x }}\r\n", r"'\u007b\u007b x \u007d\u007d\r\n'"),
        ] {
            assert_eq!(literal(text), expected);
        }
        for (json, expected) in [("2", "2"), ("1.5", "1.5"), (r#""v'1""#, r"'v\'1'")] {
            assert_eq!(version_literal(json), expected);
        }
    }
}
