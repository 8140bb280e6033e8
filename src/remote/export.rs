//! The envelope of a run, written piece by piece: its beginning, each answer as it came, its end.

use serde_json::value::RawValue;

use crate::input::tableau::{Envelope, EnvelopeSections};

/// Where the answers stand in an envelope without any. Inside of a text, quotes are escaped.
const NO_ANSWERS: &str = r#""answers":[]"#;
const OPEN: &str = r#""answers":["#;

/// An envelope that is being written.
#[derive(Debug, Default)]
pub(super) struct Export {
    /// What is not yet taken away.
    text: Vec<u8>,
    is_begun: bool,
    answers: usize,
}

impl Export {
    /// Adds an answer as it came, behind the beginning of the envelope if it is the first one.
    pub(super) fn answer(
        &mut self,
        head: impl FnOnce() -> Envelope<'static, &'static RawValue>,
        body: &[u8],
    ) {
        self.begin(head);
        let comma: &[u8] = if self.answers == 0 { b"\n" } else { b",\n" };
        self.text.extend_from_slice(comma);
        self.text.extend_from_slice(body.trim_ascii());
        self.answers += 1;
    }

    /// Ends the envelope.
    pub(super) fn end(
        &mut self,
        head: impl FnOnce() -> Envelope<'static, &'static RawValue>,
        sections: EnvelopeSections,
    ) {
        self.begin(head);
        let last = Envelope::<&RawValue> {
            sections,
            ..Envelope::bare(Vec::new())
        };
        let (_, end) = parts(&last);
        self.text.extend_from_slice(b"\n]");
        self.text.extend_from_slice(end.as_bytes());
        self.text.push(b'\n');
    }

    /// What was written since the last time.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text)
    }

    fn begin(&mut self, head: impl FnOnce() -> Envelope<'static, &'static RawValue>) {
        if !self.is_begun {
            let (beginning, _) = parts(&head());
            self.text.extend_from_slice(beginning.as_bytes());
            self.is_begun = true;
        }
    }
}

/// What stands before and behind the answers.
fn parts(envelope: &Envelope<'_, &RawValue>) -> (String, String) {
    let text = serde_json::to_string(envelope).expect("an envelope has only texts as keys");
    let (before, behind) = text
        .split_once(NO_ANSWERS)
        .expect("an envelope has answers");
    (format!("{before}{OPEN}"), behind.to_owned())
}
