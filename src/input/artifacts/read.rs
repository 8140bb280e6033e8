//! The steps from an artifact's bytes to its results.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::lenient;
use super::remark::Remark;
use crate::input::json::{self, utf8, without_mark};
use crate::input::mask;
use crate::input::mistaken::{self, Wanted};
use crate::model::Failure;
use crate::model::artifacts::{ArtifactFile, Invocation};

/// An artifact of dbt that lists results.
pub struct Artifact {
    /// The name that dbt gives the file.
    pub file_name: &'static str,
    /// Its name in the URL of its schema.
    pub(super) schema: &'static str,
    /// The newest version of its schema; the oldest is 1, of dbt 0.19.
    pub(super) newest: u32,
    /// What is wanted, and how to get it.
    pub(super) wanted: Wanted,
}

/// The document. All else is skipped.
#[derive(Deserialize)]
struct Top<'a> {
    #[serde(default)]
    metadata: Value,
    #[serde(default)]
    args: Value,
    #[serde(borrow, default)]
    results: Option<&'a RawValue>,
}

/// How one result is read: its id and what is kept of it, or `None` if it cannot be read.
type ReadResult<T> = fn(&str, &Arc<Invocation>) -> Option<(String, T)>;

impl Artifact {
    /// Reads a file, its results by `read`.
    pub(super) fn read<T>(
        &self,
        file: &str,
        bytes: &[u8],
        read: ReadResult<T>,
    ) -> Result<(ArtifactFile<T>, Vec<Remark>), Failure> {
        let text = utf8(file, bytes)
            .map_err(|failure| self.wanted.not_text(file, bytes).unwrap_or(failure))?;
        let text = without_mark(text);
        if let Some(reason) = json::not_json(text) {
            return Err(Failure::new(file, reason.to_string()).help(self.wanted.help));
        }
        let without_surrogates = repaired(text);
        let text = without_surrogates.as_deref().unwrap_or(text);
        let masked;
        let top = match serde_json::from_str::<Top>(text) {
            Err(error) if error.classify() == Category::Syntax => {
                masked = mask::non_finite_numbers(text);
                let masked = masked
                    .as_deref()
                    .ok_or_else(|| self.not_json(file, &error))?;
                serde_json::from_str(masked)
            }
            top => top,
        };
        let top = top.map_err(|error| {
            let other = self.other_file(file, text);
            other.unwrap_or_else(|| self.not_json(file, &error))
        })?;
        self.results(file, text, &top, read)
    }

    fn results<T>(
        &self,
        file: &str,
        text: &str,
        top: &Top,
        read: ReadResult<T>,
    ) -> Result<(ArtifactFile<T>, Vec<Remark>), Failure> {
        let mut remarks = Vec::new();
        let version = self.version(file, text, top)?;
        if version > self.newest {
            remarks.push(Remark::NewerSchema(version, self.newest));
        }
        let results = top.results.map(RawValue::get).unwrap_or_default();
        let results = serde_json::from_str::<Vec<&RawValue>>(results)
            .map_err(|_| self.without(file, text, "`results` is missing or not a list"))?;
        let invocation = Arc::new(invocation(file, top));
        let read = results.iter().map(|result| read(result.get(), &invocation));
        let read = read.collect::<Vec<_>>();
        remarks.extend(remarks_on(&invocation, &read));
        let results = read.into_iter().flatten().collect();
        Ok((
            ArtifactFile {
                invocation,
                results,
            },
            remarks,
        ))
    }

    /// The version of the schema.
    fn version(&self, file: &str, text: &str, top: &Top) -> Result<u32, Failure> {
        let address = lenient::text(&top.metadata["dbt_schema_version"]);
        let address = address.ok_or_else(|| {
            self.without(
                file,
                text,
                "the schema version is missing, as before dbt 0.19",
            )
        })?;
        match mistaken::parts(&address) {
            (artifact, Some(version)) if artifact == self.schema => Ok(version),
            _ => Err(self
                .wanted
                .instead(file, &mistaken::artifact_name(&address))),
        }
    }

    /// The failure for a file that lacks something: that it is another file, if it shows that.
    fn without(&self, file: &str, text: &str, what: &str) -> Failure {
        let message = || format!("not {}: {what}", self.wanted.what);
        let failure = || Failure::new(file, message()).help(self.wanted.help);
        self.other_file(file, text).unwrap_or_else(failure)
    }

    fn not_json(&self, file: &str, error: &serde_json::Error) -> Failure {
        json::failure(file, 0, error, self.wanted.help)
    }

    /// The failure for another file, if the text shows that it is one.
    fn other_file(&self, file: &str, text: &str) -> Option<Failure> {
        let what = match mistaken::schema(text) {
            Some(address) if mistaken::parts(&address).0 == self.schema => return None,
            Some(address) => mistaken::artifact_name(&address),
            None => mistaken::by_keys(text)?.to_owned(),
        };
        let is_own = what == self.wanted.what;
        (!is_own).then(|| self.wanted.instead(file, &what))
    }
}

/// The text without unpaired surrogates, which Python writes for texts that were cut inside an emoji;
/// `None` if it has none.
fn repaired(text: &str) -> Option<String> {
    json::lone_surrogate(text.as_bytes(), 0)?;
    let mut bytes = text.as_bytes().to_vec();
    json::replace_lone_surrogates(&mut bytes);
    String::from_utf8(bytes).ok()
}

fn invocation(file: &str, top: &Top) -> Invocation {
    let metadata = |key: &str| &top.metadata[key];
    let argument = |key: &str| lenient::text(&top.args[key]);
    Invocation {
        file: file.to_owned(),
        id: lenient::text(metadata("invocation_id")),
        command: argument("which"),
        target: argument("target"),
        generated_at: lenient::time(metadata("generated_at")),
        dbt_version: lenient::text(metadata("dbt_version")),
        is_empty: top.args["empty"] == Value::Bool(true),
    }
}

/// What users should know of a file, beside the statuses of its nodes.
fn remarks_on<T>(invocation: &Invocation, results: &[Option<(String, T)>]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if invocation.generated_at.is_none() {
        remarks.push(Remark::Undated);
    }
    if let Some(command) = invocation
        .command
        .as_ref()
        .filter(|_| !invocation.may_execute())
    {
        remarks.push(Remark::ExecutesNothing(command.clone()));
    }
    if invocation.is_empty {
        remarks.push(Remark::WithoutRows);
    }
    if results.is_empty() {
        remarks.push(Remark::NoResults);
    }
    let unreadable = || {
        results
            .iter()
            .enumerate()
            .filter(|(_, result)| result.is_none())
    };
    if let Some((first, _)) = unreadable().next() {
        let first = format!("`results[{first}]`");
        remarks.push(Remark::Unreadable(
            unreadable().count(),
            results.len(),
            first,
        ));
    }
    remarks
}
