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
    answers: usize,
}

impl Export {
    /// Begins the envelope with what stands before its answers.
    pub(super) fn begin(&mut self, head: &Envelope<'_, &RawValue>) {
        let (beginning, _) = parts(head);
        self.text.extend_from_slice(beginning.as_bytes());
    }

    /// Adds an answer as it came.
    pub(super) fn answer(&mut self, body: &[u8]) {
        let comma: &[u8] = if self.answers == 0 { b"\n" } else { b",\n" };
        self.text.extend_from_slice(comma);
        self.text.extend_from_slice(body.trim_ascii());
        self.answers += 1;
    }

    /// Ends the envelope.
    pub(super) fn end(&mut self, sections: EnvelopeSections) {
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
}

/// What stands before and behind the answers.
fn parts(envelope: &Envelope<'_, &RawValue>) -> (String, String) {
    let text = serde_json::to_string(envelope).expect("an envelope has only texts as keys");
    let (before, behind) = text
        .split_once(NO_ANSWERS)
        .expect("an envelope has answers");
    (format!("{before}{OPEN}"), behind.to_owned())
}
