//! Makes texts inert where they are put into a page as HTML.

use crate::model::{Exposure, Owner};

/// The exposure with texts in which HTML sees no tag; its description is Markdown and has a rule of
/// its own.
///
/// The search of dbt docs puts titles and tags into the page as HTML, on every page and before anybody
/// searches, so that a title could run a script in the reader's browser (measured with dbt docs 1.6,
/// 1.8, 1.11 and 1.12). And `dbt docs generate --static` writes the manifest into a script of the page
/// as it is, where `</script>` in any text ends the script.
pub(super) fn inert_exposure(mut exposure: Exposure) -> Exposure {
    let Owner { name, email } = &mut exposure.owner;
    let texts = [&mut exposure.label, name, email].into_iter().flatten();
    let lists = exposure.tags.iter_mut().chain(&mut exposure.marker.project);
    for text in texts.chain(lists) {
        if text.contains('<') {
            *text = inert(text);
        }
    }
    exposure
}

/// The text with a blank behind each `<` that would begin a tag or a comment, after which it is a
/// mere letter for HTML ("tag open state" of its standard). Character references would be shown as they
/// are wherever the text is not HTML.
fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        inert.push(letter);
        let begins = |next: &char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        if letter == '<' && letters.peek().is_some_and(begins) {
            inert.push(' ');
        }
    }
    inert
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_tag_or_comment_begins() {
        assert_eq!(
            inert("<b>x</b> <!-- <?x <IMG src=x onerror=alert(1)>"),
            "< b>x< /b> < !-- < ?x < IMG src=x onerror=alert(1)>"
        );
        assert_eq!(inert("<<script>"), "<< script>");
    }

    #[test]
    fn other_texts_stay_and_twice_is_once() {
        for text in ["a < b", "<3 stars", "x <", "<<", "<é>", "a > b", "< b>"] {
            assert_eq!(inert(text), text);
        }
        let once = inert("<b><i>");
        assert_eq!(inert(&once), once);
    }
}
