//! How much of a long list a screen shows. Every list of the text report is capped by this alone.

/// How many entries of a list are shown.
pub const MOST_SHOWN: usize = 20;
/// How many relations whose links are lost are shown: what breaks weighs more than other lists.
pub const MOST_LOST: usize = 50;
/// How many entries lists below the entries of another list may have together.
const MOST_BELOW: usize = 100;

/// The first entries of a list, at most so many, and how many are left out; none if it is shown
/// whole.
pub fn capped<T>(list: &[T], most: usize, is_whole: bool) -> (&[T], usize) {
    let shown = if is_whole {
        list.len()
    } else {
        list.len().min(most)
    };
    (&list[..shown], list.len() - shown)
}

/// How many entries are shown below each of `heads`: fewer the more of these there are.
pub fn shared_among(heads: usize) -> usize {
    (MOST_BELOW / heads.max(1)).clamp(1, MOST_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::{MOST_BELOW, MOST_LOST, MOST_SHOWN, capped, shared_among};

    #[test]
    fn long_lists_are_capped() {
        let list = [(); MOST_SHOWN + 3];
        assert_eq!(capped(&list, MOST_SHOWN, true), (&list[..], 0));
        let first = &list[..MOST_SHOWN];
        assert_eq!(capped(&list, MOST_SHOWN, false), (first, 3));
        assert_eq!(capped(first, MOST_SHOWN, false).1, 0);
    }

    #[test]
    fn lists_below_many_entries_are_capped_together() {
        assert_eq!(shared_among(1), MOST_SHOWN);
        for heads in [6, 7, MOST_LOST] {
            assert!(shared_among(heads) * heads <= MOST_BELOW, "{heads}");
            assert!(shared_among(heads) > 1, "{heads}");
        }
        assert_eq!(shared_among(MOST_BELOW * 2), 1);
    }
}
