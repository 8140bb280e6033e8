//! The failures that end a run; each stands in the snapshot of some case.

/// Why a run may fail, in the words that the user reads.
pub(super) const FAILURES: &[&str] = &[
    // Files.
    "cannot be read: no such file or directory",
    "no file matches this pattern",
    "this folder contains no file that ends in",
    "cannot be written: not a directory",
    "cannot be written: it is a file of the Tableau export",
    "cannot be written: it is a file of the dbt project",
    "cannot be written: it is the state",
    "cannot be written: it is the configuration",
    "cannot be written: this run writes something else there",
    "are both read from here, and only one can be",
    "a manifest from here cannot be changed in place",
    "patched manifests cannot be one file",
    "cannot be written: this is not a folder",
    // Several projects.
    "this is a manifest of project till, and so is",
    "this manifest is given twice",
    "this is a state of project till, and so is",
    "this state is of project other, and no manifest of it is given",
    "neither this state nor one in the folders beside it is of a project of this run",
    "this is a manifest of project kitchen, and the folder of that project is not given",
    "this is project till, and its manifest is not given",
    "this is project finance, and so is finance/dbt_project.yml",
    "a second dbt project is given, and only `autoexpose yaml` takes several",
    // Property files.
    "is missing, so it is not known where dbt reads property files",
    "`model-paths` contains Jinja, which only dbt can evaluate",
    "this folder is not below the dbt project",
    "it may define exposures of autoexpose, so nothing was written",
    "would change: run `autoexpose yaml`",
    // Setting a project up.
    "is missing, so this is not a dbt project",
    "`yaml.folder` is models/bi, which is not the hidden folder",
    "`yaml.folder` is .autoexpose, which is the hidden folder",
    "`yaml.folder` is bi, which is not below one of the `model-paths`",
    // The index of dbt 2's docs.
    "is missing, so this is not an index of dbt 2",
    "this is not a folder, and the index of dbt 2 is one",
    "this folder does not exist",
    "an index is of one dbt project, and several manifests are given",
    "this index is of project bistro, and the manifest is of project shop",
    "cannot be read as Parquet",
    "must not be empty, and what belongs there is not known",
    "does not hold texts",
    "its column `config` is missing",
    "cannot be written: it is a file of the docs index",
    // Variables.
    "is not a number of threads",
    "this folder does not exist; it comes from variable",
    "the path comes from variable",
    "`target-path` contains Jinja, which only dbt can evaluate",
    "cannot be unzipped",
    "the file is truncated",
    "invalid UTF-8",
    // Manifests.
    "not a dbt manifest: `",
    "this is a Tableau export, not a dbt manifest",
    "not a dbt manifest",
    "is too old",
    "cannot tell which package is the root project",
    "the oldest schema that can be read is v4, of dbt 1.0",
    "duplicate key",
    // Exports.
    "an export of Tableau is missing",
    "`tableau.exports` in missing.yml lists it",
    "contain no response of Tableau's Metadata API",
    "it contains no responses",
    "Tableau refused the query",
    // Settings.
    "unknown key `selct`, expected one of",
    "invalid pattern",
    // Checks.
    "nothing to check: not one gate is asked for",
    // The guard.
    "nothing was written: this would remove too many exposures of a site",
];
