//! Finds the manifest in the page that `dbt docs generate --static` writes.
//!
//! dbt puts the texts of its artifacts in the place of two literals of a script: since dbt 1.7
//! `{manifest:{…},catalog:{…}}`, in 1.9 and 1.10 with blanks (`task/docs/generate.py` and `index.html` of
//! dbt-core). For older versions, scripts that many use write
//! `[{label: 'manifest', data: {…}},{label: 'catalog', data: {…}}]`.

use std::ops::Range;

use memchr::memmem::find_iter;
use memchr::{memchr2, memchr3};

use super::json::utf8;
use super::manifest::Source;
use crate::model::Failure;

const GIVE_A_PAGE: &str =
    "`dbt docs generate --static` writes one, `static_index.html`, with dbt 1.7 or later";

/// How to get a whole page in the place of one that is not.
pub const WRITE_ANEW: &str = "`dbt docs generate --static` writes it anew";

/// A page of dbt docs that has its manifest in it. It owns what a [`super::manifest::Manifest`] may
/// borrow from.
pub struct Page<'t> {
    /// Its path, for messages.
    pub file: &'t str,
    /// The whole page.
    pub text: &'t str,
    /// Where the manifest starts and ends in it.
    pub span: Range<usize>,
    /// The manifest.
    pub manifest: Source<'t>,
}

impl<'t> Page<'t> {
    /// Finds the manifest in the bytes of a page.
    ///
    /// # Errors
    /// They are not UTF-8, or not such a page, or the page is truncated.
    pub fn find(file: &'t str, bytes: &'t [u8]) -> Result<Self, Failure> {
        let text = utf8(file, bytes)?;
        let starts = starts(text);
        let [start] = *starts else {
            return Err(not_one(file, text, starts.len()));
        };
        let length = length(&bytes[start..])
            .ok_or_else(|| Failure::new(file, "the page is truncated").help(WRITE_ANEW))?;
        let span = start..start + length;
        Ok(Self {
            file,
            text,
            manifest: Source::new(file, &bytes[span.clone()]),
            span,
        })
    }
}

/// Where manifests may start. Texts in a manifest cannot look like a start, since quotes in them are
/// escaped.
fn starts(text: &str) -> Vec<usize> {
    let found = find_iter(text.as_bytes(), "manifest");
    let starts = found.filter_map(|at| {
        let (before, after) = (&text[..at], &text[at + "manifest".len()..]);
        let value = match before.strip_suffix("label: '") {
            Some(_) => after.strip_prefix("', data:")?,
            None => {
                let is_first = before.trim_ascii_end().ends_with('{');
                let after = after.trim_ascii_start().strip_prefix(':')?;
                is_first.then_some(after)?
            }
        };
        let value = value.trim_ascii_start();
        let members = value.strip_prefix('{')?;
        let start = text.len() - value.len();
        members.trim_ascii_start().starts_with('"').then_some(start)
    });
    starts.collect()
}

/// The length of the JSON object that the bytes start with; `None` if it does not end.
fn length(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        at += memchr3(b'"', b'{', b'}', &bytes[at..])?;
        match bytes[at] {
            b'"' => at = end_of_text(bytes, at + 1)?,
            b'{' => depth += 1,
            _ if depth == 1 => return Some(at + 1),
            _ => depth -= 1,
        }
        at += 1;
    }
}

/// Where the quote stands that ends a text.
fn end_of_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

fn not_one(file: &str, text: &str, found: usize) -> Failure {
    if found > 1 {
        let message = "this page has several manifests in it, of which only one can be shown";
        return Failure::new(file, message).help(GIVE_A_PAGE);
    }
    // How the page of dbt docs asks for the file.
    if text.contains("\"manifest.json\"+") || text.contains("\"manifest.json\" +") {
        let message =
            "a manifest is missing in this page, which reads the `manifest.json` beside it";
        return Failure::new(file, message).help(
            "leave `--static-docs` out: `patch` changes that manifest, and the page shows it",
        );
    }
    Failure::new(file, "not a page of dbt docs that has its manifest in it").help(GIVE_A_PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Result<&str, String> {
        match Page::find("page.html", page.as_bytes()) {
            Ok(found) => Ok(&page[found.span]),
            Err(failure) => Err(failure.message),
        }
    }

    #[test]
    fn all_forms_are_found() {
        let manifest = r#"{"metadata": {"a": "}\"{\\"}, "nodes": [{}]}"#;
        for [before, after] in [
            ["<script>var n={manifest:", r#",catalog:{"nodes":{}}},r={"#],
            ["var n = { manifest: ", ", catalog: {} },"],
            [
                "o=[{label: 'manifest', data: ",
                "},{label: 'catalog', data: {}}]",
            ],
            ["{\n  manifest :\n", "\n}"],
        ] {
            assert_eq!(found(&format!("{before}{manifest}{after}")), Ok(manifest));
        }
    }

    #[test]
    fn texts_are_not_taken_for_a_manifest() {
        let text = r#"{"a": "{manifest:{\"metadata\": {}}"}"#;
        assert_eq!(found(&format!("{{manifest:{text}}}")), Ok(text));
        for page in [
            "",
            "<html>",
            "{manifest:{a:1}}",
            "{manifest:[\"a\"]}",
            "x.manifest:{\"a\":1}",
        ] {
            let message = found(page).expect_err(page);
            assert!(message.starts_with("not a page"), "{message}");
        }
    }

    #[test]
    fn other_pages_are_refused() {
        let message = |page: &str| found(page).expect_err(page);
        assert!(message("{manifest:{\"a\": {\"b\\\"}}").contains("truncated"));
        let two = "{manifest:{\"a\":1}},{manifest:{\"a\":1}}";
        assert!(message(two).contains("several"));
        let live = r#"n={manifest:"MANIFEST.JSON INLINE DATA"};o("manifest","manifest.json"+t)"#;
        assert!(message(live).contains("beside it"));
    }
}
