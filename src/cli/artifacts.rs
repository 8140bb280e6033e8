//! Opens what dbt reports beside the manifest: results of runs, and how fresh sources are.

use std::path::{Path, PathBuf};

use super::args::GateArgs;
use super::run::Planned;
use crate::input::artifacts::{self, Artifact, KnownManifest, Remark};
use crate::input::manifest;
use crate::io::max_size::MaxSize;
use crate::io::{name_of_input, read};
use crate::model::Failure;
use crate::model::artifacts::{ArtifactFile, Freshness, NodeRun, RunResults};

/// What dbt reports beside the manifest, as far as it is given.
#[derive(Default)]
pub(super) struct Artifacts {
    pub(super) runs: Option<RunResults>,
    pub(super) freshness: Option<Freshness>,
    /// What users should know of the files, one sentence each.
    pub(super) remarks: Vec<String>,
}

/// How an artifact is read from its bytes.
type ReadFile<T> = fn(&str, &[u8]) -> Result<(ArtifactFile<T>, Vec<Remark>), Failure>;

impl Artifacts {
    /// Reads the files that are given, and holds them against the manifests.
    ///
    /// # Errors
    /// All files that cannot be used.
    pub(super) fn read(
        args: &GateArgs,
        limit: MaxSize,
        manifests: &[KnownManifest],
    ) -> Result<Self, Vec<Failure>> {
        let mut reader = Reader {
            limit,
            manifests,
            remarks: Vec::new(),
            failures: Vec::new(),
        };
        let runs = reader.files(
            &args.run_results,
            &Artifact::RUN_RESULTS,
            artifacts::run_results,
        );
        let sources = reader.files(&args.sources, &Artifact::SOURCES, artifacts::sources);
        if !reader.failures.is_empty() {
            return Err(reader.failures);
        }
        Ok(Self {
            runs: (!args.run_results.is_empty()).then(|| RunResults::merge(runs)),
            freshness: (!args.sources.is_empty()).then(|| Freshness::merge(sources)),
            remarks: reader.remarks,
        })
    }
}

/// Run results, and what users should know of the files, one sentence each.
pub(super) type RunFiles = (Vec<ArtifactFile<NodeRun>>, Vec<String>);

/// Reads run results, and holds them against the manifests of a run.
///
/// # Errors
/// All files that cannot be used.
pub(super) fn run_results(
    paths: &[PathBuf],
    limit: MaxSize,
    planned: &Planned,
) -> Result<RunFiles, Vec<Failure>> {
    with_manifests(planned, |manifests| {
        let mut reader = Reader {
            limit,
            manifests,
            remarks: Vec::new(),
            failures: Vec::new(),
        };
        let files = reader.files(paths, &Artifact::RUN_RESULTS, artifacts::run_results);
        if reader.failures.is_empty() {
            Ok((files, reader.remarks))
        } else {
            Err(reader.failures)
        }
    })
}

/// Calls with what artifacts are held against: the manifests of a run.
pub(super) fn with_manifests<R>(planned: &Planned, then: impl FnOnce(&[KnownManifest]) -> R) -> R {
    let documents = planned.projects.iter();
    let documents = documents.map(|planned| &planned.linked.project.manifest.document);
    let written = documents.clone().map(manifest::written).collect::<Vec<_>>();
    let has_id = documents.map(|document| |id: &str| document.has_id(id));
    let has_id = has_id.collect::<Vec<_>>();
    let known = written.iter().zip(&has_id);
    let known = known.map(|(written, has_id)| KnownManifest {
        has_id,
        invocation_id: written.invocation_id.as_deref(),
        generated_at: written.generated_at.as_deref(),
    });
    then(&known.collect::<Vec<_>>())
}

/// Reads files one after another.
struct Reader<'r> {
    limit: MaxSize,
    manifests: &'r [KnownManifest<'r>],
    remarks: Vec<String>,
    failures: Vec<Failure>,
}

impl Reader<'_> {
    fn files<T>(
        &mut self,
        paths: &[PathBuf],
        artifact: &Artifact,
        read_file: ReadFile<T>,
    ) -> Vec<ArtifactFile<T>> {
        let mut files = Vec::new();
        for path in paths {
            match self.file(path, artifact, read_file) {
                Ok(file) => files.push(file),
                Err(failure) => self.failures.push(failure),
            }
        }
        files
    }

    fn file<T>(
        &mut self,
        path: &Path,
        artifact: &Artifact,
        read_file: ReadFile<T>,
    ) -> Result<ArtifactFile<T>, Failure> {
        let name = name_of_input(path);
        let bytes = read(path, self.limit)?;
        let (file, remarks) = read_file(&name, &bytes)?;
        let compared = artifacts::compare(artifact, &file, self.manifests)?;
        let remarks = remarks.iter().chain(&compared);
        let remarks = remarks.map(|remark| format!("{name}: {remark}"));
        self.remarks.extend(remarks);
        Ok(file)
    }
}
