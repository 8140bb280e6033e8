//! The codes that reports show, and the page of each: what it means, an example, what to do.
//!
//! The pages stand in `docs/codes`, one file for each [`Kind`] of code and one section for each code,
//! and are read from there as the program is built: what `autoexpose explain --code` prints and what
//! the documentation shows is one text. [`kind`] lists the codes that the program has; tests demand a
//! page for each, and no other ones.

pub mod entry;
pub mod finding;
pub mod index;
pub mod kind;

pub use self::entry::{Entry, Example};
pub use self::finding::{find, nearest};
pub use self::index::{index, table};
pub use self::kind::Kind;

/// Every code with its page, in the order of the documentation.
pub fn all() -> Vec<Entry> {
    let kinds = Kind::ALL.iter();
    kinds.flat_map(|kind| entry::of_page(*kind)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_page_in_the_order_of_the_program() {
        for kind in Kind::ALL {
            let pages = entry::of_page(*kind).into_iter().map(|entry| entry.code);
            let pages = pages.collect::<Vec<_>>();
            assert_eq!(pages, kind.codes(), "{}", kind.file());
        }
    }

    #[test]
    fn every_page_has_all_its_parts() {
        for entry in all() {
            let name = entry.name();
            for part in [entry.summary(), entry.what_to_do()] {
                assert!(part.ends_with(['.', '`']), "{name}: {part:?}");
            }
            assert!(!entry.example().text.is_empty(), "{name}: no example");
            assert!(
                !entry.summary().contains('\n'),
                "{name}: the first paragraph"
            );
        }
    }

    #[test]
    fn every_file_begins_with_its_title() {
        for kind in Kind::ALL {
            let title = format!("# {kind}\n\n");
            assert!(kind.page().starts_with(&title), "{}", kind.file());
        }
    }
}
