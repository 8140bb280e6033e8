"""Adds exposures to every manifest that dbt loads."""

from __future__ import annotations

import functools
from typing import Any

from . import _manifest, _settings
from ._warning import describe, warn

_MARK = "_is_wrapped_by_autoexpose"


def prepare() -> None:
    """Wraps ``ManifestLoader.load``, once in a process.

    Every command that needs the project goes through it, which is not so for any hook: dbt calls
    ``get_manifest_artifacts`` neither for ``docs generate`` nor with ``--no-write-json``. It
    returns after dbt has written ``partial_parse.msgpack``, so that no exposure of ours gets into
    that file, and before dbt writes ``manifest.json`` and builds the graph.
    """
    from dbt.parser.manifest import ManifestLoader

    load = ManifestLoader.load
    if getattr(load, _MARK, False):
        return

    @functools.wraps(load)
    def load_with_exposures(self: Any, *args: Any, **kwargs: Any) -> Any:
        manifest = load(self, *args, **kwargs)
        _add(manifest, self)
        return manifest

    setattr(load_with_exposures, _MARK, True)
    ManifestLoader.load = load_with_exposures


def _add(manifest: Any, loader: Any) -> None:
    """Adds the exposures, if the project asks for it."""
    try:
        project = loader.root_project
        settings = _settings.read(project.project_root)
        if settings is not None:
            _manifest.add(manifest, project, settings)
    except Exception as error:
        warn(f"the exposures are not added: {describe(error)}")
