//! Names for exposures: readable, and with digits of the luid to make them unique. Once given, a
//! name is kept.

use foldhash::HashSet;
use sha2::{Digest, Sha256};

use crate::model::luid::is_uuid;
use crate::model::{Project, SiteId};

/// The length to which slugs are cut, in bytes: names are used in selectors and file names.
const LONGEST_SLUG: usize = 64;
/// The digits of a short name.
const SHORT_DIGITS: usize = 8;
/// The digits of a long name, unless it needs more to be unique.
pub const FEWEST_LONG_DIGITS: usize = 12;

/// A text as `[a-z0-9_]`, transliterated and cut; empty if no letter can be transliterated.
pub fn slug(text: &str) -> String {
    let mut slug = identifier(text);
    slug.truncate(LONGEST_SLUG);
    slug.trim_end_matches('_').to_owned()
}

/// As [`slug`], but not cut.
pub fn identifier(text: &str) -> String {
    let mut slug = String::new();
    for letter in deunicode::deunicode(text).chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    slug.trim_end_matches('_').to_owned()
}

/// The default name of a workbook's exposure: `tableau_<slug of the title>_<8 digits of its luid>`.
pub fn name(title: &str, luid: &str) -> String {
    with_hash(title, &short_hash(luid))
}

/// The name of a workbook's exposure if the default name is taken: with this many hex digits of a
/// hash over server, site and luid.
pub fn long_name(title: &str, site: &SiteId, luid: &str, digits: usize) -> String {
    with_hash(title, &long_hash(site, luid, digits))
}

/// The digits of this workbook's luid that a name of its exposure may contain: the short and the
/// long ones.
pub fn digits(luid: &str, site: &SiteId) -> [String; 2] {
    [short_hash(luid), long_hash(site, luid, FEWEST_LONG_DIGITS)]
}

/// All that may be such [`digits`] in a name, whatever the title in it.
pub fn possible_digits(name: &str) -> impl Iterator<Item = &str> {
    name.split('_').filter_map(|part| match part.len() {
        SHORT_DIGITS => Some(part),
        _ => part.get(..FEWEST_LONG_DIGITS),
    })
}

/// The names of exposures of a project that are not ours to change.
pub(super) fn names_of_others<'p>(project: &'p Project) -> HashSet<&'p str> {
    let standing = project.exposures.iter();
    let others = standing.filter(|exposure| !exposure.is_ours());
    let names = others.flat_map(|exposure| [exposure.name.as_str(), exposure.name_in_id()]);
    let withheld = project.withheld_names.iter().map(String::as_str);
    names.chain(withheld).collect()
}

fn long_hash(site: &SiteId, luid: &str, digits: usize) -> String {
    let parts = [
        site.server.as_deref(),
        site.content_url.as_deref(),
        Some(luid),
    ];
    let identity = parts.map(Option::unwrap_or_default).join("\n");
    sha256_hex(&identity).chars().cycle().take(digits).collect()
}

fn with_hash(title: &str, hash: &str) -> String {
    match slug(title) {
        slug if slug.is_empty() => format!("tableau_{hash}"),
        slug => format!("tableau_{slug}_{hash}"),
    }
}

/// The first 8 digits of a UUID, or of the SHA-256 of anything else.
pub fn short_hash(luid: &str) -> String {
    if is_uuid(luid) {
        luid[..SHORT_DIGITS].to_ascii_lowercase()
    } else {
        sha256_hex(luid)[..SHORT_DIGITS].to_owned()
    }
}

fn sha256_hex(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "65a404a8-48a2-4c2a-9eb0-14ee5e78b22b";

    #[test]
    fn titles_in_any_script_become_slugs() {
        assert_eq!(slug("Sales: Q1 / 2024!"), "sales_q1_2024");
        assert_eq!(slug("Ünïcode  Größe"), "unicode_grosse");
        assert_eq!(slug("売上"), "mai_shang");
        assert_eq!(slug("***"), "");
        assert_eq!(slug(&"x".repeat(300)).len(), LONGEST_SLUG);
    }

    #[test]
    fn names_contain_digits_of_the_luid() {
        assert_eq!(
            name("KPIs", "65A404A8-48a2-4c2a-9eb0-14ee5e78b22b"),
            "tableau_kpis_65a404a8"
        );
        assert_eq!(
            name("", "65a404a8-48a2-4c2a-9eb0-14ee5e78b22b"),
            "tableau_65a404a8"
        );
        assert_eq!(
            name("KPIs", "abc1"),
            format!("tableau_kpis_{}", &sha256_hex("abc1")[..8])
        );
        let site = SiteId::default();
        assert_ne!(
            long_name("KPIs", &site, "abc1", 12),
            long_name("KPIs", &site, "abc2", 12)
        );
        let longer = long_name("KPIs", &site, "abc1", 100);
        assert!(longer.starts_with(&long_name("KPIs", &site, "abc1", 12)));
        assert_eq!(longer.len(), "tableau_kpis_".len() + 100);
        let has_digits = |name: &str| {
            let digits = digits(UUID, &site);
            possible_digits(name).any(|part| digits.iter().any(|digits| digits == part))
        };
        assert!(has_digits("tableau_old_title_65a404a8"));
        assert!(has_digits(&long_name("Old", &site, UUID, 16)));
        assert!(!has_digits("tableau_65a404a"));
    }
}
