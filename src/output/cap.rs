//! How much of a long list a screen shows. Every list of the text report is capped by this alone.

/// How many entries of a list are shown.
pub const MOST_SHOWN: usize = 20;

/// The first entries of a list, and how many are left out; none if it is shown whole.
pub fn capped<T>(list: &[T], is_whole: bool) -> (&[T], usize) {
    let shown = if is_whole {
        list.len()
    } else {
        list.len().min(MOST_SHOWN)
    };
    (&list[..shown], list.len() - shown)
}

#[cfg(test)]
mod tests {
    use super::{MOST_SHOWN, capped};

    #[test]
    fn long_lists_are_capped() {
        let list = [(); MOST_SHOWN + 3];
        assert_eq!(capped(&list, true), (&list[..], 0));
        assert_eq!(capped(&list, false), (&list[..MOST_SHOWN], 3));
        assert_eq!(capped(&list[..MOST_SHOWN], false).1, 0);
    }
}
