"""Finds and runs the program ``autoexpose``."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import subprocess
import sysconfig
from typing import Any

from ._warning import PluginError, warn

# To plan takes a second or two, with hundreds of MB perhaps ten. A program that hangs must not hang
# dbt for ever.
MOST_SECONDS = 300


def exposures(project_root: str, manifest: str) -> list[Any]:
    """What ``autoexpose exposures`` plans for a manifest."""
    arguments = ["exposures", "--project-dir", project_root, "--manifest", manifest]
    printed = run(arguments, project_root)
    try:
        answer = json.loads(printed)
    except ValueError as error:
        raise PluginError(f"`autoexpose exposures` printed no JSON: {error}") from error
    planned = answer.get("exposures") if isinstance(answer, dict) else None
    if not isinstance(planned, list):
        raise PluginError("`autoexpose exposures` printed no list of exposures")
    return planned


def run(arguments: list[str], project_root: str) -> str:
    """Runs the program, passes on what it says on standard error, and gives what it printed."""
    done = subprocess.run(
        [find(), *arguments],
        cwd=project_root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0:
        raise PluginError(f"`autoexpose {arguments[0]}` ended with {done.returncode}: {said}")
    if said:
        warn(said)
    return done.stdout.decode("utf-8")


def find() -> str:
    """The program that was installed with this module, else the one in the path."""
    name = "autoexpose.exe" if os.name == "nt" else "autoexpose"
    beside = pathlib.Path(sysconfig.get_path("scripts"), name)
    found = str(beside) if beside.is_file() else shutil.which("autoexpose")
    if found is None:
        raise PluginError("the program `autoexpose` is neither beside Python nor in the path")
    return found
