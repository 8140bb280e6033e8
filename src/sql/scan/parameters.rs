//! Tableau's parameters inside a text: `<[Parameters].[Region]>`, also without brackets.

/// What a parameter begins with, in any case.
const BEGINNINGS: [&str; 2] = ["<[parameters].", "<parameters."];

/// The length of the parameter at the beginning of a text, if there is one.
pub(super) fn length(text: &str) -> Option<usize> {
    let beginning = BEGINNINGS.iter().find(|beginning| {
        text.get(..beginning.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
    })?;
    let name = &text[beginning.len()..];
    let length = if name.starts_with('[') {
        bracketed_length(name)?
    } else {
        name.find(['>', '<', '\n'])?
    };
    let is_closed = length > 0 && name[length..].starts_with('>');
    is_closed.then_some(beginning.len() + length + 1)
}

/// The length of `[name]`, in which a bracket is doubled.
fn bracketed_length(text: &str) -> Option<usize> {
    let mut from = 1;
    loop {
        let close = from + text.get(from..)?.find(']')?;
        if !text[close + 1..].starts_with(']') {
            return Some(close + 1);
        }
        from = close + 2;
    }
}

/// Whether there is a parameter in a text.
pub(crate) fn contains_parameter(text: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| length(&text[at..]).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_each_of_their_forms() {
        for parameter in [
            "<[Parameters].[Start > of the year]>",
            "<[parameters].[a]]b]>",
            "<Parameters.Region>",
            "<[Parameters].Region>",
        ] {
            assert_eq!(length(&format!("{parameter} > 1")), Some(parameter.len()));
        }
    }

    #[test]
    fn other_texts_are_no_parameters() {
        for text in [
            "<[Parameters].[a]",
            "<[Parameters].[a",
            "<Parameters.>",
            "<Parameters.a\n>",
            "<< Parameters.a >>",
            "<[Params].[a]>",
            "<ö",
        ] {
            assert_eq!(length(text), None, "{text}");
        }
        assert!(contains_parameter("a << <[Parameters].[P]>"));
        assert!(!contains_parameter("a << b"));
    }
}
