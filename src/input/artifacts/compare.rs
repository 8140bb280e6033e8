//! Holds an artifact against the manifests of the run: whether it is of these projects, and of now.

use jiff::Timestamp;

use super::lenient;
use super::read::Artifact;
use super::remark::Remark;
use crate::model::Failure;
use crate::model::artifacts::ArtifactFile;

/// What an artifact is compared with: a manifest of the run.
pub struct KnownManifest<'m> {
    /// Whether it contains a node or a source of this id.
    pub has_id: &'m (dyn Fn(&str) -> bool + Sync),
    /// The invocation that wrote it.
    pub invocation_id: Option<&'m str>,
    /// When it was written, as its metadata say.
    pub generated_at: Option<&'m str>,
}

/// The kinds of nodes that every manifest contains under the ids that results have. Exposures and unit
/// tests have a place of their own there, and hooks are of all packages.
const COMPARED: [&str; 5] = ["model.", "seed.", "snapshot.", "source.", "test."];

/// What the manifests of the run say about an artifact.
///
/// # Errors
/// Not one of its nodes is in a manifest: it is of another project.
pub fn compare<T>(
    artifact: &Artifact,
    found: &ArtifactFile<T>,
    manifests: &[KnownManifest],
) -> Result<Vec<Remark>, Failure> {
    let ids = found.results.iter().map(|(id, _)| id.as_str());
    let ids = ids.filter(|id| COMPARED.iter().any(|kind| id.starts_with(kind)));
    let ids = ids.collect::<Vec<_>>();
    let is_known = |id: &str| manifests.iter().any(|manifest| (manifest.has_id)(id));
    let missing = ids.iter().copied().filter(|id| !is_known(id));
    let missing = missing.collect::<Vec<_>>();
    let Some(first) = missing.first() else {
        return Ok(older(found, &ids, manifests).into_iter().collect());
    };
    if missing.len() == ids.len() {
        let message = format!(
            "this is of another dbt project: not one of its {} nodes is in the manifest, such as {first}",
            ids.len()
        );
        let help = format!("give the {} of the manifest's project", artifact.file_name);
        return Err(Failure::new(&found.invocation.file, message).help(help));
    }
    let missing = Remark::NotInManifest(missing.len(), ids.len(), (*first).to_owned());
    let older = older(found, &ids, manifests);
    Ok(std::iter::once(missing).chain(older).collect())
}

/// The remark that a manifest that has some of the nodes is newer.
fn older<T>(found: &ArtifactFile<T>, ids: &[&str], manifests: &[KnownManifest]) -> Option<Remark> {
    let invocation = &found.invocation;
    let at = invocation.generated_at?;
    let is_newer = |manifest: &&KnownManifest| {
        let written = manifest.generated_at.map(|at| at.to_owned().into());
        let written: Option<Timestamp> = lenient::time(&written?);
        Some(written? > at && manifest.invocation_id != invocation.id.as_deref())
    };
    let own = manifests
        .iter()
        .filter(|manifest| ids.iter().any(|id| (manifest.has_id)(id)));
    let mut newer = own.filter(|manifest| is_newer(manifest).unwrap_or(false));
    newer.next().map(|_| Remark::OlderThanManifest)
}
