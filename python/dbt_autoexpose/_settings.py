"""What ``autoexpose.yml`` says about the plugin. The program checks the file; this only looks."""

from __future__ import annotations

import pathlib
from typing import NamedTuple

from ._warning import PluginError

FILE = "autoexpose.yml"
SWITCH = "dbt_plugin"
MANIFEST = "dbt_plugin_manifest"


class Settings(NamedTuple):
    """The settings of a project that wants the exposures."""

    manifest: str | None
    """The manifest to plan with; that of the command if there is none."""


def read(project_root: str) -> Settings | None:
    """The settings, if the project says ``dbt_plugin: true``."""
    path = pathlib.Path(project_root, FILE)
    if not path.is_file():
        return None
    content = path.read_bytes()
    if SWITCH.encode() not in content:
        # Whatever else is wrong with the file, the plugin is not wanted.
        return None
    import yaml  # dbt needs it too

    try:
        settings = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeError) as error:
        raise PluginError(f"{path} is not YAML: {error}") from error
    if not isinstance(settings, dict):
        return None
    wanted = settings.get(SWITCH)
    if wanted is None or wanted is False:
        return None
    if wanted is not True:
        raise PluginError(f"`{SWITCH}` in {path} must be true or false, not {wanted!r}")
    manifest = settings.get(MANIFEST)
    return Settings(str(path.parent / manifest) if manifest else None)
