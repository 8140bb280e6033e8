//! Judges the dbt project: its configuration and its manifests.

use super::check::Check;
use super::finding::Finding;
use crate::model::listing::first_few;
use crate::model::{Diagnostic, Failure, Project, Severity};

/// What is told of a failure that has no help.
const READ_IT: &str = "mend the file, or give another one";

/// Judges the configuration: where it is, or why it cannot be read.
pub fn config(read: Result<Option<&str>, &Failure>, looked_for: &str) -> Finding {
    match read {
        Ok(Some(file)) => Finding::ok(
            Check::Config,
            format!("{file} is read, and every key in it is known"),
        ),
        Ok(None) => Finding::note(
            Check::Config,
            format!("{looked_for} is missing, so every setting has its default"),
        )
        .with_cure("`autoexpose init` writes one; it is needed only to change a default"),
        Err(failure) => of_failure(Check::Config, failure),
    }
}

/// A check that ends in a failure.
pub fn of_failure(check: Check, failure: &Failure) -> Finding {
    let place = if failure.place.is_empty() {
        String::new()
    } else {
        format!("{}: ", failure.place)
    };
    let cure = failure.help.clone().unwrap_or_else(|| READ_IT.to_owned());
    Finding::fault(check, format!("{place}{}", failure.message), cure)
}

/// What is said of a manifest.
pub struct Manifest<'r> {
    /// Its path.
    pub file: &'r str,
    /// The number of its schema.
    pub schema: u32,
    /// When it was written, if it says so.
    pub generated_at: Option<&'r str>,
    /// The project.
    pub project: &'r Project<'r>,
    /// What reading it tells.
    pub diagnostics: &'r [Diagnostic],
}

/// Judges a manifest that can be read.
pub fn manifest(manifest: &Manifest) -> Vec<Finding> {
    let project = manifest.project;
    let relations = project.nodes.iter();
    let relations = relations.filter(|node| node.relation.is_some()).count();
    let dbt = match &project.dbt_version {
        Some(version) => format!("dbt {version}"),
        None => "a dbt without a version".to_owned(),
    };
    let adapter = match &*project.adapter_name {
        "" => "an unnamed adapter".to_owned(),
        name => name.to_owned(),
    };
    let when = manifest.generated_at;
    let when = when.map_or_else(String::new, |when| format!(" at {when}"));
    let seen = format!(
        "{dbt} on {adapter} wrote {} of project {}{when}: schema v{}, {relations} relations{}",
        manifest.file,
        project.root_package,
        manifest.schema,
        databases(project),
    );
    let mut findings = vec![Finding::ok(Check::Manifest, seen)];
    let warnings = manifest.diagnostics.iter();
    let warnings = warnings.filter(|told| told.code.severity() == Severity::Warning);
    findings.extend(warnings.map(|told| {
        let meaning = format!("`autoexpose explain --code {}` tells more", told.code);
        let cure = told.help.clone().unwrap_or(meaning);
        Finding::warning(Check::Manifest, told.message.clone(), cure)
    }));
    findings
}

/// The databases and schemas of the models, which show the target, most models first.
fn databases(project: &Project) -> String {
    let mut places: Vec<(String, usize)> = Vec::new();
    let models = project.nodes.iter();
    let models = models.filter(|node| node.unique_id.starts_with("model."));
    for relation in models.filter_map(|node| node.relation.as_ref()) {
        let parts = [relation.database.as_deref(), relation.schema.as_deref()];
        let place = parts.into_iter().flatten().collect::<Vec<_>>().join(".");
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, count)) => *count += 1,
            None => places.push((place, 1)),
        }
    }
    places.retain(|(place, _)| !place.is_empty());
    places.sort_by(|(one, most), (other, more)| more.cmp(most).then_with(|| one.cmp(other)));
    if places.is_empty() {
        return String::new();
    }
    let count = places.len();
    let places = places.into_iter().map(|(place, _)| place);
    format!(", models in {}", first_few(count, places))
}
