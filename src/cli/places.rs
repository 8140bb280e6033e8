//! Where the files of the dbt projects lie in the repository, for what annotates them.

use std::collections::BTreeMap;
use std::env::current_dir;
use std::path::{Component, Path, PathBuf};

use super::env;
use super::paths::Paths;
use crate::input::dbt_project;
use crate::output::annotations::Places;

/// Where the files of the projects lie: from the folder into which GitHub Actions or GitLab checks out
/// the repository, if they lie in it, else from the current folder. `manifests` are the paths of the
/// manifests by the names of their projects.
pub(super) fn find<'m>(
    paths: &Paths,
    manifests: impl Iterator<Item = (&'m str, &'m str)>,
) -> Places {
    let checkout = env::REPOSITORY.iter().find_map(|name| env::filled(name));
    let roots = checkout
        .map(PathBuf::from)
        .into_iter()
        .chain(current_dir().ok());
    let roots = roots.collect::<Vec<_>>();
    let from_root = |path: &Path| roots.iter().find_map(|root| relative(path, root));
    let folders = manifests.filter_map(|(name, manifest)| {
        let folder = project_folder(Path::new(manifest)).unwrap_or(&paths.project);
        Some((name.to_owned(), from_root(folder)?))
    });
    let config = paths.config.as_deref().and_then(from_root);
    let default = config.or_else(|| from_root(&paths.project.join(dbt_project::FILE)));
    Places {
        folders: folders.collect::<BTreeMap<_, _>>(),
        default_file: default.unwrap_or_else(|| dbt_project::FILE.to_owned()),
    }
}

/// The folder of the project in which a manifest lies, as in its `target/`, whatever the current folder
/// is.
fn project_folder(manifest: &Path) -> Option<&Path> {
    let mut folders = manifest.ancestors().skip(1).take(3);
    folders.find(|folder| folder.join(dbt_project::FILE).is_file())
}

/// The path from a folder that it lies in, with `/`; empty for the folder itself.
fn relative(path: &Path, folder: &Path) -> Option<String> {
    let path = resolved(path).or_else(|| {
        // A file that need not exist.
        Some(resolved(path.parent()?)?.join(path.file_name()?))
    });
    let path = path?;
    let rest = path.strip_prefix(resolved(folder)?).ok()?;
    let parts = rest.components().map(|part| match part {
        Component::Normal(part) => part.to_str(),
        _ => None,
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

/// The path without links; an empty one is the current folder.
fn resolved(path: &Path) -> Option<PathBuf> {
    let is_current = path.as_os_str().is_empty();
    let path = if is_current { Path::new(".") } else { path };
    path.canonicalize().ok()
}
