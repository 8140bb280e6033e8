//! Text that strangers wrote, for places that render Markdown with raw HTML.

/// Markdown in which HTML, images, and links to anything but http(s) are plain text.
///
/// dbt docs renders an exposure's description as Markdown and lets raw HTML through, so that a
/// description could run a script in the reader's browser (measured with dbt docs 1.12).
pub fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        match letter {
            '<' => inert.push_str("&lt;"),
            '!' if after.starts_with('[') => inert.push_str("\\!"),
            '[' if text.len() > rest.len() && text[..text.len() - rest.len()].ends_with('!') => {
                inert.push_str("\\[")
            }
            ']' if after.starts_with('(') && !is_web(&after[1..]) => inert.push_str("\\]"),
            // `[name]: target` defines a link for use elsewhere.
            ']' if after.starts_with(':') => inert.push_str("\\]"),
            '\r' => {}
            letter if letter.is_control() && letter != '\n' && letter != '\t' => {}
            letter => inert.push(letter),
        }
        rest = after;
    }
    inert
}

fn is_web(target: &str) -> bool {
    let target = target.trim_start();
    ["http://", "https://"].iter().any(|scheme| {
        target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn active_content_becomes_text() {
        assert_eq!(
            inert("a <img src=x onerror=alert(1)> b"),
            "a &lt;img src=x onerror=alert(1)> b"
        );
        assert_eq!(inert("![x](https://e.x/p.png)"), "\\!\\[x](https://e.x/p.png)");
        assert_eq!(inert("[x](javascript:alert(1))"), "[x\\](javascript:alert(1))");
        assert_eq!(inert("[x]( data:text/html,1)"), "[x\\]( data:text/html,1)");
        assert_eq!(inert("[x]: javascript:alert(1)"), "[x\\]: javascript:alert(1)");
    }

    #[test]
    fn harmless_markdown_stays() {
        let text = "# Sales\n\n- *all* [orders](https://x.y/z)\n";
        assert_eq!(inert(text), text);
        assert_eq!(inert("a\u{1b}[31mb\r\n"), "a[31mb\n");
    }
}
