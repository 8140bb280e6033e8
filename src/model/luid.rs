//! Tableau's permanent ids of workbooks, which are UUIDs, and how to find them in other texts.

use std::borrow::Cow;

const UUID_LENGTH: usize = 36;

/// What tells luids apart: their letters without case.
pub fn identity(luid: &str) -> Cow<'_, str> {
    if luid.contains(char::is_uppercase) {
        Cow::Owned(luid.to_lowercase())
    } else {
        Cow::Borrowed(luid)
    }
}

/// Everything inside a text that has the form of a UUID.
pub fn uuids(text: &str) -> impl Iterator<Item = &str> {
    let starts = 0..=text.len().saturating_sub(UUID_LENGTH);
    starts.filter_map(move |start| {
        let end = start + UUID_LENGTH;
        let stands_alone = !is_letter(text, start.checked_sub(1)) && !is_letter(text, Some(end));
        text.get(start..end)
            .filter(|part| stands_alone && is_uuid(part))
    })
}

fn is_letter(text: &str, at: Option<usize>) -> bool {
    at.and_then(|at| text.as_bytes().get(at))
        .is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether this is a UUID, in either case.
pub fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(|group| {
        let is_hex = group.bytes().all(|byte| byte.is_ascii_hexdigit());
        (group.len(), is_hex)
    });
    groups.eq([(8, true), (4, true), (4, true), (4, true), (12, true)])
}

/// All luids that a text may name, in lower case: the whole of it, and each UUID inside.
pub fn collect(text: &str) -> impl Iterator<Item = String> {
    std::iter::once(text.trim().to_lowercase()).chain(uuids(text).map(str::to_lowercase))
}
