//! Long lists in sentences.

/// How many names a sentence lists.
pub const MOST_NAMED: usize = 3;

/// The first few of `count` names, and how many more there are: `a, b, c and 2 more`.
pub fn first_few(count: usize, names: impl IntoIterator<Item = impl Into<String>>) -> String {
    first(MOST_NAMED, count, names)
}

/// The same with up to `most` names.
pub fn first(
    most: usize,
    count: usize,
    names: impl IntoIterator<Item = impl Into<String>>,
) -> String {
    let names = names.into_iter().take(most).map(Into::into);
    let names = names.collect::<Vec<String>>().join(", ");
    match count.saturating_sub(most) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::first_few;

    #[test]
    fn only_a_few_names_are_listed() {
        let names = ["a", "b", "c", "d", "e"];
        assert_eq!(first_few(0, [""; 0]), "");
        assert_eq!(first_few(1, names[..1].to_vec()), "a");
        assert_eq!(first_few(3, names[..3].to_vec()), "a, b, c");
        assert_eq!(first_few(4, names[..4].to_vec()), "a, b, c and 1 more");
        assert_eq!(first_few(5, names), "a, b, c and 2 more");
    }
}
