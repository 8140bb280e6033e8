//! The envelope of a run, written piece by piece: its beginning, each answer as it came, its end.

use serde_json::Value;
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
    /// All that was taken away so far, if the text is needed again.
    copy: Option<Vec<u8>>,
}

impl Export {
    /// An export whose text can be read before its end.
    pub(super) fn with_copy() -> Self {
        Self {
            copy: Some(Vec::new()),
            ..Self::default()
        }
    }

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

    /// Ends the envelope, with the answers about permissions.
    pub(super) fn end(&mut self, sections: EnvelopeSections, rest: Vec<Value>) {
        self.text.extend(ending(sections, rest));
    }

    /// The whole envelope as if it ended now; `None` if nobody said before that it is needed.
    pub(super) fn so_far(&self, sections: EnvelopeSections) -> Option<Vec<u8>> {
        let copy = self.copy.as_ref()?;
        Some([copy.as_slice(), &self.text, &ending(sections, Vec::new())].concat())
    }

    /// What was written since the last time.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let text = std::mem::take(&mut self.text);
        if let Some(copy) = &mut self.copy {
            copy.extend_from_slice(&text);
        }
        text
    }
}

/// What stands behind the last answer.
fn ending(sections: EnvelopeSections, rest: Vec<Value>) -> Vec<u8> {
    let last = Envelope::<&RawValue> {
        sections,
        rest,
        ..Envelope::bare(Vec::new())
    };
    let (_, end) = parts(&last);
    [b"\n]", end.as_bytes(), b"\n"].concat()
}

/// What stands before and behind the answers.
fn parts(envelope: &Envelope<'_, &RawValue>) -> (String, String) {
    let text = serde_json::to_string(envelope).expect("an envelope has only texts as keys");
    let (before, behind) = text
        .split_once(NO_ANSWERS)
        .expect("an envelope has answers");
    (format!("{before}{OPEN}"), behind.to_owned())
}
