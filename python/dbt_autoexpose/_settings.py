"""What ``autoexpose.yml`` says about the plugin. The program checks the rest of the file."""

from __future__ import annotations

import difflib
import pathlib
from typing import Any, NamedTuple

from ._warning import PluginError

FILE = "autoexpose.yml"
SWITCH = "dbt_plugin"
MANIFEST = "dbt_plugin_manifest"
# How much of a key must be as in the switch, so that it is taken for a misspelling: `plugin` is so,
# and not one of the other keys.
LIKENESS = 0.7


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
    import yaml  # dbt needs it too

    try:
        top = yaml.compose(content, yaml.SafeLoader)
        settings = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeError) as error:
        if SWITCH.encode() not in content:
            # Whatever is wrong with the file, the plugin is not wanted.
            return None
        raise _not_yaml(path, error) from error
    if top is None or not isinstance(settings, dict):
        return None
    # What a merge key brings has no place of its own.
    places = dict.fromkeys(settings, (top.start_mark, top.start_mark))
    places.update({key.value: (key.start_mark, value.start_mark) for key, value in top.value})
    if SWITCH not in settings:
        _check_spelling(path, settings, places)
        return None
    wanted, manifest = settings[SWITCH], settings.get(MANIFEST)
    if wanted is None or wanted is False:
        return None
    if wanted is not True:
        place = _place(path, places[SWITCH][1])
        raise PluginError(f"{place}: `{SWITCH}` must be true or false, not {wanted!r}")
    if manifest is not None and not isinstance(manifest, str):
        place = _place(path, places[MANIFEST][1])
        raise PluginError(f"{place}: `{MANIFEST}` must be the path of a file, not {manifest!r}")
    return Settings(str(path.parent / manifest) if manifest else None)


def _check_spelling(path: pathlib.Path, settings: dict[Any, Any], places: dict[Any, Any]) -> None:
    """Complains of a key that is almost the switch, since without it nothing else would."""
    for key in settings:
        if key == MANIFEST or not isinstance(key, str):
            continue
        spelled = key.strip().lower().replace("-", "_").replace(" ", "_")
        if difflib.get_close_matches(spelled, [SWITCH], cutoff=LIKENESS):
            place = _place(path, places[key][0])
            raise PluginError(f"{place}: unknown key `{key}`, did you mean `{SWITCH}`?")


def _not_yaml(path: pathlib.Path, error: Exception) -> PluginError:
    """What is wrong with a file that cannot be read as YAML, and where."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return PluginError(f"{path}: this is not YAML: {error}")
    problem = getattr(error, "problem", None) or error
    return PluginError(f"{_place(path, mark)}: this is not YAML: {problem}")


def _place(path: pathlib.Path, mark: Any) -> str:
    """The place of a mark, whose line and column begin at 0."""
    return f"{path}:{mark.line + 1}:{mark.column + 1}"
