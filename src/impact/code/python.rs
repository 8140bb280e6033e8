//! Python code without its comments and the blanks that mean nothing.

/// The lines of a text without comments, blanks at their ends, and empty ones; `None` if a string does
/// not end. A string of several lines is one piece.
pub(super) fn pieces(text: &str) -> Option<Vec<String>> {
    let bytes = text.as_bytes();
    let (mut pieces, mut line, mut at) = (Vec::new(), String::new(), 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' => at += text[at..].find('\n').unwrap_or(text.len() - at),
            quote @ (b'\'' | b'"') => {
                let end = end_of_string(bytes, at, quote)?;
                line.push_str(&text[at..end]);
                at = end;
            }
            b'\n' => {
                push(&mut pieces, &mut line);
                at += 1;
            }
            _ => {
                let letter = text[at..].chars().next()?;
                line.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    push(&mut pieces, &mut line);
    Some(pieces)
}

fn push(pieces: &mut Vec<String>, line: &mut String) {
    let kept = line.trim_end();
    if !kept.is_empty() {
        pieces.push(kept.to_owned());
    }
    line.clear();
}

/// The position behind a string; one of three quotes goes over lines.
fn end_of_string(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let triple = [quote; 3];
    let is_triple = bytes[start..].starts_with(&triple);
    let mut at = start + if is_triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' if !is_triple => return None,
            _ if is_triple && bytes[at..].starts_with(&triple) => return Some(at + 3),
            byte if !is_triple && byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}
