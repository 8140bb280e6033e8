//! Makes untrusted text inert where it is rendered as Markdown with raw HTML.

/// The Markdown with HTML, images, and links to anything but http(s) turned into plain text.
///
/// dbt docs renders an exposure's description as Markdown and lets raw HTML through, so that a
/// description could run a script in the reader's browser (measured with dbt docs 1.12).
///
/// Active characters become character references, not backslash escapes: the text may have a
/// backslash of its own in front of them, and marked 4, which dbt docs uses, removes backslashes
/// from the text of a link before it parses that text again.
pub fn inert(text: &str) -> String {
    // First, since the text on both sides of a control character may form a link without it.
    let text = text
        .chars()
        .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
        .collect::<String>();
    let mut inert = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + letter.len_utf8()..]);
        match letter {
            '<' => inert.push_str("&lt;"),
            '!' if after.trim_start_matches('\\').starts_with('[') => inert.push_str("&#33;"),
            '[' if before.trim_end_matches('\\').ends_with('!') => inert.push_str("&#91;"),
            ']' if after.starts_with('(') && !is_web(&after[1..]) => inert.push_str("&#93;"),
            // `[name]: target` defines a link for use elsewhere.
            ']' if after.starts_with(':') => inert.push_str("&#93;"),
            // These become links without any brackets.
            ':' if after.starts_with("//") && ends_in_ftp(before) => inert.push_str("&#58;"),
            '@' if is_address(before, after) => inert.push_str("&#64;"),
            letter => inert.push(letter),
        }
    }
    inert
}

/// As [`inert`], for a text that follows other Markdown: the two together form no link or image
/// either.
pub fn inert_behind(before: &str, text: &str) -> String {
    let text = inert(text);
    if before.trim_end_matches([' ', '<']).ends_with("](") {
        // It is the target of a link.
        return if is_web(&text) { text } else { String::new() };
    }
    let first = match text.chars().next() {
        Some('(') => "&#40;",
        Some('[') => "&#91;",
        Some(':') => "&#58;",
        _ => return text,
    };
    format!("{first}{}", &text[1..])
}

fn is_web(target: &str) -> bool {
    let target = target.trim_start();
    ["http://", "https://"].iter().any(|scheme| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

fn ends_in_ftp(before: &str) -> bool {
    before.len() >= 3 && before.as_bytes()[before.len() - 3..].eq_ignore_ascii_case(b"ftp")
}

/// Whether an `@` between these texts may make a Markdown parser see an e-mail address.
fn is_address(before: &str, after: &str) -> bool {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "._+-".contains(letter);
    before.ends_with(is_name) && after.starts_with(is_name)
}

#[cfg(test)]
mod tests {
    use super::{inert, inert_behind};

    #[test]
    fn bare_addresses_except_http_are_text() {
        assert_eq!(
            inert("see ftp://e.x/a, sFTP://e.x"),
            "see ftp&#58;//e.x/a, sFTP&#58;//e.x"
        );
        assert_eq!(inert("ask mailto:a.b+c@e.x"), "ask mailto:a.b+c&#64;e.x");
        let text = "https://e.x/@ada at @team, 5 @ 3, www.e.x";
        assert_eq!(inert(text), text);
    }

    #[test]
    fn active_content_becomes_text() {
        assert_eq!(
            inert("a <img src=x onerror=alert(1)> b"),
            "a &lt;img src=x onerror=alert(1)> b"
        );
        assert_eq!(
            inert("![x](https://e.x/p.png)"),
            "&#33;&#91;x](https://e.x/p.png)"
        );
        assert_eq!(
            inert("[x](javascript:alert(1))"),
            "[x&#93;(javascript:alert(1))"
        );
        assert_eq!(
            inert("[x]( data:text/html,1)"),
            "[x&#93;( data:text/html,1)"
        );
        assert_eq!(
            inert("[x]: javascript:alert(1)"),
            "[x&#93;: javascript:alert(1)"
        );
    }

    #[test]
    fn backslashes_of_the_text_make_nothing_active() {
        assert_eq!(
            inert(r"[x\](javascript:alert(1))"),
            r"[x\&#93;(javascript:alert(1))"
        );
        assert_eq!(
            inert(r"[a \[x\](javascript:alert(1)) b](https://e.x)"),
            r"[a \[x\&#93;(javascript:alert(1)) b](https://e.x)"
        );
        assert_eq!(
            inert(r"!\[x](https://e.x/p.png)"),
            r"&#33;\&#91;x](https://e.x/p.png)"
        );
    }

    #[test]
    fn control_characters_hide_nothing() {
        assert_eq!(
            inert("[x]\0(javascript:alert(1))"),
            "[x&#93;(javascript:alert(1))"
        );
        assert_eq!(
            inert("[x]\r(javascript:alert(1))"),
            "[x&#93;(javascript:alert(1))"
        );
        assert_eq!(
            inert("!\u{1b}[x](https://e.x/p.png)"),
            "&#33;&#91;x](https://e.x/p.png)"
        );
    }

    #[test]
    fn text_forms_no_link_with_the_text_before_it() {
        assert_eq!(
            inert_behind("[x]", "(javascript:alert(1))"),
            "&#40;javascript:alert(1))"
        );
        assert_eq!(
            inert_behind("!", "[x](https://e.x/p.png)"),
            "&#91;x](https://e.x/p.png)"
        );
        assert_eq!(
            inert_behind("[x]", ": javascript:alert(1)"),
            "&#58; javascript:alert(1)"
        );
        assert_eq!(inert_behind("[x](", "javascript:alert(1)"), "");
        assert_eq!(inert_behind("[x]( <", "\0data:text/html,1"), "");
        assert_eq!(inert_behind("[x](", "https://e.x"), "https://e.x");
        assert_eq!(inert_behind("by ", "Ada [BI]"), "Ada [BI]");
    }

    #[test]
    fn harmless_markdown_stays() {
        let text = "# Sales\n\n- *all* [orders](https://x.y/z)\n";
        assert_eq!(inert(text), text);
        assert_eq!(inert("a\u{1b}[31mb\r\n"), "a[31mb\n");
    }
}
