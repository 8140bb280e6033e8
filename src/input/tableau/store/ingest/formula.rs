//! The fields that the formula of a calculation names
//! (<https://help.tableau.com/current/pro/desktop/en-us/functions_functions_calculations.htm>).

use std::collections::BTreeSet;

/// The fields that a formula names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Their names, without brackets.
    pub(super) names: BTreeSet<String>,
    /// Whether it uses no field but these; not if it names one of another data source.
    pub(super) is_whole: bool,
}

/// The fields of its own data source that a formula names: `[Name]`, with `]` doubled inside. Strings
/// and comments name none, and a parameter is `[Parameters].[Name]`.
pub(super) fn fields(formula: &str) -> Named {
    let mut named = Named {
        is_whole: true,
        ..Named::default()
    };
    let mut rest = formula;
    while let Some(letter) = rest.chars().next() {
        rest = match letter {
            '\'' | '"' => behind(&rest[1..], letter, &mut named.is_whole).1,
            '/' if rest.starts_with("//") => rest.split_once('\n').map_or("", |(_, rest)| rest),
            '[' => {
                let (name, after) = behind(&rest[1..], ']', &mut named.is_whole);
                let second = after.strip_prefix(".[");
                match second {
                    Some(second) => {
                        let (_, after) = behind(second, ']', &mut named.is_whole);
                        named.is_whole &= name.eq_ignore_ascii_case("Parameters");
                        after
                    }
                    None => {
                        named.names.insert(name);
                        after
                    }
                }
            }
            _ => &rest[letter.len_utf8()..],
        };
    }
    named
}

/// What stands before a closing letter, which is doubled inside, and what follows it. Without one, it
/// is the rest, and the formula was not read wholly.
fn behind<'t>(text: &'t str, closing: char, is_whole: &mut bool) -> (String, &'t str) {
    let mut name = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(closing) {
        name.push_str(before);
        match after.strip_prefix(closing) {
            Some(after) => {
                name.push(closing);
                rest = after;
            }
            None => return (name, after),
        }
    }
    *is_whole = false;
    name.push_str(rest);
    (name, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(formula: &str) -> (Vec<String>, bool) {
        let Named { names, is_whole } = fields(formula);
        (names.into_iter().collect(), is_whole)
    }

    #[test]
    fn fields_stand_in_brackets() {
        let (names, is_whole) = named("SUM([Rides]) / [Number [all]] ä] // [not]\n+ [Rides]");
        assert_eq!(
            (names, is_whole),
            (vec!["Number [all] ä".to_owned(), "Rides".to_owned()], true)
        );
        assert_eq!(
            named("IF 'it''s [a]' = \"[b]\" THEN 1 END"),
            (Vec::new(), true)
        );
        assert_eq!(named("1"), (Vec::new(), true));
    }

    #[test]
    fn parameters_are_no_fields_and_other_data_sources_are_not_read() {
        assert_eq!(named("[Parameters].[Top N] > 3"), (Vec::new(), true));
        assert!(!named("SUM([Other source].[Sales])").1);
        assert!(!named("[Sales").1);
    }
}
