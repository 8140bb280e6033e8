"""The one way in which this module complains."""

from __future__ import annotations

import contextlib
import sys

MOST_LETTERS = 1000


def warn(text: str) -> None:
    """Says on standard error what is wrong, in one line.

    Standard error, because standard output is dbt's (``dbt ls --output json`` is read by programs),
    and not dbt's logger, because ``--warn-error`` would make an error of it.
    """
    line = " ".join(text.split())
    if len(line) > MOST_LETTERS:
        line = line[:MOST_LETTERS] + "…"
    # Standard error may be closed, or may not know the letters. There is no other place.
    with contextlib.suppress(Exception):
        print(f"autoexpose: warning: {line}", file=sys.stderr, flush=True)


def describe(error: Exception) -> str:
    """An error for people: its text, and its kind unless it is one of ours."""
    if isinstance(error, PluginError):
        return str(error)
    return f"{type(error).__name__}: {error}"


class PluginError(Exception):
    """What is wrong, as a sentence."""
