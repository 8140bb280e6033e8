//! Links between documents lead to files that are there, and to headings that these have.

use super::pages::Page;

/// Checks the links of all pages to each other and to files that `is_there` knows, by paths from the
/// root of the repository.
pub(super) fn check(pages: &[Page], is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let mut complaints = Vec::new();
    for page in pages {
        for target in targets(&page.text) {
            if let Some(wrong) = wrong(page, target, pages, &is_there) {
                complaints.push(format!("{}: the link to `{target}`: {wrong}", page.name));
            }
        }
    }
    complaints
}

/// What is wrong with a link of a page.
fn wrong(
    page: &Page,
    target: &str,
    pages: &[Page],
    is_there: impl Fn(&str) -> bool,
) -> Option<&'static str> {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path(&page.name, file);
    if !is_there(&path) {
        return Some("it is not there");
    }
    let aim = pages.iter().find(|other| other.name == path)?;
    let is_found = anchor.is_empty() || headings(&aim.text).any(|heading| heading == anchor);
    (!is_found).then_some("that page does not have this heading")
}

/// The targets of the links of a page that stay in the repository, without code blocks.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let links = prose(text).flat_map(|line| line.split("](").skip(1));
    let targets = links.filter_map(|rest| Some(rest.split_once(')')?.0));
    targets.filter(|target| !target.contains("://"))
}

/// The lines of a page outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

/// The anchors that GitHub makes of the headings of a page: lower case, hyphens for blanks, and
/// without what is not a letter, a digit, a hyphen or an underscore.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    headings.map(|heading| {
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = text
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
        kept.map(|letter| if letter == ' ' { '-' } else { letter })
            .collect()
    })
}

/// The path from the root of the repository of a file that a page names.
fn path(page: &str, file: &str) -> String {
    if file.is_empty() {
        return page.to_owned();
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let page = |name: &str, text: &str| Page {
            name: name.to_owned(),
            text: text.to_owned(),
        };
        let text = "[a](b.md#one-two) [b](b.md#gone) [c](../README.md) [d](gone.md) [e](#top)\n\
                    [f](https://example.com/gone)\n```text\n[g](gone.md)\n```\n## Top\n";
        let pages = [
            page("README.md", ""),
            page("docs/a.md", text),
            page("docs/b.md", "# One, `two`\n```sh\n# gone\n```\n"),
        ];
        let complaints = check(&pages, |path| path != "docs/gone.md");
        assert_eq!(
            complaints,
            [
                "docs/a.md: the link to `b.md#gone`: that page does not have this heading",
                "docs/a.md: the link to `gone.md`: it is not there",
            ]
        );
    }
}
