"""Runs dbt's v2 parser, and adds the planned exposures to the manifest that it leaves.

With ``use_v2_parser`` dbt Core 1.12 and later lets another program read the project and takes the
manifest from it, so that a plugin has nothing to add to. This module stands in front of that
program, with whose command its arguments begin, in ``dbt_project.yml``::

    flags:
      use_v2_parser: true
      v2_parser: "python -m dbt_autoexpose.v2_parser dbt-core-experimental-parser parse"

dbt appends arguments of its own, ``--project-dir`` and ``--target-path`` among them. A parser that
fails ends the command, as without this module; exposures that cannot be added are a warning.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from . import _program
from ._warning import PluginError, describe, warn


def main(command: list[str]) -> int:
    """Runs the parser, then the program; gives the exit code of the parser."""
    if not command:
        warn("`python -m dbt_autoexpose.v2_parser` needs the command of the parser behind it")
        return 2
    try:
        code = subprocess.call(command)
    except OSError as error:
        warn(f"the parser cannot be run: {error}")
        return 2
    if code == 0:
        try:
            _patch(command[1:])
        except Exception as error:
            warn(f"the exposures are not added: {describe(error)}")
    return code


def _patch(arguments: list[str]) -> None:
    """Adds the exposures to the manifest in the folder that dbt named."""
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    parser.add_argument("--project-dir", default=".")
    parser.add_argument("--target-path")
    given, _ = parser.parse_known_args(arguments)
    if given.target_path is None:
        raise PluginError("dbt did not say with `--target-path` where the manifest is")
    project = os.path.abspath(given.project_dir)
    manifest = os.path.abspath(os.path.join(given.target_path, "manifest.json"))
    what = ["patch", "--quiet", "--project-dir", project, "--manifest", manifest]
    _program.run(what, project)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
