"""Puts the planned exposures into the manifest that dbt has loaded."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from . import _program
from ._dependencies import without_unknown
from ._settings import Settings
from ._warning import warn

# How many exposures a warning names.
MOST_NAMED = 5


def add(manifest: Any, project: Any, settings: Settings) -> None:
    """Adds the exposures that are planned for this project, and tells which ones it leaves out."""
    remarks = []
    for entry in _planned(manifest, project.project_root, settings):
        remark = _add_one(manifest, project, entry)
        if remark is not None:
            unique_id = entry.get("unique_id") if isinstance(entry, dict) else None
            remarks.append(f"{unique_id} ({remark})")
    if remarks:
        warn(_listed(remarks))


def _planned(manifest: Any, project_root: str, settings: Settings) -> list[Any]:
    """The exposures that the program plans, by the manifest of the settings or of this command."""
    if settings.manifest is not None:
        return _program.exposures(project_root, settings.manifest)
    with tempfile.TemporaryDirectory(prefix="autoexpose-") as folder:
        # The file in the target folder is of an earlier command, perhaps of another target.
        path = os.path.join(folder, "manifest.json")
        manifest.writable_manifest().write(path)
        return _program.exposures(project_root, path)


def _add_one(manifest: Any, project: Any, entry: Any) -> str | None:
    """Adds one exposure; says why if it is left out, or loses dependencies."""
    from dbt.contracts.graph.nodes import Exposure

    try:
        exposure = Exposure.from_dict(entry)
    except Exception as error:
        return f"left out, dbt does not accept it: {' '.join(str(error).split())[:200]}"
    reason = _reason_against(exposure, manifest, project)
    if reason is not None:
        return f"left out, {reason}"
    # An id that dbt does not know ends the command when dbt sorts the graph.
    known, unknown = without_unknown(entry, manifest)
    if unknown and not known["depends_on"]["nodes"]:
        return "left out, the project has nothing that it depends on"
    if unknown:
        exposure = Exposure.from_dict(known)
    manifest.exposures[exposure.unique_id] = exposure
    if unknown:
        return f"without {', '.join(unknown)}, which the project does not have"
    return None


def _reason_against(exposure: Any, manifest: Any, project: Any) -> str | None:
    """Why an exposure has no place in the project, if it has none."""
    if exposure.package_name != project.project_name:
        return f"it is of the package {exposure.package_name}"
    if exposure.unique_id in manifest.exposures:
        return "a YAML file of the project defines it"
    if exposure.unique_id in manifest.disabled:
        return "it is disabled in the project"
    return None


def _listed(remarks: list[str]) -> str:
    """The text of a warning about single exposures."""
    count = len(remarks)
    start = "1 exposure is" if count == 1 else f"{count} exposures are"
    more = f"; and {count - MOST_NAMED} more" if count > MOST_NAMED else ""
    return f"{start} not added as planned: {'; '.join(remarks[:MOST_NAMED])}{more}"
